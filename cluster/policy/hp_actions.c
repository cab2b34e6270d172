// SPDX-License-Identifier: GPL-2.0-only
/* The difference between what is and what is to be, as actions. */
#include "hp_engine.h"

static int add(struct engine *e, enum hp_act act, const struct res *r, int node,
	       enum hp_why why, int other)
{
	struct hp_action a = { act, r ? r->rsc : -1, r ? r->instance : 0, node, why, other };

	HP_PUSH(e->arena, e->plan->actions, e->plan->n_actions, a);
	return e->plan->n_actions - 1;
}

static void block(struct engine *e, enum hp_act act, const struct res *r, int node,
		  const struct op *op)
{
	struct hp_blocked b = { act, r->rsc, r->instance, node, op->why, op->other };

	HP_PUSH(e->arena, e->plan->blocked, e->plan->n_blocked, b);
}

static void fence_nodes(struct engine *e)
{
	enum hp_act act;
	int i;

	for (i = 0; i < e->n_nodes; i++) {
		e->nodes[i].fence_act = -1;
		if (!e->nodes[i].fence || !e->nodes[i].can_fence)
			continue;
		act = e->nodes[i].why == HP_WHY_QUORUM ? HP_ACT_RESET : HP_ACT_FENCE;
		if (act == HP_ACT_RESET && e->in->self >= 0 && e->in->self != i)
			continue;
		e->nodes[i].fence_act = add(e, act, NULL, i, e->nodes[i].why, -1);
	}
}

/* What the fencing of a node does away with needs no action of its own. */
static void take_down(struct engine *e, struct res *r)
{
	struct op *stop = &r->op[HP_OP_STOP], *demote = &r->op[HP_OP_DEMOTE];
	int i, node;

	for (i = 0; i < r->n_on; i++) {
		node = r->on[i];
		if (e->nodes[node].fence) {
			r->stop_act[node] = e->nodes[node].fence_act;
			continue;
		}
		if (demote->need && demote->can)
			r->act[HP_ACT_DEMOTE] = add(e, HP_ACT_DEMOTE, r, node, demote->why,
						    demote->other);
		if (stop->need && stop->can)
			r->stop_act[node] = add(e, HP_ACT_STOP, r, node, stop->why,
						stop->other);
	}
	if (stop->need && !stop->can && r->n_on)
		block(e, HP_ACT_STOP, r, r->on[0], stop);
	else if (demote->need && !demote->can)
		block(e, HP_ACT_DEMOTE, r, r->on[0], demote);
}

static void bring_up(struct engine *e, struct res *r)
{
	struct op *start = &r->op[HP_OP_START], *promote = &r->op[HP_OP_PROMOTE];

	if (r->wanted_node >= 0 && start->need && start->can)
		r->act[HP_ACT_START] = add(e, HP_ACT_START, r, r->node, start->why,
					   start->other);
	else if (r->wanted_node >= 0 && !start->can)
		block(e, HP_ACT_START, r, r->wanted_node, start);
	else if (r->wanted_node < 0 && start->why == HP_WHY_NO_NODE && !hp_clone_of(r))
		block(e, HP_ACT_START, r, -1, start);
	if (r->next == HP_ROLE_PROMOTED && promote->need && promote->can)
		r->act[HP_ACT_PROMOTE] = add(e, HP_ACT_PROMOTE, r, r->node, promote->why,
					     promote->other);
	else if (r->wanted == HP_ROLE_PROMOTED && promote->need && start->can)
		block(e, HP_ACT_PROMOTE, r, r->wanted_node, promote);
}

static void place(struct engine *e, const struct res *r)
{
	struct hp_place p = { r->rsc, r->instance, r->node,
			      r->node < 0 ? HP_ROLE_STOPPED : r->next,
			      r->node < 0 ? 0 : r->score[r->node] };
	struct hp_place w = { r->rsc, r->instance, r->wanted_node,
			      r->wanted_node < 0 ? HP_ROLE_STOPPED : r->wanted, 0 };
	int i;

	HP_PUSH(e->arena, e->plan->places, e->plan->n_places, p);
	HP_PUSH(e->arena, e->plan->wanted, e->plan->n_wanted, w);
	/* Left alone in several places: it stays in all of them. */
	for (i = 1; i < r->n_on && p.node == r->on[0] && !r->op[HP_OP_STOP].can; i++) {
		p.node = r->on[i];
		HP_PUSH(e->arena, e->plan->places, e->plan->n_places, p);
	}
}

void hp_actions(struct engine *e)
{
	struct res *r;
	int i;

	fence_nodes(e);
	for (i = 0; i < e->n_all; i++) {
		r = e->all[i];
		if (r->kind != HP_PRIMITIVE)
			continue;
		if (r->managed) {
			take_down(e, r);
			bring_up(e, r);
		}
		place(e, r);
	}
}
