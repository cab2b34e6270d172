// SPDX-License-Identifier: GPL-2.0-only
/* Machines and daemons: boot, start, crash, freeze; events in, actions carried out. */
#include <stdio.h>

#include "memory.h"
#include "world.h"

void node_boot(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];

	if (node->up)
		return;
	node->up = true;
	node->boot = ++sim->ids;
	node->device_link = true;
	node->seen_all = false;
	node->ring = NULL;
	node->quorum_told = false;
	sim_say(sim, "n%d boots", n + 1);
	ring_change(sim);
	sim_add(sim, sim_random(sim, 1500), SIM_START, n);
}

void node_crash(struct sim *sim, int n, const char *why)
{
	struct node *node = &sim->node[n];

	if (!node->up)
		return;
	sim_say(sim, "n%d is dead: %s", n + 1, why);
	core_free(node->core);
	node->core = NULL;
	node->pid = 0;
	node->up = node->frozen = node->armed = false;
	node->backlogs = 0;
	store_crash(sim, n);
	ring_drop_inbox(sim, n);
	service_gone(sim, n);
	device_crash(sim, n);
	node->ring = NULL;
	node->lag_until = node->last_delivery = 0;
	node->component = 0;
	ring_change(sim);
	quorum_vote(sim);
	sim_add(sim, 2000 + sim_random(sim, 15000), SIM_BOOT, n);
}

void daemon_crash(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	uint32_t pid = node->pid;

	if (!node->core)
		return;
	sim_say(sim, "n%d: the daemon ends", n + 1);
	core_free(node->core);
	node->core = NULL;
	node->pid = 0;
	node->frozen = false;
	node->backlogs = 0;
	store_crash(sim, n);
	ring_drop_inbox(sim, n);
	ring_left(sim, n, pid);
	sim_add(sim, 100 + sim_random(sim, 3000), SIM_START, n);
}

/* The watchdog's daemon is heard, or not any more. */
void guard(struct sim *sim, int n, int64_t in, bool heard)
{
	sim_add(sim, in, SIM_GUARD, n)->yes = heard;
}

void daemon_start(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	struct core_params params = { .node = n + 1, .boot = node->boot,
				      .hello_ms = 2000, .margin_ms = 1000,
				      .plan_ms = 10000, .rejoin_ms = 5000,
				      .policy = sim->set.wild ? sim_wild_policy :
							     sim_policy };
	struct core_event event = { .kind = CORE_EV_QUORUM };

	params.incarnation = ++sim->ids;
	node->core = store_load(sim, n, &params);
	if (!node->core)
		return;
	node->pid = 1000 + ++sim->ids % 1000000;
	node->timer = 0;
	node->seen_rev = 0;
	node->seen_phase = PHASE_PENDING;
	node->no_quorum = 0;
	node->heard = false;
	node->asked = -1;
	sim_say(sim, "n%d: a daemon starts", n + 1);
	if (node->quorum_told && node->ring && node->quorum_ring.seq == node->ring->id.seq) {
		event.ring = node->quorum_ring;
		event.nodes = node->quorum_nodes;
		event.yes = node->quorum_yes;
		daemon_step(sim, n, &event);
	}
	ring_joined(sim, n);
	/* Where its watchdog is missing, or comes late, nothing may be promised. */
	if (sim->set.watchdog && (node->armed || sim_chance(sim, 80)))
		guard(sim, n, sim_chance(sim, 80) ? 0 : sim_random(sim, 20000), true);
	sim_add(sim, 50 + sim_random(sim, 300), SIM_PROBED, n);
}

static void fence(struct sim *sim, int n, const struct core_action *action)
{
	int target = action->node - 1;
	int64_t time = 300 + sim_random(sim, 3000);
	bool works = sim->healing || !sim_chance(sim, 25);
	struct sim_event *e;

	sim->fences++;
	sim_say(sim, "n%d fences n%d%s", n + 1, target + 1, works ? "" : " (will fail)");
	/* A failure that is reported may have been a success. */
	if (works || sim_chance(sim, 30))
		sim_add(sim, time, SIM_FENCE_OFF, n)->arg = target;
	e = sim_add(sim, time + 1 + sim_random(sim, sim_chance(sim, 20) ? 8000 : 500),
		    SIM_FENCE_DONE, n);
	e->id = action->id;
	e->yes = works;
}

