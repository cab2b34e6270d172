// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services: they outlive the daemon, die with the machine, take their time, fail
 * now and then. What runs in truth is kept apart from what is reported.
 */
#include <stdio.h>

#include "memory.h"
#include "world.h"

static const char *const names[UNITS] = { "A", "B", "C", "" };

int service_unit(const char *name)
{
	int u;

	for (u = 0; u < UNITS; u++)
		if (!strcmp(names[u], name))
			return u;
	return -1;
}

static bool has(struct sim *sim, int n, int unit)
{
	return names[unit][0] && (unit != 1 || (sim->set.storage && sim->node[n].device.has));
}

void service_status(struct sim *sim, int n, int unit)
{
	struct core_event event = { .kind = CORE_EV_STATUS };

	if (!has(sim, n, unit))
		return;
	event.row.unit = names[unit];
	event.row.member = "m";
	event.row.state = sim->node[n].unit[unit];
	daemon_step(sim, n, &event);
}

static struct op *free_op(struct node *node)
{
	size_t i;

	for (i = 0; i < UNITS * 2; i++)
		if (!node->ops[i].on)
			return &node->ops[i];
	return NULL;
}

/* Some take long, and what is to stop may hang for longer than it is waited for. */
static int64_t duration(struct sim *sim, enum core_verb verb)
{
	if (verb == CORE_STOP && !sim->healing && sim_chance(sim, 3))
		return 30000;
	return 10 + sim_random(sim, sim_chance(sim, 10) ? 4000 : 300);
}

void service_op(struct sim *sim, int n, const struct core_action *action)
{
	struct node *node = &sim->node[n];
	struct op *op = free_op(node);
	struct sim_event *e;

	if (!op) {
		sim_break(sim, "n%d: too many operations at once", n + 1);
		return;
	}
	op->on = true;
	op->id = action->id;
	op->unit = service_unit(action->unit);
	op->verb = action->verb;
	op->pid = node->pid;
	if (sim->set.steady && sim->now > 30000)
		sim_break(sim, "n%d is told to do something to %s", n + 1, action->unit);
	sim_say(sim, "n%d begins verb %d of %s", n + 1, op->verb, action->unit);
	if (op->verb == CORE_STOP || op->verb == CORE_DEMOTE)
		check_undo(sim, n, op->unit);
	if (op->verb == CORE_START)
		node->runs[op->unit] = true;
	e = sim_add(sim, duration(sim, op->verb), SIM_OP, n);
	e->id = op->id;
	e->arg = op - node->ops;
}

static int stopped(struct sim *sim, int n, int u, bool fails)
{
	struct node *node = &sim->node[n];

	if (fails) {
		node->unit[u] = CORE_FAILED;
		return -5;
	}
	if (u == 1)
		device_demote(sim, n);
	node->unit[u] = CORE_STOPPED;
	node->runs[u] = false;
	return 0;
}

static int finish(struct sim *sim, int n, const struct op *op)
{
	struct node *node = &sim->node[n];
	bool fails = !sim->healing && sim_chance(sim, 4);
	int u = op->unit;

	switch (op->verb) {
	case CORE_START:
		if (node->unit[u] != CORE_STOPPED)
			return 0;
		node->unit[u] = fails ? CORE_FAILED : CORE_STARTED;
		return fails ? -5 : 0;
	case CORE_STOP:
		return stopped(sim, n, u, fails);
	case CORE_PROMOTE:
		if (fails || node->unit[u] != CORE_STARTED || device_promote(sim, n))
			return -5;
		node->unit[u] = CORE_PROMOTED;
		return 0;
	case CORE_DEMOTE:
		device_demote(sim, n);
		node->unit[u] = CORE_STARTED;
		return 0;
	default:
		return 0;
	}
}

void service_ended(struct sim *sim, const struct sim_event *event)
{
	struct node *node = &sim->node[event->node];
	struct op *op = &node->ops[event->arg];
	struct op ended = *op;
	struct sim_event *e;
	int code;

	if (!op->on || op->id != event->id)
		return;
	op->on = false;
	code = finish(sim, event->node, &ended);
	e = sim_add(sim, 0, SIM_REPORT, event->node);
	e->id = ended.id;
	e->pid = ended.pid;
	e->arg = ended.unit;
	e->code = code;
}

void service_report(struct sim *sim, const struct sim_event *event)
{
	struct core_event ended = { .kind = CORE_EV_OP, .id = event->id,
				    .code = event->code };
	uint32_t pid = sim->node[event->node].pid;

	service_status(sim, event->node, event->arg);
	if (sim->node[event->node].pid == pid)
		daemon_step(sim, event->node, &ended);
}

void service_gone(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];

	memset(node->unit, 0, sizeof(node->unit));
	memset(node->runs, 0, sizeof(node->runs));
	memset(node->ops, 0, sizeof(node->ops));
}
