// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of states: the legal moves as a table of their own, a disk at
 * attach for all inputs, and what holds for every promotion.
 */
#include "suite.h"
#include "../../include/ha_meta.h"
#include "../../kernel/state.h"

#define DISKS	(HA_UPTODATE + 1)

/* From the row to the column: Dl At Fa In Ou Un Co Up. */
static const char *const disk_moves[DISKS] = {
	[HA_DISKLESS]		= "11000000",
	[HA_ATTACHING]		= "11011011",
	[HA_FAILED]		= "10100000",
	[HA_INCONSISTENT]	= "10110011",
	[HA_OUTDATED]		= "10111011",
	[HA_DUNKNOWN]		= "00000100",
	[HA_CONSISTENT]		= "10111011",
	[HA_UPTODATE]		= "10111011",
};

static void disk_may_move(struct kunit *test)
{
	u32 from, to;

	for (from = 0; from < DISKS; from++)
		for (to = 0; to < DISKS; to++)
			KUNIT_EXPECT_EQ_MSG(test, ha_disk_may_move(from, to),
					    disk_moves[from][to] == '1',
					    "%s -> %s", ha_disk_state_word(from),
					    ha_disk_state_word(to));
}

/* From the row to the column: StandAlone, Connecting, Connected. */
static void conn_may_move(struct kunit *test)
{
	static const char *const moves[] = { "110", "111", "111" };
	u32 from, to;

	for (from = 0; from <= HA_CONNECTED; from++)
		for (to = 0; to <= HA_CONNECTED; to++)
			KUNIT_EXPECT_EQ_MSG(test, ha_conn_may_move(from, to),
					    moves[from][to] == '1', "%s -> %s",
					    ha_conn_word_text(from),
					    ha_conn_word_text(to));
}

/* Words for each value, and for none beyond. */
static void words_for_all(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 64; i++) {
		KUNIT_EXPECT_EQ(test, strcmp(ha_role_word(i), "?") != 0,
				i <= HA_SECONDARY);
		KUNIT_EXPECT_EQ(test, strcmp(ha_disk_state_word(i), "?") != 0,
				i <= HA_UPTODATE);
		KUNIT_EXPECT_EQ(test, strcmp(ha_conn_word_text(i), "?") != 0,
				i <= HA_CONNECTED);
		KUNIT_EXPECT_EQ(test, strcmp(ha_repl_word_text(i), "?") != 0,
				i <= HA_VERIFY_T);
	}
}

/* All flags there may be; @gen 0 or not. */
static void at_attach(struct kunit *test)
{
	u32 flags, i;

	for (flags = 0; flags < 1024; flags++) {
		for (i = 0; i < 8; i++) {
			bool gen = i & 1, fencing = i & 2, primary = i & 4;
			enum ha_disk_word s =
				ha_disk_state_at_attach(gen, flags, fencing,
							primary);
			bool whole = gen && (flags & HA_MF_CONSISTENT);
			bool old = primary || (flags & HA_MF_OUTDATED);
			bool unsure = fencing || (flags & HA_MF_DOUBTFUL);

			KUNIT_EXPECT_TRUE(test, s == HA_INCONSISTENT ||
					  s == HA_OUTDATED ||
					  s == HA_CONSISTENT ||
					  s == HA_UPTODATE);
			KUNIT_EXPECT_EQ(test, s == HA_INCONSISTENT, !whole);
			KUNIT_EXPECT_EQ(test, s == HA_OUTDATED, whole && old);
			KUNIT_EXPECT_EQ(test, s == HA_CONSISTENT,
					whole && !old && unsure);
		}
	}
}

/* Combination number @n of all facts; false when there is none any more. */
static bool facts(u32 n, struct ha_promote_facts *f)
{
	bool *const flags[] = {
		&f->force, &f->failed, &f->fencing, &f->fenced, &f->draining,
		&f->doubtful, &f->handshaking, &f->no_quorum, &f->connected,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flags); i++, n /= 2)
		*flags[i] = n % 2;
	f->role = n % 3;
	n /= 3;
	f->peer_role = n % 3;
	n /= 3;
	f->disk = n % DISKS;
	n /= DISKS;
	f->peer_disk = n % DISKS;
	return n < DISKS;
}

static bool is_yes(enum ha_promote p)
{
	return p == HA_PROMOTE_OK || p == HA_PROMOTE_MINT;
}

