// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges: who overlaps waits, in the order of arrival, and is granted once;
 * random operations go beside a model that looks at everybody.
 */
#include "suite.h"
#include "../../kernel/range.h"

#define SHARD	(1u << HA_RANGE_SHARD_SHIFT)
#define RANGES	24u
#define STEPS	20000u

/* A range under test; @held and @order are what the model says. */
struct entry {
	struct ha_range range;
	bool used;
	bool has;		/* the code under test gave it */
	bool held;
	u32 order;
	u32 grants;
};

struct bench {
	struct ha_range_tree tree;
	struct entry entry[RANGES];
	u32 arrivals;
};

static void granted(struct ha_range *r)
{
	struct entry *e = container_of(r, struct entry, range);

	e->has = true;
	e->grants++;
}

static struct bench *bench_make(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	ha_range_init(&b->tree);
	return b;
}

static bool overlap(const struct entry *a, const struct entry *b)
{
	return a->range.sector < b->range.sector + b->range.sectors &&
	       b->range.sector < a->range.sector + a->range.sectors;
}

/* The model: nothing in its way that holds, or waits since before. */
static bool model_may(const struct bench *b, const struct entry *e)
{
	u32 i;

	for (i = 0; i < RANGES; i++) {
		const struct entry *o = &b->entry[i];

		if (o != e && o->used && overlap(o, e) &&
		    (o->held || o->order < e->order))
			return false;
	}
	return true;
}

/* Give to those who may have, the oldest first. */
static void model_settle(struct bench *b)
{
	bool again = true;
	u32 i;

	while (again) {
		again = false;
		for (i = 0; i < RANGES; i++) {
			struct entry *e = &b->entry[i];

			if (!e->used || e->held || !model_may(b, e))
				continue;
			e->held = true;
			again = true;
		}
	}
}

static bool lock(struct bench *b, u32 i, u64 sector, u64 sectors)
{
	struct entry *e = &b->entry[i];

	memset(e, 0, sizeof(*e));
	e->used = true;
	e->order = ++b->arrivals;
	if (ha_range_lock(&b->tree, &e->range, sector, sectors, granted))
		granted(&e->range);
	model_settle(b);
	return e->has;
}

static void unlock(struct bench *b, u32 i)
{
	ha_range_unlock(&b->tree, &b->entry[i].range);
	b->entry[i].used = false;
	b->entry[i].held = false;
	model_settle(b);
}

static void overlaps(struct kunit *test)
{
	struct bench *b = bench_make(test);

	KUNIT_EXPECT_TRUE(test, lock(b, 0, 8, 8));
	KUNIT_EXPECT_TRUE(test, lock(b, 1, 0, 8));	/* touches below */
	KUNIT_EXPECT_TRUE(test, lock(b, 2, 16, 1));	/* touches above */
	KUNIT_EXPECT_FALSE(test, lock(b, 3, 15, 1));
	KUNIT_EXPECT_FALSE(test, lock(b, 4, 8, 1));
	unlock(b, 0);
	KUNIT_EXPECT_TRUE(test, b->entry[3].has);
	KUNIT_EXPECT_TRUE(test, b->entry[4].has);
	/* 64 shards further the same list is used, by no overlap. */
	KUNIT_EXPECT_TRUE(test, lock(b, 5, (u64)HA_RANGE_SHARDS * SHARD, 8));
}

static void wide(struct kunit *test)
{
	struct bench *b = bench_make(test);

	KUNIT_EXPECT_TRUE(test, lock(b, 0, SHARD - 1, 2));
	KUNIT_EXPECT_FALSE(test, lock(b, 1, SHARD - 1, 1));
	KUNIT_EXPECT_FALSE(test, lock(b, 2, SHARD, 1));
	KUNIT_EXPECT_TRUE(test, lock(b, 3, SHARD + 1, 1));
	/* Over more shards than there are lists. */
	KUNIT_EXPECT_FALSE(test, lock(b, 4, 0, 2ull * HA_RANGE_SHARDS * SHARD));
	unlock(b, 0);
	KUNIT_EXPECT_TRUE(test, b->entry[1].has && b->entry[2].has);
	KUNIT_EXPECT_FALSE(test, b->entry[4].has);
	unlock(b, 1);
	unlock(b, 2);
	KUNIT_EXPECT_FALSE(test, b->entry[4].has);
	unlock(b, 3);
	KUNIT_EXPECT_TRUE(test, b->entry[4].has);
	KUNIT_EXPECT_FALSE(test, lock(b, 5, 100 * SHARD, 1));
	unlock(b, 4);
	KUNIT_EXPECT_TRUE(test, b->entry[5].has);
}

/* All want the same: one after the other, as they came. */
static void in_line(struct kunit *test)
{
	struct bench *b = bench_make(test);
	u32 i, k;

	for (i = 0; i < RANGES; i++)
		KUNIT_EXPECT_EQ(test, lock(b, i, 4, 8), i == 0);
	for (i = 0; i < RANGES; i++) {
		for (k = i; k < RANGES; k++)
			KUNIT_EXPECT_EQ(test, b->entry[k].has, k == i);
		unlock(b, i);
		KUNIT_EXPECT_EQ(test, b->entry[i].grants, 1u);
	}
}

/* Small ranges that keep coming do not starve a large one. */
static void not_overtaken(struct kunit *test)
{
	struct bench *b = bench_make(test);

	KUNIT_EXPECT_TRUE(test, lock(b, 0, 0, 8));
	KUNIT_EXPECT_FALSE(test, lock(b, 1, 0, 64));
	KUNIT_EXPECT_FALSE(test, lock(b, 2, 32, 8));	/* free, but behind */
	KUNIT_EXPECT_TRUE(test, lock(b, 3, 64, 8));
	unlock(b, 0);
	KUNIT_EXPECT_TRUE(test, b->entry[1].has);
	KUNIT_EXPECT_FALSE(test, b->entry[2].has);
	unlock(b, 1);
	KUNIT_EXPECT_TRUE(test, b->entry[2].has);
}

/* Of one size class each: within a shard, over a few, over all. */
static void lock_any(struct bench *b, u32 i, u64 *seed)
{
	u64 sector = test_pick(seed, 4) ? test_pick(seed, 4 * SHARD) :
		     test_pick(seed, 70 * SHARD);
	u32 kind = test_pick(seed, 16);
	u64 sectors = 1 + (kind == 0 ? test_pick(seed, 70 * SHARD) :
			   kind < 4 ? test_pick(seed, 2 * SHARD) :
			   test_pick(seed, 256));

	lock(b, i, sector, sectors);
}

static void same_as_model(struct kunit *test)
{
	struct bench *b = bench_make(test);
	u64 seed = 7;
	u32 step, i;

	for (step = 0; step < STEPS / TEST_STRIDE; step++) {
		i = test_pick(&seed, RANGES);
		if (!b->entry[i].used)
			lock_any(b, i, &seed);
		else if (b->entry[i].has)
			unlock(b, i);
		for (i = 0; i < RANGES; i++) {
			const struct entry *e = &b->entry[i];

			if (!e->used)
				continue;
			KUNIT_ASSERT_EQ(test, e->has, e->held);
			KUNIT_ASSERT_EQ(test, e->grants, e->held ? 1u : 0u);
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(overlaps),
	KUNIT_CASE(wide),
	KUNIT_CASE(in_line),
	KUNIT_CASE(not_overtaken),
	KUNIT_CASE(same_as_model),
	{ }
};

static struct kunit_suite range_suite = {
	.name = "ha_range",
	.test_cases = cases,
};
kunit_test_suite(range_suite);
