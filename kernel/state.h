/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * [pure] Rules about states: which moves are legal, what an attached disk is,
 * who may become Primary and why not.  Values in, values out.
 */
#ifndef HA_STATE_H
#define HA_STATE_H

#include "../include/ha_pure.h"
#include "words.h"

const char *ha_role_word(u32 role);
const char *ha_disk_state_word(u32 state);
const char *ha_conn_word_text(u32 conn);
const char *ha_repl_word_text(u32 repl);

/** ha_disk_may_move - may a local disk go from one state to the other? */
bool ha_disk_may_move(enum ha_disk_word from, enum ha_disk_word to);

/** ha_conn_may_move - may a connection go from one state to the other? */
bool ha_conn_may_move(enum ha_conn_word from, enum ha_conn_word to);

/**
 * ha_disk_state_at_attach - what a disk is before any peer was heard
 * @current_gen: 0 for just created
 * @flags: HA_MF_*
 * @fencing: false for "fencing dont-care"
 * @primary: attached while its resource is Primary: never better than Outdated,
 *	for the peer has newer data
 */
enum ha_disk_word ha_disk_state_at_attach(u64 current_gen, u32 flags,
					  bool fencing, bool primary);

/**
 * struct ha_promote_facts - all that decides a promotion
 * @peer_*: of the peer that matters most; @peer_name for the text
 */
struct ha_promote_facts {
	enum ha_role_word		role;
	enum ha_disk_word	disk;
	bool			force;
	bool			failed;		/* forced demotion, openers left */
	bool			fencing;	/* other than dont-care */
	bool			fenced;		/* the peer cannot write any more */
	bool			draining;	/* writes of an earlier session */
	bool			doubtful;
	bool			handshaking;
	bool			no_quorum;
	bool			connected;
	enum ha_role_word		peer_role;
	enum ha_disk_word	peer_disk;
};

/** enum ha_promote - verdict on a promotion; words by ha_promote_words() */
enum ha_promote {
	HA_PROMOTE_OK = 0,
	HA_PROMOTE_ALREADY,
	HA_PROMOTE_MINT,	/* ok, with --force: a new generation first */
	HA_PROMOTE_PEER_PRIMARY,
	HA_PROMOTE_FAILED_OPENERS,
	HA_PROMOTE_DRAINING,
	HA_PROMOTE_HANDSHAKE,
	HA_PROMOTE_DISKLESS,
	HA_PROMOTE_INCONSISTENT,
	HA_PROMOTE_OUTDATED,
	HA_PROMOTE_CONSISTENT,	/* fencing on and the peer not known to be away */
	HA_PROMOTE_DOUBTFUL,
	HA_PROMOTE_NO_QUORUM,
	HA_PROMOTE_NR,
};

enum ha_promote ha_promote_verdict(const struct ha_promote_facts *f);

/** ha_promote_words - why not, and what to do; NULL for OK, ALREADY, MINT */
const char *ha_promote_words(enum ha_promote p);

#endif
