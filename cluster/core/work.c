// SPDX-License-Identifier: GPL-2.0-only
/*
 * The coordinator's work: a tick, at whose place in the order every member makes
 * the same plan; of the plan claims, which are entries, and orders.
 */
#include "memory.h"
#include "rules.h"

static bool coordinator(const struct core *core)
{
	return core->phase >= PHASE_READY && rule_coordinator(core) == ME(core);
}

static void propose_view(struct core *core, struct core_actions *out)
{
	struct core_entry *entry = core_log_new(core, CORE_ENTRY_VIEW);
	uint32_t i;

	entry->members = core->session.members;
	if (core->forced)
		entry->at.gen++;
	for (i = 0; i < CORE_NODES; i++) {
		if (entry->members & 1u << i) {
			entry->node[i].boot = core->peer[i].h.boot;
			entry->node[i].lease = core->peer[i].h.lease;
		} else if (core->forced && core->db.node[i].status == CORE_IN) {
			entry->proof[i].how = CORE_HOW_CONFIRMED;
			entry->proof[i].boot = core->db.node[i].boot;
		} else {
			entry->proof[i] = core->proof[i];
		}
	}
	if (core->forced || rule_entitled(core, entry->proof)) {
		core_log_propose(core, entry, 0, out);
		return;
	}
	free(entry);
}

/* Proofs held here that the state does not know; nodes that said goodbye. */
static bool propose_proofs(struct core *core, struct core_actions *out)
{
	struct core_entry *entry = core_log_new(core, CORE_ENTRY_OUT);
	bool any = false;
	uint32_t i;

	for (i = 0; i < CORE_NODES; i++) {
		const struct core_db_node *node = &core->db.node[i];

		if (node->status != CORE_IN)
			continue;
		if (core->session.goodbye & 1u << i) {
			entry->proof[i].how = CORE_HOW_GOODBYE;
			entry->proof[i].boot = node->boot;
			any = true;
		} else if (core->proof[i].how && core->proof[i].boot == node->boot &&
			   !(core->session.members & 1u << i)) {
			entry->proof[i] = core->proof[i];
			any = true;
		}
	}
	if (any && rule_entry(core, entry, 0, ME(core)))
		return core_log_propose(core, entry, 0, out);
	free(entry);
	return false;
}

static void send_tick(struct core *core, int64_t now, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_TICK, .now = now };

	core->tick = msg.id = core_new_id(core);
	core->dirty = false;
	core_send(core, out, &msg);
}

void core_work_try(struct core *core, int64_t now, struct core_actions *out)
{
	if (core->plan_again <= now) {
		core->plan_again = NEVER;
		core->dirty = true;
	}
	if (core->proposing || core->pending.on || core->hello_sent)
		return;
	if (core->phase == PHASE_READY && (coordinator(core) || core->forced)) {
		propose_view(core, out);
		return;
	}
	if (core->phase != PHASE_ACTIVE || !coordinator(core) || core->tick ||
	    !core->dirty)
		return;
	if (core->db.nodes != core->db.old_nodes) {
		core_log_propose(core, core_log_new(core, CORE_ENTRY_SETTLE), 0, out);
		return;
	}
	if (!propose_proofs(core, out))
		send_tick(core, now, out);
}

static void add_claim(struct core *core, struct core_entry *entry, const char *name,
		      uint32_t node, int64_t now)
{
	const struct core_unit *unit = rule_unit(core, name);
	const struct core_owner *owner = core_db_owner(&core->db, name);
	uint32_t i;

	for (i = 0; i < entry->claims; i++)
		if (!strcmp(entry->claim[i].unit, name))
			return;
	if (entry->claims == CORE_BATCH || entry->exclusions == CORE_BATCH)
		return;
	if (owner && !rule_proved(&core->db, owner->node, owner->boot) &&
	    rule_rejoin_until(core, owner->node) > now) {
		core->plan_again = core_sooner(core->plan_again,
					       rule_rejoin_until(core, owner->node), now);
		return;
	}
	if (rule_needs_exclusion(core, name, node)) {
		struct core_exclusion *e = &entry->exclusion[entry->exclusions++];

		strcpy(e->device, unit->device);
		e->node = owner->node;
		e->by = node;
	}
	if (!rule_claim(core, name, node, entry)) {
		if (rule_needs_exclusion(core, name, node))
			memset(&entry->exclusion[--entry->exclusions], 0,
			       sizeof(entry->exclusion[0]));
		if (owner && !(core->session.members & NODE_BIT(owner->node)))
			core->blocked |= NODE_BIT(owner->node);
		return;
	}
	strcpy(entry->claim[entry->claims].unit, name);
	entry->claim[entry->claims++].node = node;
}

