// SPDX-License-Identifier: GPL-2.0-only
/* Rules that every plan keeps, whatever is asked; checked against the input alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static char text[200];

#define SAY(...) (snprintf(text, sizeof(text), __VA_ARGS__), text)

static int top(const struct hp_input *in, int rsc)
{
	while (in->rscs[rsc].parent >= 0)
		rsc = in->rscs[rsc].parent;
	return rsc;
}

static bool below(const struct hp_input *in, int rsc, int up)
{
	while (rsc >= 0 && rsc != up)
		rsc = in->rscs[rsc].parent;
	return rsc == up;
}

/* Not ours to change: an operator's word, or stuck. */
static bool held(const struct hp_input *in, int rsc)
{
	int i;

	for (i = 0; i < in->n_status; i++)
		if (in->status[i].rsc == rsc && in->nodes[in->status[i].node].maintenance)
			return true;
	if (in->maintenance || (in->fencing && !in->fence_device))
		return true;
	for (; rsc >= 0; rsc = in->rscs[rsc].parent)
		if (in->rscs[rsc].unmanaged || in->rscs[rsc].maintenance)
			return true;
	return false;
}

static bool blocked(const struct hp_plan *p, int rsc)
{
	int i;

	for (i = 0; i < p->n_blocked; i++)
		if (p->blocked[i].rsc == rsc && (p->blocked[i].act == HP_ACT_STOP ||
						 p->blocked[i].act == HP_ACT_DEMOTE))
			return true;
	return false;
}

static bool was_on(const struct hp_input *in, int rsc, int node)
{
	int i;

	for (i = 0; i < in->n_status; i++)
		if (in->status[i].rsc == rsc && in->status[i].node == node)
			return true;
	return false;
}

static int count(const struct hp_plan *p, int rsc, int node, enum hp_role least)
{
	int i, n = 0;

	for (i = 0; i < p->n_places; i++)
		n += p->places[i].rsc == rsc && p->places[i].node >= 0 &&
		     p->places[i].role >= least && (node < 0 || p->places[i].node == node);
	return n;
}

static int limit(const struct hp_input *in, const struct hp_rsc *t)
{
	if (t->kind != HP_CLONE)
		return 1;
	return t->clone_max < 0 ? in->n_nodes : t->clone_max;
}

static bool stuck_somewhere(const struct hp_input *in, const struct hp_plan *p, int up)
{
	int i;

	for (i = 0; i < in->n_rscs; i++)
		if (below(in, i, up) && (held(in, i) || blocked(p, i) ||
					 in->rscs[i].multiple == HP_MULTI_BLOCK))
			return true;
	for (i = 0; i < in->n_status; i++)
		if (below(in, in->status[i].rsc, up) &&
		    (in->status[i].blocked || (in->status[i].failed && !in->fencing &&
					       in->status[i].failed_op == HP_OP_STOP)))
			return true;
	return false;
}

static const char *one_instance(const struct hp_input *in, const struct hp_plan *p)
{
	int r, node, max, per_node, promoted;
	const struct hp_rsc *t;

	for (r = 0; r < in->n_rscs; r++) {
		if (in->rscs[r].kind != HP_PRIMITIVE || stuck_somewhere(in, p, top(in, r)))
			continue;
		t = &in->rscs[top(in, r)];
		max = limit(in, t);
		per_node = t->kind == HP_CLONE && t->clone_node_max > 1 ? t->clone_node_max : 1;
		promoted = t->promoted_max < 0 ? 1 : t->promoted_max;
		if (count(p, r, -1, HP_ROLE_STARTED) > max)
			return SAY("%s is active too often", in->rscs[r].name);
		for (node = 0; node < in->n_nodes; node++)
			if (count(p, r, node, HP_ROLE_STARTED) > per_node)
				return SAY("%s is active twice on %s", in->rscs[r].name,
					   in->nodes[node].name);
		if (t->kind == HP_CLONE && count(p, r, -1, HP_ROLE_PROMOTED) > promoted)
			return SAY("%s is promoted too often", in->rscs[r].name);
	}
	return NULL;
}

static bool usable(const struct hp_input *in, const struct hp_node *n)
{
	bool standby = n->standby && (!n->standby_until_ms || n->standby_until_ms > in->now_ms);

	return n->state == HP_NODE_ONLINE && !standby && !n->maintenance && !n->shutdown &&
	       !n->must_fence;
}

