// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device replicated between the first two nodes, with "fencing
 * resource-and-stonith": a primary that loses its peer suspends its I/O until it is
 * told that the peer is excluded; a disk whose peer is away is merely consistent,
 * and is promoted only when the peer is excluded.
 */
#include <string.h>

#include "world.h"

static bool wired(struct sim *sim)
{
	struct node *a = &sim->node[0], *b = &sim->node[1];

	return a->up && b->up && a->component == b->component;
}

/* Each end notices in its own time. */
void device_network(struct sim *sim)
{
	int n;

	for (n = 0; sim->set.storage && n < 2; n++)
		sim_add(sim, 100 + sim_random(sim, 2500), SIM_LINK, n);
}

static const char *state_text(const struct device *d)
{
	static const char *const words[] = { "outdated", "inconsistent", "consistent",
					     "uptodate" };

	return words[d->disk];
}

static void tell_state(struct sim *sim, int n)
{
	struct core_event event = { .kind = CORE_EV_DEVICE };
	const char *text = state_text(&sim->node[n].device);

	event.device.kind = CORE_DEV_STATE;
	event.device.name = "r0";
	event.device.state.data = text;
	event.device.state.size = strlen(text) + 1;
	daemon_step(sim, n, &event);
}

static bool in_sync(struct sim *sim, int n)
{
	return sim->node[n].device.connected && sim->node[1 - n].device.connected &&
	       sim->node[1 - n].device.disk == DEV_UPTODATE;
}

/* By a state in force this copy is excluded: nobody is to promote it. */
static void outdate(struct sim *sim, int n)
{
	const struct node *node = &sim->node[n];
	struct device *d = &sim->node[n].device;

	if (!node->core || !core_outdated(node->core, "r0") || d->connected || d->primary ||
	    d->disk <= DEV_INCONSISTENT)
		return;
	d->disk = DEV_OUTDATED;
	d->peer_excluded = false;
	tell_state(sim, n);
}

/* What it has to ask or to tell, now: what has changed since does not count. */
void device_ask(struct sim *sim, const struct sim_event *e)
{
	struct device *d = &sim->node[e->node].device;
	struct core_event event = { .kind = CORE_EV_DEVICE };

	tell_state(sim, e->node);
	outdate(sim, e->node);
	event.device.name = "r0";
	event.device.peer = 2 - e->node;
	event.device.uuid = d->data;
	if (d->connected && d->primary && in_sync(sim, e->node))
		event.device.kind = CORE_DEV_IN_SYNC;
	else if (!d->connected && (d->suspended || e->arg))
		event.device.kind = CORE_DEV_FENCE_PEER;
	else
		return;
	daemon_step(sim, e->node, &event);
}

static void ask(struct sim *sim, int n, int promoting)
{
	sim_add(sim, 0, SIM_ASK, n)->arg = promoting;
}

void device_tell(struct sim *sim, int n)
{
	if (sim->set.storage && sim->node[n].device.has)
		ask(sim, n, 0);
}

static void lost(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device;

	d->connected = false;
	if (d->primary)
		d->suspended = true;
	else if (d->disk == DEV_UPTODATE)
		d->disk = DEV_CONSISTENT;
	ask(sim, n, 0);
}

/* Who becomes the target; -1: nobody, 2: they do not go together. */
static int target(struct sim *sim)
{
	struct device *a = &sim->node[0].device, *b = &sim->node[1].device;

	if ((a->primary && b->primary) || (a->primary && b->data > a->data) ||
	    (b->primary && a->data > b->data))
		return 2;
	if (a->data == b->data && a->disk != DEV_INCONSISTENT && b->disk != DEV_INCONSISTENT)
		return -1;
	if (a->disk == DEV_INCONSISTENT || b->disk == DEV_INCONSISTENT) {
		if (a->disk == b->disk)
			return 2;
		return a->disk == DEV_INCONSISTENT ? 0 : 1;
	}
	return a->data < b->data ? 0 : 1;
}

static void connect_both(struct sim *sim)
{
	int n, t = target(sim);

	if (t == 2)
		return;
	for (n = 0; n < 2; n++) {
		struct device *d = &sim->node[n].device;

		d->connected = true;
		d->suspended = d->alone = false;
		d->session++;
		d->disk = n == t ? DEV_INCONSISTENT : DEV_UPTODATE;
	}
	if (t >= 0)
		sim_add(sim, 100 + sim_random(sim, 2000), SIM_SYNCED, t)->id =
			sim->node[t].device.session;
	ask(sim, 0, 0);
	ask(sim, 1, 0);
}

