// SPDX-License-Identifier: GPL-2.0-only
/*
 * While a command runs on a node, the threads of its connection do not stand
 * still: the link breaks, a new handshake compares, and later it commits, each at
 * a place in the middle of the command where it holds no mutex.
 */
#include "world.h"

static struct {
	bool on, met, committed;
	int node;
	unsigned int seen, meet, commit;
} plan;
static int held[2];

void machine_lock(void)
{
	if (cur >= 0)
		held[cur]++;
}

void machine_unlock(void)
{
	if (cur < 0)
		return;
	held[cur]--;
	meanwhile();
}

/* A node that breaks down holds nothing. */
void meanwhile_reset(int node)
{
	held[node] = 0;
}

void meanwhile_begin(int node, unsigned int meet, unsigned int commit)
{
	memset(&plan, 0, sizeof(plan));
	plan.on = true;
	plan.node = node;
	plan.meet = meet;
	plan.commit = commit;
}

bool meanwhile_end(void)
{
	plan.on = false;
	return plan.met && plan.committed;
}

static void meet(void)
{
	int i;

	net_cut();
	for (i = 0; i < 2; i++)
		ev_lost(i, 0);
	machine_go_on();
	plan.met = ev_connect(0, 0) == EV_DONE;
	machine_go_on();
}

static void commit(void)
{
	/* A target waits for its source. */
	ev_commit(1 - plan.node, 0);
	machine_go_on();
	plan.committed = ev_commit(plan.node, 0) == EV_DONE;
	machine_go_on();
}

/* A place where they may go on. */
void meanwhile(void)
{
	unsigned int place;

	if (!plan.on || cur != plan.node || held[cur])
		return;
	place = plan.seen++;
	plan.on = false;	/* not in the middle of themselves */
	if (place == plan.meet)
		meet();
	else if (place == plan.commit)
		commit();
	plan.on = true;
}
