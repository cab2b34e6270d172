// SPDX-License-Identifier: GPL-2.0-only
/* Each primitive gets a node; a group's members one after the other. */
#include "hp_engine.h"
#include "hp_settle.h"

void hp_unplace(struct engine *e, struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		hp_unplace(e, r->kids[i]);
	if (r->node >= 0)
		e->nodes[r->node].n_placed--;
	r->node = -1;
	r->assigned = false;
}

/* Decide; @force: even where it may not run, as it is there and stays. */
void hp_place(struct engine *e, struct res *r, int node, bool force)
{
	if (!force && node >= 0 && (r->score[node] < 0 || !hp_usable(e, node)))
		node = -1;
	if (r->node >= 0)
		e->nodes[r->node].n_placed--;
	r->assigned = true;
	r->node = node;
	if (node < 0) {
		r->next = HP_ROLE_STOPPED;
		if (!r->stop_why)
			r->stop_why = HP_WHY_NO_NODE;
		return;
	}
	r->node_score = r->score[node];
	e->nodes[node].n_placed++;
}

/* Who is as good as the best node but runs it already is better. */
static int better_stay(const struct engine *e, const struct res *r, const int *order)
{
	const struct res *clone = hp_clone_of((struct res *)r);
	int now = hp_current(e, r), i;

	if ((clone && clone->cfg->unique) || now < 0 || !hp_usable(e, now))
		return order[0];
	if (r->score[order[0]] <= 0 || !hp_usable(e, order[0]) || r->score[now] < 0)
		return order[0];
	for (i = 1; i < e->n_nodes && order[i] >= 0; i++)
		if (order[i] == now && r->score[now] == r->score[order[0]])
			return now;
	return order[0];
}

static void assign_best(struct engine *e, struct res *r, int prefer)
{
	int *order = hp_alloc(e->arena, e->n_nodes, sizeof(*order));

	hp_sort_nodes(e, r, hp_current(e, r), order);
	if (!e->n_nodes || order[0] < 0)
		hp_place(e, r, -1, false);
	else if (prefer >= 0 && r->listed[prefer] && hp_usable(e, prefer) &&
		 r->score[prefer] >= 0 && r->score[prefer] >= r->score[order[0]])
		hp_place(e, r, prefer, false);
	else
		hp_place(e, r, better_stay(e, r, order), false);
}

static void follow(struct engine *e, struct res *r, const struct coloc *c)
{
	struct table before = { NULL, NULL };
	bool undo = c->rsc_role >= HP_ROLE_PROMOTED || (c->score < 0 && c->score > -HP_INF);

	if (undo)
		before = hp_table_copy(e, r);
	hp_assign(e, c->with, -1);
	hp_apply(e, r, c->with, c);
	if (undo && !hp_any_usable(e, r->score, r->listed)) {
		r->score = before.score;
		r->listed = before.listed;
	}
}

static void colocations(struct engine *e, struct res *r)
{
	struct coloc_list it_with = hp_colocs(e, r, false), with_it = hp_colocs(e, r, true);
	int i;

	for (i = 0; i < it_with.n; i++)
		follow(e, r, it_with.list[i]);
	for (i = 0; i < with_it.n; i++)
		hp_fold_into(e, r, with_it.list[i], FOLD_ROLLBACK);
}

/*
 * What runs stays as it is: nothing is moved while the view settles, nor without
 * quorum if it is frozen then.
 */
static bool frozen(const struct engine *e, const struct res *r)
{
	enum hp_why why = hp_quorum_why(e, r, true);

	return r->n_on && r->managed && r->next != HP_ROLE_STOPPED &&
	       (why == HP_WHY_FROZEN || why == HP_WHY_VIEW_PENDING);
}

static void assign_primitive(struct engine *e, struct res *r, int prefer)
{
	r->assigning = true;
	colocations(e, r);
	if (r->next == HP_ROLE_STOPPED)
		hp_forbid_all(e, r, r->stop_why, r->stop_other);
	if (e->in->fencing && !e->in->fence_device && r->managed) {
		r->managed = false;
		r->held = HP_WHY_NO_FENCING;
	}
	if (r->assigned) {
		;	/* an instance without a partner, which ends in no place */
	} else if (!r->managed) {
		r->next = r->n_on ? r->role : HP_ROLE_STOPPED;
		hp_place(e, r, hp_current(e, r), true);
	} else if (frozen(e, r)) {
		r->held = hp_quorum_why(e, r, true);
		hp_place(e, r, hp_current(e, r), true);
	} else if (e->in->stop_all) {
		r->stop_why = HP_WHY_STOP_ALL;
		hp_place(e, r, -1, true);
	} else {
		assign_best(e, r, prefer);
	}
	r->assigning = false;
}

static void assign_group(struct engine *e, struct res *r, int prefer)
{
	int i;

	r->assigning = true;
	for (i = 0; i < r->n_kids; i++)
		r->kids[i]->has_colocs = 1;
	for (i = 0; i < r->n_kids; i++)
		hp_assign(e, r->kids[i], prefer);
	r->assigning = false;
	r->assigned = true;
}

/**
 * hp_assign() - place a resource, after those that it follows
 * @e: the engine
 * @r: what to place; a member takes its whole group or clone with it
 * @prefer: a node that is taken if no other one is better, or -1
 *
 * Return: the node, -1 if nowhere or if this is a loop of dependencies.
 */
int hp_assign(struct engine *e, struct res *r, int prefer)
{
	if (r->parent && !r->parent->assigning && !r->parent->assigned)
		hp_assign(e, r->parent, prefer);
	if (r->assigned || r->assigning)
		return r->assigned ? hp_node_of(r) : -1;
	if (r->kind == HP_PRIMITIVE)
		assign_primitive(e, r, prefer);
	else if (r->kind == HP_GROUP)
		assign_group(e, r, prefer);
	else
		hp_assign_clone(e, r);
	return hp_node_of(r);
}

void hp_assign_all(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_top; i++)
		hp_assign(e, e->top[i], -1);
}
