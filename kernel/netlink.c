// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink requests: fetch, find, act, put.  Each handler names its object,
 * takes the resource's conf_mutex (killable) and calls the room that knows how.
 */
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "attach.h"
#include "gate.h"
#include "netlink_conf.h"
#include "netlink_event.h"
#include "netlink_gen.h"
#include "resync.h"
#include "role.h"

struct genl_family ha_nl_family = {
	.name		= HA_GENL_NAME,
	.version	= HA_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= ha_nl_ops,
	.n_ops		= ARRAY_SIZE(ha_nl_ops),
	.mcgrps		= ha_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(ha_nl_mcgrps),
};

static struct ha_resource *find(struct genl_info *info)
{
	struct ha_resource *res;

	if (GENL_REQ_ATTR_CHECK(info, HA_A_NAME))
		return ERR_PTR(-EINVAL);
	res = ha_resource_find(genl_info_net(info),
			       nla_data(info->attrs[HA_A_NAME]));
	if (!res) {
		NL_SET_ERR_MSG_FMT(info->extack, "no resource %s is up",
				   (char *)nla_data(info->attrs[HA_A_NAME]));
		return ERR_PTR(-ENOENT);
	}
	return res;
}

/* The resource with its conf_mutex held; release with done(). */
static struct ha_resource *lock(struct genl_info *info)
{
	struct ha_resource *res = find(info);

	if (IS_ERR(res))
		return res;
	if (mutex_lock_killable(&res->conf_mutex)) {
		ha_resource_put(res);
		return ERR_PTR(-EINTR);
	}
	if (!res->dead)
		return res;
	mutex_unlock(&res->conf_mutex);
	ha_resource_put(res);
	NL_SET_ERR_MSG(info->extack, "the resource is being removed");
	return ERR_PTR(-ENOENT);
}

static int done(struct ha_resource *res, int err)
{
	mutex_unlock(&res->conf_mutex);
	ha_resource_put(res);
	return err;
}

static bool flag(struct genl_info *info, int attr)
{
	return info->attrs[attr];
}

int ha_nl_resource_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res;

	if (GENL_REQ_ATTR_CHECK(info, HA_A_NAME) ||
	    GENL_REQ_ATTR_CHECK(info, HA_A_NODE_ID) ||
	    GENL_REQ_ATTR_CHECK(info, HA_A_MINOR))
		return -EINVAL;
	res = ha_resource_create(genl_info_net(info),
				 nla_data(info->attrs[HA_A_NAME]),
				 nla_get_u32(info->attrs[HA_A_NODE_ID]),
				 nla_get_u32(info->attrs[HA_A_MINOR]),
				 info->extack);
	if (IS_ERR(res))
		return PTR_ERR(res);
	ha_nl_take_options(res, info);
	ha_event(res, "new");
	ha_resource_put(res);
	return 0;
}

int ha_nl_resource_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	ha_nl_take_options(res, info);
	/* What waits for data fails now, if that is the policy now. */
	if (res->opt.on_no_data == HA_ON_NO_DATA_IO_ERROR)
		ha_gate_open(res, HA_GATE_NO_DATA);
	ha_event(res, "options changed");
	return done(res, 0);
}

int ha_nl_peer_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_nl_peer_create(res, info));
}

/* The peer a request names, or the only one; -EINVAL with words. */
static struct ha_peer *peer_of(struct ha_resource *res, struct genl_info *info)
{
	struct ha_peer *peer = ha_nl_peer_find(res, info);

	return peer;
}

int ha_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	struct ha_peer *peer;

	if (IS_ERR(res))
		return PTR_ERR(res);
	peer = peer_of(res, info);
	return done(res, IS_ERR(peer) ? PTR_ERR(peer) :
		    ha_nl_peer_conf(peer, info));
}

int ha_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	struct ha_peer *peer;

	if (IS_ERR(res))
		return PTR_ERR(res);
	peer = peer_of(res, info);
	if (IS_ERR(peer))
		return done(res, PTR_ERR(peer));
	if (res->disk) {
		NL_SET_ERR_MSG(info->extack, "detach the disk first: its metadata counts for this peer");
		return done(res, -EBUSY);
	}
	ha_connector_stop(peer);
	spin_lock_irq(&res->state_lock);
	res->peer[peer->node_id] = NULL;
	spin_unlock_irq(&res->state_lock);
	ha_peer_put(peer);
	return done(res, 0);
}

int ha_nl_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	const char *meta = NULL;
	struct ha_resource *res;

	if (GENL_REQ_ATTR_CHECK(info, HA_A_DISK))
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	res = lock(info);
	if (IS_ERR(res))
		return PTR_ERR(res);
	if (info->attrs[HA_A_META_DISK])
		meta = nla_data(info->attrs[HA_A_META_DISK]);
	return done(res, ha_attach(res, nla_data(info->attrs[HA_A_DISK]),
				   meta, info->extack));
}

int ha_nl_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_detach(res, flag(info, HA_A_FORCE),
				   info->extack));
}

static int connect_one(struct ha_peer *peer, bool discard,
		       struct netlink_ext_ack *extack)
{
	struct ha_resource *res = peer->res;