static bool banned(const struct hp_input *in, int rsc, int node)
{
	const struct hp_location *l;
	int i;

	for (i = 0; i < in->n_locations; i++) {
		l = &in->locations[i];
		if (l->node == node && l->score <= -HP_INF && l->role != HP_ROLE_PROMOTED &&
		    (!l->until_ms || l->until_ms > in->now_ms) && below(in, rsc, l->rsc))
			return true;
	}
	for (i = 0; i < in->n_failures; i++)
		if (in->failures[i].rsc == rsc && in->failures[i].node == node &&
		    in->rscs[rsc].restart.limit && !in->rscs[rsc].restart.forget_ms &&
		    !in->rscs[rsc].restart.window_ms &&
		    in->failures[i].count >= in->rscs[rsc].restart.limit)
			return true;
	return false;
}

static const char *where(const struct hp_input *in, const struct hp_plan *p)
{
	const struct hp_action *a;
	int i, k;

	for (i = 0; i < p->n_actions; i++) {
		a = &p->actions[i];
		if (a->act != HP_ACT_START && a->act != HP_ACT_PROMOTE)
			continue;
		if (!usable(in, &in->nodes[a->node]))
			return SAY("%s starts on unusable %s", in->rscs[a->rsc].name,
				   in->nodes[a->node].name);
		if (banned(in, a->rsc, a->node))
			return SAY("%s starts on %s, where it is banned",
				   in->rscs[a->rsc].name, in->nodes[a->node].name);
		for (k = 0; k < in->n_storage && a->act == HP_ACT_PROMOTE; k++)
			if (in->storage[k].rsc == a->rsc && in->storage[k].node == a->node &&
			    (in->storage[k].excluded || in->storage[k].data <= HP_DATA_NEVER))
				return SAY("%s is promoted on %s without good data",
					   in->rscs[a->rsc].name, in->nodes[a->node].name);
		if (!in->quorate && in->loss != HP_LOSS_IGNORE &&
		    in->rscs[a->rsc].needs != HP_NEEDS_NOTHING && !was_on(in, a->rsc, a->node))
			return SAY("%s starts without quorum", in->rscs[a->rsc].name);
	}
	return NULL;
}

/* Is there a path of edges? Small graphs, so by search. */
static bool path(const struct hp_plan *p, int from, int to, int depth)
{
	int i;

	if (from == to)
		return true;
	for (i = 0; i < p->n_edges && depth < p->n_actions; i++)
		if (p->edges[i].first == from && path(p, p->edges[i].then, to, depth + 1))
			return true;
	return false;
}

static int action(const struct hp_plan *p, enum hp_act act, int rsc, int instance, int from)
{
	int i;

	for (i = from; i < p->n_actions; i++)
		if (p->actions[i].act == act && p->actions[i].rsc == rsc &&
		    (instance < 0 || p->actions[i].instance == instance))
			return i;
	return -1;
}

static const char *graph(const struct hp_input *in, const struct hp_plan *p)
{
	const struct hp_action *a;
	int i, before;

	for (i = 0; i < p->n_edges; i++)
		if (p->edges[i].first == p->edges[i].then ||
		    path(p, p->edges[i].then, p->edges[i].first, 0))
			return "the actions wait for each other";
	for (i = 0; i < p->n_actions; i++) {
		a = &p->actions[i];
		before = a->act == HP_ACT_START ?
			 action(p, HP_ACT_STOP, a->rsc, a->instance, 0) : -1;
		if (before >= 0 && !path(p, before, i, 0))
			return SAY("%s starts before it stopped", in->rscs[a->rsc].name);
		before = a->act == HP_ACT_PROMOTE ? action(p, HP_ACT_DEMOTE, a->rsc, -1, 0) : -1;
		if (before >= 0 && !path(p, before, i, 0))
			return SAY("%s is promoted before another is demoted",
				   in->rscs[a->rsc].name);
	}
	return NULL;
}

static enum hp_needs needs(const struct hp_input *in, int rsc)
{
	for (; rsc >= 0; rsc = in->rscs[rsc].parent)
		if (in->rscs[rsc].needs != HP_NEEDS_DEFAULT)
			return in->rscs[rsc].needs;
	return in->fencing ? HP_NEEDS_FENCING : HP_NEEDS_QUORUM;
}

static bool is_made(const struct hp_plan *p, enum hp_act act, int rsc, int node, int then)
{
	int i;

	for (i = 0; i < p->n_actions; i++)
		if (p->actions[i].act == act && p->actions[i].node == node &&
		    p->actions[i].rsc == rsc && path(p, i, then, 0))
			return true;
	return false;
}

