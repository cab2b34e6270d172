// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proofs that a node which disappeared runs nothing: fencing, a watchdog lease
 * that ran out. And the own lease, which others count on.
 */
#include "memory.h"
#include "rules.h"

#define FENCE_RETRY_MS 1000
#define FENCE_TRIES 6	/* doublings of the wait */

/* What is promised to the others: what the watchdog does now, configured or not yet. */
static int64_t wanted_lease(const struct core *core)
{
	return core->shape.lease_ms ? core->guarded : 0;
}

/* In this boot, in the last view record. Nobody counts on more than that. */
static int64_t promised(const struct core *core)
{
	const struct core_db_node *me = &core->db.node[ME(core) - 1];

	return me->boot == core->params.boot ? me->lease : 0;
}

/* What is kept to: the shorter of what the others know, and what the next record says. */
static int64_t kept_lease(const struct core *core)
{
	int64_t old = promised(core);
	int64_t next = core->phase < PHASE_SYNC ? 0 : core->peer[ME(core) - 1].h.lease;

	return !old || (next && next < old) ? next : old;
}

/** core_proof_promise() - a session in which something else was promised is over */
void core_proof_promise(struct core *core)
{
	if (core->phase == PHASE_ACTIVE &&
	    core->peer[ME(core) - 1].h.lease != (uint64_t)wanted_lease(core))
		core->leave_session = true;
}

/**
 * core_proof_arm() - before HELLO promises a lease
 *
 * What runs here is under it, and what was begun under a longer one ends with it: the
 * others wait no longer than the new one from the view record on.
 */
int64_t core_proof_arm(struct core *core, int64_t now, struct core_actions *out)
{
	int64_t lease = wanted_lease(core), old = promised(core), until = core->lease_until;

	if (!lease || !core->quorum_yes)
		return 0;
	if (core_local_active(core) && until <= now)
		until = now + (old && old < lease ? old : lease);
	if (until > now + lease)
		until = now + lease;
	if (until != core->lease_until)
		core_act(out, CORE_ACT_LEASE)->at = until;
	core->lease_until = until;
	return lease;
}

/* The ring turned when this was sent: that others can know, too. */
void core_proof_ping(struct core *core, const struct core_msg *msg, uint32_t from,
		     struct core_actions *out)
{
	int64_t until = msg->now + kept_lease(core);

	if (from != ME(core) || !rule_may_renew(core) || !kept_lease(core) ||
	    until <= core->lease_until)
		return;
	core->lease_until = until;
	core_act(out, CORE_ACT_LEASE)->at = until;
}

/** core_proof_disarm() - nothing here is counted on any more */
void core_proof_disarm(struct core *core, struct core_actions *out)
{
	if (core->lease_until)
		core_act(out, CORE_ACT_LEASE);
	core->lease_until = 0;
}

/* The others know by the view record that nothing is to be waited for. */
static bool released(const struct core *core)
{
	return core->phase == PHASE_ACTIVE && !promised(core);
}

/* Nothing was promised before the record, but of what ran already. */
static bool renews(const struct core *core)
{
	return kept_lease(core) && rule_may_renew(core) &&
	       (core->phase == PHASE_ACTIVE || core->lease_until);
}

static void try_lease(struct core *core, int64_t now, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_PING, .id = 1, .now = now };

	/* Nothing runs and nothing can be started before the next view record. */
	if (released(core) || (core->phase <= PHASE_HELLO && !core_local_active(core)))
		core_proof_disarm(core, out);
	if (!renews(core) || now < core->ping_next)
		return;
	core->ping_next = now + kept_lease(core) / 4;
	core_send(core, out, &msg);
}

static bool held(const struct core *core, uint32_t node)
{
	return core->proof[node - 1].how &&
	       core->proof[node - 1].boot == core->db.node[node - 1].boot;
}

/* Of two, the other one's death is what is missing. */
static bool would_entitle(const struct core *core, uint32_t node)
{
	struct core_proof proof[CORE_NODES];

	if (core->phase != PHASE_READY || rule_entitled(core, core->proof))
		return false;
	/* Its corosync keeps the device from choosing. */
	if (core->shape.device && core->quorum_nodes & NODE_BIT(node))
		return true;
	memcpy(proof, core->proof, sizeof(proof));
	proof[node - 1].how = CORE_HOW_FENCED;
	proof[node - 1].boot = core->db.node[node - 1].boot;
	return rule_entitled(core, proof);
}

