/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes of requests taken into options and peers.
 */
#ifndef HA_NETLINK_CONF_H
#define HA_NETLINK_CONF_H

#include "connection.h"
#include "resource.h"

struct genl_info;

void ha_nl_take_options(struct ha_resource *res, struct genl_info *info);
int ha_nl_peer_create(struct ha_resource *res, struct genl_info *info);
int ha_nl_peer_conf(struct ha_peer *peer, struct genl_info *info);

/** ha_nl_peer_find - the peer the request names, or the only one, or ERR_PTR with words */
struct ha_peer *ha_nl_peer_find(struct ha_resource *res,
				struct genl_info *info);

/** ha_nl_peer_named - is slot @i a peer that the request means (all, when it names none)? */
bool ha_nl_peer_named(struct ha_resource *res, struct genl_info *info, u32 i);

#endif
