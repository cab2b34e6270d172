// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots on the wire: what is sent arrives, what is out of range is refused,
 * and what is accepted is exactly what came, whatever bytes that was.
 */
#include "snapshots.h"

static const struct side usual = {
	.current_gen = 5, .base = 4, .history = { 4, 3 }, .left = { 40, 30 },
	.disk = HA_UPTODATE, .primary = true, .flags = HA_SNAP_BITS,
	.instance = 1, .knows = 2, .session = 3, .previous_session = 4,
	.written = 4096, .out_of_sync = 7, .uuid = 9,
	.after_sb = HA_SB_DISCARD_ZERO_CHANGES,
};

/* Three forms of one snapshot, too large for a stack. */
struct forms {
	struct ha_snapshot s, back;
	struct ha_wire_snapshot w, again;
};

static struct forms *forms(struct kunit *test)
{
	struct forms *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test_snapshot(&usual, 2, &f->s);
	f->s.peer_id = 6;
	f->s.base[6] = 4;
	f->s.region_shift = 22;
	ha_snapshot_encode(&f->s, &f->w);
	return f;
}

static void round_trip(struct kunit *test)
{
	struct forms *f = forms(test);
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		f->s.history[i].generation = 100 + i;
		f->s.history[i].time = 1000 + i;
		f->s.history[i].node = i % HA_SLOTS;
	}
	for (i = 0; i < HA_SLOTS; i++)
		f->s.base[i] = 50 + i;
	for (i = 0; i < 16; i++) {
		f->s.device_uuid[i] = i;
		f->s.resource_uuid[i] = 16 + i;
	}
	memset(&f->w, 0xff, sizeof(f->w));
	ha_snapshot_encode(&f->s, &f->w);
	memset(&f->back, 0xff, sizeof(f->back));
	KUNIT_EXPECT_EQ(test, ha_snapshot_decode(&f->w, 2, 6, &f->back), 0);
	KUNIT_EXPECT_TRUE(test, !memcmp(&f->s, &f->back, sizeof(f->s)));
}

static void node_ids(struct kunit *test)
{
	struct forms *f = forms(test);
	u32 a, b;

	for (a = 0; a < 10; a++)
		for (b = 0; b < 10; b++)
			KUNIT_EXPECT_EQ(test,
					ha_snapshot_decode(&f->w, a, b, &f->s),
					a < 8 && b < 8 && a != b ? 0 : -EINVAL);
}

#define AT32(f)	.offset = offsetof(struct ha_wire_snapshot, f), .size = 4
#define AT64(f)	.offset = offsetof(struct ha_wire_snapshot, f), .size = 8

