// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a lineage goes on: minting, taking over, forgetting a base; and that the
 * history stays a list without gaps however often that happens.
 */
#include "suite.h"
#include "../../kernel/generation.h"

static const u8 uuid[16] = { 1, 2, 3 };

static u32 length(const struct ha_history_entry *list)
{
	u32 n = 0;

	while (n < HA_META_HISTORY && list[n].generation)
		n++;
	return n;
}

static int find(const struct ha_history_entry *list, u64 generation)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++)
		if (list[i].generation == generation)
			return (int)i;
	return -1;
}

/* No gap, no generation twice, the current not among the past. */
static bool well_formed(const struct ha_lineage *l)
{
	u32 i, n = length(l->history);

	for (i = n; i < HA_META_HISTORY; i++)
		if (l->history[i].generation)
			return false;
	for (i = 0; i < n; i++)
		if (find(l->history, l->history[i].generation) != (int)i)
			return false;
	return !l->current_gen || find(l->history, l->current_gen) < 0;
}

static struct ha_lineage *new_lineage(struct kunit *test)
{
	struct ha_lineage *l = kunit_kzalloc(test, sizeof(*l), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, l);
	return l;
}

static void mint_of_the_just_created(struct kunit *test)
{
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_mint(l, 7, 0xff, 0, 100, HA_MINT_INITIAL);
	KUNIT_EXPECT_EQ(test, l->current_gen, 7);
	KUNIT_EXPECT_EQ(test, length(l->history), 0);
	KUNIT_EXPECT_EQ(test, l->slot[1].base, 0);
	KUNIT_EXPECT_EQ(test, l->flags, 0);
}

static void mint_sets_missing_bases(struct kunit *test)
{
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_mint(l, 1, 0, 2, 100, HA_MINT_INITIAL);
	ha_lineage_mint(l, 2, 1 << 1 | 1 << 2, 2, 200, HA_MINT_ALONE);
	KUNIT_EXPECT_EQ(test, l->slot[0].base, 0);
	KUNIT_EXPECT_EQ(test, l->slot[1].base, 1);
	KUNIT_EXPECT_EQ(test, l->slot[2].base, 0);	/* its own */
	ha_lineage_mint(l, 3, 1 << 1 | 1 << 3, 2, 300, HA_MINT_FORCED);
	KUNIT_EXPECT_EQ(test, l->slot[1].base, 1);	/* kept */
	KUNIT_EXPECT_EQ(test, l->slot[3].base, 2);
	KUNIT_EXPECT_EQ(test, l->current_gen, 3);
	KUNIT_EXPECT_EQ(test, length(l->history), 2);
	KUNIT_EXPECT_EQ(test, l->history[0].generation, 2);
	KUNIT_EXPECT_EQ(test, l->history[0].time, 300);
	KUNIT_EXPECT_EQ(test, l->history[0].node, 2);
	KUNIT_EXPECT_EQ(test, l->history[0].reason, HA_MINT_FORCED);
	KUNIT_EXPECT_EQ(test, l->history[1].generation, 1);
	KUNIT_EXPECT_EQ(test, l->history[1].reason, HA_MINT_ALONE);
}

/* The oldest falls out, the base stays, and the order is kept. */
static void history_overflow(struct kunit *test)
{
	struct ha_lineage *l = new_lineage(test);
	u32 i;

	for (i = 1; i <= HA_META_HISTORY + 10; i++) {
		ha_lineage_mint(l, i, 1 << 1, 0, i, HA_MINT_ALONE);
		KUNIT_EXPECT_TRUE(test, well_formed(l));
	}
	KUNIT_EXPECT_EQ(test, length(l->history), HA_META_HISTORY);
	for (i = 0; i < HA_META_HISTORY; i++)
		KUNIT_EXPECT_EQ(test, l->history[i].generation,
				HA_META_HISTORY + 9 - i);
	KUNIT_EXPECT_EQ(test, l->slot[1].base, 1);
}

