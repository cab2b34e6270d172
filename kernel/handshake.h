/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From an authenticated session to Connected: READY, SNAPSHOT, VERDICT, COMMIT.
 */
#ifndef HA_HANDSHAKE_H
#define HA_HANDSHAKE_H

#include "session.h"

/** ha_handshake_receive - a message of the handshake; receiver thread */
int ha_handshake_receive(struct ha_session *s, u16 type, const void *body,
			 u16 len, const char **why);

/* snapshot.c */

/** ha_snapshot_make - this node's side, for @peer; sleeps */
void ha_snapshot_make(struct ha_peer *peer, struct ha_snapshot *s);

/**
 * ha_agreed_size - data sectors both disks will have: the first handshake of a
 * just created disk settles it; 0 when Diskless here
 */
u64 ha_agreed_size(const struct ha_session *s);

/**
 * ha_commit_local - make durable what the verdict changes here: session id,
 * Inconsistent for a target, base and flags when in sync, data size.  A source's
 * data are flushed first.
 * Return: 0 or -EIO.
 */
int ha_commit_local(struct ha_session *s);

/**
 * ha_begin_local - make durable that both nodes have committed the session;
 * before a write or a block of a resync is taken in it
 * Return: 0 or -EIO.
 */
int ha_begin_local(struct ha_session *s);

#endif
