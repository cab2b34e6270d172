// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the metadata lie: areas apart from each other, on the device, away from
 * the data, for every size; and which bits a range of sectors touches, against
 * a count bit by bit.
 */
#include "suite.h"
#include "../../kernel/meta_format.h"

#define MIB(n)	((u64)(n) << 11)	/* in sectors */
#define GIB(n)	((u64)(n) << 21)
#define TIB(n)	((u64)(n) << 31)

static bool apart(u64 a, u64 a_len, u64 b, u64 b_len)
{
	return a + a_len <= b || b + b_len <= a;
}

/* NULL, or what is wrong with a layout that was made. */
static const char *check_areas(const struct ha_layout *l)
{
	u64 bitmaps = l->slots * l->bitmap_blocks * 8;
	u64 intents = l->intent_blocks * 8;
	u64 sb0 = ha_super_sector(l->device_sectors, 0);
	u64 sb1 = ha_super_sector(l->device_sectors, 1);

	if (sb0 + 8 > l->device_sectors || sb0 % 8 || sb1 % 8)
		return "a superblock beyond the end";
	if (sb0 + 8 - sb1 != HA_META_TAIL / 512)
		return "the superblocks are not where they are looked for";
	if (l->bitmap_sector % 8 || l->intent_sector % 8)
		return "an area is not aligned";
	if (!apart(l->bitmap_sector, bitmaps, l->intent_sector, intents) ||
	    l->bitmap_sector + bitmaps > sb1 ||
	    l->intent_sector + intents > sb1)
		return "areas overlap";
	if (l->first_sector !=
	    (l->bitmap_sector < l->intent_sector ? l->bitmap_sector :
						  l->intent_sector))
		return "first sector is wrong";
	if (l->internal && l->data_sectors > l->first_sector)
		return "data reach into the metadata";
	return NULL;
}

/* @backing: of the whole device, by which the sizes of the units go */
static const char *check_units(const struct ha_layout *l, u64 backing)
{
	u64 bytes = l->data_sectors * 512;

	if (l->bits > HA_META_MAX_BITS || l->regions > HA_META_MAX_REGIONS)
		return "too many bits";
	if (l->bits << l->bit_shift < bytes ||
	    (l->bits - 1) << l->bit_shift >= bytes)
		return "number of bits is wrong";
	if (l->regions << l->region_shift < bytes ||
	    (l->regions - 1) << l->region_shift >= bytes)
		return "number of regions is wrong";
	if (l->bitmap_blocks * HA_META_BITS < l->bits ||
	    l->intent_blocks * HA_META_BITS < l->regions)
		return "not all bits have a place";
	if (backing <= TIB(1) && l->bit_shift != 12)
		return "coarse bits below 1 TiB";
	if (backing <= TIB(4) && l->region_shift != 22)
		return "coarse regions below 4 TiB";
	return NULL;
}

static const char *check_layout(const struct ha_layout *l, u64 backing)
{
	struct ha_layout again = *l;
	const char *bad = check_areas(l);

	if (!bad)
		bad = check_units(l, backing);
	if (bad)
		return bad;
	again.bits = 0;
	again.regions = 0;
	again.first_sector = 0;
	bad = ha_layout_check(&again);
	if (!bad && memcmp(l, &again, sizeof(again)))
		bad = "does not survive its own check";
	return bad;
}

static void try_size(struct kunit *test, u64 data, u64 meta, bool internal,
		     u32 slots)
{
	struct ha_layout l;
	const char *bad;
	int err;

	err = ha_layout_make(&l, data, meta, internal, slots);
	KUNIT_EXPECT_EQ_MSG(test, err, 0, "%llu %llu", (unsigned long long)data,
			    (unsigned long long)meta);
	if (err)
		return;
	bad = check_layout(&l, data);
	KUNIT_EXPECT_TRUE_MSG(test, !bad, "%llu sectors, %u slots: %s",
			      (unsigned long long)data, slots, bad);
	KUNIT_EXPECT_EQ(test, l.internal, internal);
	KUNIT_EXPECT_EQ(test, l.slots, slots);
	if (!internal)
		KUNIT_EXPECT_EQ(test, l.data_sectors, data);
}

/* Sectors of metadata that are enough for @data. */
static u64 room(u64 data)
{
	return MIB(2) + 8 * 8 * (data / 8 / HA_META_BITS + 2);
}

