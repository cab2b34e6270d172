// SPDX-License-Identifier: GPL-2.0-only
/*
 * Superblocks and the other metadata blocks: what is written is read, what is
 * damaged in any byte is refused, what is sealed but impossible is refused too,
 * and the choice between two copies.
 */
#include "suite.h"
#include "../../kernel/meta_format.h"

static const u8 device[16] = { 0xde, 0xad, 0xbe, 0xef, 5 };

/* Too large for a stack. */
struct blocks {
	struct ha_super s, back, out;
	struct ha_meta_super b, again;
};

static u32 crc_of(struct ha_meta_super *block)
{
	__le32 kept = block->head.crc;
	u32 crc;

	block->head.crc = 0;
	crc = crc32c(~0u, block, sizeof(*block));
	block->head.crc = kept;
	return crc;
}

/* A superblock with something in every field. */
static struct blocks *blocks(struct kunit *test)
{
	struct blocks *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct ha_layout l;
	u64 random = 4;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, x);
	KUNIT_ASSERT_EQ(test, ha_layout_make(&l, 4 << 21, 1 << 21, false, 8),
			0);
	ha_super_init(&x->s, &l, device, 3, 4096);
	x->s.sequence = 77;
	x->s.instance = test_random(&random);
	x->s.written = test_random(&random);
	x->s.compat = test_random(&random);
	x->s.voters = 0xa5;
	x->s.quorum_epoch = test_random(&random);
	x->s.stream_id = test_random(&random);
	x->s.stream_position = test_random(&random);
	x->s.lineage.current_gen = test_random(&random);
	x->s.lineage.flags = 0xff;
	test_fill(&random, x->s.lineage.resource_uuid, 16);
	for (i = 0; i < HA_META_HISTORY; i++) {
		x->s.lineage.history[i].generation = test_random(&random);
		x->s.lineage.history[i].time = test_random(&random);
		x->s.lineage.history[i].node = i % 8;
		x->s.lineage.history[i].reason = i % 6;
	}
	test_fill(&random, x->s.lineage.slot, sizeof(x->s.lineage.slot));
	for (i = 0; i < HA_SLOTS; i++)
		x->s.lineage.slot[i].flags &= 0xff;
	ha_super_encode(&x->s, 0, &x->b);
	return x;
}

static void created(struct kunit *test)
{
	struct blocks *x = blocks(test);
	struct ha_layout l = x->s.layout;
	static const u8 zero[sizeof(struct ha_lineage)];
	const char *why;

	memset(&x->s, 0xff, sizeof(x->s));
	ha_super_init(&x->s, &l, device, 3, 512);
	KUNIT_EXPECT_TRUE(test, !memcmp(&x->s.lineage, zero, sizeof(zero)));
	ha_super_encode(&x->s, 0, &x->b);
	KUNIT_EXPECT_EQ(test, ha_super_decode(&x->b, &x->back, &why), 0);
	KUNIT_EXPECT_TRUE(test, !memcmp(&x->s, &x->back, sizeof(x->s)));
}

static void round_trip(struct kunit *test)
{
	struct blocks *x = blocks(test);
	const char *why;
	u32 copy;

	for (copy = 0; copy < 2; copy++) {
		memset(&x->b, 0xff, sizeof(x->b));
		memset(&x->back, 0xff, sizeof(x->back));
		ha_super_encode(&x->s, copy, &x->b);
		KUNIT_EXPECT_EQ(test, le32_to_cpu(x->b.head.crc),
				crc_of(&x->b));
		KUNIT_EXPECT_EQ(test, le16_to_cpu(x->b.head.slot), copy);
		KUNIT_EXPECT_EQ(test, le64_to_cpu(x->b.head.sequence), 77);
		KUNIT_EXPECT_EQ(test, le32_to_cpu(x->b.head.device),
				0xefbeadde);
		KUNIT_EXPECT_EQ(test, ha_super_decode(&x->b, &x->back, &why),
				0);
		KUNIT_EXPECT_TRUE(test, !memcmp(&x->s, &x->back,
						sizeof(x->s)));
	}
}

