// SPDX-License-Identifier: GPL-2.0-only
/*
 * A resource that others follow takes their wishes into its own scores, and so
 * on through those that follow them: fold. A resource that follows another one
 * takes the place of that into its scores: apply.
 */
#include <string.h>

#include "hp_engine.h"

/* A node that became negative only by wishes: no more is added to it. */
#define SPOILT		(-100 * (int64_t)HP_INF)

struct table hp_table_copy(struct engine *e, const struct res *r)
{
	struct table t;

	t.score = hp_alloc(e->arena, e->n_nodes, sizeof(*t.score));
	t.listed = hp_alloc(e->arena, e->n_nodes, sizeof(*t.listed));
	memcpy(t.score, r->score, (size_t)e->n_nodes * sizeof(*t.score));
	memcpy(t.listed, r->listed, (size_t)e->n_nodes * sizeof(*t.listed));
	return t;
}

static struct table copy(struct engine *e, const struct table *from)
{
	struct table t;

	t.score = hp_alloc(e->arena, e->n_nodes, sizeof(*t.score));
	t.listed = hp_alloc(e->arena, e->n_nodes, sizeof(*t.listed));
	memcpy(t.score, from->score, (size_t)e->n_nodes * sizeof(*t.score));
	memcpy(t.listed, from->listed, (size_t)e->n_nodes * sizeof(*t.listed));
	return t;
}

static int64_t best_at(const struct engine *e, const struct res *r, int node, const char *attr)
{
	int64_t best = -HP_INF;
	int i;

	for (i = 0; i < e->n_nodes; i++)
		if (r->listed[i] && r->score[i] > best && e->nodes[i].usable &&
		    hp_same_place(e, i, node, attr))
			best = r->score[i];
	return best;
}

/* score * factor / HP_INF, rounded away from zero and never to zero. */
static int64_t part(int64_t score, int64_t factor)
{
	int64_t product = score * factor, half = product < 0 ? -HP_INF / 2 : HP_INF / 2;
	int64_t value = (product + half) / HP_INF;

	if (!value && product)
		return factor > 0 ? 1 : -1;
	return value;
}

static void add_wishes(struct engine *e, const struct res *from, struct table *t,
		       const char *attr, int64_t factor, bool positive)
{
	int64_t score, sum;
	int i;

	for (i = 0; i < e->n_nodes; i++) {
		if (!t->listed[i] || t->score[i] == SPOILT)
			continue;
		score = best_at(e, from, i, attr);
		if (factor < 0 && score < 0)
			continue;
		sum = hp_add(part(score, factor), t->score[i]);
		if (positive && sum < 0 && t->score[i] > 0)
			t->score[i] = SPOILT;
		else if (!positive || sum >= 0 || t->score[i] != 0)
			t->score[i] = sum;
	}
}

static void fold_next(struct engine *e, struct res *from, struct table *work,
		      int64_t factor, int flags)
{
	bool forward = flags & FOLD_THIS_WITH;
	struct res *at = from, *other;
	struct coloc_list l;
	int i;

	if (!forward && from->kind == HP_GROUP && from->n_kids)
		at = from->kids[from->n_kids - 1];
	l = hp_colocs(e, at, !forward);
	for (i = 0; i < l.n; i++) {
		if (!forward && !hp_has_influence(l.list[i]))
			continue;
		other = forward ? l.list[i]->with : l.list[i]->rsc;
		hp_fold(e, other, work, l.list[i]->attr,
			factor < 0 ? -l.list[i]->score : l.list[i]->score,
			flags | FOLD_ROLLBACK);
	}
}

/**
 * hp_fold() - add the wishes of a resource, and of those that follow it
 * @e: the engine
 * @from: whose wishes
 * @into: scores of another one
 * @attr: what makes nodes the same place; NULL: being the same
 * @factor: how much they count, HP_INF: fully; negative: the contrary
 * @flags: FOLD_THIS_WITH: on with what it follows itself; FOLD_POSITIVE: spoil
 *	no node that was good; FOLD_ROLLBACK: nothing if no node would be left
 */
void hp_fold(struct engine *e, struct res *from, struct table *into, const char *attr,
	     int64_t factor, int flags)
{
	struct table work;
	int i;

	if (from->merging)
		return;
	from->merging = true;
	work = copy(e, into);
	if (from->kind == HP_GROUP && from->n_kids)
		hp_fold(e, from->kids[0], &work, attr, factor, flags);
	else
		add_wishes(e, from, &work, attr, factor, flags & FOLD_POSITIVE);
	from->merging = false;

	if (hp_any_usable(e, work.score, work.listed)) {
		from->merging = true;
		fold_next(e, from, &work, factor, flags);
		from->merging = false;
	} else if (flags & FOLD_ROLLBACK) {
		return;
	}
	for (i = 0; (flags & FOLD_POSITIVE) && i < e->n_nodes; i++)
		if (work.score[i] == SPOILT)
			work.score[i] = 1;
	*into = work;
}

/* Fold a dependent's wishes into the scores of the resource itself. */
void hp_fold_into(struct engine *e, struct res *r, const struct coloc *c, int flags)
{
	struct table t = { r->score, r->listed };
	int i;

	if (!hp_has_influence(c))
		return;
	hp_fold(e, c->rsc, &t, c->attr, c->score, flags);
	for (i = 0; i < e->n_nodes; i++)
		if (t.score[i] <= -HP_INF && !r->ban[i].why)
			r->ban[i] = (struct ban){ c->rule < 0 ? HP_WHY_MEMBER :
						  c->score < 0 ? HP_WHY_APART : HP_WHY_TOGETHER,
						  c->rule < 0 ? c->rsc->rsc : c->rule, 0 };
	r->score = t.score;
	r->listed = t.listed;
}