/* The usual snapshot with one field changed. */
static const struct {
	const char *what;
	size_t offset;
	u32 size;
	u64 value;
	bool valid;
} changes[] = {
	{ "just created", AT64(current_gen), 0, true },
	{ "no base", AT64(base[6]), 0, true },
	{ "history that begins with its end", AT64(history[0]), 0, false },
	{ "history of one", AT64(history[1]), 0, true },
	{ "generation after the end", AT64(history[31]), 1, false },
	{ "last node", AT32(history_node[0]), 7, true },
	{ "no such node", AT32(history_node[0]), 8, false },
	{ "no such node after the end", AT32(history_node[31]), ~0u, false },
	{ "any time", AT64(history_time[0]), ~0ull, true },
	{ "no data", AT64(data_sectors), 0, false },
	{ "one sector", AT64(data_sectors), 1, false },	/* 7 bits set */
	{ "eight exbibytes", AT64(data_sectors), 1ull << 54, false },
	{ "largest device", AT64(device_sectors), 1ull << 54, true },
	{ "too large a device", AT64(device_sectors), (1ull << 54) + 1, false },
	{ "every bit set, twice", AT64(out_of_sync), 2 * 2048, true },
	{ "more bits than there are", AT64(out_of_sync), 2 * 2048 + 1, false },
	{ "hostile number of bits", AT64(out_of_sync), ~0ull, false },
	{ "every flag", AT32(flags), 0x7ff, true },
	{ "unknown flag", AT32(flags), 0x800, false },
	{ "unknown flag at the end", AT32(flags), 1u << 31, false },
	{ "Inconsistent", AT32(disk_state), HA_INCONSISTENT, true },
	{ "no such disk state", AT32(disk_state), HA_UPTODATE + 1, false },
	{ "hostile disk state", AT32(disk_state), ~0u, false },
	{ "Secondary", AT32(role), HA_SECONDARY, true },
	{ "unknown role", AT32(role), HA_UNKNOWN_ROLE, false },
	{ "no such role", AT32(role), 3, false },
	{ "smallest bit", AT32(bit_shift), 12, true },
	{ "too small a bit", AT32(bit_shift), 11, false },
	{ "too small a shift", AT32(bit_shift), 0, false },
	{ "large bits", AT32(bit_shift), 13, true },
	{ "too large a bit", AT32(bit_shift), 49, false },
	{ "shift beyond the word", AT32(bit_shift), 64, false },
	{ "large region", AT32(region_shift), 48, true },
	{ "too small a region", AT32(region_shift), 21, false },
	{ "too large a region", AT32(region_shift), 49, false },
	{ "logical block of 4 KiB", AT32(logical_block), 4096, true },
	{ "logical block of 8 KiB", AT32(logical_block), 8192, false },
	{ "logical block of 256", AT32(logical_block), 256, false },
	{ "logical block of 768", AT32(logical_block), 768, false },
	{ "no logical block", AT32(logical_block), 0, false },
	{ "every policy", AT32(after_sb), 0x050505, true },
	{ "no such policy for none", AT32(after_sb), 0x000006, false },
	{ "no such policy for one", AT32(after_sb), 0x000600, false },
	{ "no such policy for two", AT32(after_sb), 0xff0000, false },
	{ "policy for three", AT32(after_sb), 0x01000000, false },
	{ "spare", AT32(spare), 1, false },
};

static void change(struct ha_wire_snapshot *w, size_t offset, u32 size,
		   u64 value)
{
	u8 *at = (u8 *)w + offset;

	while (size--) {
		*at++ = (u8)value;
		value >>= 8;
	}
}

static void each_field(struct kunit *test)
{
	struct forms *f = forms(test);
	int err;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		ha_snapshot_encode(&f->s, &f->w);
		change(&f->w, changes[i].offset, changes[i].size,
		       changes[i].value);
		err = ha_snapshot_decode(&f->w, 2, 6, &f->back);
		KUNIT_EXPECT_EQ_MSG(test, err, changes[i].valid ? 0 : -EINVAL,
				    "%s: %d", changes[i].what, err);
	}
}

/* Data of an odd number of sectors do not end at a block of 4 KiB. */
static void odd_sizes(struct kunit *test)
{
	struct forms *f = forms(test);

	f->s.data_sectors = 16381;
	ha_snapshot_encode(&f->s, &f->w);
	KUNIT_EXPECT_EQ(test, ha_snapshot_decode(&f->w, 2, 6, &f->back), 0);
	f->s.logical_block = 4096;
	ha_snapshot_encode(&f->s, &f->w);
	KUNIT_EXPECT_EQ(test, ha_snapshot_decode(&f->w, 2, 6, &f->back),
			-EINVAL);
}

/* Without a disk the sizes mean nothing. */
static void without_a_disk(struct kunit *test)
{
	struct forms *f = forms(test);

	memset(&f->w, 0, sizeof(f->w));
	KUNIT_EXPECT_EQ(test, ha_snapshot_decode(&f->w, 2, 6, &f->back),
			-EINVAL);
	f->w.role = cpu_to_le32(HA_PRIMARY);
	KUNIT_EXPECT_EQ(test, ha_snapshot_decode(&f->w, 2, 6, &f->back), 0);
	KUNIT_EXPECT_EQ(test, f->back.disk_state, HA_DISKLESS);
}

