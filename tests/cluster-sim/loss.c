// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold on a node that has lost quorum, by the policy of each unit: what is
 * to stop has stopped in time, what stands on a device goes before it, what is to go
 * on is not touched, and nothing resets itself that has done what it should.
 */
#include <string.h>

#include "world.h"

#define TIME_MS (3000 + 8000 + 4500)	/* loss_ms, stop_ms, and an operation's end */

const char *const sim_losses[] = { "stop", "freeze", "demote", "ignore", "suicide" };

static const char *const names[] = { "A", "B", "C" };

static enum core_on_loss loss_of(const struct sim *sim, int u)
{
	if (sim->set.loss >= 0)
		return sim->set.loss;
	return u == 2 ? CORE_LOSS_STOP : CORE_LOSS_FREEZE;
}

static bool has_to_end(const struct sim *sim, int u)
{
	return loss_of(sim, u) != CORE_LOSS_FREEZE && loss_of(sim, u) != CORE_LOSS_IGNORE;
}

/* Is it, in truth, more than it may be without quorum? */
static bool too_much(const struct sim *sim, int n, int u)
{
	const struct node *node = &sim->node[n];

	if (!has_to_end(sim, u))
		return false;
	if (u != 1)
		return node->runs[u];
	if (loss_of(sim, u) == CORE_LOSS_DEMOTE)
		return node->device.primary;
	return node->device.has && node->unit[u] != CORE_STOPPED;
}

void check_loss(struct sim *sim, int n)
{
	const struct node *node = &sim->node[n];
	int64_t since;
	int u;

	if (!node->core || node->frozen || !node->core->probed)
		return;
	since = node->core->lost == NEVER ? sim->now : node->core->lost;
	if (node->no_quorum && node->no_quorum < since)
		since = node->no_quorum;
	/* What an operation of the last daemon, still under way, will leave is not known. */
	if (node->probed > since)
		since = node->probed;
	for (u = 0; u < 3 && sim->now > since + TIME_MS; u++)
		if (too_much(sim, n, u))
			sim_break(sim, "%s is active on n%d long after quorum was lost",
				  names[u], n + 1);
}

/* A unit is stopped or demoted by the node itself, not by a plan. */
void check_undo(struct sim *sim, int n, int unit)
{
	const struct node *node = &sim->node[n];
	int u;

	if (!node->core || node->core->phase == PHASE_ACTIVE)
		return;
	if (!node->core->leaving && !has_to_end(sim, unit))
		sim_break(sim, "n%d touches %s, which was to go on without quorum", n + 1,
			  names[unit]);
	for (u = 0; u < 3 && unit == 1; u++)
		if (u != 1 && (node->core->leaving || has_to_end(sim, u)) &&
		    node->unit[u] != CORE_STOPPED)
			sim_break(sim, "n%d undoes B under %s", n + 1, names[u]);
}

/* What is active and not under way to be undone has failed just now, or came to light. */
static bool excused(const struct sim *sim, int n, int u)
{
	const struct node *node = &sim->node[n];

	return loss_of(sim, u) == CORE_LOSS_SUICIDE || node->core->local_next > sim->now ||
	       node->thawed + TIME_MS > sim->now || node->probed + TIME_MS > sim->now;
}

/* The node resets itself: something here would not stop, or may not run at all. */
void check_reset(struct sim *sim, int n)
{
	const struct core_table *mine = &sim->node[n].core->mine;
	uint32_t i;
	int u;

	for (i = 0; i < mine->nr_orders; i++)
		if (has_to_end(sim, service_unit(mine->orders[i].unit)))
			return;
	for (i = 0; i < mine->nr_rows; i++) {
		u = service_unit(mine->rows[i].unit);
		if (mine->rows[i].state == CORE_STOPPED || !has_to_end(sim, u))
			continue;
		if (excused(sim, n, u) && (u != 1 || loss_of(sim, u) != CORE_LOSS_DEMOTE ||
					   mine->rows[i].state != CORE_STARTED))
			return;
	}
	sim_break(sim, "n%d resets itself for nothing", n + 1);
}
