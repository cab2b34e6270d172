/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a bio-based gendisk gets its limits, before and since queue_limits can
 * be given to blk_alloc_disk() (v6.9), and how open and release are called
 * (v6.5).
 */
#ifndef HA_COMPAT_GENDISK_H
#define HA_COMPAT_GENDISK_H

#include <linux/blkdev.h>

/** struct ha_limits - what the device offers; bytes */
struct ha_limits {
	unsigned int logical_block;
	unsigned int physical_block;
	unsigned int max_bytes;		/* of a read or write */
	unsigned int max_zeroes;	/* of a discard or write-zeroes */
};

#ifdef COMPAT_NO_ALLOC_DISK_LIMITS

#define HA_BLK_MODE	fmode_t
#define HA_MODE_WRITE	FMODE_WRITE
#define HA_OPEN_TARGET	struct block_device
#define HA_OPEN_DISK(t)	((t)->bd_disk)
#define HA_RELEASE_ARGS	struct gendisk *disk, fmode_t mode

static inline void ha_gendisk_limits(struct gendisk *disk,
				     const struct ha_limits *l)
{
	struct request_queue *q = disk->queue;

	blk_queue_logical_block_size(q, l->logical_block);
	blk_queue_physical_block_size(q, l->physical_block);
	blk_queue_max_hw_sectors(q, l->max_bytes >> SECTOR_SHIFT);
	blk_queue_max_segments(q, USHRT_MAX);
	blk_queue_max_segment_size(q, UINT_MAX);
	blk_queue_max_write_zeroes_sectors(q, l->max_zeroes >> SECTOR_SHIFT);
	blk_queue_max_discard_sectors(q, l->max_zeroes >> SECTOR_SHIFT);
	q->limits.discard_granularity = l->physical_block;
	blk_queue_io_min(q, l->physical_block);
	blk_queue_write_cache(q, true, true);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
}

static inline struct gendisk *ha_gendisk_alloc(const struct ha_limits *l)
{
	struct gendisk *disk = blk_alloc_disk(NUMA_NO_NODE);

	if (!disk)
		return ERR_PTR(-ENOMEM);
	ha_gendisk_limits(disk, l);
	return disk;
}

#else

#define HA_BLK_MODE	blk_mode_t
#define HA_MODE_WRITE	BLK_OPEN_WRITE
#define HA_OPEN_TARGET	struct gendisk
#define HA_OPEN_DISK(t)	(t)
#define HA_RELEASE_ARGS	struct gendisk *disk

static inline void ha_gendisk_fill(struct queue_limits *lim,
				   const struct ha_limits *l)
{
	lim->logical_block_size = l->logical_block;
	lim->physical_block_size = l->physical_block;
	lim->io_min = l->physical_block;
	lim->max_hw_sectors = l->max_bytes >> SECTOR_SHIFT;
	lim->max_segments = USHRT_MAX;
	lim->max_segment_size = UINT_MAX;
	lim->max_write_zeroes_sectors = l->max_zeroes >> SECTOR_SHIFT;
	lim->max_hw_discard_sectors = l->max_zeroes >> SECTOR_SHIFT;
	lim->discard_granularity = l->physical_block;
	lim->features = BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA;
}

static inline struct gendisk *ha_gendisk_alloc(const struct ha_limits *l)
{
	struct queue_limits lim = { };

	ha_gendisk_fill(&lim, l);
	return blk_alloc_disk(&lim, NUMA_NO_NODE);
}

static inline void ha_gendisk_limits(struct gendisk *disk,
				     const struct ha_limits *l)
{
	struct queue_limits lim = queue_limits_start_update(disk->queue);

	ha_gendisk_fill(&lim, l);
	if (queue_limits_commit_update(disk->queue, &lim))
		pr_warn("the block sizes of the disk are not possible\n");
}

#endif
#endif
