/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * [pure] Generations: which of two replicas is the newer one, and how a
 * generation is replaced by the next.  The rules are those of
 * Documentation/design/lineage.rst; each was checked by exploration.
 * The verdict is in generation.c, the questions to two histories in ancestry.c,
 * the changes of a lineage and the form of a snapshot in lineage.c.
 */
#ifndef HA_GENERATION_H
#define HA_GENERATION_H

#include "../include/ha_pure.h"
#include "../include/ha_meta.h"
#include "../include/ha_wire.h"
#include "words.h"

/** struct ha_history_entry - one past generation, newest first in its list */
struct ha_history_entry {
	u64	generation;
	u64	time;		/* seconds since 1970 */
	u32	node;		/* slot of the minter of its successor */
	u32	reason;		/* enum ha_mint_reason */
};

/** struct ha_slot_facts - in-core form of struct ha_meta_slot */
struct ha_slot_facts {
	u64	base;
	u64	previous_base;
	u8	device_uuid[16];
	u64	instance;
	u64	session;
	u64	previous_session;
	u32	flags;		/* HA_SLOT_* */
	u32	votes;
	u64	stream_origin;
	u64	stream_id;
	u64	stream_position;
};

/**
 * struct ha_lineage - identity of one replica's data, as kept on disk
 *
 * Embedded in the in-core superblock; changed only by the functions below and
 * written by ha_meta_update().
 */
struct ha_lineage {
	u8	resource_uuid[16];
	u64	current_gen;	/* 0: just created */
	struct ha_history_entry history[HA_META_HISTORY];
	struct ha_slot_facts slot[HA_SLOTS];
	u32	flags;		/* HA_MF_* */
};

/**
 * struct ha_snapshot - one side of a handshake, decoded; see ha_wire_snapshot
 * @node_id: slot of the side that made it
 * @peer_id: slot of the side it is meant for
 */
struct ha_snapshot {
	u32	node_id;
	u32	peer_id;
	u64	current_gen;
	u64	base[HA_SLOTS];
	struct ha_history_entry history[HA_META_HISTORY];
	u8	resource_uuid[16];
	u8	device_uuid[16];
	u64	data_sectors;
	u64	device_sectors;
	u64	out_of_sync;
	u64	written;
	u64	instance;
	u64	peer_instance;
	u64	session;
	u64	previous_session;
	u64	nonce;
	u32	flags;		/* HA_SNAP_* */
	u32	disk_state;	/* enum ha_disk_word */
	u32	role;		/* enum ha_role_word */
	u32	bit_shift;
	u32	region_shift;
	u32	logical_block;
	u32	after_sb;
	u32	meta_flags;	/* HA_MF_* on disk; not sent, see ha_commit_local() */
};

/** enum ha_verdict_code - what is to happen, seen from the computing side */
enum ha_verdict_code {
	HA_V_NOTHING = 0,	/* connected, nothing to sync; see the row */
	HA_V_IN_SYNC,
	HA_V_SOURCE,		/* bitmap resync, I am source */
	HA_V_TARGET,
	HA_V_SOURCE_FULL,	/* everything */
	HA_V_TARGET_FULL,
	HA_V_SOURCE_DIGEST,	/* compare everything by digest */
	HA_V_TARGET_DIGEST,
	HA_V_BLOCKED,		/* connected, not syncing: reason */
	HA_V_SPLIT_BRAIN,
	HA_V_UNRELATED,
	HA_V_REFUSE,		/* both Primary */
};

/** enum ha_verdict_row - which row of the table decided */
enum ha_verdict_row {
	HA_ROW_BOTH_NEW = 0,
	HA_ROW_ONE_NEW,
	HA_ROW_UUID,
	HA_ROW_DISKLESS,
	HA_ROW_EQUAL_BOTH_PRIMARY,
	HA_ROW_EQUAL_REPLACED,		/* one copy replaced by an old one */
	HA_ROW_EQUAL_NONE_GOOD,
	HA_ROW_EQUAL_ONE_GOOD,
	HA_ROW_EQUAL_CLEAN,
	HA_ROW_EQUAL_PRIMARY,
	HA_ROW_EQUAL_ALONE,
	HA_ROW_EQUAL_STAYED_UP,
	HA_ROW_EQUAL_CRASHED,
	HA_ROW_EQUAL_BITS,
	HA_ROW_EQUAL_NODE_ID,
	HA_ROW_FORCED,
	HA_ROW_BASE,
	HA_ROW_BASE_BOTH,
	HA_ROW_HISTORY,
	HA_ROW_COMMON,
	HA_ROW_NOTHING_COMMON,
	HA_ROW_DISCARD,			/* split brain solved by --discard-my-data */
	HA_ROW_POLICY,			/* split brain solved by an after-sb policy */
	HA_ROW_EQUAL_DOUBTFUL,		/* one lost a superblock copy */
	HA_ROW_EQUAL_ATTACHED,		/* one disk is just attached */
	HA_ROW_NR,
};

/* After-split-brain policies of ha_snapshot.after_sb, as in the netlink interface. */
enum ha_sb_policy {
	HA_SB_DISCONNECT = 0,
	HA_SB_DISCARD_ZERO_CHANGES,
	HA_SB_DISCARD_LEAST_CHANGES,
	HA_SB_DISCARD_YOUNGER_PRIMARY,
	HA_SB_DISCARD_OLDER_PRIMARY,
	HA_SB_DISCARD_SECONDARY,
	HA_SB_MAX = HA_SB_DISCARD_SECONDARY,
};

/**
 * struct ha_verdict - result of ha_verdict()
 * @code, @row: what, and which row of the table said so
 * @blocked_by: for HA_V_BLOCKED, HA_V_REFUSE, HA_V_UNRELATED: a sentence for
 *	people, static; else NULL
 * @blocked_code: for HA_V_BLOCKED the code that would have been carried out
 */
