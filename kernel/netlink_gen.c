// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/ha.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/ha.h>

/* Common nested types */
const struct nla_policy ha_peer_nl_policy[HA_PEER_PAD + 1] = {
	[HA_PEER_NODE_ID] = NLA_POLICY_MAX(NLA_U32, 7),
	[HA_PEER_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_PEER_LOCAL_ADDRESS] = { .type = NLA_BINARY, },
	[HA_PEER_PEER_ADDRESS] = { .type = NLA_BINARY, },
	[HA_PEER_SECRET] = { .type = NLA_NUL_STRING, .len = 64, },
	[HA_PEER_TIMEOUT] = NLA_POLICY_MIN(NLA_U32, 100),
	[HA_PEER_PING_INTERVAL] = NLA_POLICY_MIN(NLA_U32, 100),
	[HA_PEER_PING_TIMEOUT] = NLA_POLICY_MIN(NLA_U32, 100),
	[HA_PEER_CONNECT_INTERVAL] = NLA_POLICY_MIN(NLA_U32, 100),
	[HA_PEER_KO_COUNT] = { .type = NLA_U32, },
	[HA_PEER_AFTER_SB_0PRI] = NLA_POLICY_MAX(NLA_U32, 5),
	[HA_PEER_AFTER_SB_1PRI] = NLA_POLICY_MAX(NLA_U32, 5),
	[HA_PEER_AFTER_SB_2PRI] = NLA_POLICY_MAX(NLA_U32, 5),
	[HA_PEER_CONNECTION] = NLA_POLICY_MAX(NLA_U32, 2),
	[HA_PEER_ROLE] = NLA_POLICY_MAX(NLA_U32, 2),
	[HA_PEER_DISK_STATE] = NLA_POLICY_MAX(NLA_U32, 7),
	[HA_PEER_REPLICATION] = NLA_POLICY_MAX(NLA_U32, 7),
	[HA_PEER_OUT_OF_SYNC] = { .type = NLA_U64, },
	[HA_PEER_RESYNC_TOTAL] = { .type = NLA_U64, },
	[HA_PEER_RESYNC_DONE] = { .type = NLA_U64, },
	[HA_PEER_RESYNC_RATE] = { .type = NLA_U64, },
	[HA_PEER_RESYNC_ETA] = { .type = NLA_U32, },
	[HA_PEER_RESYNC_MOVED] = { .type = NLA_U64, },
	[HA_PEER_REASON] = { .type = NLA_NUL_STRING, },
	[HA_PEER_SENT] = { .type = NLA_U64, },
	[HA_PEER_RECEIVED] = { .type = NLA_U64, },
	[HA_PEER_PAUSED] = { .type = NLA_U32, },
	[HA_PEER_DATA_STREAMS] = NLA_POLICY_MAX(NLA_U32, 8),
};

/* HA_CMD_GET - do */
const struct nla_policy ha_get_nl_policy[HA_A_NAME + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* HA_CMD_RESOURCE_NEW - do */
const struct nla_policy ha_resource_new_nl_policy[HA_A_TRUST_BUFFERS + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_NODE_ID] = NLA_POLICY_MAX(NLA_U32, 7),
	[HA_A_MINOR] = NLA_POLICY_MAX(NLA_U32, 32767),
	[HA_A_ON_IO_ERROR] = NLA_POLICY_MAX(NLA_U32, 1),
	[HA_A_ON_NO_DATA] = NLA_POLICY_MAX(NLA_U32, 1),
	[HA_A_FENCING] = NLA_POLICY_MAX(NLA_U32, 2),
	[HA_A_RESYNC_RATE] = { .type = NLA_U64, },
	[HA_A_TRUST_BUFFERS] = { .type = NLA_U32, },
};

/* HA_CMD_RESOURCE_SET - do */
const struct nla_policy ha_resource_set_nl_policy[HA_A_TRUST_BUFFERS + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_ON_IO_ERROR] = NLA_POLICY_MAX(NLA_U32, 1),
	[HA_A_ON_NO_DATA] = NLA_POLICY_MAX(NLA_U32, 1),
	[HA_A_FENCING] = NLA_POLICY_MAX(NLA_U32, 2),
	[HA_A_RESYNC_RATE] = { .type = NLA_U64, },
	[HA_A_TRUST_BUFFERS] = { .type = NLA_U32, },
};

/* HA_CMD_PEER_NEW - do */
const struct nla_policy ha_peer_new_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_PEER_SET - do */
const struct nla_policy ha_peer_set_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_PEER_DEL - do */
const struct nla_policy ha_peer_del_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_ATTACH - do */
const struct nla_policy ha_attach_nl_policy[HA_A_META_DISK + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_DISK] = { .type = NLA_NUL_STRING, .len = 255, },
	[HA_A_META_DISK] = { .type = NLA_NUL_STRING, .len = 255, },
};

/* HA_CMD_DETACH - do */
const struct nla_policy ha_detach_nl_policy[HA_A_FORCE + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_FORCE] = { .type = NLA_FLAG, },
};

/* HA_CMD_CONNECT - do */
const struct nla_policy ha_connect_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
	[HA_A_DISCARD_MY_DATA] = { .type = NLA_FLAG, },
};

/* HA_CMD_DISCONNECT - do */
const struct nla_policy ha_disconnect_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_PRIMARY - do */
const struct nla_policy ha_primary_nl_policy[HA_A_FORCE + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_FORCE] = { .type = NLA_FLAG, },
};