static void adopt_takes_the_source_over(struct kunit *test)
{
	struct ha_history_entry list[HA_META_HISTORY] = {
		{ 9, 900, 3, HA_MINT_ALONE }, { 1, 100, 3, HA_MINT_ALONE },
	};
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_mint(l, 1, 0, 0, 50, HA_MINT_INITIAL);
	ha_lineage_mint(l, 2, 1 << 3 | 1 << 4, 0, 60, HA_MINT_ALONE);
	l->slot[5].base = 8;	/* a base the history does not have */
	ha_lineage_adopt(l, uuid, 10, list, 3, 1000);
	KUNIT_EXPECT_EQ(test, l->current_gen, 10);
	KUNIT_EXPECT_TRUE(test, !memcmp(l->resource_uuid, uuid, sizeof(uuid)));
	KUNIT_EXPECT_EQ(test, length(l->history), 4);
	KUNIT_EXPECT_EQ(test, l->history[0].generation, 2);
	KUNIT_EXPECT_EQ(test, l->history[0].time, 1000);
	KUNIT_EXPECT_EQ(test, l->history[0].node, 3);
	KUNIT_EXPECT_EQ(test, l->history[0].reason, HA_MINT_SYNCED);
	KUNIT_EXPECT_EQ(test, l->history[1].generation, 9);
	KUNIT_EXPECT_EQ(test, l->history[2].generation, 1);
	KUNIT_EXPECT_EQ(test, l->history[2].time, 100);
	KUNIT_EXPECT_EQ(test, l->history[3].generation, 8);
	KUNIT_EXPECT_EQ(test, l->slot[3].base, 0);
	KUNIT_EXPECT_EQ(test, l->slot[4].base, 0);
	KUNIT_EXPECT_EQ(test, l->slot[5].base, 0);
	KUNIT_EXPECT_TRUE(test, well_formed(l));
}

/* An end that is repeated, or of an equal generation, changes nothing. */
static void adopt_twice_is_once(struct kunit *test)
{
	struct ha_history_entry list[HA_META_HISTORY] = { { 1, 100, 3, 2 } };
	struct ha_lineage *l = new_lineage(test), *once = new_lineage(test);

	ha_lineage_mint(l, 1, 0, 0, 50, HA_MINT_INITIAL);
	ha_lineage_adopt(l, uuid, 10, list, 3, 1000);
	KUNIT_EXPECT_EQ(test, length(l->history), 1);
	*once = *l;
	ha_lineage_adopt(l, uuid, 10, list, 3, 2000);
	KUNIT_EXPECT_TRUE(test, !memcmp(l, once, sizeof(*l)));
}

static void adopt_of_the_just_created(struct kunit *test)
{
	struct ha_history_entry list[HA_META_HISTORY] = { { 1, 100, 3, 2 } };
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_adopt(l, uuid, 2, list, 3, 1000);
	KUNIT_EXPECT_EQ(test, l->current_gen, 2);
	KUNIT_EXPECT_EQ(test, length(l->history), 1);
	KUNIT_EXPECT_EQ(test, l->history[0].generation, 1);
}

/* A full history of the source: the own branch is kept, the oldest is not. */
static void adopt_a_full_history(struct kunit *test)
{
	struct ha_history_entry list[HA_META_HISTORY] = { { 0 } };
	struct ha_lineage *l = new_lineage(test);
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++)
		list[i].generation = 100 + i;
	ha_lineage_mint(l, 1, 0, 0, 50, HA_MINT_INITIAL);
	ha_lineage_mint(l, 2, 1 << 3, 0, 60, HA_MINT_ALONE);
	ha_lineage_adopt(l, uuid, 99, list, 3, 1000);
	KUNIT_EXPECT_EQ(test, length(l->history), HA_META_HISTORY);
	KUNIT_EXPECT_EQ(test, l->history[0].generation, 2);
	KUNIT_EXPECT_EQ(test, l->history[1].generation, 100);
	KUNIT_EXPECT_EQ(test, find(l->history, 100 + HA_META_HISTORY - 1), -1);
	KUNIT_EXPECT_EQ(test, find(l->history, 1), -1);
	KUNIT_EXPECT_TRUE(test, well_formed(l));
}

/* A source that has the target's current in its history adds nothing twice. */
static void adopt_what_one_came_from(struct kunit *test)
{
	struct ha_history_entry list[HA_META_HISTORY] = {
		{ 5, 0, 0, 0 }, { 99, 0, 0, 0 }, { 4, 0, 0, 0 },
	};
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_mint(l, 3, 0, 0, 50, HA_MINT_INITIAL);
	ha_lineage_mint(l, 4, 1 << 3, 0, 60, HA_MINT_ALONE);
	ha_lineage_mint(l, 5, 1 << 3, 0, 70, HA_MINT_ALONE);
	ha_lineage_adopt(l, uuid, 99, list, 3, 1000);
	KUNIT_EXPECT_EQ(test, length(l->history), 3);
	KUNIT_EXPECT_EQ(test, l->history[0].generation, 5);
	KUNIT_EXPECT_EQ(test, l->history[1].generation, 4);
	KUNIT_EXPECT_EQ(test, l->history[2].generation, 3);
}