static const u64 sizes[] = {
	MIB(8), MIB(8) + 1, MIB(8) + 7, MIB(8) + 8, MIB(100), GIB(1) - 3,
	GIB(1), GIB(20) + 5, GIB(500), TIB(1) - 1, TIB(1), TIB(1) + 1, TIB(2),
	TIB(4), TIB(4) + 9, TIB(10), TIB(16) + 1, TIB(100), 1ull << 54,
};

static void all_sizes(struct kunit *test)
{
	u32 i, slots;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (slots = 1; slots <= HA_META_SLOTS; slots++) {
			try_size(test, sizes[i], sizes[i], true, slots);
			try_size(test, sizes[i], room(sizes[i]), false, slots);
			try_size(test, sizes[i], room(sizes[i]) + 13, false,
				 slots);
		}
	}
}

static void random_sizes(struct kunit *test)
{
	u64 random = 9, size;
	u32 i;

	for (i = 0; i < 20000 / TEST_STRIDE; i++) {
		size = MIB(8) + (test_random(&random) >>
				 (10 + test_pick(&random, 40)));
		try_size(test, size, size, true, 1 + test_pick(&random, 8));
		try_size(test, size, room(size) + test_pick(&random, 5000),
			 false, 1 + test_pick(&random, 8));
	}
}

/* The smallest that fits, and one sector less. */
static void smallest(struct kunit *test)
{
	struct ha_layout l;
	u64 size;

	for (size = MIB(4); ha_layout_make(&l, size, size, true, 8); size++)
		KUNIT_ASSERT_TRUE(test, size < MIB(8));
	KUNIT_EXPECT_GE(test, l.data_sectors, MIB(4));
	KUNIT_EXPECT_EQ(test, l.data_sectors, MIB(4));
	KUNIT_EXPECT_TRUE(test, !check_layout(&l, size));
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, size - 1, size - 1, true, 8),
			-ENOSPC);

	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, MIB(4), MIB(2), false, 8), 0);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, MIB(4) - 1, MIB(2), false, 8),
			-ENOSPC);
	for (size = 0; ha_layout_make(&l, MIB(4), size, false, 8); size++)
		KUNIT_ASSERT_TRUE(test, size < MIB(2));
	KUNIT_EXPECT_EQ(test, size, MIB(1) + 9 * 8);	/* 8 bitmaps, intents */
	KUNIT_EXPECT_TRUE(test, !check_layout(&l, MIB(4)));
}

static void refused(struct kunit *test)
{
	struct ha_layout l;

	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, 0, 0, true, 8), -ENOSPC);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, GIB(1), 0, false, 8), -ENOSPC);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, GIB(1), MIB(1), false, 8),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, GIB(1), GIB(1), true, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, GIB(1), GIB(1), true, 9),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, GIB(1), GIB(2), true, 8),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, ~0ull, ~0ull, true, 8),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, ha_layout_make(&l, GIB(1), ~0ull, false, 8),
			-EINVAL);
}

/* Every block has a place of its own, in its area. */
static void places_of_blocks(struct kunit *test)
{
	struct ha_layout l;
	u64 sector, at, n;
	u32 slot;

	KUNIT_ASSERT_EQ(test, ha_layout_make(&l, GIB(2), GIB(2), true, 8), 0);
	sector = l.bitmap_sector;
	for (slot = 0; slot < 8; slot++) {
		for (n = 0; n < l.bitmap_blocks; n++) {
			at = ha_block_sector(&l, HA_META_BITMAP, slot, n);
			KUNIT_EXPECT_EQ(test, at, sector);
			sector += 8;
		}
	}
	KUNIT_EXPECT_LE(test, sector, l.intent_sector);
	for (n = 0; n < l.intent_blocks; n++)
		KUNIT_EXPECT_EQ(test,
				ha_block_sector(&l, HA_META_INTENT, 0, n),
				l.intent_sector + 8 * n);
	KUNIT_EXPECT_EQ(test, ha_block_sector(&l, HA_META_SUPER, 0, 0),
			GIB(2) - 8);
	KUNIT_EXPECT_EQ(test, ha_block_sector(&l, HA_META_SUPER, 1, 0),
			GIB(2) - MIB(1));
}