/* The watchdog's daemon keeps what it was told last; without it that is all there is. */
static void lease(struct sim *sim, int n, int64_t until)
{
	struct node *node = &sim->node[n];

	node->asked = until;
	if (!node->heard)
		return;
	node->armed = until > 0;
	node->lease = until;
	if (node->armed)
		sim_add(sim, until - sim->now > 0 ? until - sim->now : 0, SIM_WATCHDOG, n);
}

static void heard(struct sim *sim, int n, bool yes)
{
	struct node *node = &sim->node[n];

	node->heard = yes;
	if (yes && node->asked >= 0)
		lease(sim, n, node->asked);
}

static void replied(struct sim *sim, int n, const struct core_action *action)
{
	sim_say(sim, "n%d answers: %d %s", n + 1, action->code, action->text);
	check_reply(sim, action);
	if (!action->code)
		sim->done++;
	else if (action->code == -110)
		sim->unknown++;
	else
		sim->refused++;
}

static void perform(struct sim *sim, int n, const struct core_action *action)
{
	struct node *node = &sim->node[n];

	sim->actions[action->kind]++;
	switch (action->kind) {
	case CORE_ACT_SEND:
		ring_send(sim, n, action->data, action->size);
		break;
	case CORE_ACT_WRITE:
		store_write(sim, n, action);
		break;
	case CORE_ACT_OP:
		check_begun(sim, n, action);
		service_op(sim, n, action);
		break;
	case CORE_ACT_TIMER:
		node->timer = action->at;
		if (action->at != INT64_MAX)
			sim_add(sim, action->at - sim->now, SIM_TIMER, n);
		break;
	case CORE_ACT_REPLY:
		replied(sim, n, action);
		break;
	case CORE_ACT_FENCE:
		fence(sim, n, action);
		break;
	case CORE_ACT_ANSWER:
		device_answer(sim, n, action);
		break;
	case CORE_ACT_LEASE:
		lease(sim, n, action->at);
		break;
	case CORE_ACT_RESET:
		check_reset(sim, n);
		break;
	case CORE_ACT_COMMITTED:
		if (!strcmp(action->text, "config") && node->heard)
			guard(sim, n, sim_random(sim, 200), true);
		break;
	case CORE_ACT_LOG:
		sim_say(sim, "n%d log: %s", n + 1, action->text);
		if (strstr(action->text, "a bug"))
			sim_break(sim, "n%d: %s", n + 1, action->text);
		break;
	default:
		break;
	}
}

void daemon_step(struct sim *sim, int n, struct core_event *event)
{
	struct node *node = &sim->node[n];
	struct core_actions out = { 0 };
	bool ends = false, resets = false;
	size_t i;

	if (!node->core)
		return;
	sim->steps++;
	core_step(node->core, event, sim->now, &out);
	check_step(sim, n);
	for (i = 0; i < out.count; i++) {
		ends |= out.list[i].kind == CORE_ACT_EXIT;
		resets |= out.list[i].kind == CORE_ACT_RESET;
		perform(sim, n, &out.list[i]);
	}
	core_actions_clear(&out);
	if (resets && node->core) {
		sim->resets++;
		node_crash(sim, n, "resets itself");
	} else if (ends) {
		daemon_crash(sim, n);
	}
}

static void deliver(struct sim *sim, int n)
{
	struct core_event event = { 0 };
	struct inbox in;

	if (!ring_next(sim, n, &in))
		return;
	if (in.pid == sim->node[n].pid) {
		event.kind = in.item->kind == ITEM_MESSAGE ? CORE_EV_MESSAGE :
			     in.item->kind == ITEM_CPG ? CORE_EV_CPG : CORE_EV_RING;
		event.from = in.item->from;
		event.members = in.item->members;
		event.count = in.item->count;
		event.ring = in.item->ring;
		event.nodes = in.item->nodes;
		if (in.item->bytes) {
			event.bytes.data = in.item->bytes->data;
			event.bytes.size = in.item->bytes->size;
		}
		daemon_step(sim, n, &event);
	}
	ring_item_put(in.item);
}

