// SPDX-License-Identifier: GPL-2.0-only
/*
 * State of a resource as netlink attributes: for replies, dumps and events.
 */
#include <net/genetlink.h>
#include "attach.h"
#include "netlink_event.h"
#include "netlink_gen.h"
#include "request.h"
#include "resync.h"

/* struct peer_view - what is shown of a peer, copied under the lock */
struct peer_view {
	u32 conn, role, disk, repl, paused;
	u64 out_of_sync, total, done, rate, moved, sent, received;
	u32 eta;
	char reason[128];
};

static void look(struct ha_peer *peer, struct peer_view *v)
{
	struct ha_resource *res = peer->res;
	struct ha_disk *d;
	u64 bits = 0;

	spin_lock_irq(&res->state_lock);
	*v = (struct peer_view) {
		.conn = peer->conn, .role = peer->role,
		.disk = peer->disk_state, .repl = peer->repl,
		.paused = peer->paused, .total = peer->resync_total,
		.done = peer->resync_done, .rate = peer->resync_rate,
		.eta = peer->resync_eta, .moved = peer->resync_moved,
		.sent = peer->sent, .received = atomic64_read(&peer->received),
	};
	strscpy(v->reason, peer->reason, sizeof(v->reason));
	d = res->disk;
	if (d && v->repl != HA_SYNC_SOURCE && v->repl != HA_PAUSED_SYNC_S)
		bits = ha_bitmap_weight(&d->bitmap[res->node_id]);
	if (d)
		bits = max(bits, ha_bitmap_weight(&d->bitmap[peer->node_id]));
	if (d)
		v->out_of_sync = min(bits << d->super.layout.bit_shift,
				     d->super.layout.data_sectors << 9);
	spin_unlock_irq(&res->state_lock);
}

static bool syncing(const struct peer_view *v)
{
	return v->repl >= HA_SYNC_SOURCE && v->repl <= HA_PAUSED_SYNC_T;
}

static int fill_conf(struct sk_buff *skb, const struct ha_peer *peer)
{
	const struct ha_net_conf *c = &peer->conf;
	int len = peer->local.ss_family == AF_INET6 ?
		  sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

	return nla_put_u32(skb, HA_PEER_NODE_ID, peer->node_id) ||
	       nla_put_string(skb, HA_PEER_NAME, peer->name) ||
	       nla_put(skb, HA_PEER_LOCAL_ADDRESS, len, &peer->local) ||
	       nla_put(skb, HA_PEER_PEER_ADDRESS, len, &peer->remote) ||
	       nla_put_u32(skb, HA_PEER_TIMEOUT, c->timeout) ||
	       nla_put_u32(skb, HA_PEER_PING_INTERVAL, c->ping_interval) ||
	       nla_put_u32(skb, HA_PEER_PING_TIMEOUT, c->ping_timeout) ||
	       nla_put_u32(skb, HA_PEER_CONNECT_INTERVAL,
			   c->connect_interval) ||
	       nla_put_u32(skb, HA_PEER_KO_COUNT, c->ko_count) ||
	       nla_put_u32(skb, HA_PEER_DATA_STREAMS, c->data_streams) ||
	       nla_put_u32(skb, HA_PEER_AFTER_SB_0PRI, c->after_sb[0]) ||
	       nla_put_u32(skb, HA_PEER_AFTER_SB_1PRI, c->after_sb[1]) ||
	       nla_put_u32(skb, HA_PEER_AFTER_SB_2PRI, c->after_sb[2]);
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, HA_PEER_PAD);
}

static int fill_view(struct sk_buff *skb, const struct peer_view *v)
{
	if (nla_put_u32(skb, HA_PEER_CONNECTION, v->conn) ||
	    nla_put_u32(skb, HA_PEER_ROLE, v->role) ||
	    nla_put_u32(skb, HA_PEER_DISK_STATE, v->disk) ||
	    nla_put_u32(skb, HA_PEER_REPLICATION, v->repl) ||
	    nla_put_u32(skb, HA_PEER_PAUSED, v->paused) ||
	    put_u64(skb, HA_PEER_OUT_OF_SYNC, v->out_of_sync) ||
	    put_u64(skb, HA_PEER_RESYNC_MOVED, v->moved) ||
	    put_u64(skb, HA_PEER_SENT, v->sent) ||
	    put_u64(skb, HA_PEER_RECEIVED, v->received))
		return -EMSGSIZE;
	if (v->reason[0] && nla_put_string(skb, HA_PEER_REASON, v->reason))
		return -EMSGSIZE;
	if (syncing(v) &&
	    (put_u64(skb, HA_PEER_RESYNC_TOTAL, v->total) ||
	     put_u64(skb, HA_PEER_RESYNC_DONE, v->done) ||
	     put_u64(skb, HA_PEER_RESYNC_RATE, v->rate) ||
	     nla_put_u32(skb, HA_PEER_RESYNC_ETA, v->eta)))
		return -EMSGSIZE;
	return 0;
}

