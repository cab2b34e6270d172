// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel module's questions. A primary that lost its peer has suspended its
 * I/O and goes on only when the peer is durably excluded from promotion.
 */
#include "memory.h"
#include "rules.h"

static struct core_ask *find(struct core *core, const char *device, uint32_t peer,
			     bool include)
{
	uint32_t i;

	for (i = 0; i < core->nr_asks; i++)
		if (core->asks[i].peer == peer && core->asks[i].include == include &&
		    !strcmp(core->asks[i].device, device))
			return &core->asks[i];
	return NULL;
}

static void drop(struct core *core, struct core_ask *ask)
{
	if (ask)
		*ask = core->asks[--core->nr_asks];
}

void core_ask_event(struct core *core, const struct core_device *device)
{
	bool include = device->kind == CORE_DEV_IN_SYNC;
	struct core_ask *ask = find(core, device->name, device->peer, !include);

	if (strlen(device->name) >= CORE_NAME || !device->peer || device->peer > CORE_NODES)
		return;
	/* What is under way cannot be called back; the new question waits for it. */
	if (ask && !ask->proposal)
		drop(core, ask);
	ask = find(core, device->name, device->peer, include);
	if (!ask) {
		core->asks = core_realloc(core->asks,
					  (core->nr_asks + 1) * sizeof(*core->asks));
		ask = &core->asks[core->nr_asks++];
		memset(ask, 0, sizeof(*ask));
		strcpy(ask->device, device->name);
		ask->peer = device->peer;
		ask->include = include;
	}
	ask->uuid = device->uuid;
}

static void answer(struct core_actions *out, const char *device, uint32_t node,
		   enum core_answer answer)
{
	struct core_action *action = core_act(out, CORE_ACT_ANSWER);

	action->device = core_text(device);
	action->node = node;
	action->answer = answer;
}

static bool has_device(const struct core *core, const char *device)
{
	uint32_t i;

	for (i = 0; i < core->mine.nr_devices; i++)
		if (!strcmp(core->mine.devices[i].name, device))
			return true;
	return false;
}

static void tell(struct core *core, const char *device, uint32_t node, bool excluded,
		 struct core_actions *out)
{
	if (node != ME(core) && has_device(core, device))
		answer(out, device, node, excluded ? CORE_ANSWER_EXCLUDED :
						     CORE_ANSWER_INCLUDED);
	if (node == ME(core) && excluded)
		answer(out, device, node, CORE_ANSWER_OUTDATE);
}

/* What the module was told in an earlier view may not be true any more. */
static void tell_all(struct core *core, struct core_actions *out)
{
	uint32_t i, node;

	for (i = 0; i < core->mine.nr_devices; i++) {
		const char *device = core->mine.devices[i].name;

		for (node = 1; node <= CORE_NODES; node++)
			if (core->db.nodes & NODE_BIT(node))
				tell(core, device, node,
				     rule_excluded(core, device, node), out);
	}
}

void core_ask_committed(struct core *core, const struct core_entry *entry,
			struct core_actions *out)
{
	uint32_t i;

	for (i = 0; i < entry->exclusions; i++) {
		const struct core_exclusion *e = &entry->exclusion[i];
		bool include = entry->kind == CORE_ENTRY_INCLUDE;

		if (e->by == ME(core))
			drop(core, find(core, e->device, e->node, include));
		tell(core, e->device, e->node, !include, out);
	}
	if (entry->kind == CORE_ENTRY_VIEW)
		tell_all(core, out);
}

void core_ask_session_over(struct core *core)
{
	uint32_t i;

	for (i = 0; i < core->nr_asks; i++) {
		struct core_ask *ask = &core->asks[i];

		ask->proposal = 0;
		/* In sync, then asked: only the question still counts. */
		if (ask->include && find(core, ask->device, ask->peer, false)) {
			drop(core, ask);
			i--;
		}
	}
}

bool core_outdated(const struct core *core, const char *device)
{
	return core->phase == PHASE_ACTIVE && rule_excluded(core, device, ME(core));
}

static void propose(struct core *core, struct core_ask *ask, struct core_actions *out)
{
	struct core_entry *entry = core_log_new(core, ask->include ? CORE_ENTRY_INCLUDE :
						CORE_ENTRY_EXCLUDE);
	struct core_exclusion *e = &entry->exclusion[0];

	entry->exclusions = 1;
	strcpy(e->device, ask->device);
	e->node = ask->peer;
	e->by = ME(core);
	e->uuid = ask->uuid;
	if (!rule_entry(core, entry, 0, ME(core)))
		free(entry);
	else if (core_log_propose(core, entry, 0, out))
		ask->proposal = core->proposing;
}

void core_ask_try(struct core *core, struct core_actions *out)
{
	uint32_t i;

	for (i = 0; i < core->nr_asks; i++) {
		struct core_ask *ask = &core->asks[i];
		struct core_exclusion *e;

		if (core->phase != PHASE_ACTIVE || core->proposing || core->pending.on ||
		    core->hello_sent)
			return;
		e = core_db_exclusion(&core->db, ask->device, ask->peer);
		if (ask->proposal)
			ask->proposal = 0;	/* it was refused */
		if (ask->include && (!e || find(core, ask->device, ask->peer, false))) {
			drop(core, ask);
			i--;
		} else if (!ask->include && e && e->by == ME(core)) {
			tell(core, ask->device, ask->peer, true, out);
			drop(core, ask);
			i--;
		} else {
			propose(core, ask, out);
		}
	}
}
