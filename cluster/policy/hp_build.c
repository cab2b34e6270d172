// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resources as objects: one for each instance of a clone, and what runs
 * where given to them. Says nothing yet about what that means.
 */
#include <string.h>

#include "hp_engine.h"
#include "hp_settle.h"

static void add_kid(struct engine *e, struct res *parent, struct res *kid)
{
	HP_PUSH(e->arena, parent->kids, parent->n_kids, kid);
}

static struct res *new_res(struct engine *e, int rsc, struct res *parent, int instance)
{
	struct res *r = hp_alloc(e->arena, 1, sizeof(*r));
	int n = e->n_nodes, i;

	r->cfg = &e->in->rscs[rsc];
	r->rsc = rsc;
	r->instance = instance;
	r->kind = r->cfg->kind;
	r->parent = parent;
	r->node = r->wanted_node = -1;
	r->managed = true;
	r->stickiness = r->cfg->stickiness;
	r->priority = parent ? parent->priority : r->cfg->priority;
	r->on = hp_alloc(e->arena, n, sizeof(*r->on));
	r->score = hp_alloc(e->arena, n, sizeof(*r->score));
	r->listed = hp_alloc(e->arena, n, sizeof(*r->listed));
	r->ban = hp_alloc(e->arena, n, sizeof(*r->ban));
	r->failed_here = hp_alloc(e->arena, n, sizeof(*r->failed_here));
	r->count = hp_alloc(e->arena, n, sizeof(*r->count));
	r->stop_act = hp_alloc(e->arena, n, sizeof(*r->stop_act));
	for (i = 0; i < n; i++) {
		r->stop_act[i] = -1;
		r->listed[i] = !e->in->opt_in;
	}
	for (i = 0; i <= HP_ACT_DEMOTE; i++)
		r->act[i] = -1;
	HP_PUSH(e->arena, e->all, e->n_all, r);
	if (!e->of[rsc])
		e->of[rsc] = r;
	if (parent)
		add_kid(e, parent, r);
	return r;
}

/* Is a primitive of the input below this resource of the input? */
static bool below(const struct hp_input *in, int rsc, int top)
{
	while (rsc >= 0 && rsc != top)
		rsc = in->rscs[rsc].parent;
	return rsc == top;
}

/* Instances that are active: nodes, but more if one node has several. */
static int active_instances(struct engine *e, int clone)
{
	const struct hp_input *in = e->in;
	int i, j, node, n = 0;

	for (node = 0; node < e->n_nodes; node++) {
		int most = 0, here;

		for (i = 0; i < in->n_status; i++) {
			if (in->status[i].node != node || !below(in, in->status[i].rsc, clone))
				continue;
			here = 0;
			for (j = 0; j < in->n_status; j++)
				here += in->status[j].node == node &&
					in->status[j].rsc == in->status[i].rsc;
			most = here > most ? here : most;
		}
		n += most;
	}
	return n;
}

static void build_below(struct engine *e, struct res *r);

static void build_instances(struct engine *e, struct res *clone)
{
	int max = clone->cfg->clone_max, active = active_instances(e, clone->rsc), i, child;
	int per_node = clone->cfg->clone_node_max > 0 ? clone->cfg->clone_node_max : 1;
	struct res *kid;

	/* More than there is room for would never be placed. */
	if (max < 0)
		max = e->n_nodes;
	else if (max > (int64_t)per_node * e->n_nodes)
		max = per_node * e->n_nodes;
	for (child = 0; e->in->rscs[child].parent != clone->rsc; child++)
		;
	for (i = 0; i < max || i < active; i++) {
		kid = new_res(e, child, clone, i);
		kid->orphan = i >= max;
		build_below(e, kid);
	}
}

static void build_below(struct engine *e, struct res *r)
{
	struct res *kid;
	int i;

	if (r->kind == HP_CLONE) {
		build_instances(e, r);
		return;
	}
	for (i = 0; r->kind == HP_GROUP && i < e->in->n_rscs; i++) {
		if (e->in->rscs[i].parent != r->rsc)
			continue;
		kid = new_res(e, i, r, r->instance);
		kid->orphan = r->orphan;
	}
}

