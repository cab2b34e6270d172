// SPDX-License-Identifier: GPL-2.0-only
/* What goes wrong, and what clients and operators ask for meanwhile. */
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "world.h"

#define KEY	32
#define VALUE	128

static bool allowed(struct sim *sim, char kind)
{
	return !sim->set.only || strchr(sim->set.only, kind);
}

static void partition(struct sim *sim)
{
	int n;

	FOR_NODES(sim, n)
		sim->node[n].component = sim_chance(sim, 40) ? n + 1 : (int)sim_random(sim, 2);
	sim_say(sim, "the network is %d %d %d %d %d", sim->node[0].component,
		sim->node[1].component, sim->node[2].component, sim->node[3].component,
		sim->node[4].component);
	ring_change(sim);
	quorum_vote(sim);
}

static void merge(struct sim *sim)
{
	int n;

	FOR_NODES(sim, n)
		sim->node[n].component = 0;
	sim_say(sim, "the network is whole");
	ring_change(sim);
	quorum_vote(sim);
}

static void freeze(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];

	if (!node->core || node->frozen)
		return;
	node->frozen = true;
	/* The machine as a whole, or the daemon alone. */
	if (sim_chance(sim, 50)) {
		node->component = n + 1;
		ring_change(sim);
	}
	sim_say(sim, "n%d freezes", n + 1);
	sim_add(sim, 200 + sim_random(sim, 12000), SIM_THAW, n);
}

static void confirm(struct sim *sim, int n)
{
	struct core_event event = { .kind = CORE_EV_REQUEST };
	int dead;

	/* People look first: they say it of machines that are off. */
	FOR_NODES(sim, dead)
		if (!sim->node[dead].up)
			break;
	if (dead == sim->set.nodes || !sim->node[n].core || sim->node[n].frozen)
		return;
	event.id = ++sim->ids;
	event.request.kind = CORE_REQ_CONFIRM;
	event.request.node = dead + 1;
	sim_say(sim, "n%d is told that n%d is dead", n + 1, dead + 1);
	daemon_step(sim, n, &event);
}

static void leave(struct sim *sim, int n)
{
	struct core_event event = { .kind = CORE_EV_LEAVE };

	if (!sim->node[n].core || sim->node[n].frozen)
		return;
	sim_say(sim, "n%d is asked to leave", n + 1);
	daemon_step(sim, n, &event);
}

static void disk(struct sim *sim, int n)
{
	if (sim_chance(sim, 50))
		sim->node[n].disk.fail_until = sim->now + sim_random(sim, 4000);
	else
		sim->node[n].disk.slow_until = sim->now + sim_random(sim, 6000);
	sim_say(sim, "n%d has trouble with its disk", n + 1);
}

/* The watchdog's daemon dies. Another one may come in time, else the device bites. */
static void unguard(struct sim *sim, int n)
{
	if (!sim->set.watchdog || !sim->node[n].heard)
		return;
	sim_say(sim, "n%d has no watchdog's daemon", n + 1);
	guard(sim, n, 0, false);
	guard(sim, n, 1 + sim_random(sim, 6000), true);
}

static void one(struct sim *sim)
{
	static const char kinds[] = "ppppmmmmmcddffklxvw";
	char kind = kinds[sim_random(sim, sizeof(kinds) - 1)];
	int n = sim_random(sim, sim->set.nodes);

	if (!allowed(sim, kind))
		return;
	switch (kind) {
	case 'p':
		partition(sim);
		break;
	case 'm':
		merge(sim);
		break;
	case 'c':
		node_crash(sim, n, "power");
		break;
	case 'd':
		daemon_crash(sim, n);
		break;
	case 'f':
		freeze(sim, n);
		break;
	case 'k':
		disk(sim, n);
		break;
	case 'l':
		leave(sim, n);
		break;
	case 'x':
		confirm(sim, n);
		break;
	case 'w':
		unguard(sim, n);
		break;
	default:
		sim->node[n].device_link = !sim->node[n].device_link;
		quorum_vote(sim);
		sim->node[n].lag_until = sim->now + sim_random(sim, 800);
	}
}

void fault_next(struct sim *sim)
{
	if (sim->healing)
		return;
	one(sim);
	sim_add(sim, sim_random(sim, sim_chance(sim, 40) ? 500 : sim->set.rough ? 3000 :
				12000), SIM_FAULT, -1);
}

/* From now on everything works; in the end all must run. */
void fault_heal(struct sim *sim)
{
	int n;

	sim->healing = true;
	sim_say(sim, "everything heals");
	FOR_NODES(sim, n) {
		sim->node[n].device_link = true;
		sim->node[n].disk.fail_until = sim->node[n].disk.slow_until = 0;
		daemon_thaw(sim, n);
	}
	merge(sim);
}

/* What a client wants set; with a watchdog sometimes another timeout, or none. */
static void wish(struct sim *sim, char *key, char *value)
{
	if (sim->set.watchdog && sim_chance(sim, 4)) {
		strcpy(key, "config");
		sim->set.lease = sim_chance(sim, 10) ? 0 : 2000 + sim_random(sim, 8) * 1000;
		planner_config(sim, value, VALUE, (1u << sim->set.nodes) - 1);
		return;
	}
	if (sim_chance(sim, 50))
		snprintf(key, KEY, "op/move/%c", 'A' + (int)sim_random(sim, 3));
	else
		snprintf(key, KEY, "op/%d", (int)sim_random(sim, 20));
	snprintf(value, VALUE, "%d", 1 + (int)sim_random(sim, sim->set.nodes));
}

void client_ask(struct sim *sim)
{
	struct core_event event = { .kind = CORE_EV_REQUEST };
	int n = sim_random(sim, sim->set.nodes);
	char key[KEY], value[VALUE];

	if (sim->healing || sim->set.steady)
		return;
	sim_add(sim, sim->set.rough ? sim_random(sim, 400) : 500 + sim_random(sim, 4000),
		SIM_CLIENT, -1);
	if (!sim->node[n].core || sim->node[n].frozen)
		return;
	wish(sim, key, value);
	event.id = ++sim->ids;
	event.request.kind = CORE_REQ_SET;
	event.request.key = key;
	event.request.value.data = value;
	event.request.value.size = strlen(value);
	if (sim_chance(sim, 30))
		event.request.base = sim->node[n].core->db.user.rev;
	sim->wish[event.id % 256].id = event.id;
	sim->wish[event.id % 256].base = event.request.base;
	daemon_step(sim, n, &event);
}
