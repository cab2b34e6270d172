// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads, writes and flushes of the disk's devices that wait for their end.
 * Knows blocks and sectors, not what is in them.
 */
#include <linux/bio.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include "meta_io.h"

/* A device that says "not now" is asked again: no answer about its content. */
#define SOFT_TRIES	100
#define SOFT_WAIT_MS	10

/*
 * The bio is on the stack and has one page, so that a metadata write, which
 * the end of an application's write may wait for, needs no memory.
 */
static int block_io(const struct ha_bdev *b, u64 sector, void *block,
		    blk_opf_t opf)
{
	struct bio_vec vec;
	struct bio bio;
	int err;

	bio_init(&bio, b->bdev, &vec, 1, opf | REQ_SYNC | REQ_META);
	bio.bi_iter.bi_sector = sector;
	__bio_add_page(&bio, virt_to_page(block), HA_META_BLOCK,
		       offset_in_page(block));
	err = submit_bio_wait(&bio);
	bio_uninit(&bio);
	return err;
}

static bool is_soft(int err)
{
	return err == -ENOMEM || err == -EAGAIN;
}

int ha_meta_io(const struct ha_bdev *b, u64 sector, void *block,
	       blk_opf_t opf)
{
	unsigned int tries = SOFT_TRIES;
	int err;

	err = block_io(b, sector, block, opf);
	while (is_soft(err) && --tries) {
		msleep(SOFT_WAIT_MS);
		err = block_io(b, sector, block, opf);
	}
	return err;
}

int ha_disk_meta_write(struct ha_disk *d, u64 sector, const void *block,
		       blk_opf_t opf)
{
	int err;

	if (READ_ONCE(d->failed))
		return -EIO;
	err = ha_meta_io(&d->meta, sector, (void *)block, REQ_OP_WRITE | opf);
	if (!err)
		return 0;
	ha_disk_fail(d, "metadata write", err);
	return -EIO;
}

int ha_disk_meta_read(struct ha_disk *d, u64 sector, void *block)
{
	int err;

	if (READ_ONCE(d->failed))
		return -EIO;
	err = ha_meta_io(&d->meta, sector, block, REQ_OP_READ);
	if (!err)
		return 0;
	ha_disk_fail(d, "metadata read", err);
	return -EIO;
}

/*
 * Whether there is a volatile cache is asked each time: it can be switched on
 * and off while the device is in use.
 */
static int flush(struct ha_disk *d, const struct ha_bdev *b, const char *what)
{
	unsigned int tries = SOFT_TRIES;
	int err;

	if (READ_ONCE(d->failed))
		return -EIO;
	if (!bdev_write_cache(b->bdev))
		return 0;
	err = blkdev_issue_flush(b->bdev);
	while (is_soft(err) && --tries) {
		msleep(SOFT_WAIT_MS);
		err = blkdev_issue_flush(b->bdev);
	}
	if (!err)
		return 0;
	ha_disk_fail(d, what, err);
	return -EIO;
}

int ha_disk_flush_data(struct ha_disk *d)
{
	u32 own = d->super.node_id;
	u32 number = ha_marks_flush_begin(d, own);
	int err = flush(d, &d->data, "flush");

	if (!err)
		ha_marks_flush_done(d, own, number);
	return err;
}

int ha_disk_flush_meta(struct ha_disk *d)
{
	return flush(d, &d->meta, "metadata flush");
}
