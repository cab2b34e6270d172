// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two replicas of a few blocks walk at random: alone, forced, connected, in
 * resyncs that are interrupted or lose their last message. Who holds which
 * write is kept beside them, so that each verdict can be judged by what it
 * does: no write is discarded silently, no difference is left behind, and
 * there is no split brain without two sides that went on.
 */
#include "suite.h"
#include "../../kernel/generation.h"

#define BLOCKS		6
#define ALL_BITS	((1u << BLOCKS) - 1)
#define MAX_WRITES	60

struct replica {
	struct ha_lineage lineage;
	u32 disk;
	bool primary, crashed;
	u32 bits;		/* blocks the other may lack, or this one */
	u8 block[BLOCKS];	/* number of the write last seen there */
	u64 holds;		/* writes that went into this state */
	bool must_mint;
	bool foreign_base;	/* the base is no generation of its own */
};

struct world {
	struct replica node[2];
	u64 random, generation, session;
	u32 writes;
	bool connected, syncing, unfinished;
	int source;		/* while syncing */
	bool discarding;
	u64 seen[HA_ROW_NR];
};

static const u8 uuid[16] = { 7 };

static void reset(struct world *w)
{
	u32 i;

	memset(w->node, 0, sizeof(w->node));
	w->connected = false;
	w->syncing = false;
	w->unfinished = false;
	w->writes = 0;
	for (i = 0; i < 2; i++) {
		w->node[i].disk = HA_UPTODATE;
		w->node[i].lineage.current_gen = 1;
		memcpy(w->node[i].lineage.resource_uuid, uuid, sizeof(uuid));
	}
	w->generation = 2;
}

static void snapshot(const struct world *w, u32 id, bool discard,
		     struct ha_snapshot *s)
{
	const struct replica *r = &w->node[id];
	const struct ha_slot_facts *f = &r->lineage.slot[!id];

	memset(s, 0, sizeof(*s));
	s->node_id = id;
	s->peer_id = !id;
	s->current_gen = r->lineage.current_gen;
	s->base[!id] = f->base;
	memcpy(s->history, r->lineage.history, sizeof(s->history));
	memcpy(s->resource_uuid, r->lineage.resource_uuid, 16);
	s->instance = id + 1;
	s->peer_instance = 2 - id;
	s->session = f->session;
	s->previous_session = f->previous_session;
	s->flags = (r->bits ? HA_SNAP_BITS : 0) |
		   (f->flags & HA_SLOT_ALONE ? HA_SNAP_ALONE : 0) |
		   (r->lineage.flags & HA_MF_FORCED ? HA_SNAP_FORCED : 0) |
		   (r->crashed && !r->primary ? HA_SNAP_CRASHED : 0) |
		   (discard ? HA_SNAP_DISCARD : 0);
	s->disk_state = r->disk;
	s->role = r->primary ? HA_PRIMARY : HA_SECONDARY;
	s->bit_shift = 12;
}

static void settled(struct replica *r, u32 peer)
{
	ha_lineage_clear_base(&r->lineage, peer);
	r->lineage.slot[peer].flags &= ~HA_SLOT_ALONE;
	r->lineage.flags &= ~HA_MF_FORCED;
	r->crashed = false;
	r->bits = 0;
	r->must_mint = false;
	r->foreign_base = false;
}

static void promote(struct world *w, u32 id)
{
	struct replica *r = &w->node[id];
	bool good = r->disk == HA_UPTODATE;
	bool force = !good && !test_pick(&w->random, 4);

	if (r->primary || (!good && !force) || w->syncing ||
	    (w->connected && (w->node[!id].primary || force)))
		return;
	if (force) {
		r->lineage.flags |= HA_MF_FORCED;
		ha_lineage_mint(&r->lineage, w->generation++, 1u << !id, id, 1,
				HA_MINT_FORCED);
		r->disk = HA_UPTODATE;
	}
	r->primary = true;
	r->crashed = true;
	r->must_mint = !w->connected;
	if (!w->connected)
		r->lineage.slot[!id].flags |= HA_SLOT_ALONE;
}

static void demote(struct world *w, u32 id)
{
	w->node[id].primary = false;
	w->node[id].crashed = w->node[id].crashed &&
			      !test_pick(&w->random, 3);
}

static void write_block(struct world *w, u32 id)
{
	struct replica *r = &w->node[id], *peer = &w->node[!id];
	u32 at = test_pick(&w->random, BLOCKS);

	if (!r->primary || w->syncing || w->writes == MAX_WRITES)
		return;
	w->writes++;
	r->block[at] = (u8)w->writes;
	r->holds |= 1ull << w->writes;
	if (w->connected) {
		peer->block[at] = (u8)w->writes;
		peer->holds |= 1ull << w->writes;
		return;
	}
	r->bits |= 1u << at;
	if (r->must_mint)
		ha_lineage_mint(&r->lineage, w->generation++, 1u << !id, id, 1,
				HA_MINT_ALONE);
	r->must_mint = false;
}

static u32 differing(const struct world *w)
{
	u32 i, mask = 0;

	for (i = 0; i < BLOCKS; i++)
		if (w->node[0].block[i] != w->node[1].block[i])
			mask |= 1u << i;
	return mask;
}

static const char *start_sync(struct world *w, int source, bool full,
			      bool discarding)
{
	struct replica *from = &w->node[source], *to = &w->node[!source];
	u32 both = full ? ALL_BITS : from->bits | to->bits;

	if (differing(w) & ~both)
		return "a difference without a bit";
	if (!discarding && to->disk == HA_UPTODATE && to->holds & ~from->holds)
		return "writes are discarded silently";
	from->bits = both;
	to->bits = both;
	if (full || discarding) {
		from->lineage.slot[!source].base = to->lineage.current_gen;
		from->foreign_base = true;
	}
	to->disk = HA_INCONSISTENT;
	w->connected = true;
	w->syncing = true;
	w->source = source;
	w->discarding = discarding;
	return NULL;
}

