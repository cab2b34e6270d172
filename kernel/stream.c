// SPDX-License-Identifier: GPL-2.0-only
/*
 * One connection of a session: its queue of messages going out, and its end.
 * Sending belongs to the holder of send_mutex: a caller of ha_stream_send()
 * while the stream is idle, else the send work.  It never waits for the peer: a
 * full socket leaves the rest to its write_space callback.  What a message
 * means is not known here.
 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "resource.h"
#include "session.h"
#include "stream.h"
#include "tcp.h"
#include "workqueues.h"

#define INLINE_BUDGET	8	/* messages sent in the context of one caller */

/* Queue the send work, but never once the stream is being stopped. */
static void queue_send_work(struct ha_stream *st)
{
	unsigned long flags;

	spin_lock_irqsave(&st->queue_lock, flags);
	if (!st->dead)
		queue_work(ha_wq_send, &st->send_work);
	spin_unlock_irqrestore(&st->queue_lock, flags);
}

/* A hint: whoever changes it looks again after dropping send_mutex. */
static bool has_unsent(struct ha_stream *st)
{
	return ha_stream_has_current(st) || !list_empty_careful(&st->queue);
}

static void kick_send_work(struct ha_stream *st)
{
	if (has_unsent(st) && !READ_ONCE(st->blocked))
		queue_send_work(st);
}

static void stream_write_space(struct sock *sk)
{
	struct ha_stream *st;

	read_lock_bh(&sk->sk_callback_lock);
	st = sk->sk_user_data;
	if (st && sk_stream_is_writeable(sk)) {
		clear_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		WRITE_ONCE(st->blocked, false);
		queue_send_work(st);
	}
	read_unlock_bh(&sk->sk_callback_lock);
}

static void send_work(struct work_struct *work)
{
	struct ha_stream *st = container_of(work, struct ha_stream, send_work);
	bool stuck;

	mutex_lock(&st->send_mutex);
	ha_stream_send_queue(st, UINT_MAX);
	stuck = ha_stream_has_current(st);
	mutex_unlock(&st->send_mutex);
	if (stuck && !READ_ONCE(st->blocked))
		usleep_range(500, 2000);	/* the socket found no memory */
	kick_send_work(st);
}

void ha_msg_init(struct ha_msg *msg, u16 type, const void *body, u16 len,
		 struct ha_payload *payload,
		 void (*done)(struct ha_msg *msg, int err))
{
	INIT_LIST_HEAD(&msg->node);
	msg->payload = payload;
	msg->done = done;
	msg->payload_sum = ~0u;
	msg->body = body;
	if (len <= sizeof(msg->inline_body)) {
		memcpy(msg->inline_body, body, len);
		msg->body = msg->inline_body;
	}
	ha_head_encode(&msg->head, type, 0, len, payload ? payload->len : 0,
		       0, 0);
}

void ha_stream_send(struct ha_stream *st, struct ha_msg *msg, bool may_send)
{
	unsigned long flags;
	bool dead;

	if (msg->payload)
		msg->payload_sum = ha_payload_sum(msg->payload);

	spin_lock_irqsave(&st->queue_lock, flags);
	dead = st->dead;
	if (!dead)
		list_add_tail(&msg->node, &st->queue);
	spin_unlock_irqrestore(&st->queue_lock, flags);
	if (dead) {
		if (msg->done)
			msg->done(msg, -ECONNRESET);
		return;
	}

	smp_mb();	/* queued before looking at @blocked: see stream_write_space() */
	if (may_send && !READ_ONCE(st->blocked) &&
	    mutex_trylock(&st->send_mutex)) {
		ha_stream_send_queue(st, INLINE_BUDGET);
		mutex_unlock(&st->send_mutex);
	}
	kick_send_work(st);
}

void ha_msg_free(struct ha_msg *msg, int err)
{
	if (msg->payload)
		ha_payload_put(msg->payload);
	kfree(msg);
}