static const char *fencing(const struct hp_input *in, const struct hp_plan *p)
{
	const struct hp_action *a;
	int i, k, node;

	for (i = 0; i < p->n_actions; i++) {
		a = &p->actions[i];
		for (node = 0; node < in->n_nodes && a->act == HP_ACT_START; node++)
			if (in->nodes[node].state == HP_NODE_UNKNOWN &&
			    needs(in, a->rsc) == HP_NEEDS_FENCING &&
			    !is_made(p, HP_ACT_FENCE, -1, node, i))
				return SAY("%s starts before %s was fenced",
					   in->rscs[a->rsc].name, in->nodes[node].name);
		for (k = 0; k < in->n_storage && a->act == HP_ACT_PROMOTE; k++)
			if (in->storage[k].rsc == a->rsc && !in->storage[k].excluded &&
			    in->rscs[a->rsc].storage &&
			    in->nodes[in->storage[k].node].state == HP_NODE_UNKNOWN &&
			    !is_made(p, HP_ACT_EXCLUDE, a->rsc, in->storage[k].node, i))
				return SAY("%s is promoted before %s was excluded",
					   in->rscs[a->rsc].name,
					   in->nodes[in->storage[k].node].name);
	}
	return NULL;
}

/* Is all of it (of a clone: anything) active in the end, at least as @least? */
static bool is_there(const struct hp_input *in, const struct hp_plan *p, int rsc,
		     enum hp_role least)
{
	bool clone = in->rscs[top(in, rsc)].kind == HP_CLONE, any = false;
	int i;

	for (i = 0; i < in->n_rscs; i++) {
		if (in->rscs[i].kind != HP_PRIMITIVE || !below(in, i, rsc))
			continue;
		if (count(p, i, -1, least))
			any = true;
		else if (!clone)
			return false;
	}
	return any;
}

static const char *orders(const struct hp_input *in, const struct hp_plan *p)
{
	const struct hp_order *o;
	int i, k;

	for (i = 0; i < in->n_orders; i++) {
		o = &in->orders[i];
		if (o->kind != HP_ORDER_MANDATORY || o->need || o->then_op != HP_OP_START ||
		    (o->first_op != HP_OP_START && o->first_op != HP_OP_PROMOTE))
			continue;
		if (top(in, o->first[0]) == top(in, o->then))
			continue;
		if (is_there(in, p, o->first[0], o->first_op == HP_OP_PROMOTE ?
			     HP_ROLE_PROMOTED : HP_ROLE_STARTED))
			continue;
		for (k = 0; k < p->n_actions; k++)
			if (p->actions[k].act == HP_ACT_START &&
			    below(in, p->actions[k].rsc, o->then))
				return SAY("%s starts without %s (%s)",
					   in->rscs[p->actions[k].rsc].name,
					   in->rscs[o->first[0]].name, o->id);
	}
	return NULL;
}

static bool place_there(const struct hp_input *in, const struct hp_plan *p, int rsc, int node,
			enum hp_role least)
{
	int i;

	for (i = 0; i < in->n_rscs; i++)
		if (in->rscs[i].kind == HP_PRIMITIVE && below(in, i, rsc) &&
		    count(p, i, node, least))
			return true;
	return false;
}

static const char *colocations(const struct hp_input *in, const struct hp_plan *p)
{
	const struct hp_colocation *c;
	const struct hp_action *a;
	bool there;
	int i, k;

	for (i = 0; i < in->n_colocations; i++) {
		c = &in->colocations[i];
		if ((c->score > -HP_INF && c->score < HP_INF) || c->node_attr || c->rsc_role)
			continue;
		for (k = 0; k < p->n_actions; k++) {
			a = &p->actions[k];
			if (a->act != HP_ACT_START || !below(in, a->rsc, c->rsc))
				continue;
			if (c->score < 0 && c->with_role)
				continue;
			there = place_there(in, p, c->with, a->node, c->with_role ?
					    c->with_role : HP_ROLE_STARTED);
			if (there != (c->score > 0))
				return SAY("%s starts on %s against %s",
					   in->rscs[a->rsc].name, in->nodes[a->node].name, c->id);
		}
	}
	return NULL;
}

const char *broken(const struct hp_input *in, const struct hp_plan *plan)
{
	static const char *(*const rules[])(const struct hp_input *, const struct hp_plan *) = {
		one_instance, where, graph, fencing, orders, colocations,
	};
	const char *what = NULL;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]) && !what; i++)
		what = rules[i](in, plan);
	return what;
}
