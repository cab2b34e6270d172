// SPDX-License-Identifier: GPL-2.0-only
/* What a made-up cluster looks like when a plan was carried out without fault. */
#include "world.h"

static void fence(struct world *w, const struct hp_plan *plan)
{
	const struct hp_action *a;
	int i, k;

	for (i = 0; i < plan->n_actions; i++) {
		a = &plan->actions[i];
		if (a->act == HP_ACT_FENCE || a->act == HP_ACT_RESET) {
			w->nodes[a->node].state = HP_NODE_DOWN;
			w->nodes[a->node].must_fence = false;
		}
		for (k = 0; k < w->in.n_storage && a->act == HP_ACT_EXCLUDE; k++)
			if (w->storage[k].rsc == a->rsc && w->storage[k].node == a->node)
				w->storage[k].excluded = true;
	}
}

static bool was_stopped(const struct hp_plan *plan, const struct hp_status *s)
{
	int i;

	for (i = 0; i < plan->n_actions; i++)
		if (plan->actions[i].act == HP_ACT_STOP && plan->actions[i].rsc == s->rsc &&
		    plan->actions[i].node == s->node)
			return true;
	return false;
}

void world_apply(struct world *w, const struct hp_plan *plan)
{
	struct world old = *w;
	struct hp_status *s;
	int i, k;

	fence(w, plan);
	w->in.n_status = 0;
	for (i = 0; i < plan->n_places && w->in.n_status < MAX_FACTS; i++) {
		if (plan->places[i].node < 0)
			continue;
		s = &w->status[w->in.n_status++];
		*s = (struct hp_status){ .rsc = plan->places[i].rsc,
					 .node = plan->places[i].node,
					 .role = plan->places[i].role };
		/* What could not be stopped is as it was. */
		for (k = 0; k < old.in.n_status; k++) {
			if (old.status[k].rsc != s->rsc || old.status[k].node != s->node)
				continue;
			s->blocked = old.status[k].blocked;
			s->orphan = old.status[k].orphan;
			s->failed = old.status[k].failed && !was_stopped(plan, s);
			s->failed_op = old.status[k].failed_op;
		}
	}
}
