/* SPDX-License-Identifier: GPL-2.0-only */
/* Corosync's quorum service: who is in the ring, and whether it is quorate. */
#ifndef HD_RING_QUORUM_H
#define HD_RING_QUORUM_H

#include "daemon.h"

struct ring_quorum;

int ring_quorum_start(struct daemon *d, struct ring_quorum **out);
void ring_quorum_stop(struct ring_quorum *quorum);

/* Corosync has gone: not quorate until it tells otherwise. */
void ring_quorum_lost(struct ring_quorum *quorum);

#endif
