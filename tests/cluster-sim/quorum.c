// SPDX-License-Identifier: GPL-2.0-only
/*
 * Votequorum: majority, two_node with wait_for_all, or a device whose vote goes to
 * one of two. Its events come when they come, seconds after CPG's if they like.
 */
#include "world.h"

#define DEAD_PEER_MS 2500	/* after that the device gives its vote to another */

static void tell(struct sim *sim, int n, bool yes, int64_t delay)
{
	struct node *node = &sim->node[n];
	struct sim_event *e;

	if (!node->ring)
		return;
	/* Votequorum tells in order. */
	if (sim->now + delay < node->quorum_last)
		delay = node->quorum_last - sim->now;
	node->quorum_last = sim->now + delay;
	e = sim_add(sim, delay, SIM_QUORUM, n);
	e->ring = node->ring->id;
	e->arg = node->ring->nodes;
	e->yes = yes;
}

static bool alone(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];

	return node->up && node->ring && !node->ring->broken &&
	       node->ring->nodes == NODE_BIT(n + 1);
}

void quorum_changed(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	int count = __builtin_popcount(node->ring->nodes), all = sim->set.nodes;
	int64_t delay = sim_random(sim, 4);
	bool yes = 2 * count > all;

	if (sim->set.device && count == 1)
		return;
	if (all == 2 && !sim->set.device)
		yes = node->seen_all;
	if (!sim->healing && sim_chance(sim, 20))
		delay = sim_random(sim, 6000);
	tell(sim, n, yes, delay);
}

void quorum_vote(struct sim *sim)
{
	if (sim->set.device)
		sim_add(sim, 100 + sim_random(sim, 1500), SIM_VOTE, -1);
}

static bool asks(struct sim *sim, int n)
{
	return alone(sim, n) && sim->node[n].device_link;
}

/*
 * Who is not given the vote hears "no" before it may ever hear "yes". So does the
 * real one: it decides when all that are connected have told of their new rings,
 * to both at once, and who is not connected loses its vote sooner than a dead
 * holder is forgotten.
 */
static void grant(struct sim *sim, int n)
{
	int other = 1 - n;

	if (sim->node[other].up && sim->node[other].device_link && !alone(sim, other)) {
		sim_add(sim, 300, SIM_VOTE, -1);
		return;
	}
	if (sim->node[n].owed_no)
		tell(sim, n, false, 1);
	sim->node[n].owed_no = false;
	sim->node[other].owed_no = true;
	sim->granted = n + 1;
	tell(sim, n, true, 1 + sim_random(sim, 200));
	if (alone(sim, other))
		tell(sim, other, false, sim_random(sim, asks(sim, other) ? 1000 : 3000));
	sim_say(sim, "quorum device: n%d", n + 1);
}

static void vote(struct sim *sim)
{
	int g = sim->granted - 1, n = sim_random(sim, 2);

	if (!sim->set.device || (sim->node[0].ring && sim->node[0].ring == sim->node[1].ring)) {
		sim->node[0].owed_no = sim->node[1].owed_no = false;
		sim->granted = 0;
		return;
	}
	if (g >= 0 && asks(sim, g)) {
		tell(sim, g, true, 1);
		if (alone(sim, 1 - g))
			tell(sim, 1 - g, false, 1);
		return;
	}
	if (g >= 0) {
		/* It had it. The other one gets it when it has been lost for long. */
		if (alone(sim, g))
			tell(sim, g, false, DEAD_PEER_MS + sim_random(sim, 3000));
		sim->granted = -1;
		sim->lost_at = sim->now;
		sim_add(sim, DEAD_PEER_MS, SIM_VOTE, -1);
		return;
	}
	if (sim->granted < 0 && sim->now < sim->lost_at + DEAD_PEER_MS)
		return;
	if (!asks(sim, n))
		n = 1 - n;
	if (asks(sim, n))
		grant(sim, n);
	else
		sim_add(sim, 1000, SIM_VOTE, -1);
}

/** quorum_event() - the device decides */
void quorum_event(struct sim *sim, const struct sim_event *event)
{
	(void)event;
	vote(sim);
}