/* Break the usual snapshot in a few places. */
static void mutate(u64 *random, struct ha_wire_snapshot *w)
{
	u32 i, n = 1 + test_pick(random, 3);
	u8 *bytes = (u8 *)w;

	for (i = 0; i < n; i++)
		bytes[test_pick(random, sizeof(*w))] =
			test_pick(random, 2) ? test_pick(random, 16) :
					       (u8)test_random(random);
}

/*
 * Whatever is accepted is encoded to the bytes that came, and gives a verdict
 * that both sides agree on.
 */
static void hostile_bytes(struct kunit *test)
{
	u64 random = 5, accepted = 0, refused = 0;
	struct forms *f = forms(test);
	struct ha_verdict v;
	const char *bad;
	u32 i;

	for (i = 0; i < 500000 / TEST_STRIDE; i++) {
		if (i % 16 == 0)
			ha_snapshot_encode(&f->s, &f->w);
		if (i % 16 == 15)
			test_fill(&random, &f->w, sizeof(f->w));
		else
			mutate(&random, &f->w);
		if (ha_snapshot_decode(&f->w, 6, 2, &f->back)) {
			refused++;
			continue;
		}
		accepted++;
		ha_snapshot_encode(&f->back, &f->again);
		KUNIT_ASSERT_TRUE(test,
				  !memcmp(&f->w, &f->again, sizeof(f->w)));
		bad = test_pair(&f->s, &f->back, &v);
		if (bad) {
			KUNIT_FAIL(test, "round %u: %s", i, bad);
			return;
		}
	}
	KUNIT_EXPECT_TRUE(test, accepted && refused);
}

#define FIELD(f)	{ #f, offsetof(struct ha_snapshot, f) }
static const struct {
	const char *name;
	size_t offset;
} identity_fields[] = {
	FIELD(node_id), FIELD(peer_id), FIELD(current_gen), FIELD(base[0]),
	FIELD(base[7]), FIELD(resource_uuid[15]), FIELD(device_uuid[15]),
	FIELD(instance), FIELD(role), FIELD(disk_state),
	FIELD(flags),	/* the lowest is HA_SNAP_PRIMARY */
}, information[] = {
	FIELD(out_of_sync), FIELD(written), FIELD(nonce), FIELD(session),
	FIELD(previous_session), FIELD(peer_instance), FIELD(history[0]),
	FIELD(after_sb),
};

static bool same_when_changed(struct forms *f, size_t offset)
{
	bool same;

	f->back = f->s;
	((u8 *)&f->back)[offset] ^= 1;
	same = ha_snapshot_same_identity(&f->s, &f->back);
	return same && ha_snapshot_same_identity(&f->back, &f->s);
}

static void identity(struct kunit *test)
{
	struct forms *f = forms(test);
	bool same;
	u32 i;

	f->back = f->s;
	KUNIT_EXPECT_TRUE(test, ha_snapshot_same_identity(&f->s, &f->back));
	for (i = 0; i < ARRAY_SIZE(identity_fields); i++) {
		same = same_when_changed(f, identity_fields[i].offset);
		KUNIT_EXPECT_TRUE_MSG(test, !same, "%s",
				      identity_fields[i].name);
	}
	for (i = 0; i < ARRAY_SIZE(information); i++) {
		same = same_when_changed(f, information[i].offset);
		KUNIT_EXPECT_TRUE_MSG(test, same, "%s", information[i].name);
	}
	for (i = 0; i < 9; i++) {
		f->back = f->s;
		f->back.flags = f->s.flags ^ 1u << i;
		KUNIT_EXPECT_EQ(test,
				ha_snapshot_same_identity(&f->s, &f->back),
				1u << i == HA_SNAP_BITS);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(round_trip),
	KUNIT_CASE(node_ids),
	KUNIT_CASE(each_field),
	KUNIT_CASE(odd_sizes),
	KUNIT_CASE(without_a_disk),
	KUNIT_CASE(hostile_bytes),
	KUNIT_CASE(identity),
	{ }
};

static struct kunit_suite snapshot = {
	.name = "ha_snapshot",
	.test_cases = cases,
};
kunit_test_suite(snapshot);
