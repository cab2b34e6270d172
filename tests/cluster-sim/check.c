// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold after each step, seen from outside: one place per service, one
 * chain of committed entries, no promotion of an excluded or stale replica; and
 * what must hold in the end, when everything works again.
 */
#include <stdio.h>

#include <string.h>

#include "world.h"

static const char *const names[] = { "A", "B", "C" };

/* A write could complete: with the peer's answer, or because it may go on alone. */
static bool writable(struct sim *sim, int n)
{
	const struct device *d = &sim->node[n].device, *p = &sim->node[1 - n].device;

	if (!d->primary || d->suspended)
		return false;
	if (!d->connected)
		return d->alone;
	return p->connected && sim->node[1 - n].up &&
	       sim->node[n].component == sim->node[1 - n].component;
}

void check_active(struct sim *sim)
{
	int u, n;

	for (u = 0; u < 3; u++) {
		int count = 0, where = 0;

		FOR_NODES(sim, n) {
			const struct node *node = &sim->node[n];
			bool runs = u == 1 ? node->device.has && writable(sim, n) :
					     node->runs[u];

			if (!node->up || !runs)
				continue;
			count++;
			where = where * 10 + n + 1;
		}
		if (count > 1)
			sim_break(sim, "%s is active twice, on nodes %d", names[u], where);
	}
}

/* A node in a view that may write has a prefix of the one chain, and extends it. */
void check_step(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	const struct core *core = node->core;
	struct committed *link;

	if (!core)
		return;
	if (core->phase == PHASE_ACTIVE && node->seen_phase != PHASE_ACTIVE)
		sim->views++;
	if (core->phase != PHASE_ACTIVE) {
		node->seen_phase = core->phase;
		return;
	}
	if (node->seen_phase == PHASE_ACTIVE && node->seen_rev == core->db.at.rev)
		return;
	node->seen_phase = PHASE_ACTIVE;
	node->seen_rev = core->db.at.rev;
	link = &sim->chain[core->db.at.rev % 65536];
	if (link->known && link->sum != core->db.at.sum)
		sim_break(sim, "n%d has another entry at revision %llu than was committed",
			  n + 1, (unsigned long long)core->db.at.rev);
	link->known = true;
	link->sum = core->db.at.sum;
	if (core->db.at.rev > sim->last_rev) {
		sim->last_rev = core->db.at.rev;
		core_db_copy(&sim->latest, &core->db);
	}
}

static void check_unit(struct sim *sim, int u)
{
	int n, count = 0;

	FOR_NODES(sim, n)
		if (u == 1 ? sim->node[n].unit[u] == CORE_PROMOTED &&
			     sim->node[n].device.primary && !sim->node[n].device.suspended :
			     sim->node[n].unit[u] == CORE_STARTED)
			count++;
	if (count != 1)
		sim_break(sim, "in the end %s runs %d times", names[u], count);
}

void check_end(struct sim *sim)
{
	int n;

	FOR_NODES(sim, n) {
		const struct core *core = sim->node[n].core;

		if (!core || core->phase != PHASE_ACTIVE ||
		    core->session.members != (1u << sim->set.nodes) - 1) {
			sim_break(sim, "in the end n%d is not in the view", n + 1);
			return;
		}
		if (core->db.at.sum != sim->latest.at.sum) {
			sim_break(sim, "in the end n%d has another state", n + 1);
			return;
		}
	}
	check_unit(sim, 0);
	check_unit(sim, 2);
	if (sim->set.storage)
		check_unit(sim, 1);
}
