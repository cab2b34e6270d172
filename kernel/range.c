// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of the device in use: who may write where now.
 *
 * A range within one shard of 1 MiB stands in that shard's list; one that
 * crosses shards stands in the list of wide ranges, which everybody looks
 * through.  A waiter hangs on the range it was found to overlap and tries again
 * when that one goes.
 */
#include <linux/minmax.h>
#include "range.h"

static unsigned int shard_of(u64 sector)
{
	return (sector >> HA_RANGE_SHARD_SHIFT) & (HA_RANGE_SHARDS - 1);
}

static bool is_wide(const struct ha_range *r)
{
	return r->sector >> HA_RANGE_SHARD_SHIFT !=
	       (r->sector + r->sectors - 1) >> HA_RANGE_SHARD_SHIFT;
}

static bool overlaps(const struct ha_range *a, const struct ha_range *b)
{
	return a->sector < b->sector + b->sectors &&
	       b->sector < a->sector + a->sectors;
}

static struct ha_range *overlap_in(struct list_head *list,
				   const struct ha_range *r)
{
	struct ha_range *o;

	list_for_each_entry(o, list, node)
		if (overlaps(o, r))
			return o;
	return NULL;
}

static struct ha_range *find_overlap(struct ha_range_tree *t,
				     const struct ha_range *r)
{
	u64 first = r->sector >> HA_RANGE_SHARD_SHIFT;
	u64 last = (r->sector + r->sectors - 1) >> HA_RANGE_SHARD_SHIFT;
	u64 shards = min_t(u64, last - first + 1, HA_RANGE_SHARDS);
	struct ha_range *o;
	u64 i;

	o = overlap_in(&t->wide, r);
	for (i = 0; !o && i < shards; i++)
		o = overlap_in(&t->held[(first + i) & (HA_RANGE_SHARDS - 1)],
			       r);
	return o;
}

/* One that came before @r and still waits; @r itself may stand in the line. */
static struct ha_range *overlap_ahead(struct ha_range_tree *t,
				      const struct ha_range *r)
{
	struct ha_range *o;

	list_for_each_entry(o, &t->line, line_node) {
		if (o == r)
			return NULL;
		if (overlaps(o, r))
			return o;
	}
	return NULL;
}

/* Take @r or hang it on what it overlaps. */
static bool try_hold(struct ha_range_tree *t, struct ha_range *r)
{
	struct ha_range *o;

	lockdep_assert_held(&t->lock);
	o = find_overlap(t, r) ?: overlap_ahead(t, r);
	if (o) {
		if (list_empty(&r->line_node))
			list_add_tail(&r->line_node, &t->line);
		list_add_tail(&r->wait_node, &o->waiters);
		return false;
	}
	list_del_init(&r->line_node);
	list_add(&r->node, is_wide(r) ? &t->wide : &t->held[shard_of(r->sector)]);
	return true;
}

void ha_range_init(struct ha_range_tree *t)
{
	unsigned int i;

	spin_lock_init(&t->lock);
	INIT_LIST_HEAD(&t->wide);
	INIT_LIST_HEAD(&t->line);
	for (i = 0; i < HA_RANGE_SHARDS; i++)
		INIT_LIST_HEAD(&t->held[i]);
}

bool ha_range_lock(struct ha_range_tree *t, struct ha_range *r, u64 sector,
		   u64 sectors, void (*granted)(struct ha_range *r))
{
	unsigned long flags;
	bool held;

	INIT_LIST_HEAD(&r->waiters);
	INIT_LIST_HEAD(&r->line_node);
	r->sector = sector;
	r->sectors = sectors;
	r->granted = granted;
	spin_lock_irqsave(&t->lock, flags);
	held = try_hold(t, r);
	spin_unlock_irqrestore(&t->lock, flags);
	return held;
}

void ha_range_unlock(struct ha_range_tree *t, struct ha_range *r)
{
	struct ha_range *w, *next;
	LIST_HEAD(waiters);
	LIST_HEAD(granted);
	unsigned long flags;

	spin_lock_irqsave(&t->lock, flags);
	list_del(&r->node);
	list_splice_init(&r->waiters, &waiters);
	list_for_each_entry_safe(w, next, &waiters, wait_node) {
		list_del(&w->wait_node);
		if (try_hold(t, w))
			list_add_tail(&w->wait_node, &granted);
	}
	spin_unlock_irqrestore(&t->lock, flags);

	list_for_each_entry_safe(w, next, &granted, wait_node) {
		list_del(&w->wait_node);
		w->granted(w);
	}
}
