// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of entitlement, ownership and exclusion. Documentation/cluster/protocol.rst
 * has the reason for each, and what goes wrong without it.
 */
#include <stdlib.h>
#include <string.h>

#include "rules.h"

const struct core_unit *rule_unit(const struct core *core, const char *unit)
{
	size_t i;

	for (i = 0; i < core->shape.count; i++)
		if (!strcmp(core->shape.units[i].name, unit))
			return &core->shape.units[i];
	return NULL;
}

const struct core_unit *rule_device_unit(const struct core *core, const char *device)
{
	size_t i;

	for (i = 0; i < core->shape.count; i++)
		if (!strcmp(core->shape.units[i].device, device))
			return &core->shape.units[i];
	return NULL;
}

uint32_t rule_coordinator(const struct core *core)
{
	return core->session.members ? __builtin_ctz(core->session.members) + 1 : 0;
}

bool rule_proved(const struct core_db *db, uint32_t node, uint64_t boot)
{
	const struct core_db_node *n = &db->node[node - 1];

	return n->boot != boot || n->status == CORE_OUT;
}

/* One of two is left. Was it in the last view, and can the other not be writing? */
static bool half_entitled(const struct core *core, uint32_t node, uint32_t other,
			  const struct core_proof *proof)
{
	const struct core_db_node *me = &core->db.node[node - 1];
	const struct core_db_node *away = &core->db.node[other - 1];
	const struct core_hello *hello = &core->peer[node - 1].h;

	if (!(core->db.group & NODE_BIT(node)))
		return false;
	if (!(core->db.group & NODE_BIT(other)))
		return true;
	/* The device has chosen only where the ring has parted. */
	if (core->shape.device)
		return hello->flags & CORE_HELLO_CONTINUOUS &&
		       !(core->quorum_nodes & NODE_BIT(other));
	if (!(hello->flags & CORE_HELLO_KNOWN) || me->boot != hello->boot ||
	    me->status != CORE_IN)
		return false;
	/* A watchdog need not have bitten where nothing ran. */
	if (away->status == CORE_OUT)
		return away->how != CORE_HOW_WATCHDOG;
	return proof && proof[other - 1].how && proof[other - 1].boot == away->boot &&
	       proof[other - 1].how != CORE_HOW_WATCHDOG;
}

static bool entitled_among(const struct core *core, uint32_t nodes,
			   const struct core_proof *proof)
{
	uint32_t here = core->session.members & nodes;
	int all = __builtin_popcount(nodes), count = __builtin_popcount(here);

	if (all != 2 || count != 1)
		return 2 * count > all;
	return half_entitled(core, __builtin_ctz(here) + 1,
			     __builtin_ctz(nodes & ~here) + 1, proof);
}

bool rule_entitled(const struct core *core, const struct core_proof *proof)
{
	return core->session.quorate && entitled_among(core, core->db.nodes, proof) &&
	       entitled_among(core, core->db.old_nodes, proof);
}

bool rule_activates(const struct core_unit *unit, enum core_verb verb)
{
	return verb == CORE_PROMOTE || (verb == CORE_START && !unit->promotable);
}

static bool state_active(const struct core_unit *unit, enum core_state state)
{
	return state == CORE_STARTED ? !unit->promotable : state != CORE_STOPPED;
}

bool rule_running(const struct core *core, uint32_t node, const struct core_unit *unit)
{
	const struct core_table *t = &core->table;
	uint32_t i;

	for (i = 0; i < t->nr_rows; i++)
		if (t->rows[i].node == node && !strcmp(t->rows[i].unit, unit->name) &&
		    state_active(unit, t->rows[i].state))
			return true;
	for (i = 0; i < t->nr_orders; i++)
		if (t->orders[i].node == node && !strcmp(t->orders[i].unit, unit->name) &&
		    rule_activates(unit, t->orders[i].verb))
			return true;
	return false;
}

bool rule_inactive(const struct core *core, uint32_t node, const struct core_unit *unit)
{
	const struct core_table *t = &core->table;
	uint32_t i;

	if (!(core->session.members & NODE_BIT(node)) || rule_running(core, node, unit))
		return false;
	for (i = 0; i < t->nr_rows; i++)
		if (t->rows[i].node == node && !strcmp(t->rows[i].unit, unit->name))
			return true;
	return false;
}

bool rule_owns(const struct core_db *db, const char *unit, uint32_t node)
{
	const struct core_owner *owner = core_db_owner(db, unit);

	return owner && owner->node == node && owner->boot == db->node[node - 1].boot;
}

