// SPDX-License-Identifier: GPL-2.0-only
/* The instances of a clone are spread over the nodes. */
#include "hp_engine.h"

static bool failed(const struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (failed(r->kids[i]))
			return true;
	return r->failed;
}

static int places(const struct res *r)
{
	int i, n = r->n_on;

	for (i = 0; i < r->n_kids; i++)
		if (places(r->kids[i]) > n)
			n = places(r->kids[i]);
	return n;
}

static int first(bool a, bool b)
{
	return a == b ? 0 : a ? -1 : 1;
}

/* What others of the clone's rules think of a node where an instance is. */
static int64_t colocated_score(struct engine *e, struct res *r, int node)
{
	struct table t = hp_table_copy(e, r);
	struct coloc_list it_with = hp_colocs(e, r->parent, false);
	struct coloc_list with_it = hp_colocs(e, r->parent, true);
	const struct coloc *c;
	int i;

	for (i = 0; i < e->n_nodes; i++) {
		t.listed[i] = i == node;
		t.score[i] = 0;
	}
	for (i = 0; i < it_with.n; i++) {
		c = it_with.list[i];
		hp_fold(e, c->with, &t, c->attr, c->score, 0);
	}
	for (i = 0; i < with_it.n; i++) {
		c = with_it.list[i];
		if (hp_has_influence(c))
			hp_fold(e, c->rsc, &t, c->attr, c->score, FOLD_POSITIVE);
	}
	return t.score[node];
}

/* Which instance is placed first: the one whose place is most worth keeping. */
int hp_cmp_instances(const struct engine *e, struct res *a, struct res *b)
{
	int on_a = hp_current(e, a), on_b = hp_current(e, b), at_a = on_a, at_b = on_b, rc;
	int64_t x, y;

	if (on_a >= 0 && on_b >= 0 && places(a) != places(b))
		return places(a) < places(b) ? -1 : 1;
	if (on_a >= 0 && (!a->listed[on_a] || a->score[on_a] < 0))
		at_a = -1;
	if (on_b >= 0 && (!b->listed[on_b] || b->score[on_b] < 0))
		at_b = -1;
	rc = first(at_a == on_a, at_b == on_b);
	if (rc)
		return rc;
	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	rc = first(at_a >= 0, at_b >= 0);
	if (rc || at_a < 0)
		return rc ? rc : a->instance - b->instance;
	rc = first(hp_usable(e, at_a), hp_usable(e, at_b));
	if (!rc)
		rc = -first(failed(a), failed(b));
	if (rc)
		return rc;
	x = colocated_score((struct engine *)e, a, at_a);
	y = colocated_score((struct engine *)e, b, at_b);
	return x != y ? (x > y ? -1 : 1) : a->instance - b->instance;
}

void hp_sort_kids(struct engine *e, struct res *r,
		  int (*cmp)(const struct engine *, struct res *, struct res *))
{
	struct res *kid;
	int i, j;

	for (i = 1; i < r->n_kids; i++) {
		kid = r->kids[i];
		for (j = i; j > 0 && cmp(e, r->kids[j - 1], kid) > 0; j--)
			r->kids[j] = r->kids[j - 1];
		r->kids[j] = kid;
	}
}

static int per_node(const struct res *clone)
{
	return clone->cfg->clone_node_max > 0 ? clone->cfg->clone_node_max : 1;
}

static bool stuck_on(const struct res *r, int node)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (stuck_on(r->kids[i], node))
			return true;
	return !r->managed && hp_in(r->on, r->n_on, node);
}

static bool stuck(const struct engine *e, const struct res *r)
{
	int i;

	for (i = 0; i < e->n_nodes; i++)
		if (stuck_on(r, i))
			return true;
	return false;
}

/*
 * Forbid an instance the nodes where its clone may not be or is already; if
 * something of it will not leave its node, all others.
 */
static void limit_nodes(struct engine *e, struct res *r)
{
	bool pinned = stuck(e, r);
	struct res *clone = r->parent;
	int i;

	for (i = 0; i < e->n_nodes; i++) {
		if (!r->listed[i])
			continue;
		if (!clone->listed[i])
			hp_node_score(e, r, i, -HP_INF, HP_WHY_NOT_OPTED_IN, -1, 0);
		else if (!hp_usable(e, i))
			hp_node_score(e, r, i, -HP_INF, e->nodes[i].why, -1, 0);
		else if (pinned && !stuck_on(r, i))
			hp_node_score(e, r, i, -HP_INF, HP_WHY_MEMBER, r->rsc, 0);
		else if (r->orphan)
			hp_node_score(e, r, i, -HP_INF, HP_WHY_CLONE_LIMIT, -1, 0);
		else if (clone->score[i] < 0)
			hp_node_score(e, r, i, -HP_INF, clone->ban[i].why ?
				      clone->ban[i].why : HP_WHY_LOWER_SCORE,
				      clone->ban[i].other, clone->ban[i].until_ms);
		else if (clone->count[i] >= per_node(clone))
			hp_node_score(e, r, i, -HP_INF, HP_WHY_NODE_FULL, -1, 0);
	}
}