static void copy_block(struct world *w)
{
	struct replica *from = &w->node[w->source];
	struct replica *to = &w->node[!w->source];
	u32 at = test_pick(&w->random, BLOCKS);

	if (!w->syncing)
		return;
	to->block[at] = from->block[at];
	from->bits &= ~(1u << at);
}

static void disconnect(struct world *w)
{
	u32 i;

	w->connected = false;
	w->syncing = false;
	for (i = 0; i < 2; i++)
		w->node[i].must_mint |= w->node[i].primary;
}

/* The last message, which the source may not hear answered. */
static const char *end_sync(struct world *w)
{
	struct replica *from = &w->node[w->source];
	struct replica *to = &w->node[!w->source];

	if (!w->syncing || from->bits)
		return NULL;
	if (differing(w))
		return "the replicas differ at the end of a resync";
	from->lineage.slot[!w->source].flags &= ~HA_SLOT_ALONE;
	from->crashed = false;
	ha_lineage_adopt(&to->lineage, uuid, from->lineage.current_gen,
			 from->lineage.history, w->source, 2);
	to->disk = HA_UPTODATE;
	to->holds = from->holds;
	settled(to, w->source);
	w->syncing = false;
	if (test_pick(&w->random, 3))
		settled(from, !w->source);
	else
		disconnect(w);
	return NULL;
}

static const char *check_split(const struct world *w)
{
	const struct replica *a = &w->node[0], *b = &w->node[1];

	if ((a->lineage.flags | b->lineage.flags) & HA_MF_FORCED)
		return NULL;
	if (!(a->holds & ~b->holds) || !(b->holds & ~a->holds))
		return "split brain, but one side holds all";
	return NULL;
}

static const char *carry_out(struct world *w, const struct ha_verdict *v)
{
	struct replica *x = &w->node[0], *y = &w->node[1];
	bool discarding = v->row == HA_ROW_DISCARD;

	switch (v->code) {
	case HA_V_IN_SYNC:
		if (differing(w))
			return "in sync, but the replicas differ";
		settled(x, 1);
		settled(y, 0);
		w->connected = true;
		return NULL;
	case HA_V_SOURCE:
	case HA_V_TARGET:
		return start_sync(w, v->code == HA_V_TARGET, false, discarding);
	case HA_V_SOURCE_FULL:
	case HA_V_TARGET_FULL:
		if (!discarding && !x->foreign_base && !y->foreign_base)
			return "a full sync within the reach of the bits";
		return start_sync(w, v->code == HA_V_TARGET_FULL, true,
				  discarding);
	case HA_V_SPLIT_BRAIN:
		return check_split(w);
	case HA_V_NOTHING:
	case HA_V_REFUSE:
	case HA_V_BLOCKED:
		return NULL;
	default:
		return "an impossible verdict";
	}
}

static const char *handshake(struct world *w, struct ha_snapshot *s)
{
	u32 discard = test_pick(&w->random, 4);
	struct ha_verdict v, mirror;

	if (w->connected)
		return NULL;
	w->session++;
	snapshot(w, 0, discard == 1, &s[0]);
	snapshot(w, 1, discard == 2, &s[1]);
	v = ha_verdict(&s[0], &s[1]);
	mirror = ha_verdict(&s[1], &s[0]);
	if (mirror.code != ha_verdict_mirror(v.code) || mirror.row != v.row)
		return "the two sides decide differently";
	w->seen[v.row]++;
	/* Now and then only one side gets as far as to keep the session. */
	w->unfinished = !w->unfinished && !test_pick(&w->random, 8);
	if (!w->unfinished)
		ha_lineage_new_session(&w->node[0].lineage, 1, w->session);
	ha_lineage_new_session(&w->node[1].lineage, 0, w->session);
	if (w->unfinished)
		return NULL;
	return carry_out(w, &v);
}

static const char *step(struct world *w, struct ha_snapshot *s)
{
	u32 id = test_pick(&w->random, 2);

	switch (test_pick(&w->random, 16)) {
	case 0:
	case 1:
		promote(w, id);
		return NULL;
	case 2:
	case 3:
		demote(w, id);
		return NULL;
	case 4:
	case 5:
		disconnect(w);
		return NULL;
	case 6:
		return end_sync(w);
	case 7:
	case 8:
		write_block(w, id);
		return NULL;
	case 9:
	case 10:
		return handshake(w, s);
	default:
		copy_block(w);
		return NULL;
	}
}

static void random_walk(struct kunit *test)
{
	struct ha_snapshot *s;
	const char *bad = NULL;
	struct world *w;
	u32 i, j, row;

	w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, w);
	s = kunit_kzalloc(test, 2 * sizeof(*s), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s);
	for (i = 0; i < 20000 / TEST_STRIDE && !bad; i++) {
		w->random = i;
		reset(w);
		for (j = 0; j < 400 && !bad; j++)
			bad = step(w, s);
		if (bad)
			KUNIT_FAIL(test, "walk %u, step %u: %s", i, j, bad);
	}
	for (row = HA_ROW_EQUAL_BOTH_PRIMARY; row < HA_ROW_NR; row++)
		if (w->seen[row])
			kunit_info(test, "%llu times: %s",
				   (unsigned long long)w->seen[row],
				   ha_verdict_words(row));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(random_walk),
	{ }
};

static struct kunit_suite lineage_walk = {
	.name = "ha_lineage_walk",
	.test_cases = cases,
};
kunit_test_suite(lineage_walk);
