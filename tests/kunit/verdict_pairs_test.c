// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict over products of snapshots, each against each, both ways: mirror
 * symmetry and what must never happen, whichever row decides.
 */
#include "snapshots.h"

#define GENERATIONS	3
#define LINEAGES	(4 * 4 * 16)

/* What a side remembers of the instance of the other's disk. */
enum memory { NOTHING, PRESENT, OLDER };

/* Every ordered list without repetition of the generations 1 to 3. */
static const u8 lists[16][GENERATIONS] = {
	{ 0 }, { 1 }, { 2 }, { 3 }, { 1, 2 }, { 1, 3 }, { 2, 1 }, { 2, 3 },
	{ 3, 1 }, { 3, 2 }, { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 }, { 2, 3, 1 },
	{ 3, 1, 2 }, { 3, 2, 1 },
};

static const u32 disks[] = {
	HA_DISKLESS, HA_INCONSISTENT, HA_OUTDATED, HA_CONSISTENT, HA_UPTODATE,
};

/* Lineage number @n: each current, base and history. */
static void set_lineage(u32 n, struct side *s)
{
	u32 i;

	s->current_gen = n % 4;
	s->base = n / 4 % 4;
	for (i = 0; i < GENERATIONS; i++)
		s->history[i] = lists[n / 16][i];
	s->uuid = s->current_gen ? 7 : 0;
}

/* @side as node @id; its knows is an enum memory. */
static void place(const struct side *side, u32 id, struct ha_snapshot *s)
{
	struct side placed = *side;

	placed.instance = id ? 20 : 10;
	placed.knows = side->knows == NOTHING ? 0 :
		       side->knows == OLDER ? 99 : id ? 10 : 20;
	test_snapshot(&placed, id, s);
}

static bool report(struct kunit *test, const char *bad,
		   const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	char *text;

	if (!bad)
		return false;
	text = kunit_kzalloc(test, 1024, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, text);
	test_describe(a, text, 512);
	test_describe(b, text + 512, 512);
	KUNIT_FAIL(test, "%s: %s %s", bad, text, text + 512);
	return true;
}

/* Each of @count sides against itself and all that follow it. */
static void all_pairs(struct kunit *test, const struct side *sides, u32 count,
		      const char *(*check)(const struct ha_snapshot *a,
					   const struct ha_snapshot *b,
					   const struct ha_verdict *v))
{
	struct ha_snapshot *a, *b;
	u64 pairs = 0;
	struct ha_verdict v;
	const char *bad;
	u32 i, j;

	a = kunit_kzalloc(test, 2 * sizeof(*a), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, a);
	b = a + 1;
	for (i = 0; i < count; i++) {
		place(&sides[i], 0, a);
		for (j = i; j < count; j += TEST_STRIDE) {
			place(&sides[j], 1, b);
			bad = test_pair(a, b, &v);
			if (!bad && check)
				bad = check(a, b, &v);
			if (report(test, bad, a, b))
				return;
			pairs++;
		}
	}
	kunit_info(test, "%llu pairs", (unsigned long long)pairs);
}

/* --- the explored rules once more --- */

/* A side as the exploration saw it; sets of generations are bit masks. */
struct explored {
	u32 current_gen, history, range;
	bool good, primary, crashed, bits, alone;
	enum memory memory;
	u32 id;
};

static void to_explored(const struct ha_snapshot *s, struct explored *e)
{
	u64 base = s->base[s->peer_id];
	u32 i;

	memset(e, 0, sizeof(*e));
	e->current_gen = (u32)s->current_gen;
	e->range = base ? 1u << base : 0;
	for (i = 0; i < 4 && s->history[i].generation; i++) {
		if (s->history[i].generation == base &&
		    !(e->history >> base & 1))
			e->range |= e->history;
		e->history |= 1u << s->history[i].generation;
	}
	e->good = s->disk_state == HA_UPTODATE;
	e->primary = s->role == HA_PRIMARY;
	e->crashed = s->flags & HA_SNAP_CRASHED;
	e->bits = s->flags & HA_SNAP_BITS;
	e->alone = s->flags & HA_SNAP_ALONE;
	e->memory = !s->peer_instance ? NOTHING :
		    s->peer_instance == 99 ? OLDER : PRESENT;
	e->id = s->node_id;
}

