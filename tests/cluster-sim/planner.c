// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy engine as small as it gets: the configuration is one line; a unit is
 * started where a fact asks for it, else where its owner is, else on the first node.
 */
#include <stdio.h>

#include "memory.h"
#include "world.h"

#define PROMOTED_UNIT "B"

void planner_config(struct sim *sim, char *text, size_t size, uint32_t nodes)
{
	snprintf(text, size, "nodes %u fence %u device %d lease %d storage %d loss %d", nodes,
		 sim->set.fence ? nodes : 0, sim->set.device, sim->set.watchdog ? sim->set.lease : 0,
		 sim->set.storage, sim->set.loss);
}

static void unit(struct core_shape *shape, const char *name, enum core_on_loss loss)
{
	struct core_unit *u = &shape->units[shape->count++];

	strcpy(u->name, name);
	u->exclusive = true;
	u->requires = CORE_REQUIRES_FENCE;
	u->on_loss = loss;
	u->tier = 1;
}

static bool shape(void *ctx, const void *config, size_t size, struct core_shape *out,
		  const char **why)
{
	int fence, device, lease, storage, loss;
	char text[256];

	(void)ctx;
	snprintf(text, sizeof(text), "%.*s", (int)size, (const char *)config);
	memset(out, 0, sizeof(*out));
	*why = "not a configuration";
	if (sscanf(text, "nodes %u fence %d device %d lease %d storage %d loss %d",
		   &out->nodes, &fence, &device, &lease, &storage, &loss) != 6)
		return false;
	out->fenceable = fence;
	out->device = device;
	out->lease_ms = lease;
	out->lag_ms = 6000;
	out->loss_ms = 3000;
	out->stop_ms = 8000;
	out->fence_delay_ms = 2000;
	out->units = core_alloc(3 * sizeof(*out->units));
	unit(out, "A", loss < 0 ? CORE_LOSS_FREEZE : loss);
	unit(out, "C", loss < 0 ? CORE_LOSS_STOP : loss);
	if (!storage)
		return true;
	unit(out, PROMOTED_UNIT, loss < 0 ? CORE_LOSS_FREEZE : loss);
	out->units[2].tier = 0;
	out->units[2].promotable = true;
	out->units[2].requires = CORE_REQUIRES_STORAGE;
	strcpy(out->units[2].device, "r0");
	return true;
}

static void want(struct core_plan *plan, enum core_verb verb, uint32_t node,
		 const char *unit)
{
	struct core_want *w = &plan->want[plan->count++];

	w->verb = verb;
	w->node = node;
	strcpy(w->unit, unit);
	strcpy(w->member, "m");
}

static const struct core_fact *fact(const struct core_plan_in *in, const char *key)
{
	size_t i;

	for (i = 0; i < in->nr_facts; i++)
		if (!strcmp(in->facts[i].key, key))
			return &in->facts[i];
	return NULL;
}

static uint32_t fact_node(const struct core_plan_in *in, const char *kind, const char *unit)
{
	char key[64], text[16];
	const struct core_fact *found;

	snprintf(key, sizeof(key), "%s/%s", kind, unit);
	found = fact(in, key);
	if (!found)
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)found->size, (const char *)found->value);
	return strtoul(text, NULL, 10);
}

static const struct core_row *row_of(const struct core_plan_in *in, uint32_t node,
				     const char *unit)
{
	size_t i;

	for (i = 0; i < in->nr_rows; i++)
		if (in->rows[i].node == node && !strcmp(in->rows[i].row.unit, unit))
			return &in->rows[i].row;
	return NULL;
}

static bool eligible(const struct core_plan_in *in, uint32_t node, const char *unit)
{
	char key[64];
	size_t i;

	if (!(in->ready & NODE_BIT(node)) || !row_of(in, node, unit))
		return false;
	if (strcmp(unit, PROMOTED_UNIT))
		return true;
	snprintf(key, sizeof(key), "exclude/r0/%u", node);
	if (fact(in, key))
		return false;
	for (i = 0; i < in->nr_devices; i++)
		if (in->devices[i].node == node)
			return !strcmp(in->devices[i].state, "uptodate") ||
			       !strcmp(in->devices[i].state, "consistent");
	return false;
}

