// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of the verdict, written out by hand from the design: for each row
 * what it is for, what it must not catch, and what comes before it. Each is
 * tried with the nodes in both places.
 */
#include "snapshots.h"

#define UTD	.disk = HA_UPTODATE
#define CONS	.disk = HA_CONSISTENT
#define OUT	.disk = HA_OUTDATED
#define INC	.disk = HA_INCONSISTENT
#define PRI	.primary = true
#define GEN(n)	.current_gen = (n), .uuid = 7
#define FLAG(f)	.flags = HA_SNAP_##f
#define FLAG2(f, g) .flags = HA_SNAP_##f | HA_SNAP_##g
#define HIST(...) .history = { __VA_ARGS__ }
#define SB(zero, one, two) .after_sb = (zero) | (one) << 8 | (two) << 16
#define SB_ALL(p) SB(HA_SB_##p, HA_SB_##p, HA_SB_##p)

struct row {
	const char *what;
	struct side a, b;
	enum ha_verdict_code code;	/* seen from a */
	enum ha_verdict_row row;
	enum ha_verdict_code blocked;	/* for HA_V_BLOCKED */
};

#define BLOCKED(why, what)						\
	.code = HA_V_BLOCKED, .row = HA_ROW_##why, .blocked = HA_V_##what

static const struct row just_created[] = {
	{ "both new", { INC }, { INC }, HA_V_NOTHING, HA_ROW_BOTH_NEW },
	{ "one new", { GEN(1), UTD }, { INC },
	  HA_V_SOURCE_FULL, HA_ROW_ONE_NEW },
	{ "one new, the other Consistent and Primary", { GEN(1), CONS, PRI },
	  { INC }, HA_V_SOURCE_FULL, HA_ROW_ONE_NEW },
	{ "one new and Primary", { GEN(1), UTD }, { INC, PRI },
	  HA_V_SOURCE_FULL, HA_ROW_ONE_NEW },
	{ "one new, the other not good", { GEN(1), INC }, { INC },
	  BLOCKED(ONE_NEW, SOURCE_FULL) },
	{ "one new, the other Outdated", { GEN(1), OUT }, { INC },
	  BLOCKED(ONE_NEW, SOURCE_FULL) },
	{ "one new, the other just attached", { GEN(1), UTD,
	  FLAG(FRESH_ATTACH) }, { INC }, BLOCKED(ONE_NEW, SOURCE_FULL) },
	{ "both new, both Primary", { INC, PRI }, { INC, PRI },
	  HA_V_REFUSE, HA_ROW_EQUAL_BOTH_PRIMARY },
	{ "one new, doubtful changes nothing", { GEN(1), UTD, FLAG(DOUBTFUL) },
	  { INC }, HA_V_SOURCE_FULL, HA_ROW_ONE_NEW },
};

static const struct row no_disk[] = {
	{ "Diskless client", { GEN(1), UTD }, { },
	  HA_V_NOTHING, HA_ROW_DISKLESS },
	{ "both Diskless", { PRI }, { }, HA_V_NOTHING, HA_ROW_DISKLESS },
	{ "Diskless and new", { INC }, { }, HA_V_NOTHING, HA_ROW_DISKLESS },
	{ "Diskless Primary", { GEN(1), UTD }, { PRI },
	  HA_V_NOTHING, HA_ROW_DISKLESS },
	{ "Failed is no disk", { GEN(1), UTD },
	  { GEN(2), .disk = HA_FAILED }, HA_V_NOTHING, HA_ROW_DISKLESS },
	{ "Diskless, both Primary", { GEN(1), UTD, PRI }, { PRI },
	  HA_V_REFUSE, HA_ROW_EQUAL_BOTH_PRIMARY },
	{ "Diskless Primary of other data", { GEN(1), UTD },
	  { .current_gen = 2, .uuid = 8, PRI }, HA_V_UNRELATED, HA_ROW_UUID },
};

