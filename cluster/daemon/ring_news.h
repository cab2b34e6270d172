/* SPDX-License-Identifier: GPL-2.0-only */
/* What changes in the ring, as events; and messages that are not the core's. */
#ifndef HD_RING_NEWS_H
#define HD_RING_NEWS_H

#include "daemon.h"

/**
 * ring_news_members() - the daemons there are now
 * @reason: why one left, as CPG has it; 0: none did
 */
void ring_news_members(struct daemon *d, const struct core_member *members,
		       size_t count, uint32_t reason);
void ring_news_ring(struct daemon *d, const struct core_ring *ring,
		    uint32_t nodes);

/* Corosync is not there: this node is alone. */
void ring_news_alone(struct daemon *d);

void ring_news_json(struct daemon *d, char kind, uint32_t from,
		    const char *text, size_t size);

#endif
