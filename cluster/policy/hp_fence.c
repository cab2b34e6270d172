// SPDX-License-Identifier: GPL-2.0-only
/*
 * The safety gate. What may still run on a node nobody hears from starts
 * elsewhere only after that node was fenced; a device is promoted only after
 * the unheard replica was excluded by commit. What cannot be had blocks.
 */
#include "hp_engine.h"
#include "hp_settle.h"

/* A start of @r waits until this node is proven to be off. */
static bool waits_for(const struct engine *e, const struct res *r, int node)
{
	return e->nodes[node].fence && hp_needs_of(e, r) == HP_NEEDS_FENCING &&
	       (e->nodes[node].cfg->state == HP_NODE_UNKNOWN || hp_in(r->on, r->n_on, node));
}

/*
 * A promotion of the device waits until this node's replica is excluded: also if the
 * node is off for sure, because it will be back.
 */
static const struct hp_storage *waits_for_replica(const struct engine *e, const struct res *r,
						  int node)
{
	enum hp_node_state state = e->nodes[node].cfg->state;
	const struct hp_storage *s;
	int i;

	if (!r->cfg->storage || (state != HP_NODE_UNKNOWN && state != HP_NODE_DOWN))
		return NULL;
	for (i = 0; i < e->in->n_storage; i++) {
		s = &e->in->storage[i];
		if (s->rsc == r->rsc && s->node == node && !s->excluded)
			return s;
	}
	return NULL;
}

static void gate(struct engine *e, struct res *r)
{
	int node;

	for (node = 0; node < e->n_nodes; node++) {
		if (r->op[HP_OP_START].need && waits_for(e, r, node) &&
		    !e->nodes[node].can_fence)
			hp_cannot(e, r, HP_OP_START, HP_WHY_NO_FENCING, node);
		if (r->op[HP_OP_START].need && e->nodes[node].why == HP_WHY_PENDING &&
		    e->in->fencing && hp_needs_of(e, r) != HP_NEEDS_NOTHING)
			hp_cannot(e, r, HP_OP_START, HP_WHY_NOT_HEARD, node);
		if (r->op[HP_OP_PROMOTE].need &&
		    e->nodes[node].cfg->state == HP_NODE_UNKNOWN &&
		    waits_for_replica(e, r, node)) {
			if (e->in->no_takeover)
				hp_cannot(e, r, HP_OP_PROMOTE, HP_WHY_NO_TAKEOVER, node);
			else if (!e->in->quorate || e->in->view_pending)
				hp_cannot(e, r, HP_OP_PROMOTE, HP_WHY_QUORUM, node);
		}
	}
}

void hp_fence_gate(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_all; i++)
		if (e->all[i]->kind == HP_PRIMITIVE && e->all[i]->managed)
			gate(e, e->all[i]);
}

static int add_action(struct engine *e, struct hp_action a)
{
	HP_PUSH(e->arena, e->plan->actions, e->plan->n_actions, a);
	return e->plan->n_actions - 1;
}

static int exclude(struct engine *e, const struct res *r, int node)
{
	int i;

	for (i = 0; i < e->plan->n_actions; i++)
		if (e->plan->actions[i].act == HP_ACT_EXCLUDE &&
		    e->plan->actions[i].rsc == r->rsc && e->plan->actions[i].node == node)
			return i;
	return add_action(e, (struct hp_action){ HP_ACT_EXCLUDE, r->rsc, 0, node,
						 HP_WHY_UNKNOWN, node });
}

/* The edges from fencing and exclusion to what waits for them. */
void hp_fence_edges(struct engine *e)
{
	struct res *r;
	int i, node;

	for (i = 0; i < e->n_all; i++) {
		r = e->all[i];
		for (node = 0; node < e->n_nodes; node++) {
			if (r->act[HP_ACT_START] >= 0 && waits_for(e, r, node))
				hp_edge(e, e->nodes[node].fence_act, r->act[HP_ACT_START], true);
			if (r->act[HP_ACT_PROMOTE] >= 0 && waits_for_replica(e, r, node))
				hp_edge(e, exclude(e, r, node), r->act[HP_ACT_PROMOTE], true);
		}
	}
}
