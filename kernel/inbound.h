/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that a peer opens to this node: hellos run beside each other,
 * what passes is collected until a session is complete.
 */
#ifndef HA_INBOUND_H
#define HA_INBOUND_H

#include "hello.h"

struct ha_inbound;

/**
 * struct ha_link_set - the connections of one session to be
 * @id: of the session; 0 when the set is empty
 * @streams: how many make it complete; known with the control stream
 * @hello: the other side's, from the control stream
 */
struct ha_link_set {
	u64			id;
	unsigned int		streams;
	struct socket		*sock[HA_STREAM_MAX];
	struct ha_wire_hello	hello;
};

/** ha_link_set_close - close what is in @set and empty it */
void ha_link_set_close(struct ha_link_set *set);

/** ha_link_set_add - put an authenticated connection into @set; takes the socket over */
void ha_link_set_add(struct ha_peer *p, struct ha_link_set *set,
		     const struct ha_link *l);

/** ha_inbound_create - for one peer; NULL without memory */
struct ha_inbound *ha_inbound_create(struct ha_peer *p);

/** ha_inbound_destroy - ends hellos under way (peer->connector.stop is set) and closes all */
void ha_inbound_destroy(struct ha_inbound *in);

/**
 * ha_inbound_offer - a connection was accepted; takes the socket over
 * One from an address other than the peer's is closed at once.  The others say
 * hello in a work each, so that a silent one does not keep the peer out.
 */
void ha_inbound_offer(struct ha_inbound *in, struct socket *sock);

/** ha_inbound_collecting - is there a set, complete or not? */
bool ha_inbound_collecting(struct ha_inbound *in);

/**
 * ha_inbound_take - hand over the set when it is complete
 * Drops one that has waited too long.  What arrives wakes connector.wait.
 */
bool ha_inbound_take(struct ha_inbound *in, struct ha_link_set *set);

#endif
