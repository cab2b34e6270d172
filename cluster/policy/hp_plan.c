// SPDX-License-Identifier: GPL-2.0-only
/* The stages, one after the other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hp_engine.h"

static bool suicide(const struct hp_input *in)
{
	return !in->quorate && !in->view_pending && in->loss == HP_LOSS_SUICIDE;
}

/* Every node that still hears itself ends itself. */
static void end_nodes(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_nodes; i++) {
		if (e->nodes[i].cfg->state == HP_NODE_DOWN)
			continue;
		e->nodes[i].why = HP_WHY_QUORUM;
		e->nodes[i].usable = false;
		e->nodes[i].fence = e->nodes[i].can_fence = true;
	}
}

static int plan(const struct hp_input *in, struct hp_plan *out, struct hp_arena *arena)
{
	struct engine e = { .in = in, .plan = out, .arena = arena, .n_nodes = in->n_nodes };
	int i;

	if (!hp_check(&e))
		return -EINVAL;
	e.nodes = hp_alloc(arena, e.n_nodes, sizeof(*e.nodes));
	for (i = 0; i < e.n_nodes; i++)
		e.nodes[i].cfg = &in->nodes[i];
	hp_build(&e);
	hp_facts(&e);
	if (suicide(in))
		end_nodes(&e);
	hp_scores(&e);
	hp_colocations(&e);
	hp_assign_all(&e);
	hp_settle(&e);
	hp_actions(&e);
	hp_order_actions(&e);
	hp_explain(&e);
	return 0;
}

int hp_plan(const struct hp_input *in, struct hp_plan *out)
{
	struct hp_arena *arena;

	memset(out, 0, sizeof(*out));
	arena = calloc(1, sizeof(*arena));
	if (!arena)
		return -ENOMEM;
	out->arena = arena;
	if (setjmp(arena->no_memory)) {
		hp_arena_free(arena);
		memset(out, 0, sizeof(*out));
		out->arena = arena;
		return -ENOMEM;
	}
	return plan(in, out, arena);
}

void hp_plan_free(struct hp_plan *out)
{
	if (out->arena) {
		hp_arena_free(out->arena);
		free(out->arena);
	}
	memset(out, 0, sizeof(*out));
}
