// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dirty bitmaps in memory: set, clear with proof, search, exchange.  Knows no
 * disk blocks (bitmap_io.c) and no reason why a bit is set.
 *
 * Why a set is never lost to a clear.  A resync takes a token, reads the data,
 * sends them, and clears the bits when the peer has written them; a set in
 * between says that what was sent may be too old already.  The token is the
 * sum of the stamps of the blocks it covers.  Each set counts up the stamp of
 * its block, also when its bits were set before, and counting and setting are
 * one step under the lock, as are comparing and clearing.  So a set comes
 *  - before the token: its stamp is in the token.  What was written under that
 *    set is read by the resync, because a write holds its range from before
 *    the set until its end, and the token is taken with the range held;
 *  - between token and clear: the sums differ, nothing is cleared;
 *  - after the clear: the bit is set again and stays.
 * Stamps only grow, so equal sums mean equal stamps (2^32 sets within one
 * resync read do not happen).
 */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include "disk.h"
#include "word64.h"

#define BLOCK_WORDS	(HA_META_BITS / 64)

/* A run of bits within one block. */
struct part {
	u64	block;
	u32	first;
	u32	count;
};

static struct part part_of(u64 first, u64 count)
{
	struct part p;

	p.block = div_u64_rem(first, HA_META_BITS, &p.first);
	p.count = min_t(u64, count, HA_META_BITS - p.first);
	return p;
}

/* The bitmap of a slot; a slot that attach did not load has none. */
static struct ha_bitmap *bitmap_of(struct ha_disk *d, u32 slot)
{
	if (WARN_ON_ONCE(slot >= HA_SLOTS || !d->bitmap[slot].block))
		return NULL;
	return &d->bitmap[slot];
}

static u64 clip(const struct ha_bitmap *b, u64 first, u64 count)
{
	return first < b->bits ? min(count, b->bits - first) : 0;
}

/* Set or clear the bits of @p; returns how many changed. */
static u32 change_bits(unsigned long *map, const struct part *p, bool set)
{
	u32 at = p->first, end = p->first + p->count, changed = 0;

	while (at < end) {
		u32 stop = min(end, round_down(at, BITS_PER_LONG) +
				    BITS_PER_LONG);
		unsigned long mask = BITMAP_FIRST_WORD_MASK(at) &
				     BITMAP_LAST_WORD_MASK(stop);
		unsigned long *word = &map[at / BITS_PER_LONG];
		unsigned long old = *word;

		WRITE_ONCE(*word, set ? old | mask : old & ~mask);
		changed += hweight_long(mask & (set ? ~old : old));
		at = stop;
	}
	return changed;
}

static u32 set_part(struct ha_bitmap *b, const struct part *p)
{
	u32 changed;

	lockdep_assert_held(&b->lock);
	atomic_inc(&b->stamp[p->block]);
	changed = change_bits(b->block[p->block], p, true);
	if (changed) {
		__set_bit(p->block, b->dirty);
		atomic64_add(changed, &b->weight);
	}
	return changed;
}

static u32 clear_part(struct ha_bitmap *b, const struct part *p)
{
	u32 changed;

	lockdep_assert_held(&b->lock);
	changed = change_bits(b->block[p->block], p, false);
	if (changed) {
		__set_bit(p->block, b->dirty);
		atomic64_sub(changed, &b->weight);
	}
	return changed;
}

u64 ha_bitmap_set_bits(struct ha_disk *d, u32 slot, u64 first, u64 count)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	unsigned long flags;
	u64 changed = 0;

	if (!b)
		return 0;
	for (count = clip(b, first, count); count; ) {
		struct part p = part_of(first, count);

		spin_lock_irqsave(&b->lock, flags);
		changed += set_part(b, &p);
		spin_unlock_irqrestore(&b->lock, flags);
		first += p.count;
		count -= p.count;
	}
	return changed;
}

u64 ha_bitmap_set(struct ha_disk *d, u32 slot, u64 sector, u64 sectors)
{
	u64 first, count;

	ha_bits_outward(&d->super.layout, sector, sectors, &first, &count);
	return ha_bitmap_set_bits(d, slot, first, count);
}

void ha_bitmap_set_all(struct ha_disk *d, u32 slot)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u64 n;

	for (n = 0; b && n < b->blocks; n++) {
		ha_bitmap_set_bits(d, slot, n * HA_META_BITS, HA_META_BITS);
		cond_resched();
	}
}