bool rule_excluded(const struct core *core, const char *device, uint32_t node)
{
	return device[0] &&
	       core_db_exclusion((struct core_db *)&core->db, device, node);
}

static bool entry_excludes(const struct core_entry *entry, const char *device,
			   uint32_t node, uint32_t by)
{
	uint32_t i;

	for (i = 0; entry && i < entry->exclusions; i++)
		if (entry->exclusion[i].node == node && entry->exclusion[i].by == by &&
		    !strcmp(entry->exclusion[i].device, device))
			return true;
	return false;
}

/* What the present owner is, and what it takes to replace it. */
static bool owner_may_go(const struct core *core, const struct core_owner *owner,
			 const struct core_unit *unit, uint32_t node, bool exclusion)
{
	if (rule_proved(&core->db, owner->node, owner->boot))
		return true;
	if (core->session.members & NODE_BIT(owner->node))
		return owner->node != node && rule_inactive(core, owner->node, unit);
	return unit->requires == CORE_REQUIRES_QUORUM ||
	       (unit->requires == CORE_REQUIRES_STORAGE && exclusion);
}

static bool nobody_else_active(const struct core *core, const struct core_unit *unit,
			       uint32_t node)
{
	uint32_t other;

	for (other = 1; other <= CORE_NODES; other++)
		if (other != node && core->session.members & NODE_BIT(other) &&
		    rule_running(core, other, unit))
			return false;
	return true;
}

bool rule_claim(const struct core *core, const char *name, uint32_t node,
		const struct core_entry *entry)
{
	const struct core_unit *unit = rule_unit(core, name);
	const struct core_owner *owner = core_db_owner(&core->db, name);

	if (!unit || !unit->exclusive || !(core->session.members & NODE_BIT(node)) ||
	    core->db.node[node - 1].status != CORE_IN ||
	    core->session.goodbye & NODE_BIT(node) || rule_owns(&core->db, name, node) ||
	    rule_excluded(core, unit->device, node) || !nobody_else_active(core, unit, node))
		return false;
	return !owner || owner_may_go(core, owner, unit, node,
				      entry_excludes(entry, unit->device, owner->node,
						     node));
}

bool rule_needs_exclusion(const struct core *core, const char *name, uint32_t node)
{
	const struct core_unit *unit = rule_unit(core, name);
	const struct core_owner *owner = core_db_owner(&core->db, name);

	return unit && owner && unit->requires == CORE_REQUIRES_STORAGE &&
	       owner->node != node && !(core->session.members & NODE_BIT(owner->node));
}

/* A node keeps others from a device only while it is the one that may write. */
static bool may_exclude(const struct core *core, const struct core_entry *entry,
			uint32_t from)
{
	const struct core_exclusion *e = &entry->exclusion[0];
	const struct core_unit *unit = rule_device_unit(core, e->device);

	return entry->exclusions == 1 && !entry->claims && unit && e->by == from &&
	       e->node != from && rule_owns(&core->db, unit->name, from) &&
	       !rule_excluded(core, e->device, from);
}

static bool may_claim(const struct core *core, const struct core_entry *entry)
{
	uint32_t i;

	for (i = 0; i < entry->claims; i++)
		if (!rule_claim(core, entry->claim[i].unit, entry->claim[i].node, entry))
			return false;
	for (i = 0; i < entry->exclusions; i++) {
		const struct core_exclusion *e = &entry->exclusion[i];
		const struct core_unit *unit = rule_device_unit(core, e->device);
		uint32_t c;

		for (c = 0; unit && c < entry->claims; c++)
			if (entry->claim[c].node == e->by &&
			    !strcmp(entry->claim[c].unit, unit->name))
				break;
		if (!unit || c == entry->claims || e->node == e->by)
			return false;
	}
	return entry->claims > 0;
}

static bool may_be_out(const struct core *core, const struct core_entry *entry)
{
	uint32_t node;
	size_t i;

	for (node = 1; node <= CORE_NODES; node++) {
		enum core_how how = entry->proof[node - 1].how;

		if (!how)
			continue;
		if (how != CORE_HOW_GOODBYE) {
			if (core->session.members & NODE_BIT(node))
				return false;
			continue;
		}
		if (!(core->session.goodbye & NODE_BIT(node)))
			return false;
		for (i = 0; i < core->shape.count; i++)
			if (core->shape.units[i].exclusive &&
			    rule_owns(&core->db, core->shape.units[i].name, node) &&
			    rule_running(core, node, &core->shape.units[i]))
				return false;
	}
	return true;
}