/* --- bits of ranges --- */

struct run {
	u64 first, count;
};

static bool in(const struct run *r, u64 bit)
{
	return bit >= r->first && bit - r->first < r->count;
}

/* Each bit for itself: touched? wholly covered, up to the end of the data? */
static const char *check_range(const struct ha_layout *l, u64 sector,
			       u64 sectors)
{
	u64 size = 1ull << (l->bit_shift - 9), end = sector + sectors;
	u64 bit, from, to;
	struct run outward, inward;

	ha_bits_outward(l, sector, sectors, &outward.first, &outward.count);
	ha_bits_inward(l, sector, sectors, &inward.first, &inward.count);
	for (bit = 0; bit < l->bits; bit++) {
		from = bit * size;
		to = from + size < l->data_sectors ? from + size :
						     l->data_sectors;
		if (in(&outward, bit) != (sector < to && end > from && sectors))
			return "outward is wrong";
		if (in(&inward, bit) != (sector <= from && end >= to))
			return "inward is wrong";
	}
	if (outward.count && outward.first + outward.count > l->bits)
		return "outward beyond the last bit";
	if (inward.count && inward.first + inward.count > l->bits)
		return "inward beyond the last bit";
	return NULL;
}

static void ranges(struct kunit *test)
{
	struct ha_layout l = { .data_sectors = 1003, .bit_shift = 14 };
	u64 sector, sectors;
	const char *bad;

	l.bits = 32;	/* the last has 11 sectors of 32 */
	for (sector = 0; sector < 1010; sector++) {
		for (sectors = 0; sectors < 1010; sectors += 1 + sectors / 70) {
			bad = check_range(&l, sector, sectors);
			if (bad) {
				KUNIT_FAIL(test, "%llu + %llu: %s",
					   (unsigned long long)sector,
					   (unsigned long long)sectors, bad);
				return;
			}
		}
	}
}

static void hostile_ranges(struct kunit *test)
{
	struct ha_layout l = { .data_sectors = 1003, .bit_shift = 14,
			       .region_shift = 22, .bits = 32, .regions = 1 };
	u64 first, count;

	ha_bits_outward(&l, 32, ~0ull, &first, &count);
	KUNIT_EXPECT_EQ(test, first, 1);
	KUNIT_EXPECT_EQ(test, count, 31);
	ha_bits_inward(&l, 33, ~0ull, &first, &count);
	KUNIT_EXPECT_EQ(test, first, 2);
	KUNIT_EXPECT_EQ(test, count, 30);
	ha_bits_outward(&l, ~0ull, 2, &first, &count);
	KUNIT_EXPECT_EQ(test, count, 0);
	ha_bits_inward(&l, 1003, 1, &first, &count);
	KUNIT_EXPECT_EQ(test, count, 0);
	ha_regions(&l, 1002, 1, &first, &count);
	KUNIT_EXPECT_EQ(test, first, 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	ha_regions(&l, 1003, 1, &first, &count);
	KUNIT_EXPECT_EQ(test, count, 0);
}

static void regions(struct kunit *test)
{
	struct ha_layout l = { .data_sectors = MIB(4) * 5 + 1,
			       .region_shift = 22 };
	u64 first, count;

	ha_regions(&l, 0, 1, &first, &count);
	KUNIT_EXPECT_EQ(test, first, 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	ha_regions(&l, MIB(4) - 1, 2, &first, &count);
	KUNIT_EXPECT_EQ(test, first, 0);
	KUNIT_EXPECT_EQ(test, count, 2);
	ha_regions(&l, MIB(4), MIB(8), &first, &count);
	KUNIT_EXPECT_EQ(test, first, 1);
	KUNIT_EXPECT_EQ(test, count, 2);
	ha_regions(&l, 0, ~0ull, &first, &count);
	KUNIT_EXPECT_EQ(test, count, 6);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(all_sizes),
	KUNIT_CASE(random_sizes),
	KUNIT_CASE(smallest),
	KUNIT_CASE(refused),
	KUNIT_CASE(places_of_blocks),
	KUNIT_CASE(ranges),
	KUNIT_CASE(hostile_ranges),
	KUNIT_CASE(regions),
	{ }
};

static struct kunit_suite layout = {
	.name = "ha_layout",
	.test_cases = cases,
};
kunit_test_suite(layout);