/* Only where the bits are wrong by definition: there is no token to prove it. */
void ha_bitmap_clear_all(struct ha_disk *d, u32 slot)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u64 n;

	for (n = 0; b && n < b->blocks; n++) {
		struct part p = {
			.block = n,
			.count = min_t(u64, b->bits - n * HA_META_BITS,
				       HA_META_BITS),
		};

		spin_lock_irq(&b->lock);
		clear_part(b, &p);
		spin_unlock_irq(&b->lock);
		cond_resched();
	}
}

/* Sum of the stamps over a range of bits. */
static u32 stamps(const struct ha_bitmap *b, u64 first, u64 count)
{
	u32 sum = 0;

	while (count) {
		struct part p = part_of(first, count);

		sum += atomic_read(&b->stamp[p.block]);
		first += p.count;
		count -= p.count;
	}
	return sum;
}

u32 ha_bitmap_token(struct ha_disk *d, u32 slot, u64 sector, u64 sectors)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u64 first, count;
	u32 token;

	if (!b)
		return 0;
	ha_bits_inward(&d->super.layout, sector, sectors, &first, &count);
	token = stamps(b, first, clip(b, first, count));
	/* the stamps are read before the data are */
	smp_mb();
	return token;
}

u64 ha_bitmap_clear(struct ha_disk *d, u32 slot, u64 sector, u64 sectors,
		    u32 token)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u64 first, count, changed = 0;
	unsigned long flags;

	if (!b)
		return 0;
	ha_bits_inward(&d->super.layout, sector, sectors, &first, &count);
	count = clip(b, first, count);
	spin_lock_irqsave(&b->lock, flags);
	if (stamps(b, first, count) != token)
		count = 0;
	while (count) {
		struct part p = part_of(first, count);

		changed += clear_part(b, &p);
		first += p.count;
		count -= p.count;
	}
	spin_unlock_irqrestore(&b->lock, flags);
	return changed;
}

/* First bit in [@first, @end) that is @set; @end when there is none. */
static u64 find_bit(const struct ha_bitmap *b, u64 first, u64 end, bool set)
{
	while (first < end) {
		struct part p = part_of(first, end - first);
		const unsigned long *map = b->block[p.block];
		u32 stop = p.first + p.count, hit;

		hit = set ? find_next_bit(map, stop, p.first) :
			    find_next_zero_bit(map, stop, p.first);
		if (hit < stop)
			return first + hit - p.first;
		first += p.count;
	}
	return end;
}

bool ha_bitmap_next(struct ha_disk *d, u32 slot, u64 from, u64 max, u64 *first,
		    u64 *count)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u64 at, end, stop;

	if (!b || !max)
		return false;
	while (from < b->bits) {
		/* in steps of a block: a walk over a clean bitmap is long */
		stop = from + min_t(u64, b->bits - from, HA_META_BITS);
		at = find_bit(b, from, stop, true);
		if (at < stop) {
			end = at + min(max, b->bits - at);
			*first = at;
			/* at least one, also when it was cleared just now */
			*count = find_bit(b, at + 1, end, false) - at;
			return true;
		}
		from = stop;
		cond_resched();
	}
	return false;
}

bool ha_bitmap_any(struct ha_disk *d, u32 slot, u64 sector, u64 sectors)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u64 first, count;

	if (!b)
		return true;	/* nothing is known of that slot */
	ha_bits_outward(&d->super.layout, sector, sectors, &first, &count);
	count = clip(b, first, count);
	return find_bit(b, first, first + count, true) < first + count;
}

void ha_bitmap_copy_words(struct ha_disk *d, u32 slot, u64 first, u32 words,
			  __le64 *out)
{
	struct ha_bitmap *b = bitmap_of(d, slot);
	u32 i;

	for (i = 0; i < words; i++, first += 64) {
		struct part p = part_of(first, 64);

		out[i] = 0;
		if (b && first < b->bits)
			out[i] = cpu_to_le64(ha_word64_get(b->block[p.block],
							   p.first));
	}
}

/* Or one word into the bitmap; bits beyond the end are not ours to set. */
static void or_word(struct ha_disk *d, u32 slot, u64 first, u64 value)
{
	while (value) {
		u32 from = __ffs64(value);
		u64 rest = ~(value >> from);
		u32 run = rest ? __ffs64(rest) : 64;

		ha_bitmap_set_bits(d, slot, first + from, run);
		if (from + run >= 64)
			return;
		value &= ~0ull << (from + run);
	}
}

void ha_bitmap_or_words(struct ha_disk *d, u32 slot, u64 first, u32 words,
			const __le64 *in)
{
	u32 i;

	for (i = 0; i < words; i++, first += 64)
		or_word(d, slot, first, le64_to_cpu(in[i]));
}