static enum ha_verdict_code guarded(const struct explored *m,
				    const struct explored *p,
				    enum ha_verdict_code code)
{
	bool mine = code == HA_V_SOURCE || code == HA_V_SOURCE_FULL;
	const struct explored *from = mine ? m : p, *to = mine ? p : m;

	if (m->primary && p->primary)
		return HA_V_REFUSE;
	if (!from->good || (to->primary && to->good))
		return HA_V_BLOCKED;
	return code;
}

static enum ha_verdict_code explored_equal(const struct explored *m,
					   const struct explored *p)
{
	bool ms = (m->memory == OLDER && p->memory != OLDER) ||
		  (m->memory == PRESENT && p->memory == NOTHING);
	bool ps = (p->memory == OLDER && m->memory != OLDER) ||
		  (p->memory == PRESENT && m->memory == NOTHING);
	bool source;

	if (m->primary && p->primary)
		return HA_V_REFUSE;
	if (!m->bits && !p->bits && m->good && p->good)
		return HA_V_IN_SYNC;
	if (!m->good && !p->good)
		return HA_V_NOTHING;
	if (m->good != p->good)
		source = m->good;
	else if (m->primary != p->primary)
		source = m->primary;
	else if (m->alone != p->alone)
		source = m->alone;
	else if (ms || ps)
		source = ms;
	else if (m->crashed != p->crashed)
		source = m->crashed;
	else if (m->bits != p->bits)
		source = m->bits;
	else
		source = m->id < p->id;
	return guarded(m, p, source ? HA_V_SOURCE : HA_V_TARGET);
}

static enum ha_verdict_code explored_verdict(const struct explored *m,
					     const struct explored *p)
{
	bool older = p->range >> m->current_gen & 1;
	bool newer = m->range >> p->current_gen & 1;
	u32 a, b;

	if (!m->current_gen && !p->current_gen)
		return m->primary && p->primary ? HA_V_REFUSE : HA_V_NOTHING;
	if (!m->current_gen)
		return guarded(m, p, HA_V_TARGET_FULL);
	if (!p->current_gen)
		return guarded(m, p, HA_V_SOURCE_FULL);
	if (m->current_gen == p->current_gen)
		return explored_equal(m, p);
	if (older && newer)
		return HA_V_SPLIT_BRAIN;
	if (older || newer)
		return guarded(m, p, older ? HA_V_TARGET : HA_V_SOURCE);
	older = p->history >> m->current_gen & 1;
	newer = m->history >> p->current_gen & 1;
	if (older != newer)
		return guarded(m, p, older ? HA_V_TARGET_FULL :
					     HA_V_SOURCE_FULL);
	a = m->history | m->range | 1u << m->current_gen;
	b = p->history | p->range | 1u << p->current_gen;
	return a & b ? HA_V_SPLIT_BRAIN : HA_V_UNRELATED;
}

static const char *as_explored(const struct ha_snapshot *a,
			       const struct ha_snapshot *b,
			       const struct ha_verdict *v)
{
	struct explored m, p;

	to_explored(a, &m);
	to_explored(b, &p);
	if (explored_verdict(&m, &p) != v->code)
		return "not as explored";
	return NULL;
}

/* Every lineage, good or not, Primary or not, with bits or without. */
static void lineages_as_explored(struct kunit *test)
{
	struct side *sides, *s;
	u32 n;

	sides = kunit_kzalloc(test, LINEAGES * 8 * sizeof(*s), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sides);
	for (n = 0; n < LINEAGES * 8; n++) {
		s = &sides[n];
		set_lineage(n / 8, s);
		s->disk = n & 1 ? HA_UPTODATE : HA_INCONSISTENT;
		s->primary = n & 2;
		s->flags = n & 4 ? HA_SNAP_BITS : 0;
	}
	all_pairs(test, sides, LINEAGES * 8, as_explored);
}