/* The kernel's crc32c of "123456789", without the final inversion. */
static void known_crc(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, crc32c(~0u, "123456789", 9), ~0xe3069283u);
}

/* Where things lie is for ever. */
static void offsets(struct kunit *test)
{
#define AT(field, offset)						\
	KUNIT_EXPECT_EQ(test, offsetof(struct ha_meta_super, field), offset)
	AT(head.crc, 24);
	AT(version, 32);
	AT(incompat, 56);
	AT(resource_uuid, 64);
	AT(data_sectors, 96);
	AT(bitmap_sector, 112);
	AT(bit_shift, 144);
	AT(node_id, 156);
	AT(instance, 168);
	AT(current_gen, 176);
	AT(stream_position, 216);
	AT(history, 296);
	AT(history[1].reason, 340);
	AT(slot, 1064);
	AT(slot[1].flags, 1248);
	AT(tail, 2088);
#undef AT
}

static void every_damaged_byte(struct kunit *test)
{
	static const u8 flips[] = { 0x01, 0x10, 0x80, 0xff };
	struct blocks *x = blocks(test);
	u8 *bytes = (u8 *)&x->b;
	const char *why;
	u32 i, k;
	int err;

	for (i = 0; i < HA_META_BLOCK; i++) {
		for (k = 0; k < ARRAY_SIZE(flips); k++) {
			bytes[i] ^= flips[k];
			err = ha_super_decode(&x->b, &x->back, &why);
			KUNIT_EXPECT_EQ_MSG(test, err,
					    i < 4 ? -ENOENT : -EBADMSG,
					    "byte %u ^ %#x", i, flips[k]);
			bytes[i] ^= flips[k];
		}
	}
	KUNIT_EXPECT_EQ(test, ha_super_decode(&x->b, &x->back, &why), 0);
}

#define META(f, n)	.offset = offsetof(struct ha_meta_super, f), .size = (n)

/*
 * Sealed, but no sense in it. The layout of the superblock that is changed: 4
 * GiB of data and 1 GiB of metadata with 8 slots of 33 blocks of bits.
 */
