/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Promotion and demotion, and the commands that change what the local copy
 * claims to be.  All run under res->conf_mutex, in bounded time, and say why
 * not in @extack.
 */
#ifndef HA_ROLE_H
#define HA_ROLE_H

#include "resource.h"

struct netlink_ext_ack;

int ha_promote(struct ha_resource *res, bool force,
	       struct netlink_ext_ack *extack);

/**
 * ha_demote - become Secondary
 * @force: also while the device is open: its openers get errors until the last
 *	of them has closed it, and promotion is refused that long
 */
int ha_demote(struct ha_resource *res, bool force,
	      struct netlink_ext_ack *extack);

int ha_invalidate(struct ha_resource *res, struct netlink_ext_ack *extack);
int ha_invalidate_remote(struct ha_resource *res, struct ha_peer *peer,
			 struct netlink_ext_ack *extack);
int ha_outdate(struct ha_resource *res, struct netlink_ext_ack *extack);

/**
 * ha_peer_fenced - user space says that @peer cannot write any more
 * Opens the gate that fencing has closed, and lets a Secondary be promoted whose
 * copy is Consistent, until @peer is connected.  Refused while @peer answers.
 */
int ha_peer_fenced(struct ha_resource *res, struct ha_peer *peer,
		   struct netlink_ext_ack *extack);
int ha_skip_initial_sync(struct ha_resource *res,
			 struct netlink_ext_ack *extack);

/** ha_all_dirty - every block of the local disk is to be replaced; durable */
int ha_all_dirty(struct ha_disk *d, u32 slot);

#endif