static void link_event(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device, *p = &sim->node[1 - n].device;

	if (!sim->node[n].up)
		return;
	if (d->connected && (!wired(sim) || !p->connected))
		lost(sim, n);
	if (wired(sim) && !d->connected && !p->connected)
		connect_both(sim);
	if (wired(sim) && (!d->connected || !p->connected))
		sim_add(sim, 500 + sim_random(sim, 1000), SIM_LINK, n);
}

static void synced(struct sim *sim, const struct sim_event *e)
{
	struct device *d = &sim->node[e->node].device;

	if (!d->connected || d->session != e->id || !wired(sim) ||
	    d->disk != DEV_INCONSISTENT)
		return;
	d->data = sim->node[1 - e->node].device.data;
	d->disk = DEV_UPTODATE;
	ask(sim, 0, 0);
	ask(sim, 1, 0);
	/* In sync, and the connection breaks before that has gone round. */
	if (sim->set.rough && !sim->healing && sim_chance(sim, 50))
		sim_add(sim, sim_random(sim, 30), SIM_LINK, 0)->arg = 1;
}

static void write_once(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device, *p = &sim->node[1 - n].device;

	if (!d->primary || d->suspended || !sim->node[n].up)
		return;
	if (d->connected ? !wired(sim) || !p->connected : !d->alone)
		return;
	if (d->data != sim->acked)
		sim_break(sim, "n%d writes on data %llu, acknowledged are %llu", n + 1,
			  (unsigned long long)d->data, (unsigned long long)sim->acked);
	d->data = ++sim->written;
	if (d->connected && p->disk == DEV_UPTODATE)
		p->data = d->data;
	sim->acked = d->data;
}

void device_event(struct sim *sim, const struct sim_event *e)
{
	if (!sim->set.storage)
		return;
	if (e->kind == SIM_LINK && e->arg && sim->node[0].device.connected) {
		lost(sim, 0);
		lost(sim, 1);
		sim_add(sim, 800, SIM_LINK, 0);
	} else if (e->kind == SIM_LINK) {
		link_event(sim, e->node);
	} else if (e->kind == SIM_SYNCED) {
		synced(sim, e);
	} else {
		write_once(sim, 0);
		write_once(sim, 1);
		sim_add(sim, 50 + sim_random(sim, 400), SIM_WRITE, -1);
	}
}

int device_promote(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device, *p = &sim->node[1 - n].device;

	if (d->connected && (!wired(sim) || !p->connected)) {
		lost(sim, n);
		return -1;
	}
	if (d->connected && (p->primary || p->peer_excluded))
		return -1;
	if (d->disk != DEV_UPTODATE && !(d->disk == DEV_CONSISTENT && d->peer_excluded)) {
		if (d->disk == DEV_CONSISTENT)
			ask(sim, n, 1);
		return -1;
	}
	if (d->data != sim->acked)
		sim_break(sim, "n%d is promoted with data %llu, acknowledged are %llu",
			  n + 1, (unsigned long long)d->data,
			  (unsigned long long)sim->acked);
	if (core_db_exclusion(&sim->latest, "r0", n + 1))
		sim_break(sim, "n%d is promoted although it is excluded", n + 1);
	d->primary = true;
	d->disk = DEV_UPTODATE;
	d->suspended = !d->connected && !d->peer_excluded;
	d->alone = !d->connected && d->peer_excluded;
	ask(sim, n, 0);
	return 0;
}

void device_demote(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device;

	if (!d->has || !d->primary)
		return;
	d->primary = d->alone = false;
	if (d->suspended || !d->connected)
		d->disk = d->disk == DEV_OUTDATED ? DEV_OUTDATED : DEV_CONSISTENT;
	d->suspended = false;
	ask(sim, n, 0);
}

void device_answer(struct sim *sim, int n, const struct core_action *action)
{
	struct device *d = &sim->node[n].device;

	if (action->answer == CORE_ANSWER_OUTDATE) {
		ask(sim, n, 0);
		return;
	}
	if ((int)action->node != 2 - n)
		return;
	d->peer_excluded = action->answer == CORE_ANSWER_EXCLUDED;
	if (d->primary && !d->connected && d->peer_excluded && d->disk > DEV_INCONSISTENT) {
		d->suspended = false;
		d->alone = true;
	}
}

void device_crash(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device;

	d->primary = d->connected = d->suspended = d->alone = d->peer_excluded = false;
	if (d->disk == DEV_UPTODATE)
		d->disk = DEV_CONSISTENT;
}

void device_ready(struct sim *sim, int n)
{
	struct device *d = &sim->node[n].device;

	d->has = n < 2;
	d->disk = DEV_CONSISTENT;
}
