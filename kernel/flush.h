/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flushes of our own, which make marks stable; see also ha_peer_flush() in
 * connection.h.
 */
#ifndef HA_FLUSH_H
#define HA_FLUSH_H

#include "disk.h"
#include "resource.h"

/** ha_local_flush - flush the local data and make its marks stable; 0 or -EIO */
int ha_local_flush(struct ha_disk *d, u32 own);

/**
 * ha_stabilise - no mark stays without a flush or a bit, and all bits are on disk
 *
 * Connected replicas are flushed, marks of the others become bits, then the
 * local disk is flushed and the bitmaps written.
 * Context: process; bounded by the peer's timeout.
 */
int ha_stabilise(struct ha_resource *res, struct ha_disk *d);

#endif