struct ha_verdict {
	enum ha_verdict_code code;
	enum ha_verdict_row row;
	enum ha_verdict_code blocked_code;
	const char *blocked_by;
};

/**
 * ha_verdict - compare two replicas
 * @mine: snapshot of this node
 * @theirs: snapshot of the peer
 *
 * Pure and mirror-symmetric: ha_verdict(a, b) is the mirror of
 * ha_verdict(b, a) for all pairs.  A disk that is not good (UpToDate or
 * Consistent; or both Outdated with equal currents and HA_SNAP_ONLY_NEWER on
 * both) is never source, a freshly attached disk (HA_SNAP_FRESH_ATTACH) is
 * never source, a Primary that serves good data from its disk is never target:
 * then the answer is HA_V_BLOCKED.  A Primary whose disk is freshly attached
 * serves the peer's data, so its disk may be target.  Never HA_V_IN_SYNC with
 * HA_SNAP_BITS or out_of_sync on either side.  The node ids must differ.
 *
 * A side without a disk (Diskless, Attaching, Failed, Unknown) gives
 * HA_V_NOTHING with row HA_ROW_DISKLESS, unless both are Primary (refused) or
 * both know a resource uuid and the two differ (unrelated).
 *
 * HA_SNAP_DOUBTFUL on either side turns a resync by bitmap into one by digest,
 * and equal replicas are compared instead of taken for in sync.
 *
 * Split brain is resolved here too: HA_SNAP_DISCARD on exactly one side makes
 * that side target (full bitmap of the source: HA_V_TARGET with bits of both,
 * or FULL when the common ancestor lies behind either base); else the
 * after-sb policies, where both sides carry the same ones and the policy for
 * the number of Primaries decides; else HA_V_SPLIT_BRAIN.
 */
struct ha_verdict ha_verdict(const struct ha_snapshot *mine,
			     const struct ha_snapshot *theirs);

/**
 * ha_is_past - is the data of @s known to be older than the peer's?
 * When those cannot be its source, a resync does not say so: it is Outdated.
 */
bool ha_is_past(const struct ha_snapshot *s, const struct ha_snapshot *peer);

/** ha_verdict_mirror - the code the other side must have computed */
enum ha_verdict_code ha_verdict_mirror(enum ha_verdict_code code);

/** ha_verdict_is_source/_is_target/_resync - class of a code */
bool ha_verdict_is_source(enum ha_verdict_code code);
bool ha_verdict_is_target(enum ha_verdict_code code);

/** ha_verdict_words - a row as a sentence for people ("the peer is just created") */
const char *ha_verdict_words(enum ha_verdict_row row);

/**
 * ha_diverged_at - since when two replicas differ
 * @time: set to the time (s since 1970) the newest common generation was
 *	replaced on either side
 *
 * Return: the newest common generation, or 0 when there is none.
 */
u64 ha_diverged_at(const struct ha_snapshot *mine,
		   const struct ha_snapshot *theirs, u64 *time);

/**
 * ha_lineage_mint - replace the current generation
 * @generation: the new id, not 0
 * @absent: slots (bit mask) that do not take part: those with no base get the
 *	old current as base; those with a base keep it
 * Moves the old current to the history.  For a just-created replica the old
 * current (0) is not kept.  Flags are the caller's, HA_MF_FORCED too.
 */
void ha_lineage_mint(struct ha_lineage *l, u64 generation, u32 absent,
		     u32 node, u64 time, enum ha_mint_reason reason);

/**
 * ha_lineage_adopt - at the end of a resync the target takes the source's lineage
 * @node: slot of the source
 * All bases go: the bits of this replica were those of the lineage it leaves.
 * Done twice with the same values, the second changes nothing.
 */
void ha_lineage_adopt(struct ha_lineage *l, const u8 resource_uuid[16],
		      u64 generation, const struct ha_history_entry *history,
		      u32 node, u64 time);

/**
 * ha_lineage_clear_base - in sync with @slot: its base moves to the history
 * and is kept as previous_base.
 */
void ha_lineage_clear_base(struct ha_lineage *l, u32 slot);

/** ha_lineage_new_session - remember @session as the last one with @slot */
void ha_lineage_new_session(struct ha_lineage *l, u32 slot, u64 session);

/** ha_history_encode - fill the three arrays of a wire history */
void ha_history_encode(const struct ha_history_entry *list, __le64 *generation,
		       __le32 *node, __le64 *time);

/**
 * ha_history_decode - from the wire, of a snapshot or an end of a resync
 * Reasons do not travel. Return: 0, or -EINVAL for a node out of range or a
 * generation after the end.
 */
int ha_history_decode(const __le64 *generation, const __le32 *node,
		      const __le64 *time, struct ha_history_entry *list);

/** ha_snapshot_encode - fill the wire form; @w is wholly overwritten */
void ha_snapshot_encode(const struct ha_snapshot *s, struct ha_wire_snapshot *w);

/**
 * ha_snapshot_decode - from the wire
 * Return: 0, or -EINVAL when a field is out of its range (states, shifts,
 * flags, sizes not multiples, history with a generation after its end).
 */
int ha_snapshot_decode(const struct ha_wire_snapshot *w, u32 node_id,
		       u32 peer_id, struct ha_snapshot *s);

/**
 * ha_snapshot_same_identity - is no identity field changed between the two?
 * Those are the generations, the uuids, the instance, role, disk state and all
 * flags but HA_SNAP_BITS; what the peers are remembered by is none.
 */
bool ha_snapshot_same_identity(const struct ha_snapshot *a,
			       const struct ha_snapshot *b);

#endif
