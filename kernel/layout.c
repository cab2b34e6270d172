// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] Where the areas of the metadata lie, and which dirty bits and regions
 * a range of sectors touches.  Declared in meta_format.h.  Knows sizes, not the
 * bytes of a block.
 */
#include "meta_format.h"

#define BLOCK_SECTORS	(HA_META_BLOCK / 512)
#define TAIL_SECTORS	(HA_META_TAIL / 512)
#define MIN_DATA	(4ull * 1024 * 1024 / 512)	/* sectors */
#define MAX_SECTORS	(1ull << 54)			/* 8 EiB */
#define MAX_SHIFT	48u

/* How many units of 1 << @shift bytes cover @sectors. */
static u64 units(u64 sectors, u32 shift)
{
	u64 size = 1ull << (shift - 9);

	return (sectors + size - 1) >> (shift - 9);
}

/* Blocks that hold @bits bits. */
static u64 blocks_for(u64 bits)
{
	return div_u64(bits + HA_META_BITS - 1, HA_META_BITS);
}

static u32 shift_for(u64 sectors, u32 shift, u64 max_units)
{
	while (units(sectors, shift) > max_units)
		shift++;
	return shift;
}

static u64 end_of(u64 meta_sectors)
{
	return meta_sectors & ~(u64)(BLOCK_SECTORS - 1);
}

u64 ha_super_sector(u64 meta_sectors, unsigned int copy)
{
	return end_of(meta_sectors) - (copy ? TAIL_SECTORS : BLOCK_SECTORS);
}

/*
 * The areas are sized for all of the backing device, also where part of it
 * becomes metadata: one bit too many costs nothing, and the sizes do not
 * depend on each other in a circle.
 */
int ha_layout_make(struct ha_layout *l, u64 data_sectors, u64 meta_sectors,
		   bool internal, u32 slots)
{
	u64 end, need;

	if (!slots || slots > HA_META_SLOTS || data_sectors > MAX_SECTORS ||
	    meta_sectors > MAX_SECTORS ||
	    (internal && data_sectors != meta_sectors))
		return -EINVAL;
	if (data_sectors < MIN_DATA)
		return -ENOSPC;

	memset(l, 0, sizeof(*l));
	l->device_sectors = meta_sectors;
	l->internal = internal;
	l->slots = slots;
	l->bit_shift = shift_for(data_sectors, HA_META_MIN_BIT_SHIFT,
				 HA_META_MAX_BITS);
	l->region_shift = shift_for(data_sectors, HA_META_MIN_REGION_SHIFT,
				    HA_META_MAX_REGIONS);
	l->bitmap_blocks = blocks_for(units(data_sectors, l->bit_shift));
	l->intent_blocks = blocks_for(units(data_sectors, l->region_shift));

	end = end_of(meta_sectors);
	need = TAIL_SECTORS + (slots * l->bitmap_blocks + l->intent_blocks) *
			      BLOCK_SECTORS;
	if (end < need + (internal ? MIN_DATA : 0))
		return -ENOSPC;

	l->intent_sector = end - TAIL_SECTORS - l->intent_blocks * BLOCK_SECTORS;
	l->bitmap_sector = end - need;
	l->first_sector = l->bitmap_sector;
	l->data_sectors = internal ? l->first_sector : data_sectors;
	l->bits = units(l->data_sectors, l->bit_shift);
	l->regions = units(l->data_sectors, l->region_shift);
	return 0;
}

u64 ha_block_sector(const struct ha_layout *l, enum ha_meta_area area,
		    u32 slot, u64 number)
{
	switch (area) {
	case HA_META_BITMAP:
		return l->bitmap_sector +
		       (slot * l->bitmap_blocks + number) * BLOCK_SECTORS;
	case HA_META_INTENT:
		return l->intent_sector + number * BLOCK_SECTORS;
	case HA_META_SUPER:
		break;
	}
	return ha_super_sector(l->device_sectors, slot);
}

static bool shift_fits(u64 sectors, u32 shift, u32 min, u64 max_units)
{
	return shift >= min && shift <= MAX_SHIFT &&
	       units(sectors, shift) <= max_units;
}

