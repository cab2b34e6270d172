/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Snapshots for the suites of the verdict: short to write, and checked in pairs
 * for what must hold whatever the table says.
 */
#ifndef HA_TEST_SNAPSHOTS_H
#define HA_TEST_SNAPSHOTS_H

#include "suite.h"
#include "../../kernel/generation.h"

/**
 * struct side - a snapshot in short
 * @base: towards the other side
 * @history: newest first, 0 ends it
 * @left: times that go with @history
 * @disk: enum ha_disk_word; 0 is Diskless
 * @primary: role
 * @flags: HA_SNAP_*, without HA_SNAP_PRIMARY
 * @knows: instance of the peer's disk that is remembered
 */
struct side {
	u64 current_gen;
	u64 base;
	u64 history[4];
	u64 left[4];
	u32 disk;
	bool primary;
	u32 flags;
	u64 instance, knows;
	u64 session, previous_session;
	u64 written, out_of_sync;
	u32 after_sb;
	u8 uuid;
};

/* Make the snapshot of node @id (0 or 1) for the other. */
void test_snapshot(const struct side *side, u32 id, struct ha_snapshot *s);

/*
 * Compare @a and @b both ways. NULL when nothing that must always hold is
 * broken, else a sentence. @v is the verdict of @a.
 */
const char *test_pair(const struct ha_snapshot *a, const struct ha_snapshot *b,
		      struct ha_verdict *v);

/* One line that tells a snapshot apart, for a failed expectation. */
const char *test_describe(const struct ha_snapshot *s, char *text, size_t size);

#endif
