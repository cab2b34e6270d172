// SPDX-License-Identifier: GPL-2.0-only
/* What may happen to a disk while its node stays up. */
#include "world.h"
#include "../../kernel/role.h"

static void detach(void *arg)
{
	struct netlink_ext_ack why = { 0 };

	ha_detach(arg, false, &why);
}

int ev_detach(int n, int arg)
{
	(void)arg;
	if (!conf.detach || !disk_of(n) || w.o.extras >= conf.extras)
		return EV_NOTHING;
	w.o.extras++;
	run_on(n, detach, &w.node[n].res);
	return EV_DONE;
}

int ev_fail(int n, int choice)
{
	struct ha_disk *d = disk_of(n);

	if (!conf.errors || !d || d->failed || w.o.faults >= conf.faults ||
	    (choice && !conf.power))
		return EV_NOTHING;
	return disk_fail(n, choice) ? EV_DONE : EV_NOTHING;
}

struct invalidation { struct ha_resource *res; int err; };

static void invalidate(void *arg)
{
	struct invalidation *i = arg;
	struct netlink_ext_ack why = { 0 };

	i->err = ha_invalidate(i->res, &why);
}

static bool may_be_invalidated(int n)
{
	struct ha_resource *res = &w.node[n].res;

	return disk_of(n) && w.o.extras < conf.extras &&
	       res->role != HA_PRIMARY && ha_good_peer(res) &&
	       w.node[1 - n].up && w.net.up && oracle_holds(1 - n);
}

/* Its data are bad, the other's are good: the command is given. */
int ev_invalidate(int n, int arg)
{
	struct ha_resource *res = &w.node[n].res;
	struct invalidation i = { .res = res, .err = -EINTR };
	int b;

	(void)arg;
	if (!conf.invalidate || !may_be_invalidated(n))
		return EV_NOTHING;
	w.o.extras++;
	run_on(n, invalidate, &i);
	if (i.err)
		return EV_DONE;
	for (b = 0; b < conf.blocks; b++)
		cell_write(&w.media[n].data[b], ROTTEN);
	oracle_committed(n, HA_V_TARGET);
	return EV_DONE;
}

/*
 * The same while the link breaks, both connect anew and compare, and the node
 * commits: between which places of the command, @arg says.
 */
int ev_invalidate_meet(int n, int arg)
{
	unsigned int meet = arg / PLACES, commit = arg % PLACES;
	bool met;

	if (conf.invalidate < 2 || commit <= meet || !may_be_invalidated(n))
		return EV_NOTHING;
	meanwhile_begin(n, meet, commit);
	ev_invalidate(n, 0);
	met = meanwhile_end();
	/* In a walk it is as if nothing had been planned. */
	return met || conf.walks ? EV_DONE : EV_ERROR;
}
