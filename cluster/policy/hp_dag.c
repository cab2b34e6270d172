// SPDX-License-Identifier: GPL-2.0-only
/* In which order the actions are done: a graph without circles. */
#include "hp_engine.h"
#include "hp_settle.h"

void hp_edge(struct engine *e, int first, int then, bool mandatory)
{
	struct hp_plan *p = e->plan;
	int i;

	if (first < 0 || then < 0 || first == then)
		return;
	for (i = 0; i < p->n_edges; i++) {
		if (p->edges[i].first == first && p->edges[i].then == then) {
			p->edges[i].mandatory |= mandatory;
			return;
		}
	}
	HP_PUSH(e->arena, p->edges, p->n_edges, ((struct hp_edge){ first, then, mandatory }));
}

static enum hp_act act_of(enum hp_op op)
{
	switch (op) {
	case HP_OP_STOP:
		return HP_ACT_STOP;
	case HP_OP_PROMOTE:
		return HP_ACT_PROMOTE;
	case HP_OP_DEMOTE:
		return HP_ACT_DEMOTE;
	default:
		return HP_ACT_START;
	}
}

/* The @k-th action of this kind of a primitive; stops are one per node. */
static int action(const struct engine *e, const struct res *r, enum hp_act act, int k)
{
	if (act != HP_ACT_STOP)
		return k == 0 ? r->act[act] : -1;
	return k < e->n_nodes ? r->stop_act[k] : -1;
}

static void edges(struct engine *e, struct res *a, enum hp_act first, struct res *b,
		  enum hp_act then, bool mandatory)
{
	int i, j;

	for (i = 0; i < a->n_kids; i++)
		edges(e, a->kids[i], first, b, then, mandatory);
	if (a->n_kids)
		return;
	for (i = 0; i < b->n_kids; i++)
		edges(e, a, first, b->kids[i], then, mandatory);
	if (b->n_kids)
		return;
	for (i = 0; i < e->n_nodes; i++)
		for (j = 0; j < e->n_nodes && action(e, a, first, i) >= 0; j++)
			hp_edge(e, action(e, a, first, i), action(e, b, then, j), mandatory);
}

static void within(struct engine *e, struct res *r)
{
	edges(e, r, HP_ACT_DEMOTE, r, HP_ACT_STOP, true);
	edges(e, r, HP_ACT_STOP, r, HP_ACT_START, true);
	edges(e, r, HP_ACT_START, r, HP_ACT_PROMOTE, true);
	edges(e, r, HP_ACT_DEMOTE, r, HP_ACT_PROMOTE, true);
}

static void both_ways(struct engine *e, const struct hp_order *o, struct res *first,
		      struct res *then)
{
	bool must = o->kind == HP_ORDER_MANDATORY;

	edges(e, first, act_of(o->first_op), then, act_of(o->then_op), must);
	if (o->asymmetric || o->kind == HP_ORDER_SERIALIZE)
		return;
	edges(e, then, act_of(hp_inverse(o->then_op)), first,
	      act_of(hp_inverse(o->first_op)), must);
}

static void paired(struct engine *e, const struct hp_order *o, struct res *first,
		   struct res *then)
{
	struct res *one, *two;
	int i, node;

	for (i = 0; i < then->n_kids; i++) {
		two = then->kids[i];
		node = hp_node_of(two);
		one = node < 0 ? NULL : hp_instance_at(first, node, false);
		if (one)
			both_ways(e, o, one, two);
		node = hp_current(e, two);
		one = node < 0 ? NULL : hp_instance_at(first, node, true);
		if (one)
			both_ways(e, o, one, two);
	}
}

static void order(struct engine *e, const struct hp_order *o)
{
	struct res *then = e->of[o->then], *first;
	int i;

	if (!then)
		return;
	if (hp_clone_of(then))
		then = hp_clone_of(then);
	for (i = 0; i < o->n_first; i++) {
		first = e->of[o->first[i]];
		if (first && hp_clone_of(first))
			first = hp_clone_of(first);
		if (!first || first == then)
			continue;
		if (hp_pairs(o, first, then))
			paired(e, o, first, then);
		else
			both_ways(e, o, first, then);
	}
}