static const struct row strangers[] = {
	{ "other resource", { GEN(1), UTD },
	  { .current_gen = 2, .uuid = 8, UTD }, HA_V_UNRELATED, HA_ROW_UUID },
	{ "other resource, same generation by chance", { GEN(1), UTD },
	  { .current_gen = 1, .uuid = 8, UTD }, HA_V_UNRELATED, HA_ROW_UUID },
	{ "one uuid unknown", { GEN(1), UTD }, { .current_gen = 1, UTD },
	  HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "nothing in common", { GEN(1), UTD, HIST(3, 4) },
	  { GEN(2), UTD, HIST(5) }, HA_V_UNRELATED, HA_ROW_NOTHING_COMMON },
};

static const struct row equal_states[] = {
	{ "equal, both Primary", { GEN(1), UTD, PRI }, { GEN(1), UTD, PRI },
	  HA_V_REFUSE, HA_ROW_EQUAL_BOTH_PRIMARY },
	{ "equal, clean", { GEN(1), UTD }, { GEN(1), UTD },
	  HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "equal, clean, a base left over", { GEN(1), UTD, .base = 2, HIST(2) },
	  { GEN(1), CONS, PRI }, HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "equal, clean, alone without a write", { GEN(1), UTD, FLAG(ALONE) },
	  { GEN(1), UTD }, HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "equal, clean, just attached", { GEN(1), UTD, PRI },
	  { GEN(1), UTD, FLAG(FRESH_ATTACH) },
	  HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "equal, neither good", { GEN(1), INC, FLAG(BITS) },
	  { GEN(1), OUT, PRI }, HA_V_NOTHING, HA_ROW_EQUAL_NONE_GOOD },
	{ "equal, one good", { GEN(1), CONS }, { GEN(1), INC },
	  HA_V_SOURCE, HA_ROW_EQUAL_ONE_GOOD },
	{ "equal, one good although the other has every claim",
	  { GEN(1), UTD }, { GEN(1), OUT, PRI, FLAG2(ALONE, BITS) },
	  HA_V_SOURCE, HA_ROW_EQUAL_ONE_GOOD },
	{ "equal, one good but just attached",
	  { GEN(1), UTD, FLAG(FRESH_ATTACH) }, { GEN(1), INC },
	  BLOCKED(EQUAL_ONE_GOOD, SOURCE) },
	{ "two Outdated, others may be newer", { GEN(1), OUT },
	  { GEN(1), OUT }, HA_V_NOTHING, HA_ROW_EQUAL_NONE_GOOD },
	{ "two Outdated, one says no other is newer",
	  { GEN(1), OUT, FLAG(ONLY_NEWER) }, { GEN(1), OUT },
	  HA_V_NOTHING, HA_ROW_EQUAL_NONE_GOOD },
	{ "two Outdated, no other can be newer",
	  { GEN(1), OUT, FLAG(ONLY_NEWER) }, { GEN(1), OUT, FLAG(ONLY_NEWER) },
	  HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "two Outdated, the newest, with bits",
	  { GEN(1), OUT, FLAG2(ONLY_NEWER, BITS) },
	  { GEN(1), OUT, FLAG(ONLY_NEWER) }, HA_V_SOURCE, HA_ROW_EQUAL_BITS },
	{ "two Outdated of different generations",
	  { GEN(2), OUT, .base = 1, HIST(1), FLAG(ONLY_NEWER) },
	  { GEN(1), OUT, FLAG(ONLY_NEWER) }, BLOCKED(BASE, SOURCE) },
};

