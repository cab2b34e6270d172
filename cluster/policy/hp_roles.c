// SPDX-License-Identifier: GPL-2.0-only
/* Which instances of a promotable clone are promoted. */
#include "hp_engine.h"
#include "hp_settle.h"

static const struct hp_storage *storage_fact(const struct engine *e, const struct res *r,
					     int node)
{
	int i;

	for (i = 0; i < e->in->n_storage; i++)
		if (e->in->storage[i].rsc == r->rsc && e->in->storage[i].node == node)
			return &e->in->storage[i];
	return NULL;
}

static bool better_data(const struct engine *e, const struct res *r)
{
	int i;

	for (i = 0; i < e->in->n_storage; i++)
		if (e->in->storage[i].rsc == r->rsc && !e->in->storage[i].excluded &&
		    e->in->storage[i].data >= HP_DATA_CONSISTENT &&
		    hp_usable(e, e->in->storage[i].node))
			return true;
	return false;
}

/* May a device be promoted with the data it has there? */
static enum hp_why data_why(const struct engine *e, const struct res *r, int node)
{
	const struct hp_storage *s = storage_fact(e, r, node);
	bool is = r->role == HP_ROLE_PROMOTED && hp_in(r->on, r->n_on, node);

	if (!s)
		return HP_WHY_NO_DATA;
	if (s->excluded)
		return HP_WHY_EXCLUDED;
	if (s->split_brain && !is)
		return HP_WHY_SPLIT_BRAIN;
	if (s->data == HP_DATA_NEVER)
		return HP_WHY_OUTDATED;
	if (s->data == HP_DATA_UNKNOWN)
		return HP_WHY_NO_DATA;
	if (s->data == HP_DATA_REMOTE &&
	    (!e->in->allow_remote_data || better_data(e, r)) && !is)
		return HP_WHY_NO_DATA;
	return HP_WHY_NONE;
}

/* Return: whether all devices in it may be promoted there; else @why. */
bool hp_may_promote(struct engine *e, struct res *r, int node, struct ban *why)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (!hp_may_promote(e, r->kids[i], node, why))
			return false;
	*why = (struct ban){ HP_WHY_NONE, -1, 0 };
	if (r->cfg->storage)
		why->why = data_why(e, r, node);
	return why->why == HP_WHY_NONE;
}

/* Better data is wanted more than any wish of an agent or a rule. */
static int64_t data_score(const struct engine *e, const struct res *r, int node)
{
	const struct hp_storage *s = r->cfg->storage ? storage_fact(e, r, node) : NULL;

	return s ? (int64_t)s->data * 10000 : 0;
}

static struct res *instance_at(struct res *clone, int node)
{
	return clone->cfg->unique ? NULL : hp_instance_at(clone, node, true);
}

static int64_t wish_of(const struct engine *e, const struct res *r, int node, bool *said)
{
	int64_t sum = data_score(e, r, node);
	int i;

	*said |= sum > 0;
	for (i = 0; i < r->n_kids; i++)
		sum = hp_add(sum, wish_of(e, r->kids[i], node, said));
	if (r->kind != HP_PRIMITIVE || !r->listed[node] || r->score[node] < 0)
		return sum;
	for (i = 0; i < e->in->n_promotions; i++) {
		if (e->in->promotions[i].rsc != r->rsc || e->in->promotions[i].node != node)
			continue;
		*said = true;
		sum = hp_add(sum, e->in->promotions[i].score);
	}
	return sum;
}

/* The agent's wish for the instance there; it speaks for no other instance. */
static int64_t wish(const struct engine *e, const struct res *r, int node, bool *said)
{
	const struct res *there = instance_at(r->parent, node);

	return !there || there == r || there->orphan ? wish_of(e, r, node, said) : 0;
}

/* Instances like to be where they could be promoted. */
void hp_promotion_scores(struct engine *e, struct res *clone)
{
	struct res *r;
	bool said = false;
	int64_t score;
	int k, i;

	for (k = 0; k < clone->n_kids; k++) {
		r = clone->kids[k];
		for (i = 0; i < e->n_nodes; i++) {
			if (!r->listed[i] || !hp_usable(e, i))
				continue;
			score = wish(e, r, i, &said);
			if (score > 0)
				r->score[i] = hp_add(r->score[i], score);
			if (score > r->priority)
				r->priority = score;
		}
	}
}

static int64_t promoted_rules(const struct engine *e, const struct res *clone, int64_t score,
			      const struct res *r, int node)
{
	const struct hp_location *l;
	int i;

	for (i = 0; i < e->in->n_locations; i++) {
		l = &e->in->locations[i];
		if (l->role != HP_ROLE_PROMOTED || (l->rsc != clone->rsc && l->rsc != r->rsc))
			continue;
		if (l->until_ms && l->until_ms <= e->in->now_ms)
			continue;
		if ((l->node < 0 || l->node == node) && hp_cond_holds(e, l->cond, node))
			score = hp_add(score, l->score);
	}
	return score;
}

