// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold after each step, seen from outside: one place per service, one
 * chain of committed entries, no promotion of an excluded or stale replica; and
 * what must hold in the end, when everything works again.
 */
#include <stdio.h>

#include <stdlib.h>
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

	FOR_NODES(sim, n)
		check_loss(sim, n);

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

/* What was committed under what is there now, as far as it is remembered. */
static void check_history(struct sim *sim, int n)
{
	const struct core_db *db = &sim->node[n].core->db;
	uint64_t rev;

	for (rev = db->at.rev > 60 ? db->at.rev - 60 : 1; rev <= db->at.rev; rev++)
		if (sim->chain[rev % 65536].known &&
		    sim->chain[rev % 65536].sum != db->history[rev % CORE_HISTORY])
			sim_break(sim, "n%d has lost revision %llu, which was committed",
				  n + 1, (unsigned long long)rev);
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
	if (node->seen_phase != PHASE_ACTIVE)
		check_history(sim, n);
	node->seen_phase = PHASE_ACTIVE;
	node->seen_rev = core->db.at.rev;
	link = &sim->chain[core->db.at.rev % 65536];
	if (link->known && link->sum != core->db.at.sum)
		sim_break(sim, "n%d has another entry at revision %llu than was committed",
			  n + 1, (unsigned long long)core->db.at.rev);
	if (!link->known && core->db.user.rev == core->db.at.rev)
		link->before = sim->latest.user.rev;
	link->known = true;
	link->sum = core->db.at.sum;
	if (core->db.at.rev > sim->last_rev) {
		sim->last_rev = core->db.at.rev;
		core_db_copy(&sim->latest, &core->db);
	}
}

/* Done on condition of a revision: then nothing was committed in between. */
void check_reply(struct sim *sim, const struct core_action *action)
{
	uint64_t base = 0, rev = 0;
	int i;

	for (i = 0; i < 256; i++)
		if (sim->wish[i].id == action->id)
			base = sim->wish[i].base;
	if (action->code || !base || strncmp(action->text, "revision ", 9))
		return;
	rev = strtoull(action->text + 9, NULL, 10);
	if (sim->chain[rev % 65536].known && sim->chain[rev % 65536].before != base)
		sim_break(sim, "revision %llu was to follow %llu, but follows %llu",
			  (unsigned long long)rev, (unsigned long long)base,
			  (unsigned long long)sim->chain[rev % 65536].before);
}

/* Nothing is begun where all know that it still runs on another node of the view. */
void check_begun(struct sim *sim, int n, const struct core_action *action)
{
	const struct core *core = sim->node[n].core;
	enum core_state active = action->verb == CORE_PROMOTE ? CORE_PROMOTED : CORE_STARTED;
	uint32_t i;

	if ((action->verb == CORE_START && !strcmp(action->unit, names[1])) ||
	    (action->verb != CORE_START && action->verb != CORE_PROMOTE))
		return;
	for (i = 0; i < core->table.nr_rows; i++) {
		const struct core_trow *row = &core->table.rows[i];

		if (!strcmp(row->unit, action->unit) && row->state == active &&
		    row->node != (uint32_t)n + 1 &&
		    core->session.members & 1u << (row->node - 1))
			sim_break(sim, "n%d is to begin %s, which runs on n%u", n + 1,
				  action->unit, row->node);
	}
}

/* A wish that was on this disk and is not in what replaces it is kept aside. */
void check_adopted(struct sim *sim, int n, uint64_t write)
{
	struct node *node = &sim->node[n];
	struct core *core = node->core;

	if (!core || !write || core->disk.adopt != write || !core->has_next ||
	    !core->db.user.rev || core_db_contains(&core->next, &core->db.user))
		return;
	if (node->disk.conflicts <= node->disk.conflicts_due)
		sim_break(sim, "n%d drops a wish without a trace", n + 1);
	node->disk.conflicts_due = node->disk.conflicts;
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
		if (!sim->set.wild && core->db.at.sum != sim->latest.at.sum) {
			sim_break(sim, "in the end n%d has another state", n + 1);
			return;
		}
	}
	if (sim->set.wild)
		return;
	check_unit(sim, 0);
	check_unit(sim, 2);
	if (sim->set.storage)
		check_unit(sim, 1);
}
