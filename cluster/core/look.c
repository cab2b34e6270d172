// SPDX-License-Identifier: GPL-2.0-only
/* What people and programs outside are shown of the state. Changes nothing. */
#include "memory.h"
#include "rules.h"

void core_look(const struct core *core, struct core_view *view)
{
	static const char *const phases[] = {
		[PHASE_PENDING] = "pending", [PHASE_HELLO] = "hello",
		[PHASE_SYNC] = "sync", [PHASE_READY] = "ready",
		[PHASE_ACTIVE] = "active",
	};
	uint32_t i;

	memset(view, 0, sizeof(*view));
	view->phase = phases[core->phase];
	view->quorate = core->quorum_yes && core->phase != PHASE_PENDING;
	view->members = core->session.members;
	if (!view->members)
		view->members = core_view_nodes(core);
	view->coordinator = rule_coordinator(core);
	view->ring = core->ring;
	view->gen = core->db.at.gen;
	view->rev = core->db.at.rev;
	view->user = core->db.user.rev;
	view->tick = core->tick;
	for (i = 0; i < CORE_NODES; i++)
		if (core->session.members & 1u << i && core->db.node[i].lease)
			view->leased |= 1u << i;
	for (i = 0; i < core->db.owners; i++)
		view->owned |= NODE_BIT(core->db.owner[i].node);
}

bool core_idle(const struct core *core)
{
	return core->probed && !core_local_active(core);
}

const void *core_fact(const struct core *core, const char *key, size_t *size)
{
	const struct core_blob *value = core_db_value(&core->db, key);

	*size = value ? value->size : 0;
	return value ? value->data : NULL;
}

void core_show(const struct core *core, int64_t now,
	       void (*show)(void *ctx, const struct core_plan_in *in,
			    struct core_plan *out), void *ctx)
{
	struct core *shown = core_alloc(sizeof(*shown));
	struct core_plan plan;

	*shown = *core;
	shown->params.policy.plan = show;
	shown->params.policy.ctx = ctx;
	if (!shown->session.members)
		shown->table = shown->mine;
	core_plan_make(shown, now, &plan);
	free(shown);
}