/* How much each instance is to be promoted, where it is placed now. */
static void rate(struct engine *e, struct res *clone, struct res *r)
{
	struct coloc_list l = hp_colocs(e, r, false);
	int i, node = hp_node_of(r);
	enum hp_role next = hp_next_role(r);
	bool said = false;

	if (next == HP_ROLE_STARTED) {
		r->priority = node < 0 ? 0 : wish(e, r, node, &said);
		if (!said)
			r->priority = -1;
	} else if (next != HP_ROLE_PROMOTED) {
		r->priority = -HP_INF;
	}
	if (node >= 0)
		r->priority = promoted_rules(e, clone, r->priority, r, node);
	for (i = 0; i < l.n; i++)
		hp_apply(e, r, l.list[i]->with, l.list[i]);
	r->sort = next == HP_ROLE_PROMOTED ? HP_INF : r->priority;
}

static int cmp_promotion(const struct engine *e, struct res *a, struct res *b)
{
	if (a->sort != b->sort)
		return a->sort > b->sort ? -1 : 1;
	if (hp_role_now(a) != hp_role_now(b))
		return hp_role_now(a) > hp_role_now(b) ? -1 : 1;
	return hp_cmp_instances(e, a, b);
}

/* What others wish of the place of the promoted one. */
static void fold_promoted(struct engine *e, struct res *clone)
{
	struct coloc_list it_with = hp_colocs(e, clone, false);
	struct coloc_list with_it = hp_colocs(e, clone, true);
	struct table t = { clone->score, clone->listed };
	const struct coloc *c;
	int i;

	for (i = 0; i < it_with.n; i++) {
		c = it_with.list[i];
		if (c->rsc_role == HP_ROLE_PROMOTED)
			hp_fold(e, c->with, &t, c->attr, c->score,
				c->score >= HP_INF ? 0 : FOLD_ROLLBACK);
	}
	for (i = 0; i < with_it.n; i++) {
		c = with_it.list[i];
		if (c->with_role == HP_ROLE_PROMOTED && hp_has_influence(c))
			hp_fold(e, c->rsc, &t, c->attr, c->score,
				FOLD_ROLLBACK | FOLD_POSITIVE);
	}
	clone->score = t.score;
	clone->listed = t.listed;
}

static bool managed(const struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (!managed(r->kids[i]))
			return false;
	return r->managed;
}

static void sort_by_promotion(struct engine *e, struct res *clone)
{
	struct res *r;
	int k, node;

	clone->merging = true;
	for (k = 0; k < clone->n_kids; k++) {
		r = clone->kids[k];
		node = hp_node_of(r);
		if (node >= 0 && r->sort >= 0)
			clone->score[node] = hp_add(r->sort, clone->score[node]);
	}
	fold_promoted(e, clone);
	for (k = 0; k < clone->n_kids; k++) {
		r = clone->kids[k];
		node = hp_node_of(r);
		if (!managed(r) && hp_role_now(r) == HP_ROLE_PROMOTED)
			r->sort = HP_INF;
		else if (node >= 0 && r->sort >= 0)
			r->sort = clone->score[node];
	}
	hp_sort_kids(e, clone, cmp_promotion);
	clone->merging = false;
}

static bool all_placed(const struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (r->kids[i]->node < 0)
			return false;
	return r->kind != HP_PRIMITIVE || r->node >= 0;
}

static bool can_be_promoted(struct engine *e, struct res *clone, struct res *r)
{
	int node = hp_node_of(r), max = clone->cfg->promoted_node_max;
	struct ban why;

	if (!managed(r))
		return hp_role_now(r) == HP_ROLE_PROMOTED;
	if (node < 0 || !all_placed(r))
		return false;
	if (r->priority < 0 || r->sort < 0 || !hp_usable(e, node))
		return false;
	if (!hp_may_promote(e, r, node, &why))
		return false;
	if (!e->in->quorate && hp_role_now(r) < HP_ROLE_PROMOTED &&
	    e->in->loss == HP_LOSS_FREEZE)
		return false;
	if (!e->in->quorate && e->in->loss == HP_LOSS_DEMOTE)
		return false;
	return clone->count[node] < (max < 0 ? 1 : max);
}

static void set_role(struct res *r, enum hp_role role)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		set_role(r->kids[i], role);
	if (r->kind == HP_PRIMITIVE && r->node >= 0)
		r->next = role;
}

void hp_roles(struct engine *e, struct res *clone)
{
	int max = clone->cfg->promoted_max < 0 ? 1 : clone->cfg->promoted_max;
	int promoted = 0, k, i;
	struct res *r;

	for (k = 0; k < clone->n_kids; k++)
		rate(e, clone, clone->kids[k]);
	sort_by_promotion(e, clone);
	for (i = 0; i < e->n_nodes; i++)
		clone->count[i] = 0;
	for (k = 0; k < clone->n_kids; k++) {
		r = clone->kids[k];
		if (promoted < max && can_be_promoted(e, clone, r)) {
			if (hp_node_of(r) >= 0)
				clone->count[hp_node_of(r)]++;
			set_role(r, HP_ROLE_PROMOTED);
			promoted++;
		} else {
			set_role(r, HP_ROLE_UNPROMOTED);
		}
	}
}
