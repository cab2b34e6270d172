/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a file system ends, read from its superblock. */
#ifndef HA_MD_FS_SIZE_H
#define HA_MD_FS_SIZE_H

#include <stdint.h>

struct md_device;

/**
 * md_fs_size() - bytes of an ext2, ext3, ext4 or XFS file system
 * @device: the device it begins at the start of
 * @type: as libblkid names it
 *
 * Return: the size, or 0 when it is not known.
 */
uint64_t md_fs_size(const struct md_device *device, const char *type);

#endif
