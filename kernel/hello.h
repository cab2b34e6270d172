/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first messages on a new connection: hello and proof of the secret, each
 * way.  What comes out is an authenticated stream of a session to be.
 */
#ifndef HA_HELLO_H
#define HA_HELLO_H

#include <linux/types.h>
#include "../include/ha_wire.h"

struct ha_peer;
struct socket;

/* Both sides have sent HELLO and AUTH, and nothing else. */
#define HA_HELLO_MESSAGES	2u

#define HA_HELLO_STEP_MS	2000u	/* for each message */
#define HA_HELLO_TOTAL_MS	5000u	/* for all streams of a session */

/**
 * struct ha_link - one connection on its way to be a stream
 * @initiator: this node opened it
 * @stream: enum ha_stream_id; set by the initiator, learned by the acceptor
 * @session: id of the session; drawn by the initiator, learned by the acceptor
 * @hello: the other side's
 * @refused: one of the sides has said no; else the connection just failed
 * @why: a sentence, when it failed
 */
struct ha_link {
	struct socket		*sock;
	bool			initiator;
	unsigned int		stream;
	u64			session;
	struct ha_wire_hello	hello;
	bool			refused;
	char			why[128];
};

/** ha_hello_data_streams - data streams this node wants with @p; 1 to 8 */
unsigned int ha_hello_data_streams(const struct ha_peer *p);

/**
 * ha_hello_run - exchange hellos and proofs on @l->sock, which is tuned
 * @stop: ends it early
 *
 * Does not close the socket.  As acceptor of the control stream ends a session
 * that the peer has evidently given up.
 * Context: process; bounded by HA_HELLO_TOTAL_MS.
 * Return: 0, or -errno with @l->why set.
 */
int ha_hello_run(struct ha_peer *p, struct ha_link *l, const bool *stop);

#endif