/* HA_CMD_SECONDARY - do */
const struct nla_policy ha_secondary_nl_policy[HA_A_FORCE + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_FORCE] = { .type = NLA_FLAG, },
};

/* HA_CMD_DOWN - do */
const struct nla_policy ha_down_nl_policy[HA_A_FORCE + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_FORCE] = { .type = NLA_FLAG, },
};

/* HA_CMD_INVALIDATE - do */
const struct nla_policy ha_invalidate_nl_policy[HA_A_NAME + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* HA_CMD_INVALIDATE_REMOTE - do */
const struct nla_policy ha_invalidate_remote_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_SKIP_INITIAL_SYNC - do */
const struct nla_policy ha_skip_initial_sync_nl_policy[HA_A_NAME + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* HA_CMD_PAUSE_SYNC - do */
const struct nla_policy ha_pause_sync_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_RESUME_SYNC - do */
const struct nla_policy ha_resume_sync_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* HA_CMD_SUSPEND_IO - do */
const struct nla_policy ha_suspend_io_nl_policy[HA_A_NAME + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* HA_CMD_RESUME_IO - do */
const struct nla_policy ha_resume_io_nl_policy[HA_A_NAME + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* HA_CMD_OUTDATE - do */
const struct nla_policy ha_outdate_nl_policy[HA_A_NAME + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* HA_CMD_FENCED - do */
const struct nla_policy ha_fenced_nl_policy[HA_A_PEER + 1] = {
	[HA_A_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[HA_A_PEER] = NLA_POLICY_NESTED(ha_peer_nl_policy),
};

/* Ops table for ha */
const struct genl_ops ha_nl_ops[22] = {
	{
		.cmd		= HA_CMD_GET,
		.doit		= ha_nl_get_doit,
		.dumpit		= ha_nl_get_dumpit,
		.policy		= ha_get_nl_policy,
		.maxattr	= HA_A_NAME,
	},
	{
		.cmd		= HA_CMD_RESOURCE_NEW,
		.doit		= ha_nl_resource_new_doit,
		.policy		= ha_resource_new_nl_policy,
		.maxattr	= HA_A_TRUST_BUFFERS,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_RESOURCE_SET,
		.doit		= ha_nl_resource_set_doit,
		.policy		= ha_resource_set_nl_policy,
		.maxattr	= HA_A_TRUST_BUFFERS,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_PEER_NEW,
		.doit		= ha_nl_peer_new_doit,
		.policy		= ha_peer_new_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_PEER_SET,
		.doit		= ha_nl_peer_set_doit,
		.policy		= ha_peer_set_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_PEER_DEL,
		.doit		= ha_nl_peer_del_doit,
		.policy		= ha_peer_del_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_ATTACH,
		.doit		= ha_nl_attach_doit,
		.policy		= ha_attach_nl_policy,
		.maxattr	= HA_A_META_DISK,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_DETACH,
		.doit		= ha_nl_detach_doit,
		.policy		= ha_detach_nl_policy,
		.maxattr	= HA_A_FORCE,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_CONNECT,
		.doit		= ha_nl_connect_doit,
		.policy		= ha_connect_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_DISCONNECT,
		.doit		= ha_nl_disconnect_doit,
		.policy		= ha_disconnect_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_PRIMARY,
		.doit		= ha_nl_primary_doit,
		.policy		= ha_primary_nl_policy,
		.maxattr	= HA_A_FORCE,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_SECONDARY,
		.doit		= ha_nl_secondary_doit,
		.policy		= ha_secondary_nl_policy,
		.maxattr	= HA_A_FORCE,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_DOWN,
		.doit		= ha_nl_down_doit,
		.policy		= ha_down_nl_policy,
		.maxattr	= HA_A_FORCE,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_INVALIDATE,
		.doit		= ha_nl_invalidate_doit,
		.policy		= ha_invalidate_nl_policy,
		.maxattr	= HA_A_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_INVALIDATE_REMOTE,
		.doit		= ha_nl_invalidate_remote_doit,
		.policy		= ha_invalidate_remote_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_SKIP_INITIAL_SYNC,
		.doit		= ha_nl_skip_initial_sync_doit,
		.policy		= ha_skip_initial_sync_nl_policy,
		.maxattr	= HA_A_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_PAUSE_SYNC,
		.doit		= ha_nl_pause_sync_doit,
		.policy		= ha_pause_sync_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_RESUME_SYNC,
		.doit		= ha_nl_resume_sync_doit,
		.policy		= ha_resume_sync_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_SUSPEND_IO,
		.doit		= ha_nl_suspend_io_doit,
		.policy		= ha_suspend_io_nl_policy,
		.maxattr	= HA_A_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_RESUME_IO,
		.doit		= ha_nl_resume_io_doit,
		.policy		= ha_resume_io_nl_policy,
		.maxattr	= HA_A_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_OUTDATE,
		.doit		= ha_nl_outdate_doit,
		.policy		= ha_outdate_nl_policy,
		.maxattr	= HA_A_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= HA_CMD_FENCED,
		.doit		= ha_nl_fenced_doit,
		.policy		= ha_fenced_nl_policy,
		.maxattr	= HA_A_PEER,
		.flags		= GENL_ADMIN_PERM,
	},
};

const struct genl_multicast_group ha_nl_mcgrps[] = {
	[HA_NLGRP_CHANGES] = { "changes", },
};
