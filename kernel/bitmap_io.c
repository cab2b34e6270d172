// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dirty bitmaps on disk: read whole at attach, written block by block.
 *
 * What may be on disk.  A set bit may be written at any time.  A bit is cleared
 * in memory when the peer has written the block, but may be clear on disk only
 * when both copies are on stable storage (else a power loss of both nodes takes
 * one copy back, and nobody knows).  Whoever clears a bit has noted the writes
 * in the marks first, so a region with a mark that is not stable, theirs or
 * ours, is written as all set, and the block stays dirty.
 *
 * The own slot, "blocks this disk lacks", is written as it is: what it drops
 * too early is still in the source's bitmap for this node, by the rule above.
 */
#include <linux/bio.h>
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "meta_io.h"
#include "resource.h"
#include "word64.h"

#define BLOCK_WORDS	(HA_META_BITS / 64)
#define BLOCK_SECTORS	(HA_META_BLOCK / 512)
#define LOAD_BATCH	64u	/* blocks of one read */

/* Bits of block @n that stand for data. */
static u32 bits_of_block(const struct ha_bitmap *b, u64 n)
{
	return min_t(u64, b->bits - n * HA_META_BITS, HA_META_BITS);
}

static int alloc_bitmap(struct ha_bitmap *b)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN;
	u64 n;

	b->block = kvcalloc(b->blocks, sizeof(*b->block), gfp);
	b->dirty = kvcalloc(BITS_TO_LONGS(b->blocks), sizeof(long), gfp);
	b->stamp = kvcalloc(b->blocks, sizeof(*b->stamp), gfp);
	if (!b->block || !b->dirty || !b->stamp)
		return -ENOMEM;
	for (n = 0; n < b->blocks; n++) {
		b->block[n] = kzalloc(HA_META_BLOCK, gfp);
		if (!b->block[n])
			return -ENOMEM;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

void ha_bitmap_free(struct ha_bitmap *b)
{
	u64 n;

	for (n = 0; b->block && n < b->blocks; n++) {
		kfree(b->block[n]);
		cond_resched();
	}
	kvfree(b->block);
	kvfree(b->dirty);
	kvfree(b->stamp);
	memset(b, 0, sizeof(*b));
}

/* Read @nr blocks from @n on, each into its own memory, head and all. */
static int read_blocks(struct ha_disk *d, u32 slot, u64 n, unsigned int nr)
{
	struct ha_bitmap *b = &d->bitmap[slot];
	unsigned int i;
	struct bio *bio;
	int err = 0;

	bio = bio_alloc(d->meta.bdev, nr, REQ_OP_READ | REQ_META, GFP_KERNEL);
	bio->bi_iter.bi_sector = ha_block_sector(&d->super.layout,
						 HA_META_BITMAP, slot, n);
	for (i = 0; i < nr && !err; i++) {
		void *page = b->block[n + i];

		if (bio_add_page(bio, virt_to_page(page), HA_META_BLOCK,
				 offset_in_page(page)) != HA_META_BLOCK)
			err = -EIO;
	}
	if (!err)
		err = submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

/*
 * Turn a block as read into bits, in place.  The payload stands behind the
 * head, so each word is taken before its place is written to.
 */
static void unpack_block(struct ha_bitmap *b, u64 n)
{
	unsigned long *map = b->block[n];
	const __le64 *payload = (void *)map + sizeof(struct ha_meta_head);
	u32 i, bits = bits_of_block(b, n);

	for (i = 0; i < BLOCK_WORDS; i++)
		ha_word64_put(map, i * 64, le64_to_cpu(payload[i]));
	bitmap_clear(map, bits, HA_META_BLOCK * 8 - bits);
}

/* Take over a block just read; false when it is not valid and so all dirty. */
static bool take_block(struct ha_disk *d, u32 slot, u64 n, bool readable)
{
	struct ha_bitmap *b = &d->bitmap[slot];
	const struct ha_meta_head *head = (void *)b->block[n];
	bool valid;

	valid = readable && ha_block_valid(head, HA_META_BITMAP, slot, n,
					   d->super.device_uuid);
	if (valid) {
		b->sequence = max(b->sequence, le64_to_cpu(head->sequence));
		unpack_block(b, n);
	} else {
		memset(b->block[n], 0, HA_META_BLOCK);
		bitmap_set(b->block[n], 0, bits_of_block(b, n));
		__set_bit(n, b->dirty);
	}
	atomic64_add(bitmap_weight(b->block[n], HA_META_BITS), &b->weight);
	return valid;
}

/* Returns how many of the blocks were not valid. */
static unsigned int load_batch(struct ha_disk *d, u32 slot, u64 n,
			       unsigned int nr)
{
	const struct ha_layout *l = &d->super.layout;
	bool together = !read_blocks(d, slot, n, nr);
	unsigned int i, bad = 0;

	for (i = 0; i < nr; i++) {
		u64 sector = ha_block_sector(l, HA_META_BITMAP, slot, n + i);
		bool readable = together ||
				!ha_meta_io(&d->meta, sector,
					    d->bitmap[slot].block[n + i],
					    REQ_OP_READ);

		if (!take_block(d, slot, n + i, readable))
			bad++;
	}
	return bad;
}

int ha_bitmap_load(struct ha_disk *d, u32 slot)
{
	struct ha_bitmap *b = &d->bitmap[slot];
	u64 n, bad = 0;
	int err;

	spin_lock_init(&b->lock);
	b->bits = d->super.layout.bits;
	b->blocks = DIV_ROUND_UP_ULL(b->bits, HA_META_BITS);
	err = alloc_bitmap(b);
	for (n = 0; n < b->blocks && !err; n += LOAD_BATCH) {
		bad += load_batch(d, slot, n,
				  min_t(u64, LOAD_BATCH, b->blocks - n));
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	if (!err && bad)
		ha_warn(d->res, "%llu of %llu bitmap blocks of node %u are damaged; what they cover counts as out of sync\n",
			bad, b->blocks, slot);
	return err;
}

/*
 * Flag and bits change together under the lock, so a bit is either in the copy
 * taken here or flags the block anew.
 */
static bool copy_block(struct ha_disk *d, u32 slot, u64 n)
{
	struct ha_bitmap *b = &d->bitmap[slot];
	__le64 *out = d->bounce + sizeof(struct ha_meta_head);
	unsigned long flags;
	bool dirty;
	u32 i;

	spin_lock_irqsave(&b->lock, flags);
	dirty = __test_and_clear_bit(n, b->dirty);
	for (i = 0; dirty && i < BLOCK_WORDS; i++)
		out[i] = cpu_to_le64(ha_word64_get(b->block[n], i * 64));
	spin_unlock_irqrestore(&b->lock, flags);
	return dirty;
}

/* Set bits [@at, @end) of an image; true when one of them was clear. */
static bool image_set(__le64 *image, u32 at, u32 end)
{
	bool changed = false;

	while (at < end) {
		u32 stop = min(end, round_down(at, 64) + 64);
		u64 mask = (~0ull << (at % 64)) & (~0ull >> (-stop % 64));

		if (mask & ~le64_to_cpu(image[at / 64])) {
			image[at / 64] |= cpu_to_le64(mask);
			changed = true;
		}
		at = stop;
	}
	return changed;
}

/* Add to the image what is not stable; true when it differs from memory now. */
static bool add_unstable(struct ha_disk *d, u32 slot, u64 n)
{
	const struct ha_layout *l = &d->super.layout;
	__le64 *image = d->bounce + sizeof(struct ha_meta_head);
	u64 start = n * HA_META_BITS;
	u64 end = start + bits_of_block(&d->bitmap[slot], n);
	u64 size = 1ull << (l->region_shift - 9);
	u64 sector, limit, first, stop, count;
	bool changed = false;

	sector = round_down(start << (l->bit_shift - 9), size);
	limit = min(end << (l->bit_shift - 9), l->data_sectors);
	for (; sector < limit; sector += size) {
		u64 region = sector >> (l->region_shift - 9);

		if (ha_marks_stable(d, slot, region) &&
		    ha_marks_stable(d, d->super.node_id, region))
			continue;
		ha_bits_outward(l, sector, size, &first, &count);
		stop = min(first + count, end);
		first = max(first, start);
		if (image_set(image, first - start, stop - start))
			changed = true;
	}
	return changed;
}

static int write_block(struct ha_disk *d, u32 slot, u64 n)
{
	struct ha_bitmap *b = &d->bitmap[slot];

	lockdep_assert_held(&d->meta_mutex);
	if (!copy_block(d, slot, n))
		return 0;
	if (slot != d->super.node_id && add_unstable(d, slot, n)) {
		spin_lock_irq(&b->lock);
		__set_bit(n, b->dirty);
		spin_unlock_irq(&b->lock);
	}
	ha_block_seal(d->bounce, HA_META_BITMAP, slot, n, ++b->sequence,
		      d->super.device_uuid);
	return ha_disk_meta_write(d, ha_block_sector(&d->super.layout,
						     HA_META_BITMAP, slot, n),
				  d->bounce, 0);
}

/*
 * The mutex is taken for each block, not for the walk: a write that waits for
 * its intent must not wait for a bitmap.
 */
int ha_bitmap_write_dirty(struct ha_disk *d, u32 slot)
{
	struct ha_bitmap *b = &d->bitmap[slot];
	int err = 0;
	u64 n;

	for (n = find_first_bit(b->dirty, b->blocks); n < b->blocks && !err;
	     n = find_next_bit(b->dirty, b->blocks, n + 1)) {
		mutex_lock(&d->meta_mutex);
		err = write_block(d, slot, n);
		mutex_unlock(&d->meta_mutex);
		cond_resched();
	}
	return err;
}
