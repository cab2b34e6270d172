// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] The verdict: two snapshots in, what is to happen out.  Knows nothing
 * of connections and changes nothing.
 *
 * Mirror symmetry is by construction: every question is asked of both sides
 * with the same function, and an answer is a direction: > 0 when the replica of
 * this node is the source, < 0 when the peer's is, 0 when the question does not
 * tell them apart.
 */
#include "ancestry.h"
#include "generation.h"

enum kind { BITMAP, FULL, DIGEST };

static int only(bool mine, bool theirs)
{
	return (int)mine - (int)theirs;
}

static bool has_disk(const struct ha_snapshot *s)
{
	switch (s->disk_state) {
	case HA_INCONSISTENT:
	case HA_OUTDATED:
	case HA_CONSISTENT:
	case HA_UPTODATE:
		return true;
	default:
		return false;
	}
}

static bool is_primary(const struct ha_snapshot *s)
{
	return s->role == HA_PRIMARY || (s->flags & HA_SNAP_PRIMARY);
}

static bool has_bits(const struct ha_snapshot *s)
{
	return (s->flags & HA_SNAP_BITS) || s->out_of_sync;
}

static bool either(const struct ha_snapshot *a, const struct ha_snapshot *b,
		   u32 flag)
{
	return (a->flags | b->flags) & flag;
}

/*
 * Outdated says that a newer replica was seen.  When both say so, are equal,
 * and nobody else can hold a newer one, they are the newest.
 */
static bool is_good(const struct ha_snapshot *s, const struct ha_snapshot *peer)
{
	if (s->disk_state == HA_UPTODATE || s->disk_state == HA_CONSISTENT)
		return true;
	return s->disk_state == HA_OUTDATED && peer->disk_state == HA_OUTDATED &&
	       s->current_gen == peer->current_gen &&
	       (s->flags & peer->flags & HA_SNAP_ONLY_NEWER);
}

/*
 * Applications see the data of this disk.  Those of a Primary whose disk was
 * attached under it see the peer's: that disk may be overwritten.
 */
static bool is_served(const struct ha_snapshot *s,
		      const struct ha_snapshot *peer)
{
	return is_primary(s) && is_good(s, peer) &&
	       !(s->flags & HA_SNAP_FRESH_ATTACH);
}

/*
 * @s may be old, whatever it claims.  A disk that was detached in good order is
 * not when nobody has gone on from what it holds.
 */
static bool is_fresh(const struct ha_snapshot *s, const struct ha_snapshot *peer)
{
	return (s->flags & HA_SNAP_FRESH_ATTACH) &&
	       (!(s->flags & HA_SNAP_KEPT) || ha_ancestry_is_replaced(s, peer) ||
		s->current_gen != peer->current_gen);
}

static struct ha_verdict verdict(enum ha_verdict_code code,
				 enum ha_verdict_row row, const char *why)
{
	return (struct ha_verdict){
		.code = code,
		.row = row,
		.blocked_code = code,
		.blocked_by = why,
	};
}

static struct ha_verdict refuse(enum ha_verdict_row row)
{
	return verdict(HA_V_REFUSE, row, "both nodes are Primary");
}

/* What forbids a resync in direction @source; NULL when nothing does. */
static const char *obstacle(const struct ha_snapshot *mine,
			    const struct ha_snapshot *theirs, int source)
{
	static const char *const bad[] = {
		"the data of the peer are needed but not good: hadm secondary, then hadm primary --force on the better one",
		"the data of this node are needed but not good: hadm secondary, then hadm primary --force on the better one",
	};
	const struct ha_snapshot *from = source > 0 ? mine : theirs;
	const struct ha_snapshot *to = source > 0 ? theirs : mine;

	if (!is_good(from, to))
		return bad[source > 0];
	if (is_fresh(from, to))
		return source > 0 ?
			"the disk of this node was just attached" :
			"the disk of the peer was just attached";
	if (is_served(to, from))
		return source > 0 ?
			"the peer is Primary on the data to be overwritten" :
			"this node is Primary on the data to be overwritten";
	return NULL;
}

/* A resync in direction @source, unless something forbids it. */
static struct ha_verdict resync(const struct ha_snapshot *mine,
				const struct ha_snapshot *theirs, int source,
				enum kind kind, enum ha_verdict_row row)
{
	static const enum ha_verdict_code codes[][2] = {
		[BITMAP] = { HA_V_TARGET, HA_V_SOURCE },
		[FULL] = { HA_V_TARGET_FULL, HA_V_SOURCE_FULL },
		[DIGEST] = { HA_V_TARGET_DIGEST, HA_V_SOURCE_DIGEST },
	};
	struct ha_verdict v;