static int fill_peer(struct sk_buff *skb, struct ha_peer *peer)
{
	struct nlattr *nest = nla_nest_start(skb, HA_A_PEER);
	struct peer_view v;

	if (!nest)
		return -EMSGSIZE;
	look(peer, &v);
	if (fill_conf(skb, peer) || fill_view(skb, &v)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_options(struct sk_buff *skb, const struct ha_options *o)
{
	return nla_put_u32(skb, HA_A_ON_IO_ERROR, o->on_io_error) ||
	       nla_put_u32(skb, HA_A_ON_NO_DATA, o->on_no_data) ||
	       nla_put_u32(skb, HA_A_FENCING, o->fencing) ||
	       nla_put_u64_64bit(skb, HA_A_RESYNC_RATE, o->resync_rate,
				 HA_A_PAD) ||
	       nla_put_u32(skb, HA_A_TRUST_BUFFERS, o->trust_buffers);
}

/* struct own_view - what is shown of this node, copied under the lock */
struct own_view {
	u32 role, disk, suspended;
	u64 generation;
	struct ha_options opt;
	char disk_path[256], meta_path[256];
};

static void look_at_own(struct ha_resource *res, struct own_view *v)
{
	spin_lock_irq(&res->state_lock);
	*v = (struct own_view) {
		.role = res->role, .disk = res->disk_state,
		.suspended = res->gate & HA_GATE_SHOWN, .opt = res->opt,
	};
	if (res->disk) {
		v->generation = res->disk->super.lineage.current_gen;
		strscpy(v->disk_path, res->disk_path, sizeof(v->disk_path));
		strscpy(v->meta_path, res->meta_path, sizeof(v->meta_path));
	}
	spin_unlock_irq(&res->state_lock);
}

static int fill_state(struct sk_buff *skb, struct ha_resource *res,
		      const struct own_view *v)
{
	if (nla_put_string(skb, HA_A_NAME, res->name) ||
	    nla_put_u32(skb, HA_A_NODE_ID, res->node_id) ||
	    nla_put_u32(skb, HA_A_MINOR, res->minor) ||
	    nla_put_u32(skb, HA_A_ROLE, v->role) ||
	    nla_put_u32(skb, HA_A_DISK_STATE, v->disk) ||
	    nla_put_u32(skb, HA_A_SUSPENDED, v->suspended) ||
	    nla_put_u64_64bit(skb, HA_A_SIZE,
			      READ_ONCE(res->size_sectors) << 9, HA_A_PAD) ||
	    nla_put_u32(skb, HA_A_OPEN_COUNT, READ_ONCE(res->open_count)) ||
	    nla_put_u64_64bit(skb, HA_A_GENERATION, v->generation, HA_A_PAD))
		return -EMSGSIZE;
	if (v->disk_path[0] && nla_put_string(skb, HA_A_DISK, v->disk_path))
		return -EMSGSIZE;
	if (v->meta_path[0] &&
	    nla_put_string(skb, HA_A_META_DISK, v->meta_path))
		return -EMSGSIZE;
	return 0;
}

int ha_nl_fill(struct sk_buff *skb, struct ha_resource *res,
	       const char *reason)
{
	struct own_view v;
	unsigned int i;

	look_at_own(res, &v);
	if (fill_state(skb, res, &v) || fill_options(skb, &v.opt))
		return -EMSGSIZE;
	for (i = 0; i < HA_SLOTS; i++) {
		struct ha_peer *peer = NULL;
		int err;

		spin_lock_irq(&res->state_lock);
		if (res->peer[i])
			peer = ha_peer_get(res->peer[i]);
		spin_unlock_irq(&res->state_lock);
		if (!peer)
			continue;
		ha_resync_progress(peer);
		err = fill_peer(skb, peer);
		ha_peer_put(peer);
		if (err)
			return err;
	}
	if (reason && nla_put_string(skb, HA_A_REASON, reason))
		return -EMSGSIZE;
	return 0;
}

static void multicast(struct ha_resource *res, u8 cmd, const char *reason)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE * 2, GFP_NOIO);
	void *head;
	int err;

	if (!skb)
		return;
	head = genlmsg_put(skb, 0, 0, &ha_nl_family, 0, cmd);
	err = head ? 0 : -EMSGSIZE;
	if (!err && cmd == HA_CMD_CHANGED)
		err = ha_nl_fill(skb, res, reason);
	else if (!err)
		err = nla_put_string(skb, HA_A_NAME, res->name);
	if (err) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, head);
	genlmsg_multicast_netns(&ha_nl_family, res->net, skb, 0,
				HA_NLGRP_CHANGES, GFP_NOIO);
}

void ha_event(struct ha_resource *res, const char *reason)
{
	multicast(res, HA_CMD_CHANGED, reason);
}

void ha_event_removed(struct ha_resource *res)
{
	multicast(res, HA_CMD_REMOVED, NULL);
}