static const struct {
	const char *what;
	size_t offset;
	u32 size;
	u64 value;
	int err;
} changes[] = {
	{ "other magic", META(head.magic, 4), 1, -ENOENT },
	{ "a bitmap block", META(head.area, 2), HA_META_BITMAP, -EBADMSG },
	{ "third copy", META(head.slot, 2), 2, -EBADMSG },
	{ "second block", META(head.number, 8), 1, -EBADMSG },
	{ "of another device", META(head.device, 4), 1, -EBADMSG },
	{ "any sequence", META(head.sequence, 8), ~0ull, 0 },
	{ "version 0", META(version, 4), 0, -EPROTONOSUPPORT },
	{ "version 2", META(version, 4), 2, -EPROTONOSUPPORT },
	{ "compatible feature", META(compat, 8), ~0ull, 0 },
	{ "feature to be read only", META(ro_compat, 8), 1, -EPROTONOSUPPORT },
	{ "feature", META(incompat, 8), 1ull << 63, -EPROTONOSUPPORT },
	{ "no slots", META(slots, 4), 0, -EBADMSG },
	{ "nine slots", META(slots, 4), 9, -EBADMSG },
	{ "four slots", META(slots, 4), 4, 0 },
	{ "no slot for this node", META(slots, 4), 3, -EBADMSG },
	{ "no data", META(data_sectors, 8), 0, -EBADMSG },
	{ "less data", META(data_sectors, 8), 8192, 0 },
	{ "part of a logical block", META(data_sectors, 8), 8191, -EBADMSG },
	{ "more data than bits", META(data_sectors, 8), 5ull << 21, -EBADMSG },
	{ "hostile size of data", META(data_sectors, 8), ~7ull, -EBADMSG },
	{ "hostile device", META(device_sectors, 8), ~0ull, -EBADMSG },
	{ "no device", META(device_sectors, 8), 0, -EBADMSG },
	{ "device of a tail", META(device_sectors, 8), 2048, -EBADMSG },
	{ "shorter device", META(device_sectors, 8), (1 << 21) - 8, -EBADMSG },
	{ "odd bitmaps", META(bitmap_sector, 8), 1, -EBADMSG },
	{ "bitmaps in front", META(bitmap_sector, 8), 0, 0 },
	{ "bitmaps over the intents", META(bitmap_sector, 8),
	  (1 << 21) - 2048 - 33 * 8 * 8, -EBADMSG },
	{ "bitmaps in the tail", META(bitmap_sector, 8), (1 << 21) - 2048,
	  -EBADMSG },
	{ "hostile bitmaps", META(bitmap_sector, 8), ~7ull, -EBADMSG },
	{ "bitmaps too small", META(bitmap_blocks, 8), 32, -EBADMSG },
	{ "no bitmaps", META(bitmap_blocks, 8), 0, -EBADMSG },
	{ "bitmaps too large", META(bitmap_blocks, 8), 8258, -EBADMSG },
	{ "hostile bitmap blocks", META(bitmap_blocks, 8), 1ull << 61,
	  -EBADMSG },
	{ "odd intents", META(intent_sector, 8), 4, -EBADMSG },
	{ "intents in the tail", META(intent_sector, 8), (1 << 21) - 2048,
	  -EBADMSG },
	{ "hostile intents", META(intent_sector, 8), ~7ull, -EBADMSG },
	{ "no intents", META(intent_blocks, 8), 0, -EBADMSG },
	{ "intents too large", META(intent_blocks, 8), 34, -EBADMSG },
	{ "hostile intent blocks", META(intent_blocks, 8), ~0ull, -EBADMSG },
	{ "bits too small", META(bit_shift, 4), 11, -EBADMSG },
	{ "coarse bits", META(bit_shift, 4), 16, 0 },
	{ "bits too large", META(bit_shift, 4), 49, -EBADMSG },
	{ "hostile bits", META(bit_shift, 4), 64 + 12, -EBADMSG },
	{ "regions too small", META(region_shift, 4), 21, -EBADMSG },
	{ "coarse regions", META(region_shift, 4), 30, 0 },
	{ "regions too large", META(region_shift, 4), 49, -EBADMSG },
	{ "logical block of 256", META(logical_block, 4), 256, -EBADMSG },
	{ "logical block of 3000", META(logical_block, 4), 3000, -EBADMSG },
	{ "logical block of 8 KiB", META(logical_block, 4), 8192, -EBADMSG },
	{ "no logical block", META(logical_block, 4), 0, -EBADMSG },
	{ "other node", META(node_id, 4), 7, 0 },
	{ "no such node", META(node_id, 4), 8, -EBADMSG },
	{ "internal, over the data", META(internal, 4), 1, -EBADMSG },
	{ "neither internal nor not", META(internal, 4), 2, -EBADMSG },
	{ "unknown flag", META(flags, 4), 0x100, -EBADMSG },
	{ "resize", META(resize_phase, 4), 1, -EBADMSG },
	{ "ninth voter", META(voters, 4), 0x100, -EBADMSG },
	{ "history that begins with its end", META(history[0].generation, 8),
	  0, -EBADMSG },
	{ "history with a gap", META(history[30].generation, 8), 0, -EBADMSG },
	{ "history with an end", META(history[31].generation, 8), 0, 0 },
	{ "no such minter", META(history[31].node, 4), 8, -EBADMSG },
	{ "no such reason", META(history[0].reason, 4), 6, -EBADMSG },
	{ "unknown flag of a slot", META(slot[7].flags, 4), 0x200, -EBADMSG },
	{ "just created", META(current_gen, 8), 0, 0 },
	{ "spare", META(spare[0], 1), 1, 0 },
	{ "tail", META(tail[2007], 1), 1, 0 },
};

