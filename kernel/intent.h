/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The intent log: one bit per region, on disk before the first write into the
 * region is submitted anywhere, cleared lazily.  After a crash only regions
 * with their bit set can differ between replicas.
 */
#ifndef HA_INTENT_H
#define HA_INTENT_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct ha_disk;

/**
 * struct ha_intent_wait - a write that waits for its regions
 * @ready: called from ha_wq_meta once they are durable and the use counts are
 *	taken (@err 0), or the disk failed (@err -EIO, no use counts held)
 */
struct ha_intent_wait {
	struct list_head	node;
	u64			sector, sectors;
	void			(*ready)(struct ha_intent_wait *w, int err);
};

/**
 * struct ha_intent - state of all regions
 * @lock: protects everything here; irqsave
 * @durable: regions whose bit is on disk and may be written to
 * @wanted: regions to be set by the next write of the log
 * @clearing: regions on their way out: a new write needs a new set
 * @use: per region, writes and resync chunks in it
 * @scan: where the next round of clearing begins to look
 * @last_use: per region, seconds (low 32 bits of ktime) of the last put
 */
struct ha_intent {
	spinlock_t		lock;	/* see above */
	u64			regions;
	u32			region_shift;
	u64			blocks;
	unsigned long		*durable;
	unsigned long		*wanted;
	unsigned long		*clearing;
	u32			*use;
	u32			*last_use;
	u64			set_count;	/* bits in @durable */
	u64			last_region;	/* end of the last miss, for read-ahead */
	u32			miss_second;	/* when the last misses were, and how many */
	u32			misses;
	u64			scan;
	u64			sequence;	/* of block writes; meta_mutex */
	struct list_head	waiters;
	struct work_struct	work;		/* on ha_wq_meta */
	struct ha_disk		*disk;
};

/**
 * ha_intent_get - a write enters its regions
 *
 * Return: true: all durable, use counts taken. False: @w is queued and its
 * @ready will be called; sets for @w and, when the access ascends, up to 64
 * following regions of the same block go out in one FUA write.
 * Context: any that may take a spinlock; never sleeps.
 */
bool ha_intent_get(struct ha_disk *d, struct ha_intent_wait *w, u64 sector,
		   u64 sectors, void (*ready)(struct ha_intent_wait *w, int err));

/** ha_intent_put - it has ended on every replica (or its bits are set); any context */
void ha_intent_put(struct ha_disk *d, u64 sector, u64 sectors);

/**
 * ha_intent_clear_begin - pick idle regions (unused for @idle_seconds) to clear
 * @out: region numbers; @max: how many at most
 * They are marked clearing; a write into one now needs a new set.
 * ha_intent_clear_end - their marks are stable or bits, and bitmap blocks are
 * written and flushed: write the intent blocks without them (no FUA).
 * ha_intent_clear_abort - put them back.
 *
 * Regions found set at attach are eligible like others.  One round at a time:
 * begin is not called again before end or abort.
 */
unsigned int ha_intent_clear_begin(struct ha_disk *d, u32 idle_seconds,
				   u64 *out, unsigned int max);
int ha_intent_clear_end(struct ha_disk *d, const u64 *regions, unsigned int nr);
void ha_intent_clear_abort(struct ha_disk *d, const u64 *regions,
			   unsigned int nr);

/* attach, detach: disk.c only */
int ha_intent_load(struct ha_disk *d);
void ha_intent_free(struct ha_intent *it);

#endif