/* Both good and bits: each claim against all that come after it. */
#define BIT2	.out_of_sync = 2
#define STAYED	.instance = 10, .knows = 99	/* the peer's is 20: older */
static const struct row equal_order[] = {
	{ "Primary before alone", { GEN(1), UTD, PRI, BIT2 },
	  { GEN(1), UTD, FLAG2(ALONE, CRASHED) },
	  HA_V_SOURCE, HA_ROW_EQUAL_PRIMARY },
	{ "Primary as peer of the one that stayed up",
	  { GEN(1), UTD, PRI, .instance = 20, .knows = 10 },
	  { GEN(1), UTD, BIT2, STAYED }, HA_V_SOURCE, HA_ROW_EQUAL_PRIMARY },
	{ "alone before stayed up",
	  { GEN(1), UTD, FLAG(ALONE), .instance = 20, .knows = 10 },
	  { GEN(1), UTD, FLAG2(BITS, CRASHED), STAYED },
	  HA_V_SOURCE, HA_ROW_EQUAL_ALONE },
	{ "both alone", { GEN(1), UTD, FLAG2(ALONE, BITS), STAYED },
	  { GEN(1), UTD, FLAG2(ALONE, CRASHED), .instance = 20, .knows = 10 },
	  HA_V_SOURCE, HA_ROW_EQUAL_STAYED_UP },
	{ "stayed up before crashed", { GEN(1), UTD, STAYED },
	  { GEN(1), UTD, FLAG2(CRASHED, BITS), .instance = 20, .knows = 10 },
	  HA_V_SOURCE, HA_ROW_EQUAL_STAYED_UP },
	{ "stayed up: knows the peer, which forgot it",
	  { GEN(1), UTD, .instance = 10, .knows = 20 },
	  { GEN(1), UTD, FLAG2(CRASHED, BITS), .instance = 20 },
	  HA_V_SOURCE, HA_ROW_EQUAL_STAYED_UP },
	{ "both restarted", { GEN(1), UTD, FLAG(CRASHED), STAYED },
	  { GEN(1), UTD, BIT2, .instance = 20, .knows = 98 },
	  HA_V_SOURCE, HA_ROW_EQUAL_CRASHED },
	{ "neither restarted", { GEN(1), UTD, FLAG(CRASHED), .instance = 10,
	  .knows = 20 }, { GEN(1), UTD, BIT2, .instance = 20, .knows = 10 },
	  HA_V_SOURCE, HA_ROW_EQUAL_CRASHED },
	{ "one forgot, the other knows an old one",
	  { GEN(1), UTD, BIT2, .instance = 10 },
	  { GEN(1), UTD, .instance = 20, .knows = 97 },
	  HA_V_TARGET, HA_ROW_EQUAL_STAYED_UP },
	{ "crashed before bits", { GEN(1), CONS, FLAG(CRASHED) },
	  { GEN(1), UTD, BIT2 }, HA_V_SOURCE, HA_ROW_EQUAL_CRASHED },
	{ "only one with bits", { GEN(1), CONS, FLAG(BITS) },
	  { GEN(1), UTD }, HA_V_SOURCE, HA_ROW_EQUAL_BITS },
	{ "just attached: the other, whatever it claims",
	  { GEN(1), UTD }, { GEN(1), UTD, PRI, BIT2, FLAG(FRESH_ATTACH) },
	  HA_V_SOURCE, HA_ROW_EQUAL_ATTACHED },
	{ "just attached: the Primary that serves is not overwritten",
	  { GEN(1), UTD, PRI, BIT2 },
	  { GEN(1), UTD, FLAG2(FRESH_ATTACH, ALONE) },
	  HA_V_SOURCE, HA_ROW_EQUAL_ATTACHED },
	{ "both just attached", { GEN(1), UTD, BIT2, FLAG(FRESH_ATTACH) },
	  { GEN(1), UTD, FLAG(FRESH_ATTACH) }, BLOCKED(EQUAL_BITS, SOURCE) },
	{ "discard is for split brains only",
	  { GEN(1), UTD, FLAG2(BITS, DISCARD) }, { GEN(1), UTD },
	  HA_V_SOURCE, HA_ROW_EQUAL_BITS },
};