	/* Whatever forbids it, too: two Primaries have no session. */
	if (is_primary(mine) && is_primary(theirs))
		return refuse(row);
	if (kind == BITMAP && either(mine, theirs, HA_SNAP_DOUBTFUL))
		kind = DIGEST;
	v = verdict(codes[kind][source > 0], row,
		    obstacle(mine, theirs, source));
	if (v.blocked_by)
		v.code = HA_V_BLOCKED;
	return v;
}

/* --- currents equal: who is the source where both are good --- */

static int by_doubt(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(b->flags & HA_SNAP_DOUBTFUL, a->flags & HA_SNAP_DOUBTFUL);
}

static int by_attach(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(is_fresh(b, a), is_fresh(a, b));
}

static int by_role(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(is_primary(a), is_primary(b));
}

static int by_alone(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(a->flags & HA_SNAP_ALONE, b->flags & HA_SNAP_ALONE);
}

/* The peer's disk that @s remembers.  A copy that was put back tells nothing. */
static u64 memory(const struct ha_snapshot *s, const struct ha_snapshot *peer)
{
	return (s->flags & HA_SNAP_KEPT) && ha_ancestry_is_replaced(s, peer) ?
	       0 : s->peer_instance;
}

/* @s remembers another instance of the peer's disk than the present one. */
static bool peer_restarted(const struct ha_snapshot *s,
			   const struct ha_snapshot *peer)
{
	u64 instance = memory(s, peer);

	return instance && instance != peer->instance;
}

/*
 * @s stayed up: it saw the peer restart (where both say so, it tells nothing);
 * or it knows the peer, which forgot it, because only a source remembers that
 * early.
 */
static bool stayed_up(const struct ha_snapshot *s,
		      const struct ha_snapshot *peer)
{
	return peer_restarted(s, peer) ||
	       (memory(s, peer) && !memory(peer, s));
}

static int by_uptime(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(stayed_up(a, b), stayed_up(b, a));
}

static int by_crash(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(a->flags & HA_SNAP_CRASHED, b->flags & HA_SNAP_CRASHED);
}

static int by_bits(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(has_bits(a), has_bits(b));
}

static int by_node_id(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(a->node_id < b->node_id, b->node_id < a->node_id);
}

static int by_session(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	return only(ha_ancestry_is_ahead(a, b), ha_ancestry_is_ahead(b, a));
}

/* The first that tells the two apart decides; the last always does. */
static const struct {
	enum ha_verdict_row row;
	int (*source)(const struct ha_snapshot *a, const struct ha_snapshot *b);
} order[] = {
	{ HA_ROW_EQUAL_DOUBTFUL,	by_doubt },
	{ HA_ROW_EQUAL_REPLACED,	by_session },
	{ HA_ROW_EQUAL_ATTACHED,	by_attach },
	{ HA_ROW_EQUAL_PRIMARY,		by_role },
	{ HA_ROW_EQUAL_ALONE,		by_alone },
	{ HA_ROW_EQUAL_STAYED_UP,	by_uptime },
	{ HA_ROW_EQUAL_CRASHED,		by_crash },
	{ HA_ROW_EQUAL_BITS,		by_bits },
	{ HA_ROW_EQUAL_NODE_ID,		by_node_id },
};

static struct ha_verdict equal(const struct ha_snapshot *mine,
			       const struct ha_snapshot *theirs)
{
	bool replaced = ha_ancestry_is_replaced(mine, theirs);
	bool good = is_good(mine, theirs), peer_good = is_good(theirs, mine);
	enum ha_verdict_row row = HA_ROW_EQUAL_ONE_GOOD;
	int source = only(good, peer_good);
	u32 i;

	if (!good && !peer_good)
		return verdict(HA_V_NOTHING, HA_ROW_EQUAL_NONE_GOOD, NULL);
	if (!source && !replaced && !has_bits(mine) && !has_bits(theirs) &&
	    !either(mine, theirs, HA_SNAP_DOUBTFUL))
		return verdict(HA_V_IN_SYNC, HA_ROW_EQUAL_CLEAN, NULL);

	for (i = 0; i < ARRAY_SIZE(order) && !source; i++) {
		source = order[i].source(mine, theirs);
		row = order[i].row;
	}
	return resync(mine, theirs, source, replaced ? DIGEST : BITMAP,
		      replaced ? HA_ROW_EQUAL_REPLACED : row);
}

/* --- split brain: who is discarded --- */

static bool unchanged(const struct ha_snapshot *s)
{
	return !s->written && !has_bits(s);
}

static int by_zero_changes(const struct ha_snapshot *a,
			   const struct ha_snapshot *b)
{
	if (unchanged(a) && unchanged(b))
		return by_node_id(a, b);
	return only(unchanged(b), unchanged(a));
}

