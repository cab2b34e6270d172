/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Corosync: the daemons' group in CPG, and quorum. Both tell of rings; whether
 * they tell of the same one is the core's to judge. While one of them is not
 * there, the core hears that nobody is there and nothing is quorate.
 */
#ifndef HD_RING_H
#define HD_RING_H

#include "daemon.h"

struct ring;

/* What a message is; its first byte. */
enum ring_kind {
	RING_CORE = 'C',
	RING_EVENT = 'E',	/* JSON, for the history */
	RING_ASK = 'A',		/* JSON, to the coordinator: what only it may do */
	RING_SECRET = 'S',	/* JSON: name, value */
};

/**
 * ring_start() - connect now, and again whenever the connection is lost
 */
int ring_start(struct daemon *d, struct ring **out);
void ring_stop(struct ring *ring);

/**
 * ring_send() - multicast to all daemons, this one too, in the order of calls
 */
void ring_send(struct ring *ring, enum ring_kind kind, const void *data,
	       size_t size);
void ring_send_json(struct ring *ring, enum ring_kind kind, const json_t *json);

/* Connected, and thus a message will come back. */
bool ring_joined(const struct ring *ring);

/* The node id that corosync gives this node; 0: it does not answer. */
uint32_t ring_own_id(void);

#endif