#define SESSIONS(last, before) .session = (last), .previous_session = (before)
#define BEGUN(last, before) .flags = HA_SNAP_BEGUN, SESSIONS(last, before)
#define REPLACED(a) .code = HA_V_##a##_DIGEST, .row = HA_ROW_EQUAL_REPLACED
static const struct row digests[] = {
	{ "same session", { GEN(1), UTD, SESSIONS(5, 4) },
	  { GEN(1), UTD, SESSIONS(5, 4) }, HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "one unfinished handshake", { GEN(1), UTD, SESSIONS(6, 5) },
	  { GEN(1), UTD, SESSIONS(5, 4) }, HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "one side remembers no session", { GEN(1), UTD, SESSIONS(6, 5) },
	  { GEN(1), UTD }, HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "a begun session is forgotten", { GEN(1), UTD, BEGUN(5, 4) },
	  { GEN(1), UTD, BEGUN(6, 5) }, REPLACED(TARGET) },
	{ "the old copy's had not begun", { GEN(1), UTD, BEGUN(6, 5) },
	  { GEN(1), UTD, SESSIONS(5, 4) }, REPLACED(SOURCE) },
	{ "nothing had begun", { GEN(1), UTD, SESSIONS(6, 5) },
	  { GEN(1), UTD, BEGUN(5, 4) }, HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN },
	{ "only the old copy is good", { GEN(1), INC, BEGUN(6, 5) },
	  { GEN(1), UTD, BEGUN(5, 4) }, REPLACED(TARGET) },
	{ "replaced copy, nothing else tells them apart",
	  { GEN(1), UTD, PRI, SESSIONS(9, 8) },
	  { GEN(1), UTD, SESSIONS(5, 4) }, REPLACED(SOURCE) },
	{ "replaced copy, one not good", { GEN(1), UTD, SESSIONS(5, 4) },
	  { GEN(1), OUT, PRI, SESSIONS(9, 8) }, REPLACED(SOURCE) },
	{ "replaced copy, neither good", { GEN(1), INC, SESSIONS(5, 4) },
	  { GEN(1), INC, SESSIONS(9, 8) },
	  HA_V_NOTHING, HA_ROW_EQUAL_NONE_GOOD },
	{ "replaced copy, the source just attached",
	  { GEN(1), UTD, SESSIONS(5, 4), FLAG(FRESH_ATTACH) },
	  { GEN(1), INC, SESSIONS(9, 8) },
	  BLOCKED(EQUAL_REPLACED, SOURCE_DIGEST) },
	{ "doubtful, clean", { GEN(1), UTD }, { GEN(1), UTD, FLAG(DOUBTFUL) },
	  HA_V_SOURCE_DIGEST, HA_ROW_EQUAL_DOUBTFUL },
	{ "doubtful loses every claim", { GEN(1), UTD },
	  { GEN(1), UTD, BIT2, FLAG2(DOUBTFUL, ALONE) },
	  HA_V_SOURCE_DIGEST, HA_ROW_EQUAL_DOUBTFUL },
	{ "doubtful but the only good", { GEN(1), UTD, FLAG(DOUBTFUL) },
	  { GEN(1), INC }, HA_V_SOURCE_DIGEST, HA_ROW_EQUAL_ONE_GOOD },
	{ "both doubtful: the usual order",
	  { GEN(1), UTD, FLAG2(DOUBTFUL, CRASHED) },
	  { GEN(1), UTD, FLAG(DOUBTFUL) },
	  HA_V_SOURCE_DIGEST, HA_ROW_EQUAL_CRASHED },
	{ "doubtful Primary serves: not overwritten", { GEN(1), UTD, PRI,
	  FLAG(DOUBTFUL) }, { GEN(1), UTD },
	  BLOCKED(EQUAL_DOUBTFUL, TARGET_DIGEST) },
	{ "neither doubtful nor just attached is left", { GEN(1), UTD, BIT2,
	  FLAG(DOUBTFUL) }, { GEN(1), UTD, FLAG(FRESH_ATTACH) },
	  BLOCKED(EQUAL_DOUBTFUL, TARGET_DIGEST) },
	{ "doubtful and newer", { GEN(2), UTD, .base = 1, HIST(1),
	  FLAG(DOUBTFUL) }, { GEN(1), UTD }, HA_V_SOURCE_DIGEST, HA_ROW_BASE },
	{ "doubtful and older", { GEN(2), UTD, .base = 1, HIST(1) },
	  { GEN(1), UTD, FLAG(DOUBTFUL) }, HA_V_SOURCE_DIGEST, HA_ROW_BASE },
	{ "doubtful and in the distant past", { GEN(2), UTD, HIST(1) },
	  { GEN(1), UTD, FLAG(DOUBTFUL) }, HA_V_SOURCE_FULL, HA_ROW_HISTORY },
};