/* A unit found running where nobody is owner: who runs it is. */
static void adopt(struct core *core, struct core_entry *entry, int64_t now)
{
	size_t i;

	for (i = 0; i < core->shape.count; i++) {
		const struct core_unit *unit = &core->shape.units[i];
		const struct core_owner *owner = core_db_owner(&core->db, unit->name);
		uint32_t node, active = 0, members = core->session.members;

		if (!unit->exclusive ||
		    (owner && !rule_proved(&core->db, owner->node, owner->boot)))
			continue;
		for (node = 1; node <= CORE_NODES; node++)
			if (members & NODE_BIT(node) && rule_running(core, node, unit))
				active |= NODE_BIT(node);
		if (__builtin_popcount(active) == 1)
			add_claim(core, entry, unit->name, __builtin_ctz(active) + 1, now);
	}
}

static void add_order(struct core *core, struct core_table *orders,
		      const struct core_want *want)
{
	struct core_torder order = { .node = want->node, .verb = want->verb };

	memcpy(order.unit, want->unit, CORE_NAME);
	memcpy(order.member, want->member, CORE_NAME);
	if (orders->nr_orders == CORE_ORDERS || !rule_order(core, &order))
		return;
	order.id = core_new_id(core);
	core_table_add_order(orders, &order);
}

static void carry_out(struct core *core, const struct core_plan *plan, int64_t now,
		      struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_PLAN, .id = core->plan_id,
				.sum = core->plan_sum };
	struct core_entry *entry = core_log_new(core, CORE_ENTRY_CLAIM);
	size_t i;

	core->blocked = core->fence_wanted = 0;
	adopt(core, entry, now);
	for (i = 0; i < plan->count; i++) {
		const struct core_want *want = &plan->want[i];
		const struct core_unit *unit = rule_unit(core, want->unit);

		if (!want->node || want->node > CORE_NODES)
			continue;
		if (want->verb == CORE_FENCE)
			core->fence_wanted |= NODE_BIT(want->node);
		else if (unit && unit->exclusive && rule_activates(unit, want->verb) &&
			 !rule_owns(&core->db, want->unit, want->node))
			add_claim(core, entry, want->unit, want->node, now);
		else
			add_order(core, &msg.table, want);
	}
	core_send(core, out, &msg);
	core_table_clear(&msg.table);
	if (entry->claims)
		core_log_propose(core, entry, 0, out);
	else
		free(entry);
}

void core_work_tick(struct core *core, const struct core_msg *msg, uint32_t from,
		    struct core_actions *out)
{
	struct core_plan plan;

	if (core->phase != PHASE_ACTIVE || from != rule_coordinator(core))
		return;
	core->plan_sum = core_plan_make(core, msg->now, &plan);
	core->plan_id = msg->id;
	if (from != ME(core) || msg->id != core->tick)
		return;
	core->plan_again = plan.again;
	if (msg->now + core->params.plan_ms < core->plan_again)
		core->plan_again = msg->now + core->params.plan_ms;
	carry_out(core, &plan, msg->now, out);
}

void core_work_plan(struct core *core, const struct core_msg *msg, uint32_t from,
		    int64_t now, struct core_actions *out)
{
	uint32_t i;

	if (core->phase != PHASE_ACTIVE || from != rule_coordinator(core))
		return;
	if (msg->id == core->plan_id && msg->sum != core->plan_sum)
		core_log(out, 2, "node %u made another plan of the same input: a bug", from);
	if (msg->id == core->tick)
		core->tick = 0;
	for (i = 0; i < msg->table.nr_orders; i++) {
		const struct core_torder *order = &msg->table.orders[i];

		if (!rule_order(core, order))
			continue;
		core_table_add_order(&core->table, order);
		if (order->node == ME(core))
			core_local_order(core, order, now, out);
	}
}
