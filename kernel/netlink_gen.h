/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/ha.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_HA_GEN_H
#define _LINUX_HA_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/ha.h>

/* Common nested types */
extern const struct nla_policy ha_peer_nl_policy[HA_PEER_PAD + 1];

extern const struct nla_policy ha_get_nl_policy[HA_A_NAME + 1];

extern const struct nla_policy ha_resource_new_nl_policy[HA_A_TRUST_BUFFERS + 1];

extern const struct nla_policy ha_resource_set_nl_policy[HA_A_TRUST_BUFFERS + 1];

extern const struct nla_policy ha_peer_new_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_peer_set_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_peer_del_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_attach_nl_policy[HA_A_META_DISK + 1];

extern const struct nla_policy ha_detach_nl_policy[HA_A_FORCE + 1];

extern const struct nla_policy ha_connect_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_disconnect_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_primary_nl_policy[HA_A_FORCE + 1];

extern const struct nla_policy ha_secondary_nl_policy[HA_A_FORCE + 1];

extern const struct nla_policy ha_down_nl_policy[HA_A_FORCE + 1];

extern const struct nla_policy ha_invalidate_nl_policy[HA_A_NAME + 1];

extern const struct nla_policy ha_invalidate_remote_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_skip_initial_sync_nl_policy[HA_A_NAME + 1];

extern const struct nla_policy ha_pause_sync_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_resume_sync_nl_policy[HA_A_PEER + 1];

extern const struct nla_policy ha_suspend_io_nl_policy[HA_A_NAME + 1];

extern const struct nla_policy ha_resume_io_nl_policy[HA_A_NAME + 1];

extern const struct nla_policy ha_outdate_nl_policy[HA_A_NAME + 1];

extern const struct nla_policy ha_fenced_nl_policy[HA_A_PEER + 1];

/* Ops table for ha */
extern const struct genl_ops ha_nl_ops[22];
extern const struct genl_multicast_group ha_nl_mcgrps[1];

int ha_nl_get_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int ha_nl_resource_new_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_resource_set_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_peer_new_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_attach_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_detach_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_connect_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_disconnect_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_primary_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_secondary_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_down_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_invalidate_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_invalidate_remote_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_skip_initial_sync_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_pause_sync_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_resume_sync_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_suspend_io_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_resume_io_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_outdate_doit(struct sk_buff *skb, struct genl_info *info);
int ha_nl_fenced_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	HA_NLGRP_CHANGES,
};

#endif /* _LINUX_HA_GEN_H */