static void group(struct engine *e, struct res *g)
{
	int i;

	for (i = 1; i < g->n_kids; i++) {
		edges(e, g->kids[i - 1], HP_ACT_START, g->kids[i], HP_ACT_START, true);
		edges(e, g->kids[i - 1], HP_ACT_PROMOTE, g->kids[i], HP_ACT_PROMOTE, true);
		edges(e, g->kids[i], HP_ACT_STOP, g->kids[i - 1], HP_ACT_STOP, true);
		edges(e, g->kids[i], HP_ACT_DEMOTE, g->kids[i - 1], HP_ACT_DEMOTE, true);
	}
}

/* Nobody is promoted beside one that is still to be demoted. */
static void clone(struct engine *e, struct res *c)
{
	if (!c->cfg->promotable)
		return;
	edges(e, c, HP_ACT_DEMOTE, c, HP_ACT_PROMOTE, true);
	edges(e, c, HP_ACT_STOP, c, HP_ACT_PROMOTE, true);
}

/* Where one must not be beside another, the other leaves first. */
static void apart(struct engine *e, struct res *a, struct res *b)
{
	int i, node;

	for (i = 0; i < a->n_kids; i++)
		apart(e, a->kids[i], b);
	for (i = 0; !a->n_kids && i < b->n_kids; i++)
		apart(e, a, b->kids[i]);
	if (a->n_kids || b->n_kids)
		return;
	for (node = 0; node < e->n_nodes; node++) {
		if (a->node == node && a->act[HP_ACT_START] >= 0)
			hp_edge(e, b->stop_act[node], a->act[HP_ACT_START], true);
		if (b->node == node && b->act[HP_ACT_START] >= 0)
			hp_edge(e, a->stop_act[node], b->act[HP_ACT_START], true);
	}
}

/*
 * Take away actions that wait for none until none is left. What stays waits in
 * a circle: contradicting rules. The last wish among those edges is dropped,
 * else the last edge; rules come after what is inherent, so it is a rule's.
 */
static bool cut_circle(struct engine *e)
{
	struct hp_plan *p = e->plan;
	bool *done = hp_alloc(e->arena, p->n_actions, sizeof(*done)), moved;
	int i, k, drop = -1;

	do {
		moved = false;
		for (i = 0; i < p->n_actions; i++) {
			bool waits = done[i];

			for (k = 0; k < p->n_edges && !waits; k++)
				waits = p->edges[k].then == i && !done[p->edges[k].first];
			if (!waits)
				done[i] = moved = true;
		}
	} while (moved);
	for (k = 0; k < p->n_edges; k++) {
		if (done[p->edges[k].first] || done[p->edges[k].then])
			continue;
		if (drop < 0 || !p->edges[k].mandatory || p->edges[drop].mandatory)
			drop = k;
	}
	if (drop < 0)
		return false;
	for (k = drop + 1; k < p->n_edges; k++)
		p->edges[k - 1] = p->edges[k];
	p->n_edges--;
	return true;
}

void hp_order_actions(struct engine *e)
{
	const struct coloc *c;
	int i, k;

	for (i = 0; i < e->n_all; i++)
		if (e->all[i]->kind == HP_PRIMITIVE)
			within(e, e->all[i]);
	hp_fence_edges(e);
	for (i = 0; i < e->n_all; i++) {
		if (e->all[i]->kind == HP_CLONE)
			clone(e, e->all[i]);
		if (e->all[i]->kind == HP_GROUP && !e->all[i]->cfg->unordered)
			group(e, e->all[i]);
		for (k = 0; k < e->all[i]->with_this.n; k++) {
			c = e->all[i]->with_this.list[k];
			if (c->score <= -HP_INF)
				apart(e, c->rsc, c->with);
		}
	}
	for (i = 0; i < e->in->n_orders; i++)
		order(e, &e->in->orders[i]);
	while (cut_circle(e))
		;
}