/* What assigning an instance changes, to take it back. */
struct saved { struct table table; enum hp_role next; enum hp_why why; int other; };

static void save(struct engine *e, struct res *r, struct saved *s)
{
	*s = (struct saved){ hp_table_copy(e, r), r->next, r->stop_why, r->stop_other };
}

static void take_back(struct res *r, const struct saved *s)
{
	r->score = s->table.score;
	r->listed = s->table.listed;
	r->next = s->next;
	r->stop_why = s->why;
	r->stop_other = s->other;
}

static struct saved *save_all(struct engine *e, struct res *r)
{
	struct saved *s = hp_alloc(e->arena, (size_t)r->n_kids + 1, sizeof(*s));
	int i;

	for (i = 0; i < r->n_kids; i++)
		save(e, r->kids[i], &s[i]);
	save(e, r, &s[i]);
	return s;
}

static void take_back_all(struct engine *e, struct res *r, const struct saved *s)
{
	int i;

	hp_unplace(e, r);
	for (i = 0; i < r->n_kids; i++)
		take_back(r->kids[i], &s[i]);
	take_back(r, &s[i]);
}

static bool place_instance(struct engine *e, struct res *r, int prefer, bool all)
{
	struct saved *before;
	int node;

	r->has_colocs++;
	r->all_colocs |= all;
	if (prefer >= 0 && (!r->listed[prefer] || r->score[prefer] < 0))
		return false;
	limit_nodes(e, r);
	before = save_all(e, r);
	node = hp_assign(e, r, prefer);
	if (node >= 0 && prefer >= 0 && node != prefer) {
		take_back_all(e, r, before);
		return false;
	}
	if (node >= 0)
		r->parent->count[node]++;
	return node >= 0;
}

static int max_instances(const struct engine *e, const struct res *clone)
{
	return clone->cfg->clone_max < 0 ? e->n_nodes : clone->cfg->clone_max;
}

/*
 * First those that stay whatever is decided, then those that can stay, as long
 * as that is even, then the others.
 */
static void spread(struct engine *e, struct res *clone)
{
	int usable = 0, placed = 0, max = max_instances(e, clone), even, i, node;
	struct res *r;

	for (i = 0; i < e->n_nodes; i++) {
		clone->count[i] = 0;
		usable += clone->listed[i] && hp_usable(e, i);
	}
	even = usable && max / usable > 1 ? max / usable : 1;
	for (i = 0; i < clone->n_kids; i++)
		if (stuck(e, clone->kids[i]))
			placed += place_instance(e, clone->kids[i], -1, max < usable);
	for (i = 0; i < clone->n_kids && placed < max; i++) {
		r = clone->kids[i];
		node = hp_current(e, r);
		if (node < 0 || r->assigned || failed(r) || !hp_usable(e, node))
			continue;
		if (clone->listed[node] && clone->count[node] >= even)
			continue;
		placed += place_instance(e, r, node, max < usable);
	}
	for (i = 0; i < clone->n_kids; i++) {
		r = clone->kids[i];
		if (r->assigned)
			continue;
		if (placed >= max) {
			hp_forbid_all(e, r, HP_WHY_CLONE_LIMIT, -1);
			hp_assign(e, r, -1);
		} else {
			placed += place_instance(e, r, -1, max < usable);
		}
	}
}

void hp_assign_clone(struct engine *e, struct res *r)
{
	struct coloc_list it_with = hp_colocs(e, r, false), with_it = hp_colocs(e, r, true);
	int i;

	if (r->cfg->promotable)
		hp_promotion_scores(e, r);
	r->assigning = true;
	for (i = 0; i < it_with.n; i++)
		hp_assign(e, it_with.list[i]->with, -1);
	for (i = 0; i < with_it.n; i++)
		hp_fold_into(e, r, with_it.list[i], FOLD_ROLLBACK | FOLD_POSITIVE);
	hp_sort_kids(e, r, hp_cmp_instances);
	spread(e, r);
	hp_identities(r);
	if (r->cfg->promotable)
		hp_roles(e, r);
	r->assigning = false;
	r->assigned = true;
}
