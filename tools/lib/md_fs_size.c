// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sizes of file systems, for a libblkid that does not tell them (before 2.39).
 * Only fields that are fixed in the formats of ext4 and XFS are read.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "md_device.h"
#include "md_fs_size.h"

#define BLOCK			4096
#define EXT_START		1024	/* byte of the superblock */
#define EXT_BLOCKS_LOW		4
#define EXT_BLOCK_SHIFT		24	/* log2 of the block size, less 10 */
#define EXT_INCOMPAT		96
#define EXT_INCOMPAT_64BIT	0x80
#define EXT_BLOCKS_HIGH		0x150
#define XFS_BLOCK_SIZE		4
#define XFS_BLOCKS		8

static uint32_t le32_at(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static uint64_t ext_size(const uint8_t *super)
{
	uint32_t shift = le32_at(super + EXT_BLOCK_SHIFT);
	uint64_t blocks = le32_at(super + EXT_BLOCKS_LOW);

	if (le32_at(super + EXT_INCOMPAT) & EXT_INCOMPAT_64BIT)
		blocks |= (uint64_t)le32_at(super + EXT_BLOCKS_HIGH) << 32;
	return shift > 6 || blocks >> 46 ? 0 : blocks << (10 + shift);
}

static uint64_t xfs_size(const uint8_t *super)
{
	uint32_t block_size;
	uint64_t blocks;

	memcpy(&block_size, super + XFS_BLOCK_SIZE, sizeof(block_size));
	memcpy(&blocks, super + XFS_BLOCKS, sizeof(blocks));
	block_size = be32toh(block_size);
	blocks = be64toh(blocks);
	return block_size > 65536 || blocks >> 47 ? 0 : blocks * block_size;
}

uint64_t md_fs_size(const struct md_device *device, const char *type)
{
	uint8_t *buffer = aligned_alloc(BLOCK, BLOCK);
	uint64_t size = 0;
	char *error;

	if (!buffer)
		return 0;
	error = md_device_read(device, buffer, BLOCK, 0);
	if (!error && !strncmp(type, "ext", 3))
		size = ext_size(buffer + EXT_START);
	else if (!error && !strcmp(type, "xfs"))
		size = xfs_size(buffer);
	free(error);
	free(buffer);
	return size;
}
