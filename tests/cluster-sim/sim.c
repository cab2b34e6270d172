// SPDX-License-Identifier: GPL-2.0-only
/* Virtual time: a heap of what will happen, one source of chance, the main loop. */
#include <stdarg.h>
#include <stdio.h>

#include "memory.h"
#include "world.h"

uint64_t sim_random(struct sim *sim, uint64_t below)
{
	uint64_t x = sim->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	sim->random = x;
	return below ? (x >> 11) % below : 0;
}

bool sim_chance(struct sim *sim, int percent)
{
	return (int)sim_random(sim, 100) < percent;
}

void sim_say(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (!sim->set.verbose)
		return;
	printf("%9.3f ", sim->now / 1000.0);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void sim_break(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (sim->broken[0])
		return;
	va_start(args, format);
	vsnprintf(sim->broken, sizeof(sim->broken), format, args);
	va_end(args);
	sim_say(sim, "BROKEN: %s", sim->broken);
}

static bool before(const struct sim_event *a, const struct sim_event *b)
{
	return a->time < b->time || (a->time == b->time && a->order < b->order);
}

static void swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event hold = *a;

	*a = *b;
	*b = hold;
}

/* The place of a new event stays where it is only until the next one is added. */
struct sim_event *sim_add(struct sim *sim, int64_t delay, enum sim_kind kind, int node)
{
	struct sim_event *e;
	size_t at;

	if (sim->events == sim->room) {
		sim->room = sim->room * 2 + 256;
		sim->heap = core_realloc(sim->heap, sim->room * sizeof(*sim->heap));
	}
	at = sim->events++;
	e = &sim->heap[at];
	memset(e, 0, sizeof(*e));
	e->time = sim->now + delay;
	e->order = ++sim->order;
	e->kind = kind;
	e->node = node;
	if (node >= 0) {
		e->pid = sim->node[node].pid;
		e->boot = sim->node[node].boot;
	}
	for (; at && before(&sim->heap[at], &sim->heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&sim->heap[at], &sim->heap[(at - 1) / 2]);
	return &sim->heap[at];
}

static struct sim_event take(struct sim *sim)
{
	struct sim_event first = sim->heap[0];
	size_t at = 0, child;

	sim->heap[0] = sim->heap[--sim->events];
	while ((child = 2 * at + 1) < sim->events) {
		if (child + 1 < sim->events &&
		    before(&sim->heap[child + 1], &sim->heap[child]))
			child++;
		if (!before(&sim->heap[child], &sim->heap[at]))
			break;
		swap(&sim->heap[at], &sim->heap[child]);
		at = child;
	}
	return first;
}

static void watchdog(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];

	if (!node->up || !node->armed || node->lease > sim->now)
		return;
	sim->resets++;
	node_crash(sim, n, "watchdog");
}

static void world_event(struct sim *sim, struct sim_event *e)
{
	struct node *node = e->node >= 0 ? &sim->node[e->node] : NULL;

	switch (e->kind) {
	case SIM_REFORM:
		ring_reform(sim, e->node);
		break;
	case SIM_WATCHDOG:
		watchdog(sim, e->node);
		break;
	case SIM_BOOT:
		node_boot(sim, e->node);
		break;
	case SIM_START:
		if (node->up && !node->pid && e->boot == node->boot)
			daemon_start(sim, e->node);
		break;
	case SIM_THAW:
		daemon_thaw(sim, e->node);
		break;
	case SIM_FAULT:
		fault_next(sim);
		break;
	case SIM_CLIENT:
		client_ask(sim);
		break;
	case SIM_VOTE:
		quorum_event(sim, e);
		break;
	case SIM_LINK:
	case SIM_SYNCED:
	case SIM_WRITE:
		device_event(sim, e);
		break;
	case SIM_FENCE_OFF:
		node_crash(sim, e->arg, "fenced");
		break;
	case SIM_OP:
		if (node->up && e->boot == node->boot)
			service_ended(sim, e);
		break;
	default:
		daemon_event(sim, e);
	}
}

void sim_run(struct sim *sim)
{
	int n;

	planner_config(sim, sim->config, sizeof(sim->config), (1u << sim->set.nodes) - 1);
	FOR_NODES(sim, n) {
		device_ready(sim, n);
		node_boot(sim, n);
	}
	sim_add(sim, sim->set.steady ? 30000 : 8000, SIM_FAULT, -1);
	sim_add(sim, 5000, SIM_CLIENT, -1);
	sim_add(sim, 1000, SIM_WRITE, -1);
	while (sim->events && !sim->broken[0]) {
		struct sim_event e = take(sim);

		if (!sim->healing && e.time > sim->set.duration) {
			sim->now = sim->set.duration;
			fault_heal(sim);
		}
		if (e.time > sim->set.duration + 180000)
			break;
		sim->now = e.time;
		world_event(sim, &e);
		check_active(sim);
	}
	if (!sim->broken[0])
		check_end(sim);
}