static void add_top(struct engine *e, struct res *r)
{
	int i;

	HP_PUSH(e->arena, e->top, e->n_top, r);
	for (i = e->n_top - 1; i > 0 && e->top[i - 1]->cfg->priority < r->cfg->priority; i--)
		e->top[i] = e->top[i - 1];
	e->top[i] = r;
}

static struct res *member(struct res *instance, int rsc)
{
	int i;

	if (instance->rsc == rsc)
		return instance;
	for (i = 0; i < instance->n_kids; i++)
		if (instance->kids[i]->rsc == rsc)
			return instance->kids[i];
	return NULL;
}

/* Nodes of an instance: all its members are on one. */
static int home(const struct res *instance)
{
	int i;

	if (instance->n_on)
		return instance->on[0];
	for (i = 0; i < instance->n_kids; i++)
		if (instance->kids[i]->n_on)
			return instance->kids[i]->on[0];
	return -1;
}

/* The instance that a status of a clone's primitive belongs to. */
static struct res *find_instance(struct res *clone, const struct hp_status *s)
{
	struct res *spare = NULL, *m;
	int i, at;

	for (i = 0; i < clone->n_kids; i++) {
		m = member(clone->kids[i], s->rsc);
		at = home(clone->kids[i]);
		if (m->n_on)
			continue;
		if (at == s->node)
			return m;
		if (at < 0 && !spare)
			spare = m;
	}
	return spare;
}

/*
 * What ran on a node that is off is gone, but not if the node left while it was
 * not to be touched. On a node that nobody hears it counts as running unless
 * something else than a proof of death protects it.
 */
static bool counts(const struct engine *e, const struct res *r, int node)
{
	const struct hp_node *n = e->nodes[node].cfg;

	if (n->state != HP_NODE_UNKNOWN)
		return n->state != HP_NODE_DOWN || n->maintenance;
	return e->in->no_takeover || hp_needs_of(e, r) == HP_NEEDS_FENCING;
}

static void give_status(struct engine *e, const struct hp_status *s)
{
	struct res *r = e->of[s->rsc], *clone = r ? hp_clone_of(r) : NULL;

	if (!r || !counts(e, r, s->node))
		return;
	if (clone)
		r = find_instance(clone, s);
	if (!r || s->role == HP_ROLE_STOPPED || hp_in(r->on, r->n_on, s->node))
		return;
	r->on[r->n_on++] = s->node;
	if (s->role > r->role)
		r->role = s->role;
	if (clone && clone->cfg->promotable && r->role == HP_ROLE_STARTED)
		r->role = HP_ROLE_UNPROMOTED;
	if (s->failed) {
		r->failed = true;
		r->failed_op = s->failed_op;
	}
	r->blocked |= s->blocked;
	r->orphan |= s->orphan;
	r->changed |= s->changed;
}

/* By name, so that instances get the same numbers however nodes are listed. */
static int *nodes_by_name(struct engine *e)
{
	int *order = hp_alloc(e->arena, e->n_nodes, sizeof(*order)), i, j;

	for (i = 0; i < e->n_nodes; i++) {
		for (j = i; j > 0 && strcmp(e->in->nodes[order[j - 1]].name,
					    e->in->nodes[i].name) > 0; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	return order;
}

void hp_build(struct engine *e)
{
	const struct hp_input *in = e->in;
	struct res *r;
	int i, j, *order;

	e->of = hp_alloc(e->arena, in->n_rscs, sizeof(*e->of));
	for (i = 0; i < in->n_rscs; i++) {
		if (in->rscs[i].parent >= 0)
			continue;
		r = new_res(e, i, NULL, 0);
		build_below(e, r);
		add_top(e, r);
	}
	order = nodes_by_name(e);
	for (i = 0; i < e->n_nodes; i++)
		for (j = 0; j < in->n_status; j++)
			if (in->status[j].node == order[i])
				give_status(e, &in->status[j]);
}