/* Equal currents, every claim. */
static void claims_as_explored(struct kunit *test)
{
	struct side *sides, *s;
	u32 n;

	sides = kunit_kzalloc(test, 96 * sizeof(*s), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sides);
	for (n = 0; n < 96; n++) {
		s = &sides[n];
		set_lineage(1, s);
		s->disk = n & 1 ? HA_UPTODATE : HA_INCONSISTENT;
		s->primary = n & 2;
		s->flags = n & 4 ? HA_SNAP_BITS : 0;
		s->flags |= n & 8 ? HA_SNAP_ALONE : 0;
		s->flags |= n & 16 && !s->primary ? HA_SNAP_CRASHED : 0;
		s->knows = n / 32;
	}
	all_pairs(test, sides, 96, as_explored);
}

/* --- what must never happen --- */

/* A bitmap says what changed since its base: nothing older may use it. */
static const char *bits_known(const struct ha_snapshot *a,
			      const struct ha_snapshot *b,
			      const struct ha_verdict *v)
{
	struct explored m, p;

	to_explored(a, &m);
	to_explored(b, &p);
	if (a->current_gen == b->current_gen)
		return NULL;
	if (v->code == HA_V_SOURCE && !(m.range >> p.current_gen & 1))
		return "source by bitmap without the bits";
	if (v->code == HA_V_TARGET && !(p.range >> m.current_gen & 1))
		return "target by bitmap without the bits";
	return NULL;
}

/* Every lineage in every state of disk and role, forced or not. */
static void every_lineage(struct kunit *test)
{
	const u32 count = LINEAGES * ARRAY_SIZE(disks) * 4;
	struct side *sides, *s;
	u32 n;

	sides = kunit_kzalloc(test, count * sizeof(*s), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sides);
	for (n = 0; n < count; n++) {
		s = &sides[n];
		set_lineage(n / 20, s);
		s->disk = disks[n % 20 / 4];
		s->primary = n & 1;
		s->flags = n & 2 ? HA_SNAP_FORCED : 0;
		s->flags |= n * 2654435761u >> 31 ? HA_SNAP_BITS : 0;
	}
	all_pairs(test, sides, count, bits_known);
}

/* Equal currents: every state, every flag that counts, memory, sessions. */
static void every_claim(struct kunit *test)
{
	static const u32 flags[] = {
		HA_SNAP_CRASHED, HA_SNAP_ALONE, HA_SNAP_DOUBTFUL, HA_SNAP_BITS,
		HA_SNAP_FRESH_ATTACH, HA_SNAP_ONLY_NEWER,
	};
	const u32 count = ARRAY_SIZE(disks) * 2 * 64 * 3 * 3;
	struct side *sides, *s;
	u32 i, n, rest;

	sides = kunit_kzalloc(test, count * sizeof(*s), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sides);
	for (n = 0; n < count; n++) {
		s = &sides[n];
		set_lineage(1, s);
		for (i = 0; i < ARRAY_SIZE(flags); i++)
			s->flags |= n >> i & 1 ? flags[i] : 0;
		s->flags |= n * 2654435761u >> 31 ? HA_SNAP_KEPT : 0;
		rest = n / 64;
		s->primary = rest & 1;
		s->disk = disks[rest / 2 % ARRAY_SIZE(disks)];
		rest /= 2 * ARRAY_SIZE(disks);
		s->knows = rest % 3;
		s->session = rest / 3 ? 5 * (rest / 3) : 0;
	}
	all_pairs(test, sides, count, NULL);
}

static void random_side(u64 *random, u32 after_sb, struct side *s)
{
	u32 i, n = test_pick(random, 5);

	memset(s, 0, sizeof(*s));
	s->current_gen = test_pick(random, 5);
	s->base = test_pick(random, 5);
	for (i = 0; i < n && i < ARRAY_SIZE(s->history); i++) {
		s->history[i] = 1 + test_pick(random, 4);
		s->left[i] = test_pick(random, 4);
	}
	s->disk = disks[test_pick(random, 5)];
	s->primary = test_pick(random, 2);
	s->flags = (u32)test_random(random) & 0x3fe;
	s->knows = test_pick(random, 3);
	s->session = test_pick(random, 4);
	s->previous_session = test_pick(random, 4);
	s->written = test_pick(random, 3) / 2;
	s->out_of_sync = test_pick(random, 3);
	s->uuid = test_pick(random, 8) ? 7 : test_pick(random, 2) * 8;
	s->after_sb = after_sb;
	if (!test_pick(random, 3))
		s->after_sb ^= 1u << test_pick(random, 17);
}

