/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State of a resource as netlink attributes, and the events that carry it.
 */
#ifndef HA_NETLINK_EVENT_H
#define HA_NETLINK_EVENT_H

#include "resource.h"

struct sk_buff;
extern struct genl_family ha_nl_family;

/** ha_nl_fill - all attributes of a resource; @reason may be NULL; -EMSGSIZE */
int ha_nl_fill(struct sk_buff *skb, struct ha_resource *res,
	       const char *reason);

/** ha_event_removed - tell listeners that it is gone */
void ha_event_removed(struct ha_resource *res);

#endif
