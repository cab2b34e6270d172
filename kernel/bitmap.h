/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dirty bitmap of one slot: blocks that replica may lack.  Bits are set at
 * any time and from any context; cleared only with proof.
 */
#ifndef HA_BITMAP_H
#define HA_BITMAP_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct ha_disk;

/**
 * struct ha_bitmap - bits in memory, in blocks as on disk
 * @lock: protects bits, @dirty, @stamp, @weight against each other; irqsave;
 *	single words are also read without it
 * @block: per metadata block the HA_META_BITS bits of its payload (memory of
 *	HA_META_BLOCK bytes); NULL when the slot is not used
 * @dirty: a bit per block: differs from what is on disk
 * @stamp: per block, counts the sets in it: the token of ha_bitmap_clear()
 * @weight: bits set
 */
struct ha_bitmap {
	spinlock_t		lock;	/* see above */
	unsigned long		**block;
	unsigned long		*dirty;
	atomic_t		*stamp;
	u64			blocks;
	u64			bits;
	atomic64_t		weight;
	u64			sequence;	/* of block writes; meta_mutex */
};

/** ha_bitmap_set - mark [sector, +sectors) dirty, outwards; any context; returns bits newly set */
u64 ha_bitmap_set(struct ha_disk *d, u32 slot, u64 sector, u64 sectors);

/** ha_bitmap_set_bits - the same by bit numbers */
u64 ha_bitmap_set_bits(struct ha_disk *d, u32 slot, u64 first, u64 count);

/** ha_bitmap_set_all - all bits; process context, cond_resched() */
void ha_bitmap_set_all(struct ha_disk *d, u32 slot);

/** ha_bitmap_clear_all - of the own slot, when this copy is the data; process context */
void ha_bitmap_clear_all(struct ha_disk *d, u32 slot);

/**
 * ha_bitmap_token - before a resync read: remember the sets over a range
 * ha_bitmap_clear - clear the bits wholly covered, unless a set came in between
 *
 * Return (clear): bits cleared, or 0 when the token is stale.
 */
u32 ha_bitmap_token(struct ha_disk *d, u32 slot, u64 sector, u64 sectors);
u64 ha_bitmap_clear(struct ha_disk *d, u32 slot, u64 sector, u64 sectors,
		    u32 token);

/**
 * ha_bitmap_next - first set bit at or after @from, and the run of set bits
 * there, at most @max; false: none; process context
 */
bool ha_bitmap_next(struct ha_disk *d, u32 slot, u64 from, u64 max, u64 *first,
		    u64 *count);

/** ha_bitmap_any - is any bit over the range set? any context */
bool ha_bitmap_any(struct ha_disk *d, u32 slot, u64 sector, u64 sectors);

/**
 * ha_bitmap_copy_words - @words u64s from bit @first (multiple of 64) on,
 * little-endian; bits beyond the end are 0
 */
void ha_bitmap_copy_words(struct ha_disk *d, u32 slot, u64 first, u32 words,
			  __le64 *out);

/** ha_bitmap_or_words - the reverse: set the bits given */
void ha_bitmap_or_words(struct ha_disk *d, u32 slot, u64 first, u32 words,
			const __le64 *in);

static inline u64 ha_bitmap_weight(const struct ha_bitmap *b)
{
	return atomic64_read(&b->weight);
}

/* attach, detach: disk.c only */
int ha_bitmap_load(struct ha_disk *d, u32 slot);
void ha_bitmap_free(struct ha_bitmap *b);
int ha_bitmap_write_dirty(struct ha_disk *d, u32 slot);

#endif
