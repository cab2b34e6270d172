// SPDX-License-Identifier: GPL-2.0-only
/*
 * The listening side's pending connections of one peer.  Slots are filled by
 * the connector's thread and emptied by their works; the set being collected is
 * shared by all of them under @lock.  Knows nothing of sessions.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "inbound.h"
#include "resource.h"
#include "tcp.h"

#define SLOTS	(HA_STREAM_MAX + 6)	/* a set, and some strangers */

/* One connection that has not yet said who it is. */
struct slot {
	struct work_struct	work;
	struct ha_inbound	*in;
	struct socket		*sock;		/* NULL: free */
};

struct ha_inbound {
	struct ha_peer		*peer;
	spinlock_t		lock;		/* protects the rest */
	struct slot		slot[SLOTS];
	struct ha_link_set	set;		/* of the newest session id seen */
	unsigned long		deadline;	/* for @set to be taken, jiffies */
};

void ha_link_set_close(struct ha_link_set *set)
{
	unsigned int i;

	for (i = 0; i < HA_STREAM_MAX; i++)
		ha_tcp_close(set->sock[i]);
	memset(set, 0, sizeof(*set));
}

/* As many data streams as both want, one at least. */
static unsigned int streams_of(struct ha_peer *p, const struct ha_wire_hello *h)
{
	unsigned int data = min_t(u32, ha_hello_data_streams(p), h->data_streams);

	return HA_STREAM_MORE + clamp(data, 1u, HA_DATA_STREAMS_MAX) - 1;
}

void ha_link_set_add(struct ha_peer *p, struct ha_link_set *set,
		     const struct ha_link *l)
{
	set->id = l->session;
	set->sock[l->stream] = l->sock;
	if (l->stream != HA_STREAM_CONTROL)
		return;
	set->hello = l->hello;
	set->streams = streams_of(p, &l->hello);
}

static bool complete_set(const struct ha_link_set *set)
{
	unsigned int i;

	if (!set->id)
		return false;
	for (i = 0; i < set->streams; i++) {
		if (!set->sock[i])
			return false;
	}
	return true;
}

/*
 * Put @l into the set.  The control stream comes first and begins a new one:
 * whatever was collected before belongs to an attempt that the peer gave up.
 */
static void collect(struct ha_inbound *in, const struct ha_link *l)
{
	struct ha_link_set old = {};
	struct socket *unwanted = NULL;

	spin_lock(&in->lock);
	if (l->stream == HA_STREAM_CONTROL) {
		swap(old, in->set);
		ha_link_set_add(in->peer, &in->set, l);
		in->deadline = jiffies + msecs_to_jiffies(HA_HELLO_TOTAL_MS);
	} else if (in->set.id == l->session && l->stream < in->set.streams &&
		   !in->set.sock[l->stream]) {
		ha_link_set_add(in->peer, &in->set, l);
	} else {
		unwanted = l->sock;
	}
	spin_unlock(&in->lock);

	ha_link_set_close(&old);
	ha_tcp_close(unwanted);
	wake_up_all(&in->peer->connector.wait);
}

static bool has_session(struct ha_peer *p)
{
	return READ_ONCE(p->session);
}

static void slot_work(struct work_struct *work)
{
	struct slot *slot = container_of(work, struct slot, work);
	struct ha_inbound *in = slot->in;
	struct ha_peer *p = in->peer;
	struct ha_link l = { .sock = slot->sock };
	struct sockaddr_storage from;
	int err;

	err = ha_hello_run(p, &l, &p->connector.stop);
	ha_tcp_peer_address(l.sock, &from);
	if (!err)
		collect(in, &l);
	else
		ha_tcp_close(l.sock);

	spin_lock(&in->lock);
	slot->sock = NULL;
	spin_unlock(&in->lock);

	if (!err || READ_ONCE(p->connector.stop))
		return;
	if (l.refused && !has_session(p))
		ha_peer_set_reason(p, "%s", l.why);
	else
		ha_peer_warn_ratelimited(p, "connection from %pISpc dropped: %s\n",
					 &from, l.why);
}

static struct slot *take_slot(struct ha_inbound *in, struct socket *sock)
{
	struct slot *slot = NULL;
	unsigned int i;

	spin_lock(&in->lock);
	for (i = 0; i < SLOTS && !slot; i++) {
		if (!in->slot[i].sock)
			slot = &in->slot[i];
	}
	if (slot)
		slot->sock = sock;
	spin_unlock(&in->lock);
	return slot;
}

void ha_inbound_offer(struct ha_inbound *in, struct socket *sock)
{
	struct ha_peer *p = in->peer;
	const char *why = "not the address of the peer";
	struct sockaddr_storage from;
	struct slot *slot = NULL;

	if (ha_tcp_peer_is(sock, &p->remote)) {
		why = "too many at once";
		ha_tcp_tune(sock);
		slot = take_slot(in, sock);
	}
	if (slot) {
		queue_work(system_unbound_wq, &slot->work);
		return;
	}
	ha_tcp_peer_address(sock, &from);
	ha_peer_warn_ratelimited(p, "connection from %pISpc dropped: %s\n",
				 &from, why);
	ha_tcp_close(sock);
}

bool ha_inbound_collecting(struct ha_inbound *in)
{
	return READ_ONCE(in->set.id);
}

bool ha_inbound_take(struct ha_inbound *in, struct ha_link_set *set)
{
	struct ha_link_set old = {};
	bool ret;

	spin_lock(&in->lock);
	if (in->set.id && time_after(jiffies, in->deadline))
		swap(old, in->set);
	ret = complete_set(&in->set);
	if (ret)
		swap(*set, in->set);
	spin_unlock(&in->lock);
	ha_link_set_close(&old);
	return ret;
}

struct ha_inbound *ha_inbound_create(struct ha_peer *p)
{
	struct ha_inbound *in = kzalloc(sizeof(*in), GFP_KERNEL);
	unsigned int i;

	if (!in)
		return NULL;
	in->peer = p;
	spin_lock_init(&in->lock);
	for (i = 0; i < SLOTS; i++) {
		in->slot[i].in = in;
		INIT_WORK(&in->slot[i].work, slot_work);
	}
	return in;
}

void ha_inbound_destroy(struct ha_inbound *in)
{
	unsigned int i;

	if (!in)
		return;
	for (i = 0; i < SLOTS; i++) {
		if (cancel_work_sync(&in->slot[i].work))
			ha_tcp_close(in->slot[i].sock);
	}
	ha_link_set_close(&in->set);
	kfree(in);
}
