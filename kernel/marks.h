/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks: per region and replica, the number of the next flush not yet sent to
 * that replica when the last write there was acknowledged.  A mark above the
 * number of the last completed flush says: written, perhaps still volatile.
 * No mark is dropped without a flush or a bit.
 */
#ifndef HA_MARKS_H
#define HA_MARKS_H

#include <linux/atomic.h>
#include <linux/types.h>
#include "words.h"

struct ha_disk;

/**
 * struct ha_marks - marks of all slots, the own one included
 * @mark: per slot, a u32 per region; NULL for slots not used; 0 is no mark
 * @next: per slot, number of the next flush to be sent; starts at 1
 * @stable: per slot, highest number whose flush completed
 * @high: per slot, the highest mark set: nothing is unstable while @stable has
 *	reached it
 * @swept: per slot, the next flush when stable marks were dropped last
 * @bytes: per slot, bytes acknowledged since the last flush was sent (hint)
 *
 * Numbers wrap and are compared by their distance.  A stable mark that is
 * never dropped would look unstable 2^31 flushes later, which is harmless but
 * useless: ha_marks_any() drops them as it walks.
 */
struct ha_marks {
	u64		regions;
	u32		region_shift;
	u32		*mark[HA_SLOTS];
	atomic_t	next[HA_SLOTS];
	atomic_t	stable[HA_SLOTS];
	u32		high[HA_SLOTS];
	u32		swept[HA_SLOTS];
	atomic64_t	bytes[HA_SLOTS];
};

int ha_marks_init(struct ha_disk *d, u32 slots);
void ha_marks_free(struct ha_marks *m);

/**
 * ha_marks_note - a write completed at @slot; full barrier inside; any context
 *
 * Comes before ha_intent_put() of that write, and before the clearing of a
 * dirty bit that it proves: who then looks at the marks sees this one.
 */
void ha_marks_note(struct ha_disk *d, u32 slot, u64 sector, u64 sectors);

/** ha_marks_flush_begin - take the number of a flush about to be sent to @slot; any context */
u32 ha_marks_flush_begin(struct ha_disk *d, u32 slot);

/** ha_marks_flush_done - flush @number of @slot completed well; any context */
void ha_marks_flush_done(struct ha_disk *d, u32 slot, u32 number);

/** ha_marks_stable - is the region stable at @slot? any context */
bool ha_marks_stable(struct ha_disk *d, u32 slot, u64 region);

/** ha_marks_any - may any region be unstable at @slot? process context, walks */
bool ha_marks_any(struct ha_disk *d, u32 slot);

/**
 * ha_marks_to_bits - every unstable region of @slot becomes bits of its bitmap
 * (of the own slot: nothing to do), its marks are dropped
 * Return: regions converted. Process context.
 */
u64 ha_marks_to_bits(struct ha_disk *d, u32 slot);

/** ha_marks_region_to_bits - the same for one region */
void ha_marks_region_to_bits(struct ha_disk *d, u32 slot, u64 region);

#endif
