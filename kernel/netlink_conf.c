// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of netlink requests taken into options and peers: checked whole
 * before anything changes.
 */
#include <linux/inet.h>
#include <linux/in6.h>
#include <net/genetlink.h>
#include "netlink_conf.h"
#include "netlink_gen.h"

static const struct ha_net_conf defaults = {
	.timeout = 6000,
	.ping_interval = 3000,
	.ping_timeout = 3000,
	.connect_interval = 1000,
	.ko_count = 7,
};

void ha_nl_take_options(struct ha_resource *res, struct genl_info *info)
{
	struct ha_options *o = &res->opt;

	spin_lock_irq(&res->state_lock);
	if (info->attrs[HA_A_ON_IO_ERROR])
		o->on_io_error = nla_get_u32(info->attrs[HA_A_ON_IO_ERROR]);
	if (info->attrs[HA_A_ON_NO_DATA])
		o->on_no_data = nla_get_u32(info->attrs[HA_A_ON_NO_DATA]);
	if (info->attrs[HA_A_FENCING])
		o->fencing = nla_get_u32(info->attrs[HA_A_FENCING]);
	if (info->attrs[HA_A_RESYNC_RATE])
		o->resync_rate = nla_get_u64(info->attrs[HA_A_RESYNC_RATE]);
	if (info->attrs[HA_A_TRUST_BUFFERS])
		o->trust_buffers =
			nla_get_u32(info->attrs[HA_A_TRUST_BUFFERS]);
	spin_unlock_irq(&res->state_lock);
}

static int parse_peer(struct genl_info *info, struct nlattr **tb)
{
	if (GENL_REQ_ATTR_CHECK(info, HA_A_PEER))
		return -EINVAL;
	return nla_parse_nested(tb, HA_PEER_PAD, info->attrs[HA_A_PEER],
				ha_peer_nl_policy, info->extack);
}

/* A slot that a request names; -1: none named. */
static int named_slot(struct genl_info *info)
{
	struct nlattr *tb[HA_PEER_PAD + 1];

	if (!info->attrs[HA_A_PEER] || parse_peer(info, tb) ||
	    !tb[HA_PEER_NODE_ID])
		return -1;
	return nla_get_u32(tb[HA_PEER_NODE_ID]);
}

bool ha_nl_peer_named(struct ha_resource *res, struct genl_info *info, u32 i)
{
	int slot = named_slot(info);

	return res->peer[i] && (slot < 0 || slot == i);
}

struct ha_peer *ha_nl_peer_find(struct ha_resource *res,
				struct genl_info *info)
{
	struct ha_peer *found = NULL;
	u32 i;

	for (i = 0; i < HA_SLOTS; i++)
		if (ha_nl_peer_named(res, info, i))
			found = res->peer[i];
	if (found)
		return found;
	NL_SET_ERR_MSG(info->extack, "no such peer");
	return ERR_PTR(-ENOENT);
}

static int take_address(struct nlattr *a, struct sockaddr_storage *ss,
			struct netlink_ext_ack *extack)
{
	const struct sockaddr *sa = nla_data(a);
	size_t len = nla_len(a);

	if ((len == sizeof(struct sockaddr_in) && sa->sa_family == AF_INET) ||
	    (len == sizeof(struct sockaddr_in6) && sa->sa_family == AF_INET6)) {
		memset(ss, 0, sizeof(*ss));
		memcpy(ss, sa, len);
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, a, "not an IPv4 or IPv6 address with a port");
	return -EINVAL;
}

static int take_conf(struct nlattr **tb, struct ha_net_conf *conf)
{
	static const struct { int attr; size_t offset; } fields[] = {
		{ HA_PEER_TIMEOUT, offsetof(struct ha_net_conf, timeout) },
		{ HA_PEER_PING_INTERVAL,
		  offsetof(struct ha_net_conf, ping_interval) },
		{ HA_PEER_PING_TIMEOUT,
		  offsetof(struct ha_net_conf, ping_timeout) },
		{ HA_PEER_CONNECT_INTERVAL,
		  offsetof(struct ha_net_conf, connect_interval) },
		{ HA_PEER_KO_COUNT, offsetof(struct ha_net_conf, ko_count) },
		{ HA_PEER_DATA_STREAMS,
		  offsetof(struct ha_net_conf, data_streams) },
		{ HA_PEER_AFTER_SB_0PRI,
		  offsetof(struct ha_net_conf, after_sb[0]) },
		{ HA_PEER_AFTER_SB_1PRI,
		  offsetof(struct ha_net_conf, after_sb[1]) },
		{ HA_PEER_AFTER_SB_2PRI,
		  offsetof(struct ha_net_conf, after_sb[2]) },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (tb[fields[i].attr])
			*(u32 *)((char *)conf + fields[i].offset) =
				nla_get_u32(tb[fields[i].attr]);
	if (tb[HA_PEER_SECRET])
		nla_strscpy(conf->secret, tb[HA_PEER_SECRET],
			    sizeof(conf->secret));
	return 0;
}

int ha_nl_peer_conf(struct ha_peer *peer, struct genl_info *info)
{
	struct nlattr *tb[HA_PEER_PAD + 1];
	struct ha_net_conf conf = peer->conf;
	int err = parse_peer(info, tb);

	if (err)
		return err;
	take_conf(tb, &conf);
	peer->conf = conf;
	ha_event(peer->res, "connection options changed");
	return 0;
}

static int check_new(struct ha_resource *res, struct nlattr **tb,
		     struct netlink_ext_ack *extack)
{
	u32 id, i;

	if (!tb[HA_PEER_NODE_ID] || !tb[HA_PEER_LOCAL_ADDRESS] ||
	    !tb[HA_PEER_PEER_ADDRESS]) {
		NL_SET_ERR_MSG(extack, "a peer needs a node id and both addresses");
		return -EINVAL;
	}
	id = nla_get_u32(tb[HA_PEER_NODE_ID]);
	if (id == res->node_id || res->peer[id]) {
		NL_SET_ERR_MSG_FMT(extack, "%s", id == res->node_id ?
			       "this is the node's own id" :
			       "there is a peer of this node id already");
		return -EEXIST;
	}
	for (i = 0; i < HA_SLOTS; i++) {
		if (!res->peer[i])
			continue;
		NL_SET_ERR_MSG(extack, "this version replicates to one peer");
		return -EOPNOTSUPP;
	}
	if (!res->disk)
		return 0;
	NL_SET_ERR_MSG(extack, "a disk is attached: name peers before");
	return -EBUSY;
}

int ha_nl_peer_create(struct ha_resource *res, struct genl_info *info)
{
	struct nlattr *tb[HA_PEER_PAD + 1];
	struct ha_peer *peer;
	int err = parse_peer(info, tb);

	err = err ?: check_new(res, tb, info->extack);
	if (err)
		return err;
	peer = ha_peer_create(res, nla_get_u32(tb[HA_PEER_NODE_ID]));
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	peer->conf = defaults;
	take_conf(tb, &peer->conf);
	err = take_address(tb[HA_PEER_LOCAL_ADDRESS], &peer->local,
			   info->extack);
	err = err ?: take_address(tb[HA_PEER_PEER_ADDRESS], &peer->remote,
				  info->extack);
	if (err) {
		ha_peer_put(peer);
		return err;
	}
	if (tb[HA_PEER_NAME])
		nla_strscpy(peer->name, tb[HA_PEER_NAME], sizeof(peer->name));
	spin_lock_irq(&res->state_lock);
	res->peer[peer->node_id] = peer;
	spin_unlock_irq(&res->state_lock);
	ha_event(res, "new peer");
	return 0;
}
