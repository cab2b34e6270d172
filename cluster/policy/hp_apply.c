// SPDX-License-Identifier: GPL-2.0-only
/* What the place of one resource means for the scores of another that follows. */
#include <string.h>

#include "hp_engine.h"

static bool any_role(enum hp_role role)
{
	return role == HP_ROLE_STOPPED || role == HP_ROLE_STARTED;
}

static bool is_promotable(const struct res *r)
{
	return r->parent && r->parent->kind == HP_CLONE && r->parent->cfg->promotable;
}

/* A rule for a role says nothing unless the roles will be those. */
static bool roles_match(const struct res *rsc, const struct res *with, const struct coloc *c)
{
	bool rsc_is = c->rsc_role == rsc->next, with_is = c->with_role == with->next;

	if (c->score > 0)
		return (any_role(c->rsc_role) || rsc_is) && (any_role(c->with_role) || with_is);
	return (any_role(c->rsc_role) || !rsc_is) && (any_role(c->with_role) || !with_is);
}

static enum hp_why coloc_why(const struct coloc *c)
{
	if (c->rule < 0)
		return HP_WHY_MEMBER;
	return c->score < 0 ? HP_WHY_APART : HP_WHY_TOGETHER;
}

static void blame(struct res *rsc, int node, const struct coloc *c)
{
	if (rsc->score[node] > -HP_INF || rsc->ban[node].why)
		return;
	rsc->ban[node] = (struct ban){ coloc_why(c),
				       c->rule < 0 ? c->with->rsc : c->rule, 0 };
}

static void set_table(struct engine *e, struct res *rsc, const struct table *t,
		      const struct coloc *c)
{
	int i;

	rsc->score = t->score;
	rsc->listed = t->listed;
	for (i = 0; i < e->n_nodes; i++)
		blame(rsc, i, c);
}

static void apply_nodes(struct engine *e, struct res *rsc, struct res *with,
			const struct coloc *c)
{
	struct table t;
	int i;

	if (with->node < 0 && c->score < 0)
		return;
	t = hp_table_copy(e, rsc);
	for (i = 0; i < e->n_nodes; i++) {
		if (!t.listed[i])
			continue;
		if (with->node < 0)
			t.score[i] = hp_add(-c->score, t.score[i]);
		else if (!hp_same_place(e, i, with->node, c->attr))
			t.score[i] = c->score >= HP_INF ? -HP_INF : t.score[i];
		else if (c->score < HP_INF)
			t.score[i] = hp_add(c->score, t.score[i]);
	}
	if (c->score <= -HP_INF || c->score >= HP_INF ||
	    hp_any_usable(e, t.score, t.listed))
		set_table(e, rsc, &t, c);
}

/* Both are placed: what the place means for the wish to be promoted. */
void hp_apply_priority(struct engine *e, struct res *rsc, struct res *with,
		       const struct coloc *c)
{
	if (rsc->node < 0 || with->node < 0)
		return;
	if (!hp_same_place(e, rsc->node, with->node, c->attr)) {
		if (c->score >= HP_INF && c->rsc_role == HP_ROLE_PROMOTED)
			rsc->priority = -HP_INF;
		return;
	}
	if (!any_role(c->with_role) && c->with_role != with->next)
		return;
	rsc->priority = hp_add(c->rsc_role == HP_ROLE_UNPROMOTED ? -c->score : c->score,
			       rsc->priority);
}

static void apply_primitive(struct engine *e, struct res *rsc, struct res *with,
			    const struct coloc *c)
{
	if (!with->assigned)
		return;
	if (rsc->assigned) {
		if (c->rsc_role >= HP_ROLE_UNPROMOTED && is_promotable(rsc))
			hp_apply_priority(e, rsc, with, c);
		return;
	}
	if (roles_match(rsc, with, c))
		apply_nodes(e, rsc, with, c);
}

static bool is_blocked(const struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (is_blocked(r->kids[i]))
			return true;
	return r->blocked;
}

static int64_t place_score(const struct res *r)
{
	while (r->kind != HP_PRIMITIVE)
		r = r->kids[0];
	return r->node_score;
}

/* Only where an instance is; @with_score adds that of the instance there. */
static void keep_nodes(struct engine *e, struct res *rsc, struct res *clone,
		       const struct coloc *c, bool with_score, enum hp_role role)
{
	struct table t = hp_table_copy(e, rsc);
	int i, k, node;

	for (i = 0; i < e->n_nodes; i++) {
		struct res *there = NULL;

		for (k = 0; k < clone->n_kids && !there; k++) {
			node = hp_node_of(clone->kids[k]);
			if (node >= 0 && hp_same_place(e, node, i, c->attr) &&
			    (with_score ? hp_next_role(clone->kids[k]) == role :
					  !is_blocked(clone->kids[k])))
				there = clone->kids[k];
		}
		if (!t.listed[i])
			continue;
		if (!there)
			t.score[i] = -HP_INF;
		else if (with_score)
			t.score[i] = hp_add(t.score[i], place_score(there));
	}
	if (!rsc->assigned)
		set_table(e, rsc, &t, c);
}

