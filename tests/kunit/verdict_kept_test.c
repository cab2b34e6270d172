// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a disk has kept while it was detached counts as if it had stayed up, but
 * not when one of the two was replaced by an old copy.
 */
#include "snapshots.h"

#define GOOD		.current_gen = 1, .uuid = 7, .disk = HA_UPTODATE
#define KNOWS(me, peer)	.instance = (me), .knows = (peer)
#define FLAGS(f)	.flags = HA_SNAP_##f
#define FLAGS2(f, g)	.flags = HA_SNAP_##f | HA_SNAP_##g

static const struct row {
	const char *what;
	struct side a, b;
	enum ha_verdict_code code;	/* seen from a */
	enum ha_verdict_row row;
} rows[] = {
	{ "kept while the peer crashed",
	  { GOOD, FLAGS(KEPT), KNOWS(2, 9) },
	  { GOOD, FLAGS2(CRASHED, BITS), KNOWS(7, 0) },
	  HA_V_SOURCE, HA_ROW_EQUAL_STAYED_UP },
	{ "nothing kept",
	  { GOOD, KNOWS(2, 0) },
	  { GOOD, FLAGS2(CRASHED, BITS), KNOWS(7, 0) },
	  HA_V_TARGET, HA_ROW_EQUAL_CRASHED },
	{ "the peer stayed up meanwhile",
	  { GOOD, FLAGS2(KEPT, BITS), KNOWS(2, 7) }, { GOOD, KNOWS(7, 1) },
	  HA_V_TARGET, HA_ROW_EQUAL_STAYED_UP },
	{ "both kept it",
	  { GOOD, FLAGS(KEPT), KNOWS(2, 9), .out_of_sync = 1 },
	  { GOOD, FLAGS2(KEPT, CRASHED), KNOWS(7, 1) },
	  HA_V_TARGET, HA_ROW_EQUAL_CRASHED },
	{ "just attached, and equal still: not old",
	  { GOOD, FLAGS2(FRESH_ATTACH, KEPT), KNOWS(2, 9), .out_of_sync = 1 },
	  { GOOD, FLAGS(CRASHED), KNOWS(7, 0) },
	  HA_V_SOURCE, HA_ROW_EQUAL_STAYED_UP },
	{ "just attached, and the peer went on",
	  { GOOD, .primary = true, FLAGS2(FRESH_ATTACH, KEPT) },
	  { .current_gen = 2, .base = 1, .history = { 1 }, .uuid = 7,
	    .disk = HA_UPTODATE }, HA_V_TARGET, HA_ROW_BASE },
	{ "a copy that was put back",
	  { GOOD, FLAGS(KEPT), .session = 5, KNOWS(2, 9) },
	  { GOOD, FLAGS(CRASHED), .session = 9, KNOWS(7, 0) },
	  HA_V_TARGET_DIGEST, HA_ROW_EQUAL_REPLACED },
	{ "one that stayed up, beside such a copy",
	  { GOOD, .session = 5, KNOWS(2, 9) },
	  { GOOD, FLAGS2(CRASHED, KEPT), .session = 9, KNOWS(7, 1) },
	  HA_V_SOURCE_DIGEST, HA_ROW_EQUAL_REPLACED },
	{ "a copy just attached is old",
	  { GOOD, FLAGS2(FRESH_ATTACH, KEPT), .session = 5, KNOWS(2, 9) },
	  { GOOD, .session = 9, KNOWS(7, 0) },
	  HA_V_TARGET_DIGEST, HA_ROW_EQUAL_REPLACED },
};

static void every_row(struct kunit *test)
{
	struct ha_snapshot a, b;
	struct ha_verdict v;
	const char *broken;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		test_snapshot(&rows[i].a, i % 2, &a);
		test_snapshot(&rows[i].b, !(i % 2), &b);
		broken = test_pair(&a, &b, &v);
		KUNIT_EXPECT_TRUE_MSG(test, !broken, "%s: %s", rows[i].what,
				      broken);
		KUNIT_EXPECT_TRUE_MSG(test, v.code == rows[i].code &&
				      v.row == rows[i].row, "%s: %u, row %u",
				      rows[i].what, v.code, v.row);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_row),
	{ }
};

static struct kunit_suite verdict_kept = {
	.name = "ha_verdict_kept",
	.test_cases = cases,
};
kunit_test_suite(verdict_kept);
