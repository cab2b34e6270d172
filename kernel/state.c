// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] Tables and rules about states.
 */
#include "state.h"
#include "../include/ha_meta.h"

#define TO(s) BIT(HA_##s)

static const struct {
	const char *name;
	u32 to;		/* states that may follow this one */
} disk_states[] = {
	[HA_DISKLESS]	  = { "Diskless",     TO(ATTACHING) },
	[HA_ATTACHING]	  = { "Attaching",    TO(DISKLESS) | TO(INCONSISTENT) |
			      TO(OUTDATED) | TO(CONSISTENT) | TO(UPTODATE) },
	[HA_FAILED]	  = { "Failed",	      TO(DISKLESS) },
	[HA_INCONSISTENT] = { "Inconsistent", TO(DISKLESS) | TO(FAILED) |
			      TO(UPTODATE) | TO(CONSISTENT) },
	[HA_OUTDATED]	  = { "Outdated",     TO(DISKLESS) | TO(FAILED) |
			      TO(INCONSISTENT) | TO(UPTODATE) |
			      TO(CONSISTENT) },
	[HA_DUNKNOWN]	  = { "Unknown",      0 },
	[HA_CONSISTENT]	  = { "Consistent",   TO(DISKLESS) | TO(FAILED) |
			      TO(INCONSISTENT) | TO(OUTDATED) |
			      TO(UPTODATE) },
	[HA_UPTODATE]	  = { "UpToDate",     TO(DISKLESS) | TO(FAILED) |
			      TO(INCONSISTENT) | TO(OUTDATED) |
			      TO(CONSISTENT) },
};

static const struct {
	const char *name;
	u32 to;
} conn_states[] = {
	[HA_STANDALONE]	= { "StandAlone", TO(CONNECTING) },
	[HA_CONNECTING]	= { "Connecting", TO(STANDALONE) | TO(CONNECTED) },
	[HA_CONNECTED]	= { "Connected",  TO(STANDALONE) | TO(CONNECTING) },
};

static const char *const repl_states[] = {
	[HA_OFF] = "Off",
	[HA_ESTABLISHED] = "Established",
	[HA_SYNC_SOURCE] = "SyncSource",
	[HA_SYNC_TARGET] = "SyncTarget",
	[HA_PAUSED_SYNC_S] = "PausedSyncS",
	[HA_PAUSED_SYNC_T] = "PausedSyncT",
	[HA_VERIFY_S] = "VerifyS",
	[HA_VERIFY_T] = "VerifyT",
};

static const char *const roles[] = {
	[HA_UNKNOWN_ROLE] = "Unknown",
	[HA_PRIMARY] = "Primary",
	[HA_SECONDARY] = "Secondary",
};

const char *ha_role_word(u32 role)
{
	return role < ARRAY_SIZE(roles) ? roles[role] : "?";
}

const char *ha_disk_state_word(u32 state)
{
	return state < ARRAY_SIZE(disk_states) ? disk_states[state].name : "?";
}

const char *ha_conn_word_text(u32 conn)
{
	return conn < ARRAY_SIZE(conn_states) ? conn_states[conn].name : "?";
}

const char *ha_repl_word_text(u32 repl)
{
	return repl < ARRAY_SIZE(repl_states) ? repl_states[repl] : "?";
}

bool ha_disk_may_move(enum ha_disk_word from, enum ha_disk_word to)
{
	return from == to || (disk_states[from].to & BIT(to));
}

bool ha_conn_may_move(enum ha_conn_word from, enum ha_conn_word to)
{
	return from == to || (conn_states[from].to & BIT(to));
}

enum ha_disk_word ha_disk_state_at_attach(u64 current_gen, u32 flags,
					  bool fencing, bool primary)
{
	if (!current_gen || !(flags & HA_MF_CONSISTENT))
		return HA_INCONSISTENT;
	if ((flags & HA_MF_OUTDATED) || primary)
		return HA_OUTDATED;
	if (fencing || (flags & HA_MF_DOUBTFUL))
		return HA_CONSISTENT;
	return HA_UPTODATE;
}