static const struct row descent[] = {
	{ "base", { GEN(2), UTD, .base = 1, HIST(1) }, { GEN(1), UTD },
	  HA_V_SOURCE, HA_ROW_BASE },
	{ "base that is not in the history",
	  { GEN(2), UTD, .base = 1, HIST(3) }, { GEN(1), UTD },
	  HA_V_SOURCE, HA_ROW_BASE },
	{ "newer than base", { GEN(3), UTD, .base = 1, HIST(2, 1) },
	  { GEN(2), UTD }, HA_V_SOURCE, HA_ROW_BASE },
	{ "older than base", { GEN(3), UTD, .base = 2, HIST(2, 1) },
	  { GEN(1), UTD }, HA_V_SOURCE_FULL, HA_ROW_HISTORY },
	{ "in the history of a base unknown there",
	  { GEN(3), UTD, .base = 9, HIST(2, 1) }, { GEN(2), UTD },
	  HA_V_SOURCE_FULL, HA_ROW_HISTORY },
	{ "no base", { GEN(3), UTD, HIST(2, 1) }, { GEN(2), UTD },
	  HA_V_SOURCE_FULL, HA_ROW_HISTORY },
	{ "newer but not good", { GEN(2), INC, .base = 1, HIST(1) },
	  { GEN(1), UTD }, BLOCKED(BASE, SOURCE) },
	{ "newer but Outdated", { GEN(2), OUT, HIST(1) }, { GEN(1), UTD },
	  BLOCKED(HISTORY, SOURCE_FULL) },
	{ "newer but just attached", { GEN(2), UTD, .base = 1, HIST(1),
	  FLAG(FRESH_ATTACH) }, { GEN(1), UTD }, BLOCKED(BASE, SOURCE) },
	{ "older but Primary", { GEN(2), UTD, .base = 1, HIST(1) },
	  { GEN(1), UTD, PRI }, BLOCKED(BASE, SOURCE) },
	{ "older, Primary, not good", { GEN(2), UTD, .base = 1, HIST(1) },
	  { GEN(1), INC, PRI }, HA_V_SOURCE, HA_ROW_BASE },
	{ "older, Primary, its disk just attached",
	  { GEN(2), UTD, .base = 1, HIST(1) },
	  { GEN(1), UTD, PRI, FLAG(FRESH_ATTACH) }, HA_V_SOURCE, HA_ROW_BASE },
	{ "both Primary, the older serves",
	  { GEN(2), UTD, PRI, .base = 1, HIST(1) }, { GEN(1), UTD, PRI },
	  HA_V_REFUSE, HA_ROW_BASE },
	{ "both Primary, the older not good",
	  { GEN(2), UTD, PRI, .base = 1, HIST(1) }, { GEN(1), INC, PRI },
	  HA_V_REFUSE, HA_ROW_BASE },
	{ "replaced copy is a matter of equal generations",
	  { GEN(2), UTD, .base = 1, HIST(1), SESSIONS(9, 8) },
	  { GEN(1), UTD, SESSIONS(5, 4) }, HA_V_SOURCE, HA_ROW_BASE },
};