	if (discard && res->role == HA_PRIMARY) {
		NL_SET_ERR_MSG(extack, "cannot discard the data of a Primary; make it Secondary first");
		return -EBUSY;
	}
	if (res->orphan) {
		NL_SET_ERR_MSG(extack, "its network namespace is gone; it can only be taken down");
		return -ENETDOWN;
	}
	/* StandAlone by a verdict shows a moment before its session has ended. */
	if (discard || READ_ONCE(peer->conn) == HA_STANDALONE)
		ha_connector_stop(peer);
	spin_lock_irq(&res->state_lock);
	peer->discard_my_data = discard;
	spin_unlock_irq(&res->state_lock);
	return ha_connector_start(peer);
}

int ha_nl_connect_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	int err = 0;
	u32 i;

	if (IS_ERR(res))
		return PTR_ERR(res);
	for (i = 0; i < HA_SLOTS && !err; i++)
		if (ha_nl_peer_named(res, info, i))
			err = connect_one(res->peer[i],
					  flag(info, HA_A_DISCARD_MY_DATA),
					  info->extack);
	ha_event(res, NULL);
	return done(res, err);
}

int ha_nl_disconnect_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	u32 i;

	if (IS_ERR(res))
		return PTR_ERR(res);
	for (i = 0; i < HA_SLOTS; i++)
		if (ha_nl_peer_named(res, info, i))
			ha_connector_stop(res->peer[i]);
	ha_event(res, "disconnected");
	return done(res, 0);
}

int ha_nl_primary_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_promote(res, flag(info, HA_A_FORCE),
				    info->extack));
}

int ha_nl_secondary_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_demote(res, flag(info, HA_A_FORCE),
				   info->extack));
}

int ha_nl_down_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_resource_down(res, flag(info, HA_A_FORCE),
					  info->extack));
}

int ha_nl_invalidate_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_invalidate(res, info->extack));
}

int ha_nl_invalidate_remote_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	struct ha_peer *peer;

	if (IS_ERR(res))
		return PTR_ERR(res);
	peer = peer_of(res, info);
	return done(res, IS_ERR(peer) ? PTR_ERR(peer) :
		    ha_invalidate_remote(res, peer, info->extack));
}

int ha_nl_fenced_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	struct ha_peer *peer;

	if (IS_ERR(res))
		return PTR_ERR(res);
	peer = peer_of(res, info);
	return done(res, IS_ERR(peer) ? PTR_ERR(peer) :
		    ha_peer_fenced(res, peer, info->extack));
}

int ha_nl_skip_initial_sync_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_skip_initial_sync(res, info->extack));
}

static int set_paused(struct genl_info *info, bool paused)
{
	struct ha_resource *res = lock(info);
	u32 i;

	if (IS_ERR(res))
		return PTR_ERR(res);
	for (i = 0; i < HA_SLOTS; i++) {
		if (!ha_nl_peer_named(res, info, i))
			continue;
		WRITE_ONCE(res->peer[i]->paused, paused);
		ha_resync_kick_peer(res->peer[i]);
	}
	ha_state_send(res);
	ha_event(res, paused ? "resync paused" : "resync resumed");
	return done(res, 0);
}

int ha_nl_pause_sync_doit(struct sk_buff *skb, struct genl_info *info)
{
	return set_paused(info, true);
}

int ha_nl_resume_sync_doit(struct sk_buff *skb, struct genl_info *info)
{
	return set_paused(info, false);
}

int ha_nl_suspend_io_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);
	int err;

	if (IS_ERR(res))
		return PTR_ERR(res);
	ha_gate_close(res, HA_GATE_USER);
	err = ha_gate_drain(res, 8000);
	if (err) {
		ha_gate_open(res, HA_GATE_USER);
		NL_SET_ERR_MSG(info->extack, "writes in flight did not end in time; not suspended");
	}
	ha_event(res, "suspended by the user");
	return done(res, err);
}

int ha_nl_resume_io_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	ha_thaw(res, HA_GATE_USER | HA_GATE_FENCING);
	ha_event(res, "resumed");
	return done(res, 0);
}

int ha_nl_outdate_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = lock(info);

	if (IS_ERR(res))
		return PTR_ERR(res);
	return done(res, ha_outdate(res, info->extack));
}

int ha_nl_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ha_resource *res = find(info);
	struct sk_buff *reply;
	void *head;

	if (IS_ERR(res))
		return PTR_ERR(res);
	reply = genlmsg_new(GENLMSG_DEFAULT_SIZE * 2, GFP_KERNEL);
	head = reply ? genlmsg_put_reply(reply, info, &ha_nl_family, 0,
					 HA_CMD_GET) : NULL;
	if (!head || ha_nl_fill(reply, res, NULL)) {
		nlmsg_free(reply);
		ha_resource_put(res);
		return -ENOMEM;
	}
	ha_resource_put(res);
	genlmsg_end(reply, head);
	return genlmsg_reply(reply, info);
}

int ha_nl_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = sock_net(skb->sk);
	struct ha_resource *res;
	void *head;
	int err = 0;

	while (!err && (res = ha_resource_next(net, cb->args[0]))) {
		head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &ha_nl_family,
				   NLM_F_MULTI, HA_CMD_GET);
		err = head ? ha_nl_fill(skb, res, NULL) : -EMSGSIZE;
		if (err && head)
			genlmsg_cancel(skb, head);
		else if (!err)
			genlmsg_end(skb, head);
		if (!err)
			cb->args[0]++;
		ha_resource_put(res);
	}
	return skb->len ?: err;
}