/* The local disk does not do: why, or OK when force makes up for it. */
static enum ha_promote disk_verdict(const struct ha_promote_facts *f)
{
	if (f->disk == HA_DISKLESS || f->disk == HA_FAILED ||
	    f->disk == HA_ATTACHING)
		return HA_PROMOTE_DISKLESS;
	if (f->force)
		return HA_PROMOTE_MINT;
	if (f->disk == HA_INCONSISTENT)
		return HA_PROMOTE_INCONSISTENT;
	if (f->disk == HA_OUTDATED)
		return HA_PROMOTE_OUTDATED;
	return f->doubtful ? HA_PROMOTE_DOUBTFUL : HA_PROMOTE_CONSISTENT;
}

enum ha_promote ha_promote_verdict(const struct ha_promote_facts *f)
{
	if (f->role == HA_PRIMARY)
		return HA_PROMOTE_ALREADY;
	if (f->connected && f->peer_role == HA_PRIMARY)
		return HA_PROMOTE_PEER_PRIMARY;
	if (f->failed)
		return HA_PROMOTE_FAILED_OPENERS;
	if (f->handshaking)
		return HA_PROMOTE_HANDSHAKE;
	if (f->draining)
		return HA_PROMOTE_DRAINING;
	if (f->no_quorum && !f->force)
		return HA_PROMOTE_NO_QUORUM;
	if (f->connected && f->peer_disk == HA_UPTODATE)
		return HA_PROMOTE_OK;
	/* Nobody can have written what this copy lacks: that was asked for. */
	if (f->fenced && !f->connected && !f->doubtful &&
	    f->disk == HA_CONSISTENT)
		return HA_PROMOTE_OK;
	if (f->disk != HA_UPTODATE)
		return disk_verdict(f);
	/*
	 * UpToDate alone.  With fencing a disk whose peer is away shows
	 * Consistent, so that only a peer that has a worse disk is left here.
	 */
	if (f->fencing && !f->fenced && !f->connected && !f->force)
		return HA_PROMOTE_CONSISTENT;
	return HA_PROMOTE_OK;
}

const char *ha_promote_words(enum ha_promote p)
{
	static const char *const words[HA_PROMOTE_NR] = {
	[HA_PROMOTE_PEER_PRIMARY] =
		"cannot promote: the peer is Primary; make it Secondary first",
	[HA_PROMOTE_FAILED_OPENERS] =
		"cannot promote: demoted by force and still open; close the device first",
	[HA_PROMOTE_DRAINING] =
		"cannot promote: writes of an earlier connection are still on their way to the disk; try again",
	[HA_PROMOTE_HANDSHAKE] =
		"cannot promote: connecting to the peer right now; try again",
	[HA_PROMOTE_DISKLESS] =
		"cannot promote: no disk here and no connected peer with good data; attach the disk or connect",
	[HA_PROMOTE_INCONSISTENT] =
		"cannot promote: the disk is Inconsistent and no connected peer is UpToDate; wait for a resync, or use --force if this copy is to become the data",
	[HA_PROMOTE_OUTDATED] =
		"cannot promote: the disk is Outdated: a peer has newer data; connect, or use --force to give that data up",
	[HA_PROMOTE_CONSISTENT] =
		"cannot promote: with fencing the peer must be connected, or fenced, before this copy may be promoted: hadm fenced says so; --force skips that",
	[HA_PROMOTE_DOUBTFUL] =
		"cannot promote: one copy of the superblock was damaged, so a newer generation may be unknown here; connect the peer, or use --force",
	[HA_PROMOTE_NO_QUORUM] =
		"cannot promote: no quorum",
	};

	return p < HA_PROMOTE_NR ? words[p] : NULL;
}