static bool needed(const struct core *core, uint32_t node)
{
	uint32_t bit = NODE_BIT(node);

	if (core->fence_wanted & bit)
		return true;
	if (core->session.members & bit || core->db.node[node - 1].status != CORE_IN ||
	    held(core, node))
		return false;
	return core->blocked & bit || core->shape.fence_first || would_entitle(core, node);
}

/* Who has less to lose lets the other one shoot first. */
static int64_t delay(const struct core *core, uint32_t node)
{
	uint32_t mine = 0, theirs = 0, i;

	if (__builtin_popcount(core->db.nodes) != 2)
		return 0;
	for (i = 0; i < core->db.owners; i++) {
		mine += rule_owns(&core->db, core->db.owner[i].unit, ME(core));
		theirs += rule_owns(&core->db, core->db.owner[i].unit, node);
	}
	if (mine == theirs)
		return ME(core) < node ? 0 : core->shape.fence_delay_ms;
	return mine > theirs ? 0 : core->shape.fence_delay_ms;
}

static void try_fence(struct core *core, uint32_t node, int64_t now,
		      struct core_actions *out)
{
	struct core_fencing *f = &core->fencing[node - 1];
	struct core_action *action;

	if (!(core->shape.fenceable & NODE_BIT(node)) || node == ME(core) ||
	    rule_coordinator(core) != ME(core) || !rule_may_fence(core) ||
	    (rule_rejoin_until(core, node) > now && !(core->fence_wanted & NODE_BIT(node))) ||
	    !needed(core, node)) {
		if (!f->id)
			memset(f, 0, sizeof(*f));
		return;
	}
	if (!f->next)
		f->next = now + delay(core, node);
	if (f->id || now < f->next)
		return;
	f->id = core_new_id(core);
	f->boot = core->db.node[node - 1].boot;
	action = core_act(out, CORE_ACT_FENCE);
	action->id = f->id;
	action->node = node;
}

void core_proof_fenced(struct core *core, uint64_t id, bool ok, const char *text,
		       int64_t now, struct core_actions *out)
{
	uint32_t node;

	for (node = 1; node <= CORE_NODES; node++) {
		struct core_fencing *f = &core->fencing[node - 1];

		if (!f->id || f->id != id)
			continue;
		f->id = 0;
		core_log(out, ok ? 5 : 3, "fencing node %u %s: %s", node,
			 ok ? "succeeded" : "failed", text ? text : "");
		if (!ok) {
			f->next = now + ((int64_t)FENCE_RETRY_MS << f->tries);
			f->tries += f->tries < FENCE_TRIES;
			return;
		}
		/* Whatever boot it was in meanwhile: that one, too, has ended. */
		core->proof[node - 1].how = CORE_HOW_FENCED;
		core->proof[node - 1].boot = f->boot;
		core->fence_wanted &= ~NODE_BIT(node);
		core->dirty = true;
		memset(f, 0, sizeof(*f));
	}
}

static int64_t lease_over(const struct core *core, uint32_t node)
{
	int64_t lease = core->db.node[node - 1].lease;

	if (!lease || core->session.members & NODE_BIT(node) ||
	    core->db.node[node - 1].status != CORE_IN || held(core, node) ||
	    !rule_may_fence(core))
		return NEVER;
	if (core->shape.lease_ms > lease)
		lease = core->shape.lease_ms;
	return core->changed + lease + core->params.margin_ms +
	       (core->shape.device ? core->shape.lag_ms : 0);
}

static void try_watchdog(struct core *core, uint32_t node, int64_t now)
{
	if (now < lease_over(core, node))
		return;
	core->proof[node - 1].how = CORE_HOW_WATCHDOG;
	core->proof[node - 1].boot = core->db.node[node - 1].boot;
	core->dirty = true;
}

void core_proof_try(struct core *core, int64_t now, struct core_actions *out)
{
	uint32_t node;

	try_lease(core, now, out);
	for (node = 1; node <= CORE_NODES; node++) {
		if (!(core->db.nodes & NODE_BIT(node)))
			continue;
		try_fence(core, node, now, out);
		try_watchdog(core, node, now);
	}
}

int64_t core_proof_deadline(const struct core *core, int64_t now)
{
	int64_t at = NEVER;
	uint32_t node;

	if (renews(core))
		at = core_sooner(at, core->ping_next, now);
	for (node = 1; node <= CORE_NODES; node++) {
		if (!(core->db.nodes & NODE_BIT(node)))
			continue;
		at = core_sooner(at, lease_over(core, node), now);
		at = core_sooner(at, rule_rejoin_until(core, node), now);
		if (!core->fencing[node - 1].id)
			at = core_sooner(at, core->fencing[node - 1].next, now);
	}
	return at;
}