/* 1 is common; 2 and 3 went on from it. */
#define LEFT	GEN(2), UTD, .base = 1, HIST(1)
#define RIGHT	GEN(3), UTD, .base = 1, HIST(1)
static const struct row splits[] = {
	{ "both went on", { LEFT }, { RIGHT },
	  HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "both Primary", { LEFT, PRI }, { RIGHT, PRI },
	  HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "both newer than the other", { GEN(2), UTD, .base = 3, HIST(3) },
	  { GEN(3), UTD, .base = 2, HIST(2) },
	  HA_V_SPLIT_BRAIN, HA_ROW_BASE_BOTH },
	{ "each in the other's history", { GEN(2), UTD, HIST(3) },
	  { GEN(3), UTD, HIST(2) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "common by base only", { GEN(2), UTD, .base = 1 },
	  { GEN(3), UTD, HIST(1) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "forced over a good one", { LEFT, PRI, FLAG(FORCED) },
	  { GEN(1), UTD }, HA_V_SPLIT_BRAIN, HA_ROW_FORCED },
	{ "forced, the good one in its history",
	  { GEN(2), INC, HIST(3, 1), FLAG(FORCED) }, { GEN(1), CONS },
	  HA_V_SPLIT_BRAIN, HA_ROW_FORCED },
	{ "forced, the other not good", { LEFT, FLAG(FORCED) },
	  { GEN(1), INC }, HA_V_SOURCE, HA_ROW_BASE },
	{ "both forced", { LEFT, FLAG(FORCED) }, { GEN(1), UTD, FLAG(FORCED) },
	  HA_V_SOURCE, HA_ROW_BASE },
	{ "forced, the other goes on from it", { GEN(1), UTD, FLAG(FORCED) },
	  { RIGHT }, HA_V_TARGET, HA_ROW_BASE },
	{ "discard mine", { LEFT }, { RIGHT, FLAG(DISCARD) },
	  HA_V_SOURCE, HA_ROW_DISCARD },
	{ "discard, no bits back to the ancestor",
	  { GEN(2), UTD, .base = 4, HIST(4, 1) }, { RIGHT, FLAG(DISCARD) },
	  HA_V_SOURCE_FULL, HA_ROW_DISCARD },
	{ "discard, one with no base", { GEN(2), UTD, HIST(1) },
	  { RIGHT, FLAG(DISCARD) }, HA_V_SOURCE_FULL, HA_ROW_DISCARD },
	{ "discard on both", { LEFT, FLAG(DISCARD) }, { RIGHT, FLAG(DISCARD) },
	  HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "discard what a Primary serves", { LEFT },
	  { RIGHT, PRI, FLAG(DISCARD) }, BLOCKED(DISCARD, SOURCE) },
	{ "discard for a disk that is not good",
	  { GEN(2), INC, .base = 1, HIST(1) }, { RIGHT, FLAG(DISCARD) },
	  BLOCKED(DISCARD, SOURCE) },
	{ "discard the forced", { GEN(1), UTD },
	  { LEFT, FLAG2(FORCED, DISCARD) }, HA_V_SOURCE, HA_ROW_DISCARD },
	{ "discard, doubtful", { LEFT, FLAG(DOUBTFUL) },
	  { RIGHT, FLAG(DISCARD) }, HA_V_SOURCE_DIGEST, HA_ROW_DISCARD },
	{ "discard where it is no split brain", { LEFT, FLAG(DISCARD) },
	  { GEN(1), UTD }, HA_V_SOURCE, HA_ROW_BASE },
};

static const struct row policies[] = {
	{ "disconnect", { LEFT, SB_ALL(DISCONNECT) },
	  { RIGHT, SB_ALL(DISCONNECT) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "different policies", { LEFT, .written = 1,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, { RIGHT, SB_ALL(DISCONNECT) },
	  HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "zero changes", { LEFT, .written = 512,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, { RIGHT,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, HA_V_SOURCE, HA_ROW_POLICY },
	{ "zero changes: a bit is a change", { LEFT, BIT2,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, { RIGHT,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, HA_V_SOURCE, HA_ROW_POLICY },
	{ "zero changes: both changed", { LEFT, BIT2,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, { RIGHT, .written = 1,
	  SB_ALL(DISCARD_ZERO_CHANGES) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "least changes", { LEFT, BIT2, SB_ALL(DISCARD_LEAST_CHANGES) },
	  { RIGHT, .out_of_sync = 1, SB_ALL(DISCARD_LEAST_CHANGES) },
	  HA_V_SOURCE, HA_ROW_POLICY },
	{ "least changes: as many", { LEFT, BIT2,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, { RIGHT, BIT2,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "younger primary", { LEFT, .left = { 100 },
	  SB_ALL(DISCARD_YOUNGER_PRIMARY) }, { RIGHT, .left = { 200 },
	  SB_ALL(DISCARD_YOUNGER_PRIMARY) }, HA_V_SOURCE, HA_ROW_POLICY },
	{ "older primary", { LEFT, .left = { 100 },
	  SB_ALL(DISCARD_OLDER_PRIMARY) }, { RIGHT, .left = { 200 },
	  SB_ALL(DISCARD_OLDER_PRIMARY) }, HA_V_TARGET, HA_ROW_POLICY },
	{ "younger primary: as old", { LEFT, .left = { 100 },
	  SB_ALL(DISCARD_YOUNGER_PRIMARY) }, { RIGHT, .left = { 100 },
	  SB_ALL(DISCARD_YOUNGER_PRIMARY) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "younger primary: age unknown", { LEFT,
	  SB_ALL(DISCARD_YOUNGER_PRIMARY) }, { RIGHT, .left = { 100 },
	  SB_ALL(DISCARD_YOUNGER_PRIMARY) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "discard-secondary with one Primary", { LEFT, PRI,
	  SB(0, HA_SB_DISCARD_SECONDARY, 0) }, { RIGHT,
	  SB(0, HA_SB_DISCARD_SECONDARY, 0) }, HA_V_SOURCE, HA_ROW_POLICY },
	{ "discard-secondary with no Primary", { LEFT,
	  SB_ALL(DISCARD_SECONDARY) }, { RIGHT, SB_ALL(DISCARD_SECONDARY) },
	  HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "the policy is that of the number of Primaries", { LEFT, BIT2, PRI,
	  SB(HA_SB_DISCARD_LEAST_CHANGES, 0, 0) }, { RIGHT,
	  SB(HA_SB_DISCARD_LEAST_CHANGES, 0, 0) },
	  HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "a policy never discards what a Primary serves", { LEFT, PRI,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, { RIGHT, BIT2,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "two Primaries stay split", { LEFT, PRI, BIT2,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, { RIGHT, PRI,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, HA_V_SPLIT_BRAIN, HA_ROW_COMMON },
	{ "discard by hand before the policy", { LEFT, .out_of_sync = 1,
	  SB_ALL(DISCARD_LEAST_CHANGES) }, { RIGHT, BIT2, FLAG(DISCARD),
	  SB_ALL(DISCARD_LEAST_CHANGES) }, HA_V_SOURCE, HA_ROW_DISCARD },
};

static void try_row(struct kunit *test, const struct row *row, u32 id)
{
	enum ha_verdict_code code = row->code, blocked = row->blocked;
	struct ha_snapshot a, b;
	struct ha_verdict v;
	const char *bad;

	test_snapshot(&row->a, id, &a);
	test_snapshot(&row->b, !id, &b);
	bad = test_pair(&a, &b, &v);
	if (bad)
		KUNIT_FAIL(test, "%s: %s", row->what, bad);
	KUNIT_EXPECT_EQ_MSG(test, v.code, code, "%s: %u, row %u", row->what,
			    v.code, v.row);
	KUNIT_EXPECT_EQ_MSG(test, v.row, row->row, "%s: row %u", row->what,
			    v.row);
	if (code == HA_V_BLOCKED)
		KUNIT_EXPECT_EQ_MSG(test, v.blocked_code, blocked, "%s: %u",
				    row->what, v.blocked_code);
}

#define ROWS(name, table)						\
	static void name(struct kunit *test)				\
	{								\
		u32 i;							\
									\
		for (i = 0; i < ARRAY_SIZE(table); i++) {		\
			try_row(test, &(table)[i], 0);			\
			try_row(test, &(table)[i], 1);			\
		}							\
	}

ROWS(one_or_both_just_created, just_created)
ROWS(a_side_without_a_disk, no_disk)
ROWS(data_of_strangers, strangers)
ROWS(equal_by_disk_state, equal_states)
ROWS(equal_order_of_claims, equal_order)
ROWS(replaced_or_doubtful, digests)
ROWS(one_descends_from_the_other, descent)
ROWS(split_brain_and_discard, splits)
ROWS(split_brain_policies, policies)

/* The last claim of all depends on the place. */
static void equal_node_id(struct kunit *test)
{
	static const struct side side = { GEN(1), UTD, FLAG(BITS) };
	static const struct side zero = { LEFT, SB_ALL(DISCARD_ZERO_CHANGES) };
	static const struct side none = { RIGHT, SB_ALL(DISCARD_ZERO_CHANGES) };
	struct ha_snapshot a, b;
	struct ha_verdict v;

	test_snapshot(&side, 0, &a);
	test_snapshot(&side, 1, &b);
	KUNIT_EXPECT_TRUE(test, !test_pair(&a, &b, &v));
	KUNIT_EXPECT_EQ(test, v.code, HA_V_SOURCE);
	KUNIT_EXPECT_EQ(test, v.row, HA_ROW_EQUAL_NODE_ID);
	test_snapshot(&zero, 0, &a);
	test_snapshot(&none, 1, &b);
	KUNIT_EXPECT_TRUE(test, !test_pair(&a, &b, &v));
	KUNIT_EXPECT_EQ(test, v.code, HA_V_SOURCE);
	KUNIT_EXPECT_EQ(test, v.row, HA_ROW_POLICY);
}

static void every_row_has_words(struct kunit *test)
{
	u32 row;

	for (row = 0; row < HA_ROW_NR; row++)
		KUNIT_EXPECT_TRUE_MSG(test, ha_verdict_words(row), "row %u",
				      row);
	KUNIT_EXPECT_TRUE(test, ha_verdict_words(HA_ROW_NR));
}

static void classes_of_codes(struct kunit *test)
{
	u32 code;

	for (code = HA_V_NOTHING; code <= HA_V_REFUSE; code++) {
		bool source = code == HA_V_SOURCE || code == HA_V_SOURCE_FULL ||
			      code == HA_V_SOURCE_DIGEST;
		bool target = code == HA_V_TARGET || code == HA_V_TARGET_FULL ||
			      code == HA_V_TARGET_DIGEST;

		KUNIT_EXPECT_EQ(test, ha_verdict_is_source(code), source);
		KUNIT_EXPECT_EQ(test, ha_verdict_is_target(code), target);
		KUNIT_EXPECT_EQ(test,
				ha_verdict_mirror(ha_verdict_mirror(code)),
				code);
		KUNIT_EXPECT_EQ(test, ha_verdict_mirror(code) != code,
				source || target);
	}
}

static void diverged_at(struct kunit *test)
{
	static const struct side left = { LEFT, .left = { 200 } };
	static const struct side right = { RIGHT, .left = { 100 } };
	static const struct side stranger = { GEN(8), UTD };
	struct ha_snapshot a, b;
	u64 time;

	test_snapshot(&left, 0, &a);
	test_snapshot(&right, 1, &b);
	KUNIT_EXPECT_EQ(test, ha_diverged_at(&a, &b, &time), 1);
	KUNIT_EXPECT_EQ(test, time, 100);
	KUNIT_EXPECT_EQ(test, ha_diverged_at(&b, &a, &time), 1);
	KUNIT_EXPECT_EQ(test, time, 100);
	b.history[0].time = 0;
	KUNIT_EXPECT_EQ(test, ha_diverged_at(&a, &b, &time), 1);
	KUNIT_EXPECT_EQ(test, time, 200);
	test_snapshot(&stranger, 1, &b);
	KUNIT_EXPECT_EQ(test, ha_diverged_at(&a, &b, &time), 0);
	KUNIT_EXPECT_EQ(test, time, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(one_or_both_just_created),
	KUNIT_CASE(a_side_without_a_disk),
	KUNIT_CASE(data_of_strangers),
	KUNIT_CASE(equal_by_disk_state),
	KUNIT_CASE(equal_order_of_claims),
	KUNIT_CASE(replaced_or_doubtful),
	KUNIT_CASE(one_descends_from_the_other),
	KUNIT_CASE(split_brain_and_discard),
	KUNIT_CASE(split_brain_policies),
	KUNIT_CASE(equal_node_id),
	KUNIT_CASE(every_row_has_words),
	KUNIT_CASE(classes_of_codes),
	KUNIT_CASE(diverged_at),
	{ }
};

static struct kunit_suite verdict_rows = {
	.name = "ha_verdict_rows",
	.test_cases = cases,
};
kunit_test_suite(verdict_rows);