static uint32_t place(const struct core_plan_in *in, const char *unit, uint32_t active)
{
	uint32_t node = fact_node(in, "op/move", unit);

	if (node && node <= NODES && eligible(in, node, unit))
		return node;
	if (active)
		return active;
	node = fact_node(in, "owner", unit);
	if (node && eligible(in, node, unit))
		return node;
	for (node = 1; node <= NODES; node++)
		if (eligible(in, node, unit))
			return node;
	return 0;
}

/*
 * Another node of the view has it, by the state: this one stops by itself. As the
 * daemon's policy does, that is left to the core.
 */
static bool replaced(const struct core_plan_in *in, const char *unit, uint32_t node)
{
	uint32_t owner = fact_node(in, "owner", unit);

	return owner && owner != node && in->ready & NODE_BIT(owner);
}

/* What must be undone first; 0: nothing. */
static bool undo(const struct core_plan_in *in, struct core_plan *plan, const char *unit,
		 bool promotable, uint32_t keep)
{
	bool waits = false;
	uint32_t node;

	for (node = 1; node <= NODES; node++) {
		const struct core_row *row = in->ready & NODE_BIT(node) ?
					     row_of(in, node, unit) : NULL;

		if (!row || row->state == CORE_STOPPED || replaced(in, unit, node) ||
		    (promotable && row->state == CORE_STARTED))
			continue;
		if (node == keep && row->state != CORE_FAILED)
			continue;
		want(plan, promotable && row->state == CORE_PROMOTED ? CORE_DEMOTE :
		     CORE_STOP, node, unit);
		waits = true;
	}
	return waits;
}

static void plan_unit(const struct core_plan_in *in, struct core_plan *plan,
		      const char *unit, bool promotable)
{
	enum core_state goal = promotable ? CORE_PROMOTED : CORE_STARTED;
	uint32_t node, active = 0, best;
	size_t i;

	for (i = 0; i < in->nr_ops; i++)
		if (!strcmp(in->ops[i].unit, unit))
			return;
	for (node = NODES; node; node--) {
		const struct core_row *row = row_of(in, node, unit);

		if (row && row->state == goal && in->ready & NODE_BIT(node) &&
		    !replaced(in, unit, node))
			active = node;
		if (promotable && row && row->state == CORE_STOPPED &&
		    in->ready & NODE_BIT(node))
			want(plan, CORE_START, node, unit);
	}
	best = place(in, unit, active);
	if (undo(in, plan, unit, promotable, best) || !best ||
	    row_of(in, best, unit)->state == goal)
		return;
	if (!promotable || row_of(in, best, unit)->state == CORE_STARTED)
		want(plan, promotable ? CORE_PROMOTE : CORE_START, best, unit);
}

static void plan(void *ctx, const struct core_plan_in *in, struct core_plan *out)
{
	(void)ctx;
	plan_unit(in, out, "A", false);
	plan_unit(in, out, "C", false);
	plan_unit(in, out, PROMOTED_UNIT, true);
}

/* Wants anything anywhere; the same on all nodes, as it is drawn from the input. */
static void plan_wild(void *ctx, const struct core_plan_in *in, struct core_plan *out)
{
	static const char *const units[] = { "A", "B", "C" };
	uint64_t draw = core_sum(in->now, &in->nr_ops, sizeof(in->nr_ops));
	int i;

	(void)ctx;
	for (i = 0; i < 6; i++) {
		uint32_t node = 1 + draw % NODES;
		enum core_verb verb = (draw >> 8) % 4;

		if (in->nodes & NODE_BIT(node))
			want(out, verb, node, units[(draw >> 16) % 3]);
		draw = core_sum(draw, "next", 4);
	}
	out->again = in->now + 100 + draw % 400;
}

const struct core_policy sim_wild_policy = { .shape = shape, .plan = plan_wild };
const struct core_policy sim_policy = { .shape = shape, .plan = plan };
