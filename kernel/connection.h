/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a connection's beginning, end and news change on this node.
 */
#ifndef HA_CONNECTION_H
#define HA_CONNECTION_H

#include "request.h"

/**
 * ha_peer_disk_lost - the peer's disk takes no more writes; state_lock held
 * Begins a lone period on a Primary.
 */
void ha_peer_disk_lost(struct ha_peer *peer, enum ha_disk_word state);

/**
 * ha_connection_check - a session marked dead whose end work has not run yet
 * counts as lost from here on: lone period, fencing gate; state_lock held
 */
void ha_connection_check(struct ha_resource *res);

/** ha_state_send - tell connected peers of role, disk and replication state */
void ha_state_send(struct ha_resource *res);

/** ha_state_received - a peer's STATE message */
int ha_state_received(struct ha_session *s, const struct ha_wire_state *w,
		      const char **why);

/**
 * ha_set_disk_state - the one place where the local disk state changes
 * state_lock held.  A move the table does not know is refused with a warning.
 */
void ha_set_disk_state(struct ha_resource *res, enum ha_disk_word state);

/** ha_set_repl - the one place where a replication state changes; state_lock held */
void ha_set_repl(struct ha_peer *peer, enum ha_repl_word repl);

/** ha_sessions_kill - end all sessions (they are set up again) */
void ha_sessions_kill(struct ha_resource *res, const char *why);

/**
 * ha_session_outlived - after a change of the disk that @s asked for
 * If it ended meanwhile, a later handshake may have looked before the change: it is
 * done again.
 */
void ha_session_outlived(struct ha_session *s);

/** ha_session_of - the connected session with a peer, with a reference, or NULL */
struct ha_session *ha_session_of(struct ha_peer *peer);

/**
 * ha_ask - send a question on the control stream and wait for its answer
 * @type: PROMOTE, SKIP_SYNC, LOSE_SLOT
 * @text: set to the peer's words when it said no (124 bytes); may be NULL
 * @generation: set to the generation of the answer; may be NULL
 * Return: 0 yes; -EPERM no, with @text; -ETIMEDOUT; -ECONNRESET.
 */
int ha_ask(struct ha_session *s, u16 type, void *body, u16 len,
	   struct ha_payload *payload, char *text, u64 *generation,
	   u32 timeout_ms);

/** ha_answered - an answer arrived */
void ha_answered(struct ha_session *s, const struct ha_wire_answer *w);

/**
 * ha_peer_flush - flush the peer's disk and wait
 * Return: 0: all marks of it up to now are stable; -errno.
 */
int ha_peer_flush(struct ha_peer *peer);
void ha_peer_flush_acked(struct ha_session *s, u64 id, int status);

#define HA_FLUSH_ID (1ull << 63)

#endif