static void clear_base(struct kunit *test)
{
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_mint(l, 1, 0, 0, 50, HA_MINT_INITIAL);
	ha_lineage_mint(l, 2, 1 << 1, 0, 60, HA_MINT_ALONE);
	ha_lineage_clear_base(l, 1);
	KUNIT_EXPECT_EQ(test, l->slot[1].base, 0);
	KUNIT_EXPECT_EQ(test, l->slot[1].previous_base, 1);
	KUNIT_EXPECT_EQ(test, length(l->history), 1);	/* it was there */
	ha_lineage_clear_base(l, 1);
	KUNIT_EXPECT_EQ(test, l->slot[1].previous_base, 1);

	l->slot[3].base = 8;	/* the target's current, before a full sync */
	ha_lineage_clear_base(l, 3);
	KUNIT_EXPECT_EQ(test, length(l->history), 2);
	KUNIT_EXPECT_EQ(test, l->history[0].generation, 8);
	KUNIT_EXPECT_EQ(test, l->history[0].node, 3);
	l->slot[3].base = 2;	/* the current itself is no past */
	ha_lineage_clear_base(l, 3);
	KUNIT_EXPECT_EQ(test, length(l->history), 2);
	KUNIT_EXPECT_TRUE(test, well_formed(l));
}

static void new_session(struct kunit *test)
{
	struct ha_lineage *l = new_lineage(test);

	ha_lineage_new_session(l, 4, 11);
	KUNIT_EXPECT_EQ(test, l->slot[4].session, 11);
	KUNIT_EXPECT_EQ(test, l->slot[4].previous_session, 0);
	l->slot[4].flags |= HA_SLOT_BEGUN;
	ha_lineage_new_session(l, 4, 12);
	KUNIT_EXPECT_FALSE(test, l->slot[4].flags & HA_SLOT_BEGUN);
	l->slot[4].flags |= HA_SLOT_BEGUN;
	ha_lineage_new_session(l, 4, 12);	/* repeated: no new one */
	KUNIT_EXPECT_TRUE(test, l->slot[4].flags & HA_SLOT_BEGUN);
	KUNIT_EXPECT_EQ(test, l->slot[4].session, 12);
	KUNIT_EXPECT_EQ(test, l->slot[4].previous_session, 11);
	KUNIT_EXPECT_EQ(test, l->slot[3].session, 0);
}

static void random_adopt(u64 *random, struct ha_lineage *l)
{
	struct ha_history_entry list[HA_META_HISTORY] = { { 0 } };
	u64 generation = 1 + test_pick(random, 200);
	u32 i, n = test_pick(random, HA_META_HISTORY + 1);

	for (i = 0; i < n; i++)
		list[i].generation = 1 + (generation * 7 + i) % 200;
	ha_lineage_adopt(l, uuid, generation, list, test_pick(random, 8), 1);
}

/* Whatever happens in which order, the history stays a history. */
static void always_well_formed(struct kunit *test)
{
	struct ha_lineage *l = new_lineage(test);
	u64 random = 3, generation = 1000;
	u32 i;

	for (i = 0; i < 200000 / TEST_STRIDE; i++) {
		switch (test_pick(&random, 4)) {
		case 0:
			random_adopt(&random, l);
			break;
		case 1:
			ha_lineage_clear_base(l, test_pick(&random, 8));
			break;
		case 2:
			l->slot[test_pick(&random, 8)].base =
				1 + test_pick(&random, 200);
			break;
		default:
			ha_lineage_mint(l, generation++,
					test_pick(&random, 256), 0, i,
					HA_MINT_ALONE);
		}
		KUNIT_ASSERT_TRUE(test, well_formed(l));
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(mint_of_the_just_created),
	KUNIT_CASE(mint_sets_missing_bases),
	KUNIT_CASE(history_overflow),
	KUNIT_CASE(adopt_takes_the_source_over),
	KUNIT_CASE(adopt_twice_is_once),
	KUNIT_CASE(adopt_of_the_just_created),
	KUNIT_CASE(adopt_a_full_history),
	KUNIT_CASE(adopt_what_one_came_from),
	KUNIT_CASE(clear_base),
	KUNIT_CASE(new_session),
	KUNIT_CASE(always_well_formed),
	{ }
};

static struct kunit_suite lineage = {
	.name = "ha_lineage",
	.test_cases = cases,
};
kunit_test_suite(lineage);