/* What must never be allowed, whatever else is so. */
static void check_yes(struct kunit *test, const struct ha_promote_facts *f,
		      enum ha_promote p)
{
	bool peer_good = f->connected && f->peer_disk == HA_UPTODATE;
	bool fenced = f->fenced && !f->connected;
	/* As good as UpToDate where nobody can have written since. */
	bool good = f->disk == HA_UPTODATE ||
		    (fenced && f->disk == HA_CONSISTENT && !f->doubtful);

	KUNIT_EXPECT_FALSE(test, f->connected && f->peer_role == HA_PRIMARY);
	KUNIT_EXPECT_FALSE(test, f->failed);
	KUNIT_EXPECT_FALSE(test, f->draining);
	KUNIT_EXPECT_FALSE(test, f->handshaking);
	KUNIT_EXPECT_TRUE(test, f->force || !f->no_quorum);
	KUNIT_EXPECT_TRUE(test, f->force || good || peer_good);
	KUNIT_EXPECT_TRUE(test, f->force || !f->fencing || f->connected ||
			  fenced);
	/* Without good data anywhere a generation of its own begins. */
	KUNIT_EXPECT_EQ(test, p == HA_PROMOTE_MINT,
			!good && !peer_good);
	KUNIT_EXPECT_TRUE(test, f->disk >= HA_INCONSISTENT || peer_good);
}

static void promote_all(struct kunit *test)
{
	struct ha_promote_facts f = { }, forced;
	u32 n, yes = 0, no = 0;

	for (n = 0; facts(n, &f); n += TEST_STRIDE) {
		enum ha_promote p = ha_promote_verdict(&f);

		KUNIT_EXPECT_EQ(test, p == HA_PROMOTE_ALREADY,
				f.role == HA_PRIMARY);
		if (p == HA_PROMOTE_ALREADY)
			continue;
		if (is_yes(p)) {
			check_yes(test, &f, p);
			yes++;
		} else {
			KUNIT_EXPECT_TRUE(test, !!ha_promote_words(p));
			no++;
		}
		/* Force never takes a permission away. */
		forced = f;
		forced.force = true;
		if (is_yes(p))
			KUNIT_EXPECT_TRUE(test,
					  is_yes(ha_promote_verdict(&forced)));
	}
	KUNIT_EXPECT_TRUE(test, yes > 0 && no > 0);
}

/* The usual cases, so that not everything is refused. */
static void promote_usual(struct kunit *test)
{
	struct ha_promote_facts f = {
		.role = HA_SECONDARY, .disk = HA_UPTODATE, .connected = true,
		.peer_role = HA_SECONDARY, .peer_disk = HA_UPTODATE,
	};

	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_OK);
	f.disk = HA_DISKLESS;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_OK);
	f.connected = false;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_DISKLESS);
	f.disk = HA_UPTODATE;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_OK);
	f.disk = HA_INCONSISTENT;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_INCONSISTENT);
	f.disk = HA_OUTDATED;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_OUTDATED);
	f.disk = HA_CONSISTENT;
	f.fencing = true;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_CONSISTENT);
	f.fenced = true;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_OK);
	f.doubtful = true;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_DOUBTFUL);
	f.disk = HA_OUTDATED;
	f.force = true;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_MINT);
	f.connected = true;
	f.peer_role = HA_PRIMARY;
	KUNIT_EXPECT_EQ(test, ha_promote_verdict(&f), HA_PROMOTE_PEER_PRIMARY);
}

/* A refusal goes through one netlink message, and never without a text. */
static void promote_words(struct kunit *test)
{
	u32 p;

	for (p = 0; p < HA_PROMOTE_NR; p++) {
		const char *words = ha_promote_words(p);
		bool refusal = p > HA_PROMOTE_MINT;

		KUNIT_EXPECT_EQ(test, !!words, refusal);
		if (words) {
			KUNIT_EXPECT_TRUE(test, strlen(words) > 20);
			KUNIT_EXPECT_TRUE(test, strlen(words) < 200);
		}
	}
	KUNIT_EXPECT_TRUE(test, !ha_promote_words(HA_PROMOTE_NR));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(disk_may_move),
	KUNIT_CASE(conn_may_move),
	KUNIT_CASE(words_for_all),
	KUNIT_CASE(at_attach),
	KUNIT_CASE(promote_all),
	KUNIT_CASE(promote_usual),
	KUNIT_CASE(promote_words),
	{ }
};

static struct kunit_suite state_suite = {
	.name = "ha_state",
	.test_cases = cases,
};
kunit_test_suite(state_suite);
