// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy that is known to be older than one that cannot be its source, because
 * that one's disk has failed, for example, is no data to be promoted.
 */
#include "snapshots.h"

#define OLD(state)	.current_gen = 1, .uuid = 7, .disk = HA_##state
#define NEW(state)	.current_gen = 2, .base = 1, .history = { 1 }, \
			.uuid = 7, .disk = HA_##state

static const struct row {
	const char *what;
	struct side a, b;
	bool past;			/* is a? */
} rows[] = {
	{ "the newer one is Outdated", { OLD(UPTODATE) }, { NEW(OUTDATED) },
	  true },
	{ "the newer one is not complete", { OLD(UPTODATE) },
	  { NEW(INCONSISTENT) }, true },
	{ "it does not know by itself", { OLD(CONSISTENT) }, { NEW(OUTDATED) },
	  true },
	{ "far behind", { OLD(UPTODATE) },
	  { .current_gen = 3, .base = 2, .history = { 2, 1 }, .uuid = 7,
	    .disk = HA_OUTDATED }, true },
	{ "the newer one is its source", { OLD(UPTODATE) }, { NEW(UPTODATE) },
	  false },
	{ "applications are served from it", { OLD(UPTODATE), .primary = true },
	  { NEW(OUTDATED) }, false },
	{ "the newer one was just attached", { OLD(UPTODATE) },
	  { NEW(UPTODATE), .flags = HA_SNAP_FRESH_ATTACH }, false },
	{ "equal", { OLD(UPTODATE) }, { OLD(OUTDATED) }, false },
	{ "split", { OLD(UPTODATE), .base = 9, .history = { 9 } },
	  { .current_gen = 2, .base = 9, .history = { 9 }, .uuid = 7,
	    .disk = HA_OUTDATED }, false },
};

static void known_to_be_old(struct kunit *test)
{
	struct ha_snapshot a, b;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		test_snapshot(&rows[i].a, i % 2, &a);
		test_snapshot(&rows[i].b, !(i % 2), &b);
		KUNIT_EXPECT_TRUE_MSG(test,
				      ha_is_past(&a, &b) == rows[i].past,
				      "%s", rows[i].what);
		KUNIT_EXPECT_TRUE_MSG(test, !ha_is_past(&b, &a),
				      "%s: the other one", rows[i].what);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(known_to_be_old),
	{ }
};

static struct kunit_suite verdict_past = {
	.name = "ha_verdict_past",
	.test_cases = cases,
};
kunit_test_suite(verdict_past);
