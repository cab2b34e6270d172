/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the disk share among themselves: I/O that reports an error
 * to its caller and leaves it to him whether the disk has failed.
 */
#ifndef HA_META_IO_H
#define HA_META_IO_H

#include "disk.h"

/**
 * ha_meta_io - read or write one metadata block and wait for it
 * @block: HA_META_BLOCK bytes of kmalloc() or page memory; a write does not
 *	change it
 *
 * Allocates nothing.
 * Return: 0 or a negative errno.
 */
int ha_meta_io(const struct ha_bdev *b, u64 sector, void *block,
	       blk_opf_t opf);

/**
 * ha_disk_write_super - change the superblock and write both copies
 * As ha_disk_update() of a claim that is not better, but an error only tells
 * the caller: for a disk that is not published yet.
 */
int ha_disk_write_super(struct ha_disk *d,
			bool (*change)(struct ha_super *s, void *arg),
			void *arg);

/** ha_disk_destroy - undo ha_disk_open(), whole or half done; sleeps */
void ha_disk_destroy(struct ha_disk *d);

#endif
