// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pace of a resync beside application writes, held against worlds in which
 * chunks cost the writes much, little or nothing.
 */
#include "suite.h"
#include "../../kernel/pace.h"

#define MS	1000000ull
#define WRITES	20000u

/*
 * A world: writes take 1 to 2 ms, one in 200 ten.  Beside a chunk of @bytes one
 * takes longer by @cost_ns for each KiB that is out.
 */
struct world {
	u64 random;
	u64 cost_ns;
	struct ha_pace pace;
	u32 writes;
	u32 slow;	/* beside: more than twice what 99 of 100 keep */
	u32 idle;	/* writes beside which there was no chunk to be */
	u64 kib;
};

static u64 calm(struct world *w)
{
	if (!test_pick(&w->random, 200))
		return 10 * MS;
	return MS + test_pick(&w->random, MS);
}

static void learn(struct world *w, u32 n)
{
	while (n--)
		ha_pace_write(&w->pace, calm(w), false);
}

static void beside(struct world *w, u32 n)
{
	struct ha_pace_step step;
	u64 ns;

	while (n--) {
		step = ha_pace_step(&w->pace, true);
		ns = calm(w);
		/* A step that rests is in the way of some writes only. */
		if (!step.rest_ms || !test_pick(&w->random, step.rest_ms))
			ns += step.out * (step.bytes >> 10) * w->cost_ns;
		ha_pace_write(&w->pace, ns, true);
		w->writes++;
		w->slow += ns > 4 * MS && ns < 10 * MS;
		w->idle += !step.out;
		w->kib += step.out * (step.bytes >> 10);
	}
}

static void calm_is_learned(struct kunit *test)
{
	struct world w = { .random = 1 };

	learn(&w, 5000);
	KUNIT_EXPECT_GE(test, w.pace.calm_ns, 3 * MS / 2);
	KUNIT_EXPECT_LE(test, w.pace.calm_ns, 4 * MS);
	KUNIT_EXPECT_EQ(test, w.pace.learned, HA_PACE_ENOUGH);
	KUNIT_EXPECT_EQ(test, w.pace.level, 0u);
}

static void nobody_writes(struct kunit *test)
{
	struct world w = { .random = 2 };
	struct ha_pace_step step;

	learn(&w, 500);
	step = ha_pace_step(&w.pace, false);
	KUNIT_EXPECT_EQ(test, step.bytes, 1u << 20);
	KUNIT_EXPECT_EQ(test, step.out, 16u);
	KUNIT_EXPECT_EQ(test, step.rest_ms, 0u);
	w.pace.resting = true;
	step = ha_pace_step(&w.pace, false);
	KUNIT_EXPECT_EQ(test, step.out, 16u);
}

/* Chunks that cost nothing: it climbs to the top and stays. */
static void harmless(struct kunit *test)
{
	struct world w = { .random = 3 };

	learn(&w, 500);
	beside(&w, WRITES);
	KUNIT_EXPECT_GE(test, w.pace.level, 6u);
	KUNIT_EXPECT_LE(test, w.idle, WRITES / 20);
}

/* Chunks that cost a lot: the least step, and still some progress. */
static void harmful(struct kunit *test)
{
	struct world w = { .random = 4, .cost_ns = MS };

	learn(&w, 500);
	beside(&w, WRITES);
	KUNIT_EXPECT_LE(test, w.pace.level, 1u);
	KUNIT_EXPECT_GE(test, w.kib, 1ull);
}

/* In between it finds a step at which few writes are slow. */
static void balance(struct kunit *test)
{
	struct world w = { .random = 5, .cost_ns = MS / 50 };

	learn(&w, 500);
	beside(&w, 2000);
	w.writes = 0;
	w.slow = 0;
	beside(&w, WRITES);
	KUNIT_EXPECT_GE(test, w.pace.level, 1u);
	KUNIT_EXPECT_LE(test, w.slow, w.writes / 50);
}

/* An application that begins during the resync: the calm is learned in rests. */
static void begins_beside(struct kunit *test)
{
	struct world w = { .random = 6 };

	beside(&w, 2 * HA_PACE_ENOUGH);
	KUNIT_EXPECT_EQ(test, w.pace.learned, HA_PACE_ENOUGH);
	KUNIT_EXPECT_GE(test, w.idle, 1u);
	beside(&w, 8 * HA_PACE_ENOUGH);
	KUNIT_EXPECT_FALSE(test, w.pace.resting);
	KUNIT_EXPECT_GE(test, w.pace.level, 1u);
}

/* Slower writes, with or without the resync: the calm follows. */
static void calm_changes(struct kunit *test)
{
	struct world w = { .random = 7 };
	u32 i;

	learn(&w, 500);
	for (i = 0; i < WRITES; i++)
		ha_pace_write(&w.pace, 50 * MS + test_pick(&w.random, MS), true);
	KUNIT_EXPECT_GE(test, w.pace.calm_ns, 30 * MS);
	KUNIT_EXPECT_GE(test, w.pace.level, 1u);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(calm_is_learned),
	KUNIT_CASE(nobody_writes),
	KUNIT_CASE(harmless),
	KUNIT_CASE(harmful),
	KUNIT_CASE(balance),
	KUNIT_CASE(begins_beside),
	KUNIT_CASE(calm_changes),
	{}
};

static struct kunit_suite pace_suite = {
	.name = "ha_pace",
	.test_cases = cases,
};
kunit_test_suite(pace_suite);
