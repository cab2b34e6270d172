/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * [pure] Metadata blocks: layout of the areas, encode, decode, validate.
 * No I/O, no allocation; also compiled into hasetup and the tests.
 */
#ifndef HA_META_FORMAT_H
#define HA_META_FORMAT_H

#include "../include/ha_pure.h"
#include "../include/ha_meta.h"
#include "generation.h"

/**
 * struct ha_layout - where things are; sectors of 512 bytes
 * @device_sectors: size of the metadata device
 * @data_sectors: size of the data
 * @first_sector: first metadata sector; internal data must end before it
 */
struct ha_layout {
	u64	device_sectors;
	u64	data_sectors;
	u64	first_sector;
	u64	bitmap_sector;
	u64	bitmap_blocks;		/* of one slot */
	u64	intent_sector;
	u64	intent_blocks;
	u64	bits;			/* of one slot */
	u64	regions;
	u32	bit_shift;
	u32	region_shift;
	u32	slots;
	bool	internal;
};

/**
 * struct ha_super - in-core superblock
 */
struct ha_super {
	struct ha_layout layout;
	struct ha_lineage lineage;
	u8	device_uuid[16];
	u64	sequence;
	u64	instance;
	u64	written;
	u64	compat, ro_compat, incompat;
	u32	logical_block;
	u32	node_id;
	u32	resize_phase;
	u32	voters;
	u64	quorum_epoch;
	u64	stream_id;
	u64	stream_position;
};

/**
 * ha_layout_make - compute the layout
 * @data_sectors: size of the backing device, internal or not
 * @meta_sectors: size of the metadata device (== @data_sectors when internal)
 *
 * Return: 0; -ENOSPC when the devices are too small (at least 4 MiB of data).
 */
int ha_layout_make(struct ha_layout *l, u64 data_sectors, u64 meta_sectors,
		   bool internal, u32 slots);

/**
 * ha_layout_check - is a layout read from a disk possible?
 * Fills in what follows from the rest: @bits, @regions, @first_sector.
 * Return: NULL, or a sentence that says what is wrong.
 */
const char *ha_layout_check(struct ha_layout *l);

/** ha_super_sector - where superblock copy @copy (0, 1) lies on a device */
u64 ha_super_sector(u64 meta_sectors, unsigned int copy);

/** ha_super_init - a freshly created replica: current 0, Inconsistent */
void ha_super_init(struct ha_super *s, const struct ha_layout *l,
		   const u8 device_uuid[16], u32 node_id, u32 logical_block);

/** ha_super_encode - write copy @copy into @block (HA_META_BLOCK bytes), with crc */
void ha_super_encode(const struct ha_super *s, unsigned int copy,
		     struct ha_meta_super *block);

/**
 * ha_super_decode - check and read one copy
 * @why: set to a sentence when refused
 * Return: 0; -ENOENT no metadata here (magic); -EBADMSG bad crc or a field out
 * of range; -EPROTONOSUPPORT other version or unknown incompat feature.
 */
int ha_super_decode(const struct ha_meta_super *block, struct ha_super *s,
		    const char **why);

/**
 * ha_super_choose - pick between two copies
 * @err0, @err1: results of ha_super_decode() of @a (copy 0) and @b (copy 1)
 * Sets HA_MF_DOUBTFUL in the result when only one copy is valid.
 * Return: 0, or the error to report (-ENOENT only when both have no magic).
 */
int ha_super_choose(const struct ha_super *a, int err0,
		    const struct ha_super *b, int err1, struct ha_super *out);

/** ha_block_seal - fill in head and crc of a bitmap or intent block */
void ha_block_seal(void *block, enum ha_meta_area area, u32 slot, u64 number,
		   u64 sequence, const u8 device_uuid[16]);

/** ha_block_valid - is @block what ha_block_seal() made for that place? */
bool ha_block_valid(const void *block, enum ha_meta_area area, u32 slot,
		    u64 number, const u8 device_uuid[16]);

/** ha_block_sector - metadata sector of a bitmap (slot, number) or intent block */
u64 ha_block_sector(const struct ha_layout *l, enum ha_meta_area area,
		    u32 slot, u64 number);

/** ha_bits_outward - first bit and number of bits touched by a range of sectors */
void ha_bits_outward(const struct ha_layout *l, u64 sector, u64 sectors,
		     u64 *first, u64 *count);

/**
 * ha_bits_inward - bits wholly covered by a range
 * The last bit of the data counts as covered when the range reaches the end of
 * the data.  @count is 0 when none is.
 */
void ha_bits_inward(const struct ha_layout *l, u64 sector, u64 sectors,
		    u64 *first, u64 *count);

/** ha_regions - first and number of regions touched by a range of sectors */
void ha_regions(const struct ha_layout *l, u64 sector, u64 sectors,
		u64 *first, u64 *count);

#endif