static int by_changes(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	u64 mine = a->out_of_sync << (a->bit_shift & 63);
	u64 theirs = b->out_of_sync << (b->bit_shift & 63);

	return only(mine > theirs, theirs > mine);
}

/* The side that left the common generation first is the older Primary. */
static int by_age(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	u64 generation = ha_ancestry_newest_common(a, b);
	u64 mine = ha_ancestry_left_at(a, generation), theirs = ha_ancestry_left_at(b, generation);

	if (!mine || !theirs)
		return 0;
	return only(mine < theirs, theirs < mine);
}

static int by_policy(const struct ha_snapshot *a, const struct ha_snapshot *b)
{
	u32 primaries = is_primary(a) + is_primary(b);

	if (a->after_sb != b->after_sb)
		return 0;
	switch ((a->after_sb >> (8 * primaries)) & 0xff) {
	case HA_SB_DISCARD_ZERO_CHANGES:
		return by_zero_changes(a, b);
	case HA_SB_DISCARD_LEAST_CHANGES:
		return by_changes(a, b);
	case HA_SB_DISCARD_YOUNGER_PRIMARY:
		return by_age(a, b);
	case HA_SB_DISCARD_OLDER_PRIMARY:
		return -by_age(a, b);
	case HA_SB_DISCARD_SECONDARY:
		return by_role(a, b);
	default:
		return 0;
	}
}

/* A command that cannot be carried out waits; a policy does not apply then. */
static struct ha_verdict split_brain(const struct ha_snapshot *mine,
				     const struct ha_snapshot *theirs,
				     enum ha_verdict_row row)
{
	enum kind kind = ha_ancestry_bits_meet(mine, theirs) ? BITMAP : FULL;
	struct ha_verdict v;
	int source;

	source = only(theirs->flags & HA_SNAP_DISCARD,
		      mine->flags & HA_SNAP_DISCARD);
	if (source)
		return resync(mine, theirs, source, kind, HA_ROW_DISCARD);

	source = by_policy(mine, theirs);
	if (source) {
		v = resync(mine, theirs, source, kind, HA_ROW_POLICY);
		if (!v.blocked_by)
			return v;
	}
	return verdict(HA_V_SPLIT_BRAIN, row, NULL);
}

/* --- currents differ --- */

/* @s was forced to be the newest although @peer, good, has what it came from. */
static bool forced_over(const struct ha_snapshot *s,
			const struct ha_snapshot *peer)
{
	return (s->flags & HA_SNAP_FORCED) && !(peer->flags & HA_SNAP_FORCED) &&
	       is_good(peer, s) &&
	       (peer->current_gen == s->base[s->peer_id] ||
		ha_ancestry_has(s, peer->current_gen));
}

static struct ha_verdict unequal(const struct ha_snapshot *mine,
				 const struct ha_snapshot *theirs)
{
	bool newer, older;

	if (forced_over(mine, theirs) || forced_over(theirs, mine))
		return split_brain(mine, theirs, HA_ROW_FORCED);

	newer = ha_ancestry_bits_reach(mine, theirs->current_gen);
	older = ha_ancestry_bits_reach(theirs, mine->current_gen);
	if (newer && older)
		return split_brain(mine, theirs, HA_ROW_BASE_BOTH);
	if (newer || older)
		return resync(mine, theirs, only(newer, older), BITMAP,
			      HA_ROW_BASE);

	newer = ha_ancestry_has(mine, theirs->current_gen);
	older = ha_ancestry_has(theirs, mine->current_gen);
	if (newer != older)
		return resync(mine, theirs, only(newer, older), FULL,
			      HA_ROW_HISTORY);
	if (ha_ancestry_newest_common(mine, theirs))
		return split_brain(mine, theirs, HA_ROW_COMMON);
	return verdict(HA_V_UNRELATED, HA_ROW_NOTHING_COMMON,
		       "the two replicas have no generation in common");
}

/* Both belong to a resource, and not to the same. */
static bool uuids_differ(const struct ha_snapshot *a,
			 const struct ha_snapshot *b)
{
	static const u8 none[sizeof(a->resource_uuid)];

	return memcmp(a->resource_uuid, none, sizeof(none)) &&
	       memcmp(b->resource_uuid, none, sizeof(none)) &&
	       memcmp(a->resource_uuid, b->resource_uuid, sizeof(none));
}