/* One node more or one less at a time, and the last such change is settled. */
static bool may_set(const struct core *core, const struct core_entry *entry, uint64_t base)
{
	struct core_shape shape = { 0 };
	const char *why;
	uint32_t change;
	bool good;

	if (base && base != core->db.user.rev)
		return false;
	if (entry->kind == CORE_ENTRY_CLEAR)
		return !strncmp(entry->key, "op/", 3);
	if (strcmp(entry->key, "config"))
		return !strncmp(entry->key, "op/", 3);
	good = core->params.policy.shape(core->params.policy.ctx, entry->value->data,
					 entry->value->size, &shape, &why);
	good = good && shape.nodes && shape.nodes == entry->nodes;
	change = core->db.nodes ^ entry->nodes;
	if (change && (core->db.nodes != core->db.old_nodes ||
		       __builtin_popcount(change) != 1 ||
		       !entitled_among(core, entry->nodes, NULL)))
		good = false;
	free(shape.units);
	return good;
}

static bool may_view(const struct core *core, const struct core_entry *entry)
{
	uint32_t i;

	if (core->phase != PHASE_READY || entry->members != core->session.members ||
	    entry->at.term != core->session.term)
		return false;
	for (i = 0; i < CORE_NODES; i++)
		if (entry->members & 1u << i &&
		    (entry->proof[i].how || entry->node[i].boot != core->peer[i].h.boot))
			return false;
	return entry->at.gen > core->db.at.gen || rule_entitled(core, entry->proof);
}

bool rule_entry(const struct core *core, const struct core_entry *entry, uint64_t base,
		uint32_t from)
{
	if (entry->kind == CORE_ENTRY_VIEW)
		return may_view(core, entry);
	if (core->phase != PHASE_ACTIVE || entry->at.gen != core->db.at.gen ||
	    entry->at.term != core->db.at.term)
		return false;
	switch (entry->kind) {
	case CORE_ENTRY_SET:
	case CORE_ENTRY_CLEAR:
		return may_set(core, entry, base);
	case CORE_ENTRY_CLAIM:
		return may_claim(core, entry);
	case CORE_ENTRY_EXCLUDE:
		return may_exclude(core, entry, from);
	case CORE_ENTRY_INCLUDE:
		return may_exclude(core, entry, from) &&
		       rule_excluded(core, entry->exclusion[0].device,
				entry->exclusion[0].node);
	case CORE_ENTRY_OUT:
		return may_be_out(core, entry);
	case CORE_ENTRY_SETTLE:
		return core->db.old_nodes != core->db.nodes;
	default:
		return false;
	}
}

bool rule_order(const struct core *core, const struct core_torder *order)
{
	const struct core_unit *unit = rule_unit(core, order->unit);
	uint32_t i;

	if (core->phase != PHASE_ACTIVE || !(core->session.members & NODE_BIT(order->node)))
		return false;
	for (i = 0; i < core->table.nr_orders; i++)
		if (core->table.orders[i].node == order->node &&
		    !strcmp(core->table.orders[i].member, order->member) &&
		    !strcmp(core->table.orders[i].unit, order->unit))
			return false;
	if ((order->verb == CORE_PROMOTE || order->verb == CORE_DEMOTE) &&
	    (!unit || !unit->promotable))
		return false;
	if (order->verb != CORE_START && order->verb != CORE_PROMOTE)
		return true;
	if (!unit || core->session.goodbye & NODE_BIT(order->node) ||
	    core->db.node[order->node - 1].status != CORE_IN)
		return false;
	if (!unit->exclusive || !rule_activates(unit, order->verb))
		return true;
	if (core->pending.on && core->pending.kind == CORE_ENTRY_CLAIM)
		return false;
	/* Who was replaced and is back stops by itself: until it says so, it is waited for. */
	return rule_owns(&core->db, order->unit, order->node) &&
	       !rule_excluded(core, unit->device, order->node) &&
	       nobody_else_active(core, unit, order->node);
}

bool rule_may_fence(const struct core *core)
{
	return core->session.quorate && core->quorum_yes &&
	       (core->phase == PHASE_READY || core->phase == PHASE_ACTIVE);
}

bool rule_may_renew(const struct core *core)
{
	if (!core->session.quorate || !core->quorum_yes ||
	    !(core->session.members & MY_BIT(core)))
		return false;
	return core->phase >= PHASE_SYNC;
}

int64_t rule_rejoin_until(const struct core *core, uint32_t node)
{
	if (core->quorum_nodes & NODE_BIT(node) &&
	    !(core->session.members & NODE_BIT(node)))
		return core->away[node - 1] + core->params.rejoin_ms;
	return 0;
}