static void quorum(struct sim *sim, const struct sim_event *e)
{
	struct core_event event = { .kind = CORE_EV_QUORUM, .ring = e->ring,
				    .nodes = e->arg, .yes = e->yes };
	struct node *node = &sim->node[e->node];

	node->quorum_ring = e->ring;
	node->quorum_nodes = e->arg;
	node->quorum_yes = e->yes;
	node->quorum_told = true;
	if (e->yes)
		node->no_quorum = 0;
	else if (!node->no_quorum)
		node->no_quorum = sim->now;
	daemon_step(sim, e->node, &event);
}

static void probed(struct sim *sim, const struct sim_event *e)
{
	struct core_event event = { .kind = CORE_EV_PROBED };
	struct node *node = &sim->node[e->node];
	int u;

	/* What the last daemon began must have ended before a probe means anything. */
	for (u = 0; u < UNITS * 2; u++) {
		if (!node->ops[u].on)
			continue;
		sim_add(sim, 100, SIM_PROBED, e->node);
		return;
	}
	node->probed = sim->now;
	for (u = 0; u < UNITS; u++)
		service_status(sim, e->node, u);
	device_tell(sim, e->node);
	daemon_step(sim, e->node, &event);
}

static void pile_up(struct node *node, const struct sim_event *e)
{
	if (node->backlogs == QUEUE)
		return;
	node->backlog[node->backlogs] = *e;
	/* Corosync has told it, though it is not heard yet. */
	if (e->kind == SIM_QUORUM)
		node->backlog[node->backlogs].code =
			node->ring && node->ring->id.seq == e->ring.seq;
	node->backlogs++;
}

/** daemon_event() - something for a daemon, if it is still the same and not frozen */
void daemon_event(struct sim *sim, const struct sim_event *e)
{
	struct node *node = &sim->node[e->node];
	struct core_event event = { 0 };

	if (e->kind == SIM_QUORUM && node->up && node->ring &&
	    node->ring->id.seq == e->ring.seq && (!node->pid || node->frozen)) {
		node->quorum_ring = e->ring;
		node->quorum_nodes = e->arg;
		node->quorum_yes = e->yes;
		node->quorum_told = true;
	}
	if (node->frozen) {
		pile_up(node, e);
		return;
	}
	if (!node->core || (e->kind != SIM_QUORUM && e->pid != node->pid))
		return;
	event.id = e->id;
	switch (e->kind) {
	case SIM_INBOX:
		deliver(sim, e->node);
		return;
	case SIM_QUORUM:
		if (e->code || (node->up && node->ring &&
				node->ring->id.seq == e->ring.seq &&
				node->ring->id.node == e->ring.node))
			quorum(sim, e);
		return;
	case SIM_DISK:
		store_done(sim, e);
		return;
	case SIM_PROBED:
		probed(sim, e);
		return;
	case SIM_REPORT:
		service_report(sim, e);
		return;
	case SIM_ASK:
		device_ask(sim, e);
		return;
	case SIM_TIMER:
		if (node->timer > sim->now)
			return;
		event.kind = CORE_EV_TIMER;
		break;
	case SIM_GUARD:
		heard(sim, e->node, e->yes);
		event.kind = CORE_EV_WATCHDOG;
		/* Not every device takes every timeout. */
		if (e->yes && !sim_chance(sim, 4))
			event.code = node->core->shape.lease_ms;
		break;
	case SIM_FENCE_DONE:
		event.kind = CORE_EV_FENCE;
		event.yes = e->yes;
		break;
	default:
		return;
	}
	daemon_step(sim, e->node, &event);
}

/* All that piled up is worked off at once, in the order in which it came. */
void daemon_thaw(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	size_t i, count = node->backlogs;
	struct sim_event *held;

	if (!node->frozen)
		return;
	node->frozen = false;
	node->backlogs = 0;
	node->no_quorum = 0;
	node->thawed = sim->now;
	sim_say(sim, "n%d thaws, %zu events behind", n + 1, count);
	held = core_alloc((count + 1) * sizeof(*held));
	memcpy(held, node->backlog, count * sizeof(*held));
	for (i = 0; i < count && !sim->broken[0]; i++) {
		daemon_event(sim, &held[i]);
		check_active(sim);
	}
	free(held);
}