static void put(struct ha_meta_super *b, size_t offset, u32 size, u64 value)
{
	u8 *at = (u8 *)b + offset;

	while (size--) {
		*at++ = (u8)value;
		value >>= 8;
	}
}

static void sealed_but_impossible(struct kunit *test)
{
	struct blocks *x = blocks(test);
	const char *why;
	int err;
	u32 i;

	KUNIT_EXPECT_EQ(test, x->s.layout.bitmap_blocks, 33);
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		ha_super_encode(&x->s, 0, &x->b);
		put(&x->b, changes[i].offset, changes[i].size,
		    changes[i].value);
		x->b.head.crc = cpu_to_le32(crc_of(&x->b));
		why = NULL;
		err = ha_super_decode(&x->b, &x->back, &why);
		KUNIT_EXPECT_EQ_MSG(test, err, changes[i].err, "%s: %d",
				    changes[i].what, err);
		KUNIT_EXPECT_EQ_MSG(test, !!err, !!why,
				    "%s: a sentence", changes[i].what);
	}
}

static bool on_the_device(const struct ha_layout *l)
{
	u64 bitmap = ha_block_sector(l, HA_META_BITMAP, l->slots - 1,
				     l->bitmap_blocks - 1);
	u64 intent = ha_block_sector(l, HA_META_INTENT, 0,
				     l->intent_blocks - 1);

	return bitmap + 8 <= l->device_sectors &&
	       intent + 8 <= l->device_sectors &&
	       l->bits <= HA_META_MAX_BITS &&
	       l->bits <= l->bitmap_blocks * HA_META_BITS &&
	       l->regions <= l->intent_blocks * HA_META_BITS;
}

/* Random changes, sealed: what is accepted is possible, and encodes alike. */
static void sealed_at_random(struct kunit *test)
{
	struct blocks *x = blocks(test);
	u64 random = 6, accepted = 0;
	const char *why;
	u32 i, k, at;

	for (i = 0; i < 20000 / TEST_STRIDE; i++) {
		ha_super_encode(&x->s, i & 1, &x->b);
		for (k = 1 + test_pick(&random, 3); k; k--) {
			at = 32 + test_pick(&random, test_pick(&random, 2) ?
					    200 : 2056);
			put(&x->b, at, 1, test_pick(&random, 2) ?
			    test_random(&random) : test_pick(&random, 10));
		}
		x->b.head.device = *(__le32 *)x->b.device_uuid;
		memset(x->b.spare, 0, sizeof(x->b.spare));
		for (k = 0; k < HA_SLOTS; k++)
			memset(x->b.slot[k].spare, 0, 40);
		x->b.head.crc = cpu_to_le32(crc_of(&x->b));
		if (ha_super_decode(&x->b, &x->back, &why))
			continue;
		accepted++;
		KUNIT_ASSERT_TRUE(test, on_the_device(&x->back.layout));
		ha_super_encode(&x->back, i & 1, &x->again);
		KUNIT_ASSERT_TRUE(test, !memcmp(&x->b, &x->again,
						sizeof(x->b)));
	}
	KUNIT_EXPECT_TRUE(test, accepted);
}

static const int errors[] = { 0, -ENOENT, -EBADMSG, -EPROTONOSUPPORT };

/* Rows: copy 0, columns: copy 1, in the order of errors. */
static const int chosen[4][4] = {
	{ 0, 0, 0, -EPROTONOSUPPORT },
	{ 0, -ENOENT, -EBADMSG, -EPROTONOSUPPORT },
	{ 0, -EBADMSG, -EBADMSG, -EPROTONOSUPPORT },
	{ -EPROTONOSUPPORT, -EPROTONOSUPPORT, -EPROTONOSUPPORT,
	  -EPROTONOSUPPORT },
};