/* Fields that are information, or about others, decide nothing. */
static const char *only_what_counts(u64 *random, struct ha_snapshot *a,
				    struct ha_snapshot *b,
				    const struct ha_verdict *v)
{
	struct ha_verdict w;
	u32 i;

	for (i = 0; i < HA_SLOTS; i++) {
		if (i != a->peer_id)
			a->base[i] = test_random(random);
		if (i != b->peer_id)
			b->base[i] = test_random(random);
	}
	a->nonce = test_random(random);
	b->device_uuid[0] = (u8)test_random(random);
	a->data_sectors = test_random(random);
	b->device_sectors = test_random(random);
	a->history[3].node = test_pick(random, 8);
	b->history[2].reason = test_pick(random, 4);
	w = ha_verdict(a, b);
	if (w.code != v->code || w.row != v->row)
		return "information decides";
	if (v->row == HA_ROW_DISCARD)
		return NULL;
	a->flags &= ~HA_SNAP_DISCARD;
	b->flags &= ~HA_SNAP_DISCARD;
	w = ha_verdict(a, b);
	if ((w.code != v->code || w.row != v->row) &&
	    v->row != HA_ROW_FORCED && v->row != HA_ROW_BASE_BOTH &&
	    v->row != HA_ROW_COMMON)
		return "discard decides what is not split brain";
	return NULL;
}

/* Who discards needs no full sync where both know what changed since. */
static const char *split_bits_known(const struct ha_snapshot *a,
				    const struct ha_snapshot *b,
				    const struct ha_verdict *v)
{
	bool full = v->blocked_code == HA_V_SOURCE_FULL ||
		    v->blocked_code == HA_V_TARGET_FULL;
	struct explored m, p;

	if ((v->row != HA_ROW_DISCARD && v->row != HA_ROW_POLICY) ||
	    v->code == HA_V_REFUSE)
		return NULL;
	to_explored(a, &m);
	to_explored(b, &p);
	m.range |= 1u << m.current_gen;
	p.range |= 1u << p.current_gen;
	if (full != !(m.range & p.range))
		return full ? "a needless full sync" : "bits do not suffice";
	return NULL;
}

/* Everything at once, at random. */
static void random_pairs(struct kunit *test)
{
	const u32 rounds = 4000000 / TEST_STRIDE;
	u64 random = 1, rows[HA_ROW_NR] = { 0 };
	struct ha_snapshot *a, *b;
	struct side left, right;
	struct ha_verdict v;
	u32 i, after_sb;
	const char *bad;

	a = kunit_kzalloc(test, 2 * sizeof(*a), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, a);
	b = a + 1;
	for (i = 0; i < rounds; i++) {
		after_sb = test_pick(&random, 6) | test_pick(&random, 6) << 8 |
			   test_pick(&random, 6) << 16;
		random_side(&random, after_sb, &left);
		random_side(&random, after_sb, &right);
		place(&left, i & 1, a);
		place(&right, !(i & 1), b);
		bad = test_pair(a, b, &v);
		if (!bad)
			bad = split_bits_known(a, b, &v);
		if (!bad)
			bad = only_what_counts(&random, a, b, &v);
		if (report(test, bad, a, b))
			return;
		rows[v.row]++;
	}
	for (i = 0; i < HA_ROW_NR; i++)
		KUNIT_EXPECT_TRUE_MSG(test, rows[i], "row %u never met", i);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(lineages_as_explored),
	KUNIT_CASE(claims_as_explored),
	KUNIT_CASE(every_lineage),
	KUNIT_CASE(every_claim),
	KUNIT_CASE(random_pairs),
	{ }
};

static struct kunit_suite verdict_pairs = {
	.name = "ha_verdict_pairs",
	.test_cases = cases,
};
kunit_test_suite(verdict_pairs);
