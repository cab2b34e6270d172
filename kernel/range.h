/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of the device in use: writes in flight and resync chunks.  Two that
 * overlap never run at once, or two replicas could apply them in different
 * orders.  A range that must wait is queued behind the one it overlaps and its
 * @granted is called when it has it.  Nobody overtakes a range that waits and
 * that he overlaps, so that none starves.
 */
#ifndef HA_RANGE_H
#define HA_RANGE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define HA_RANGE_SHARDS 64
#define HA_RANGE_SHARD_SHIFT 11		/* 1 MiB, in sectors */

/**
 * struct ha_range - [@sector, @sector + @sectors)
 * @granted: the range is held now; called without locks, from the context that
 *	released the other range, perhaps interrupt: must not sleep
 */
struct ha_range {
	struct list_head	node;
	struct list_head	waiters;	/* of @node */
	struct list_head	wait_node;
	struct list_head	line_node;
	u64			sector;
	u64			sectors;
	void			(*granted)(struct ha_range *r);
};

/** struct ha_range_tree - all ranges of a resource; one lock, held briefly */
struct ha_range_tree {
	spinlock_t		lock;
	struct list_head	held[HA_RANGE_SHARDS];
	struct list_head	wide;		/* ranges over several shards */
	struct list_head	line;		/* those that wait, in order */
};

void ha_range_init(struct ha_range_tree *t);

/**
 * ha_range_lock - take @r, or queue it
 * Return: true when held at once; false: @granted will be called.
 * Context: any.
 */
bool ha_range_lock(struct ha_range_tree *t, struct ha_range *r, u64 sector,
		   u64 sectors, void (*granted)(struct ha_range *r));

/** ha_range_unlock - let go; those that waited for it try again. Context: any. */
void ha_range_unlock(struct ha_range_tree *t, struct ha_range *r);

#endif
