/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backing disk with its metadata, as one bundle: block devices, superblock,
 * dirty bitmaps, intent log, marks.  Published complete, or not at all.
 */
#ifndef HA_DISK_H
#define HA_DISK_H

#include <linux/blkdev.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include "bitmap.h"
#include "intent.h"
#include "marks.h"
#include "meta_format.h"

struct gendisk;
struct ha_resource;
struct netlink_ext_ack;

/** struct ha_bdev - one opened block device */
struct ha_bdev {
	struct block_device *bdev;
	struct file	*file;		/* the exclusive open; NULL when closed */
	struct gendisk	*holder;	/* shown in sysfs as its user, or NULL */
};

/**
 * struct ha_disk - one attach of a backing disk
 * @ref: one for the resource while attached, one per I/O in flight on it, one
 *	per lookup; the last put closes the devices from a work
 * @meta_mutex: one change of the superblock and one writer per metadata block
 *	at a time
 * @super: in-core superblock; changed only by ha_disk_update() under
 *	@meta_mutex; its layout never changes; readers of lineage hold
 *	@meta_mutex, or tolerate tearing (status)
 * @instance: random, of this attach
 * @failed: an I/O error made it unusable (I7); no more I/O is started
 * @doubtful, @crashed: what attach found
 * @peer_instance: instance ids of the peers' disks that ours was in sync with,
 *	or is source for; 0 is none
 * @kept: mask of slots whose @peer_instance is from before the last detach
 * @orderly: detached in good order: with the last user gone, what it remembers
 *	is written to it
 * @had_intents: attach turned intents into suspect bits
 * @suspect: dirty bits of this disk may only say "may differ": compare digests
 * @next: the superblock being made; @meta_mutex
 * @bounce: one block, for what is written or read now; @meta_mutex
 */
struct ha_disk {
	struct kref		ref;
	struct ha_resource	*res;
	struct ha_bdev		data;
	struct ha_bdev		meta;
	bool			internal;
	struct mutex		meta_mutex;	/* see above */
	struct ha_super		super;
	struct ha_super		next;
	void			*bounce;
	u64			instance;
	bool			failed;
	bool			doubtful;
	bool			had_intents;
	bool			suspect;
	struct ha_bitmap	bitmap[HA_SLOTS];
	struct ha_intent	intent;
	struct ha_marks		marks;
	u64			peer_instance[HA_SLOTS];	/* remembered; state_lock */
	u32			kept;		/* state_lock */
	bool			orderly;
	struct work_struct	free_work;
};

/**
 * ha_disk_open - open, read and check everything
 * @data_path, @meta_path: block devices; @meta_path NULL or equal to
 *	@data_path means internal metadata
 * @node_id: refused when the superblock was made for another one
 * @slots: mask of the slots whose bitmaps are used (own and configured peers)
 *
 * Claims the devices exclusively, refuses zoned and read-only ones, a device
 * smaller than the data in the superblock, foreign or damaged metadata (text in
 * @extack).  Bitmap blocks that are not valid count as all dirty, intent blocks
 * that are not valid as all set.  Intents become suspect bits in every slot of
 * @slots but the own one; the intents stay on disk until ha_intent lets them go
 * by its clear steps.  A new instance id is drawn and written durably; in the
 * same write the disk forgets what it had kept of its peers.
 *
 * Context: process, sleeps; takes seconds for very large disks
 * (cond_resched()); interruptible by a fatal signal (-EINTR).
 * Return: the disk with one reference, not yet published, or ERR_PTR.
 */
struct ha_disk *ha_disk_open(struct ha_resource *res, const char *data_path,
			     const char *meta_path, u32 node_id, u32 slots,
			     struct netlink_ext_ack *extack);

void ha_disk_get(struct ha_disk *d);
void ha_disk_put(struct ha_disk *d);		/* any context */

/** ha_disk_remember - the peer's present disk; under state_lock */
void ha_disk_remember(struct ha_disk *d, u32 slot, u64 instance);

/**
 * ha_disk_unlink - no longer show the resource as user of its devices
 *
 * Whoever unpublishes a disk calls it, before the gendisk is deleted; the last
 * put may come later, when requests end.  Repeating it is harmless.
 * Context: process, sleeps.
 */
void ha_disk_unlink(struct ha_disk *d);

/**
 * ha_disk_update - change the superblock durably
 * @change: edits the copy it is given; returns false for "nothing to change"
 * @better: the new claim is better than the old one (UpToDate, base cleared,
 *	crashed cleared): then the data device is flushed, the dirty bitmap
 *	blocks written and the metadata device flushed first
 *
 * Writes copy 0, then copy 1, each PREFLUSH|FUA; the in-core superblock changes
 * when both are on disk.  An error fails the disk (I7).
 * Context: process, sleeps; not under spinlocks.
 * Return: 0 or -EIO.
 */
int ha_disk_update(struct ha_disk *d,
		   bool (*change)(struct ha_super *s, void *arg), void *arg,
		   bool better);

/**
 * ha_disk_flush_data - flush the backing device if it has a volatile cache
 * (asked now); the own slot's marks up to now become stable
 * Return: 0, or -EIO, then the disk has failed.
 */
int ha_disk_flush_data(struct ha_disk *d);
int ha_disk_flush_meta(struct ha_disk *d);

/**
 * ha_disk_meta_write/_read - one 4 KiB metadata block; @opf e.g. REQ_FUA; an
 * error fails the disk
 */
int ha_disk_meta_write(struct ha_disk *d, u64 sector, const void *block,
		       blk_opf_t opf);
int ha_disk_meta_read(struct ha_disk *d, u64 sector, void *block);

/**
 * ha_disk_write_bitmaps - write all dirty blocks of all used slots, then flush
 * the metadata device
 *
 * May be called at any time.  What a clear bit rests on may still be volatile:
 * regions with a mark that is not stable are written as set (bitmap_io.c), and
 * their blocks stay dirty.  For an exact image flush both sides before.
 */
int ha_disk_write_bitmaps(struct ha_disk *d);

/**
 * ha_disk_fail - the disk is unusable from now on
 * Sets @failed once and queues res->disk_failed_work on ha_wq_control, unless
 * the disk is detached already.
 * Context: any.
 */
void ha_disk_fail(struct ha_disk *d, const char *what, int err);

#endif