/* Copy 0 is Consistent, copy 1 Outdated; @lead: how far copy 1 is ahead. */
static u32 expected_flags(u32 i, u32 j, int lead)
{
	if (!i && !j)
		return lead > 0 ? HA_MF_OUTDATED : HA_MF_CONSISTENT;
	return HA_MF_DOUBTFUL | (i ? HA_MF_OUTDATED : HA_MF_CONSISTENT);
}

static void choose(struct kunit *test)
{
	struct blocks *x = blocks(test);
	struct ha_super *a = &x->s, *b = &x->back;
	int lead, err;
	u32 i, j, n;

	for (n = 0; n < 4 * 4 * 3; n++) {
		i = n % 4;
		j = n / 4 % 4;
		lead = (int)(n / 16) - 1;
		*b = *a;
		a->lineage.flags = HA_MF_CONSISTENT;
		b->lineage.flags = HA_MF_OUTDATED;
		b->sequence = a->sequence + lead;
		err = ha_super_choose(a, errors[i], b, errors[j], &x->out);
		KUNIT_EXPECT_EQ_MSG(test, err, chosen[i][j], "%u, %u", i, j);
		if (!err)
			KUNIT_EXPECT_EQ(test, x->out.lineage.flags,
					expected_flags(i, j, lead));
	}
}

/* The remains of two create-md are no pair. */
static void choose_between_strangers(struct kunit *test)
{
	struct blocks *x = blocks(test);

	x->back = x->s;
	x->back.device_uuid[15] ^= 1;
	KUNIT_EXPECT_EQ(test, ha_super_choose(&x->s, 0, &x->back, 0, &x->out),
			-EBADMSG);
	KUNIT_EXPECT_EQ(test, ha_super_choose(&x->s, 0, &x->back, -EBADMSG,
					      &x->out), 0);
}

static void seal_and_valid(struct kunit *test)
{
	struct blocks *x = blocks(test);
	u8 *block = (u8 *)&x->b, other[16] = { 0 };
	u64 random = 8;
	u32 i;

	test_fill(&random, block, HA_META_BLOCK);
	ha_block_seal(block, HA_META_BITMAP, 5, 1ull << 40, 9, device);
#define VALID(area, slot, number, uuid)					\
	ha_block_valid(block, area, slot, number, uuid)
	KUNIT_EXPECT_TRUE(test, VALID(HA_META_BITMAP, 5, 1ull << 40, device));
	KUNIT_EXPECT_FALSE(test, VALID(HA_META_INTENT, 5, 1ull << 40, device));
	KUNIT_EXPECT_FALSE(test, VALID(HA_META_BITMAP, 4, 1ull << 40, device));
	KUNIT_EXPECT_FALSE(test, VALID(HA_META_BITMAP, 5, 0, device));
	KUNIT_EXPECT_FALSE(test, VALID(HA_META_BITMAP, 5, 1ull << 40, other));
	for (i = 0; i < HA_META_BLOCK; i++) {
		block[i] ^= 1u << i % 8;
		KUNIT_EXPECT_FALSE(test, VALID(HA_META_BITMAP, 5, 1ull << 40,
					       device));
		block[i] ^= 1u << i % 8;
	}
	KUNIT_EXPECT_TRUE(test, VALID(HA_META_BITMAP, 5, 1ull << 40, device));
#undef VALID
}

static struct kunit_case cases[] = {
	KUNIT_CASE(created),
	KUNIT_CASE(round_trip),
	KUNIT_CASE(known_crc),
	KUNIT_CASE(offsets),
	KUNIT_CASE(every_damaged_byte),
	KUNIT_CASE(sealed_but_impossible),
	KUNIT_CASE(sealed_at_random),
	KUNIT_CASE(choose),
	KUNIT_CASE(choose_between_strangers),
	KUNIT_CASE(seal_and_valid),
	{ }
};

static struct kunit_suite super = {
	.name = "ha_super",
	.test_cases = cases,
};
kunit_test_suite(super);