int ha_stream_send_copy(struct ha_stream *st, u16 type, const void *body,
			u16 len, bool may_sleep)
{
	u16 extra = len > HA_MSG_INLINE_BODY ? len : 0;
	struct ha_msg *msg;

	if (READ_ONCE(st->dead))
		return -ECONNRESET;
	msg = kmalloc(sizeof(*msg) + extra, may_sleep ? GFP_NOIO : GFP_ATOMIC);
	if (!msg) {
		/* Nothing may be lost: the next session begins with everything. */
		ha_session_kill(st->session, "no memory for a message");
		return -ENOMEM;
	}
	if (extra)
		body = memcpy(msg + 1, body, len);
	ha_msg_init(msg, type, body, len, NULL, ha_msg_free);
	ha_stream_send(st, msg, may_sleep);
	return 0;
}

void ha_stream_init(struct ha_stream *st, struct ha_session *session,
		    unsigned int id, struct socket *sock)
{
	st->session = session;
	st->id = id;
	st->sock = sock;
	mutex_init(&st->send_mutex);
	spin_lock_init(&st->queue_lock);
	INIT_LIST_HEAD(&st->queue);
	INIT_WORK(&st->send_work, send_work);
	init_waitqueue_head(&st->receive_wait);
	st->last_sent = jiffies;
	st->last_received = jiffies;

	write_lock_bh(&sock->sk->sk_callback_lock);
	st->write_space = sock->sk->sk_write_space;
	sock->sk->sk_user_data = st;
	sock->sk->sk_write_space = stream_write_space;
	write_unlock_bh(&sock->sk->sk_callback_lock);
}

void ha_stream_kill(struct ha_stream *st)
{
	bool was_dead;

	spin_lock_irq(&st->queue_lock);
	was_dead = st->dead;
	st->dead = true;
	spin_unlock_irq(&st->queue_lock);
	if (was_dead)
		return;
	mutex_lock(&st->send_mutex);
	if (st->sock)
		ha_tcp_reset(st->sock);
	mutex_unlock(&st->send_mutex);
}

static void detach_callback(struct ha_stream *st)
{
	struct sock *sk = st->sock->sk;

	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_write_space = st->write_space;
	ha_stream_receive_detach(st);
	sk->sk_user_data = NULL;
	write_unlock_bh(&sk->sk_callback_lock);
}

/*
 * 1. The socket is reset and takes no more messages: the receiver's waits end,
 *    nobody queues the send work any more.
 * 2. Receiver and send work are gone; a caller of ha_stream_send() may still
 *    hold send_mutex, but finds nothing to send after it.
 * 3. Under send_mutex: fail what is left, release the socket.
 */
void ha_stream_stop(struct ha_stream *st)
{
	struct ha_msg *msg, *next;
	struct socket *sock;

	WARN_ON_ONCE(!st->dead);
	detach_callback(st);
	if (st->receiver)
		kthread_stop(st->receiver);
	st->receiver = NULL;
	if (st->in.payload)
		ha_payload_put(st->in.payload);
	st->in.payload = NULL;
	cancel_work_sync(&st->send_work);

	mutex_lock(&st->send_mutex);
	if (st->current_msg)
		ha_msg_end(st->current_msg, -ECONNRESET);
	/* A late caller of ha_stream_send() finds nothing begun. */
	WRITE_ONCE(st->current_msg, NULL);
	WRITE_ONCE(st->short_len, 0);
	list_for_each_entry_safe(msg, next, &st->queue, node) {
		list_del_init(&msg->node);
		if (msg->done)
			msg->done(msg, -ECONNRESET);
	}
	if (st->lead_page)
		put_page(st->lead_page);
	st->lead_page = NULL;
	sock = st->sock;
	st->sock = NULL;
	mutex_unlock(&st->send_mutex);
	ha_tcp_close(sock);
}