struct ha_verdict ha_verdict(const struct ha_snapshot *mine,
			     const struct ha_snapshot *theirs)
{
	bool disks = has_disk(mine) && has_disk(theirs);
	bool same = mine->current_gen == theirs->current_gen;

	if ((same || !disks) && is_primary(mine) && is_primary(theirs))
		return refuse(HA_ROW_EQUAL_BOTH_PRIMARY);
	if (disks && same && !mine->current_gen)
		return verdict(HA_V_NOTHING, HA_ROW_BOTH_NEW, NULL);
	if (disks && (!mine->current_gen || !theirs->current_gen))
		return resync(mine, theirs,
			      only(mine->current_gen, theirs->current_gen),
			      FULL, HA_ROW_ONE_NEW);
	if (uuids_differ(mine, theirs))
		return verdict(HA_V_UNRELATED, HA_ROW_UUID,
			       "the two replicas belong to different resources");
	if (!disks)
		return verdict(HA_V_NOTHING, HA_ROW_DISKLESS, NULL);
	return same ? equal(mine, theirs) : unequal(mine, theirs);
}

bool ha_is_past(const struct ha_snapshot *s, const struct ha_snapshot *peer)
{
	struct ha_verdict v = ha_verdict(s, peer);

	return v.code == HA_V_BLOCKED && ha_verdict_is_target(v.blocked_code) &&
	       (v.row == HA_ROW_BASE || v.row == HA_ROW_HISTORY) &&
	       !is_good(peer, s) && !is_primary(s);
}

enum ha_verdict_code ha_verdict_mirror(enum ha_verdict_code code)
{
	switch (code) {
	case HA_V_SOURCE:
		return HA_V_TARGET;
	case HA_V_TARGET:
		return HA_V_SOURCE;
	case HA_V_SOURCE_FULL:
		return HA_V_TARGET_FULL;
	case HA_V_TARGET_FULL:
		return HA_V_SOURCE_FULL;
	case HA_V_SOURCE_DIGEST:
		return HA_V_TARGET_DIGEST;
	case HA_V_TARGET_DIGEST:
		return HA_V_SOURCE_DIGEST;
	default:
		return code;
	}
}

bool ha_verdict_is_source(enum ha_verdict_code code)
{
	return code == HA_V_SOURCE || code == HA_V_SOURCE_FULL ||
	       code == HA_V_SOURCE_DIGEST;
}

bool ha_verdict_is_target(enum ha_verdict_code code)
{
	return ha_verdict_is_source(ha_verdict_mirror(code));
}

const char *ha_verdict_words(enum ha_verdict_row row)
{
	static const char *const words[HA_ROW_NR] = {
		[HA_ROW_BOTH_NEW] = "both replicas are just created",
		[HA_ROW_ONE_NEW] = "one replica is just created",
		[HA_ROW_UUID] = "the replicas belong to different resources",
		[HA_ROW_DISKLESS] = "one side has no disk",
		[HA_ROW_EQUAL_BOTH_PRIMARY] = "both nodes are Primary",
		[HA_ROW_EQUAL_REPLACED] =
			"one replica was replaced by an older copy of itself",
		[HA_ROW_EQUAL_NONE_GOOD] = "neither replica is consistent",
		[HA_ROW_EQUAL_ONE_GOOD] = "only one replica is consistent",
		[HA_ROW_EQUAL_CLEAN] = "both replicas are equal",
		[HA_ROW_EQUAL_PRIMARY] = "one node is Primary",
		[HA_ROW_EQUAL_ALONE] =
			"one node was Primary without the other",
		[HA_ROW_EQUAL_STAYED_UP] =
			"one node stayed up while the other was away",
		[HA_ROW_EQUAL_CRASHED] = "one node crashed as Primary",
		[HA_ROW_EQUAL_BITS] = "one node knows of differences",
		[HA_ROW_EQUAL_NODE_ID] =
			"both nodes have the same claim; the lower node id wins",
		[HA_ROW_FORCED] =
			"one node was forced to Primary without good data",
		[HA_ROW_BASE] = "one replica went on from the other",
		[HA_ROW_BASE_BOTH] = "both replicas went on from each other",
		[HA_ROW_HISTORY] =
			"one replica is in the distant past of the other",
		[HA_ROW_COMMON] =
			"both replicas went on from a common past",
		[HA_ROW_NOTHING_COMMON] =
			"the replicas have no generation in common",
		[HA_ROW_DISCARD] =
			"split brain, solved by discarding one side's data",
		[HA_ROW_POLICY] = "split brain, solved by an after-sb policy",
		[HA_ROW_EQUAL_DOUBTFUL] =
			"one node lost a copy of its superblock",
		[HA_ROW_EQUAL_ATTACHED] = "one disk was just attached",
	};

	if ((unsigned int)row >= ARRAY_SIZE(words))
		return "unknown";
	return words[row];
}