/* Both are placed: is one with that role where this one would be promoted? */
static void promoted_beside(struct res *rsc, struct res *clone, const struct coloc *c)
{
	int k, node = hp_node_of(rsc);

	for (k = 0; k < clone->n_kids; k++) {
		if (node < 0 || hp_node_of(clone->kids[k]) != node ||
		    hp_next_role(clone->kids[k]) != c->with_role || is_blocked(clone->kids[k]))
			continue;
		rsc->priority = hp_add(rsc->priority, c->score);
		return;
	}
	if (c->score >= HP_INF)
		rsc->priority = -HP_INF;
}

static void apply_promoted(struct engine *e, struct res *rsc, struct res *clone,
			   const struct coloc *c)
{
	int i, k, node;

	if (rsc->assigned) {
		if (c->rsc_role == HP_ROLE_PROMOTED)
			promoted_beside(rsc, clone, c);
		return;
	}
	for (k = 0; k < clone->n_kids && c->score < HP_INF; k++) {
		node = hp_node_of(clone->kids[k]);
		if (node < 0 || hp_next_role(clone->kids[k]) != c->with_role)
			continue;
		for (i = 0; i < e->n_nodes; i++)
			if (rsc->listed[i] && hp_same_place(e, i, node, c->attr))
				rsc->score[i] = hp_add(rsc->score[i], c->score);
	}
	for (i = 0; i < e->n_nodes; i++)
		blame(rsc, i, c);
	if (c->score >= HP_INF && (c->rsc_role != HP_ROLE_PROMOTED ||
				   c->with_role != HP_ROLE_PROMOTED))
		keep_nodes(e, rsc, clone, c, true, c->with_role);
}

static struct res *instance_on(struct res *clone, int node)
{
	int k;

	for (k = 0; k < clone->n_kids; k++)
		if (hp_node_of(clone->kids[k]) == node && !is_blocked(clone->kids[k]))
			return clone->kids[k];
	return NULL;
}

/* The instance of the other clone that this instance is paired with. */
static struct res *partner(struct engine *e, struct res *rsc, struct res *clone)
{
	struct res *pair;
	int *order, i;

	if (rsc->node >= 0)
		return instance_on(clone, rsc->node);
	order = hp_alloc(e->arena, e->n_nodes, sizeof(*order));
	hp_sort_nodes(e, rsc, -1, order);
	for (i = 0; i < e->n_nodes && order[i] >= 0; i++) {
		pair = instance_on(clone, order[i]);
		if (pair)
			return pair;
	}
	return NULL;
}

static void apply_clone(struct engine *e, struct res *rsc, struct res *clone,
			const struct coloc *c)
{
	const struct res *own = hp_clone_of(rsc);
	struct res *pair;
	int i;

	if (!clone->assigned)
		return;
	if (clone->cfg->promotable && !any_role(c->with_role)) {
		apply_promoted(e, rsc, clone, c);
	} else if (own && own->cfg->interleave && c->score > -HP_INF) {
		pair = partner(e, rsc, clone);
		if (pair)
			hp_apply(e, rsc, pair, c);
		else if (c->score >= HP_INF && !rsc->assigned) {
			for (i = 0; i < e->n_nodes; i++) {
				rsc->score[i] = -HP_INF;
				blame(rsc, i, c);
			}
			hp_place(e, rsc, -1, true);
		}
	} else if (c->score >= HP_INF) {
		keep_nodes(e, rsc, clone, c, false, 0);
	} else {
		for (i = 0; i < clone->n_kids; i++)
			hp_apply(e, rsc, clone->kids[i], c);
	}
}

/**
 * hp_apply() - let a resource follow the place of another
 * @e: the engine
 * @rsc: a primitive, whose scores change
 * @with: what it follows; nothing happens if that is not placed yet
 * @c: the rule
 */
void hp_apply(struct engine *e, struct res *rsc, struct res *with, const struct coloc *c)
{
	int i;

	if (with->kind == HP_CLONE) {
		apply_clone(e, rsc, with, c);
	} else if (with->kind == HP_PRIMITIVE) {
		apply_primitive(e, rsc, with, c);
	} else if (with->n_kids && (with->cfg->apart || c->score <= -HP_INF)) {
		for (i = 0; i < with->n_kids; i++)
			hp_apply(e, rsc, with->kids[i], c);
	} else if (with->n_kids && with->assigned) {
		apply_primitive(e, rsc, with->kids[c->score >= HP_INF ? with->n_kids - 1 : 0],
				c);
	}
}