/* [@sector, @sector + @blocks) lies on the device, before the superblocks. */
static bool area_fits(const struct ha_layout *l, u64 sector, u64 blocks)
{
	u64 limit = end_of(l->device_sectors) - TAIL_SECTORS;

	return !(sector % BLOCK_SECTORS) && sector <= limit &&
	       blocks * BLOCK_SECTORS <= limit - sector;
}

static const char *check_sizes(const struct ha_layout *l)
{
	if (!l->slots || l->slots > HA_META_SLOTS)
		return "number of slots out of range";
	if (l->device_sectors > MAX_SECTORS ||
	    l->device_sectors < TAIL_SECTORS + BLOCK_SECTORS)
		return "size of the metadata device out of range";
	if (!l->data_sectors || l->data_sectors > MAX_SECTORS)
		return "size of the data out of range";
	if (!shift_fits(l->data_sectors, l->bit_shift, HA_META_MIN_BIT_SHIFT,
			HA_META_MAX_BITS))
		return "size of a dirty bit out of range";
	if (!shift_fits(l->data_sectors, l->region_shift,
			HA_META_MIN_REGION_SHIFT, HA_META_MAX_REGIONS))
		return "size of an intent region out of range";
	return NULL;
}

/*
 * The sizes are agreed with the peers later than the areas are made, so an
 * area may be larger than what the bits need, never smaller.
 */
const char *ha_layout_check(struct ha_layout *l)
{
	const char *bad = check_sizes(l);
	u64 bitmaps;

	if (bad)
		return bad;
	l->bits = units(l->data_sectors, l->bit_shift);
	l->regions = units(l->data_sectors, l->region_shift);
	if (l->bitmap_blocks < blocks_for(l->bits) ||
	    l->bitmap_blocks > blocks_for(HA_META_MAX_BITS))
		return "size of a bitmap out of range";
	if (l->intent_blocks < blocks_for(l->regions) ||
	    l->intent_blocks > blocks_for(HA_META_MAX_REGIONS))
		return "size of the intent log out of range";

	bitmaps = l->slots * l->bitmap_blocks;
	if (!area_fits(l, l->bitmap_sector, bitmaps))
		return "the bitmaps do not lie on the device";
	if (!area_fits(l, l->intent_sector, l->intent_blocks))
		return "the intent log does not lie on the device";
	if (l->bitmap_sector < l->intent_sector + l->intent_blocks *
					BLOCK_SECTORS &&
	    l->intent_sector < l->bitmap_sector + bitmaps * BLOCK_SECTORS)
		return "bitmaps and intent log overlap";
	l->first_sector = l->bitmap_sector < l->intent_sector ?
			  l->bitmap_sector : l->intent_sector;
	if (l->internal && l->data_sectors > l->first_sector)
		return "the data reach into the metadata";
	return NULL;
}

/* Cut a range at the end of the data; false when nothing is left. */
static bool clip(const struct ha_layout *l, u64 sector, u64 sectors, u64 *end)
{
	if (!sectors || sector >= l->data_sectors)
		return false;
	if (sectors > l->data_sectors - sector)
		sectors = l->data_sectors - sector;
	*end = sector + sectors;
	return true;
}

static void outward(const struct ha_layout *l, u32 shift, u64 sector,
		    u64 sectors, u64 *first, u64 *count)
{
	u64 end;

	*first = 0;
	*count = 0;
	if (!clip(l, sector, sectors, &end))
		return;
	*first = sector >> (shift - 9);
	*count = ((end - 1) >> (shift - 9)) - *first + 1;
}

void ha_bits_outward(const struct ha_layout *l, u64 sector, u64 sectors,
		     u64 *first, u64 *count)
{
	outward(l, l->bit_shift, sector, sectors, first, count);
}

void ha_bits_inward(const struct ha_layout *l, u64 sector, u64 sectors,
		    u64 *first, u64 *count)
{
	u64 end, last;

	*first = 0;
	*count = 0;
	if (!clip(l, sector, sectors, &end))
		return;
	last = end == l->data_sectors ? l->bits : end >> (l->bit_shift - 9);
	*first = units(sector, l->bit_shift);
	*count = last > *first ? last - *first : 0;
}

void ha_regions(const struct ha_layout *l, u64 sector, u64 sectors,
		u64 *first, u64 *count)
{
	outward(l, l->region_shift, sector, sectors, first, count);
}
