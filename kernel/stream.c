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
#define VECS		16	/* pages handed to the socket in one call */
#define COPY_MAX	PAGE_SIZE	/* payloads up to this are not spliced */

/* Queue the send work, but never once the stream is being stopped. */
static void queue_send_work(struct ha_stream *st)
{
	unsigned long flags;

	spin_lock_irqsave(&st->queue_lock, flags);
	if (!st->dead)
		queue_work(ha_wq_send, &st->send_work);
	spin_unlock_irqrestore(&st->queue_lock, flags);
}

/* Hints, but to the holder of send_mutex: others look again after it. */
static bool has_current(struct ha_stream *st)
{
	return READ_ONCE(st->current_msg) || READ_ONCE(st->short_len);
}

static bool has_unsent(struct ha_stream *st)
{
	return has_current(st) || !list_empty_careful(&st->queue);
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

/*
 * The socket took nothing.  Its callback may have come between that and the
 * setting of @blocked, so look again; that finds room also when it was memory
 * that lacked, for which no callback comes.
 */
static void set_blocked(struct ha_stream *st)
{
	WRITE_ONCE(st->blocked, true);
	smp_mb();	/* pairs with the socket lock around the callback */
	if (sk_stream_is_writeable(st->sock->sk))
		WRITE_ONCE(st->blocked, false);
}

static u32 lead_len(const struct ha_msg *msg)
{
	return HA_WIRE_HEAD + le16_to_cpu(msg->head.body);
}

static u32 total_len(const struct ha_msg *msg)
{
	return lead_len(msg) + (msg->payload ? msg->payload->len : 0);
}

static void end_msg(struct ha_msg *msg, int err)
{
	if (msg->done)
		msg->done(msg, err);
}

/* Take @msg from the queue's head; its place in the order is fixed here. */
static void take_msg(struct ha_stream *st, struct ha_msg *msg)
{
	struct ha_wire_head *head = &msg->head;

	spin_lock_irq(&st->queue_lock);
	list_del_init(&msg->node);
	spin_unlock_irq(&st->queue_lock);
	head->tag = cpu_to_le32(st->session->tag);
	head->sequence = cpu_to_le64(st->send_sequence++);
	head->crc = cpu_to_le32(ha_head_crc(head, msg->body, msg->payload_crc));
}

/* The queue's first message; only the holder of send_mutex takes it away. */
static struct ha_msg *first_msg(struct ha_stream *st)
{
	struct ha_msg *msg = NULL;

	spin_lock_irq(&st->queue_lock);
	if (!st->dead)
		msg = list_first_entry_or_null(&st->queue, struct ha_msg, node);
	spin_unlock_irq(&st->queue_lock);
	return msg;
}

/*
 * What to go on with: a message with its data, or short ones, which go out
 * together and have no need of their memory from here on.
 * Return: how many messages were taken from the queue or are left to be sent.
 */
static unsigned int next_msgs(struct ha_stream *st)
{
	unsigned int nr = 0;
	struct ha_msg *msg;
	u8 *to;

	lockdep_assert_held(&st->send_mutex);
	if (has_current(st))
		return 1;
	st->offset = 0;
	while ((msg = first_msg(st))) {
		if (msg->payload || st->short_len + total_len(msg) > HA_STREAM_SHORT)
			break;
		take_msg(st, msg);
		to = st->shorts + st->short_len;
		memcpy(to, &msg->head, HA_WIRE_HEAD);
		memcpy(to + HA_WIRE_HEAD, msg->body, lead_len(msg) - HA_WIRE_HEAD);
		WRITE_ONCE(st->short_len, st->short_len + lead_len(msg));
		end_msg(msg, 0);
		nr++;
	}
	if (nr || !msg)
		return nr;
	take_msg(st, msg);
	WRITE_ONCE(st->current_msg, msg);
	return 1;
}

static unsigned int add_vec(struct kvec *vec, unsigned int nr, const void *mem,
			    u32 len, u32 *skip)
{
	u32 part = min(*skip, len);

	*skip -= part;
	if (part == len)
		return nr;
	vec[nr].iov_base = (void *)mem + part;
	vec[nr].iov_len = len - part;
	return nr + 1;
}

/* Header and body, and a payload short enough to be copied with them. */
static int send_lead(struct ha_stream *st, struct ha_msg *msg, int flags)
{
	struct ha_payload *p = msg->payload;
	u32 skip = st->offset, len = lead_len(msg);
	struct iov_iter iter;
	struct kvec vec[3];
	unsigned int nr;

	nr = add_vec(vec, 0, &msg->head, HA_WIRE_HEAD, &skip);
	nr = add_vec(vec, nr, msg->body, len - HA_WIRE_HEAD, &skip);
	if (p && p->len <= COPY_MAX) {
		nr = add_vec(vec, nr, page_address(p->page[0]), p->len, &skip);
		len += p->len;
	} else if (p) {
		flags |= MSG_MORE;
	}
	iov_iter_kvec(&iter, ITER_SOURCE, vec, nr, len - st->offset);
	return ha_tcp_send(st->sock, &iter, flags);
}

static int send_pages(struct ha_stream *st, struct ha_msg *msg, int flags)
{
	struct ha_payload *p = msg->payload;
	u32 offset = st->offset - lead_len(msg);
	struct bio_vec bv[VECS];
	struct iov_iter iter;
	u32 len = 0, part;
	unsigned int nr;

	for (nr = 0; nr < VECS && offset < p->len; nr++, offset += part) {
		part = min_t(u32, PAGE_SIZE - offset_in_page(offset),
			     p->len - offset);
		bvec_set_page(&bv[nr], p->page[offset / PAGE_SIZE], part,
			      offset_in_page(offset));
		len += part;
	}
	if (offset < p->len)
		flags |= MSG_MORE;
	iov_iter_bvec(&iter, ITER_SOURCE, bv, nr, len);
	return ha_tcp_send(st->sock, &iter, flags | MSG_SPLICE_PAGES);
}

static int send_shorts(struct ha_stream *st, int flags)
{
	struct kvec vec = {
		.iov_base = st->shorts + st->offset,
		.iov_len = st->short_len - st->offset,
	};
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, vec.iov_len);
	return ha_tcp_send(st->sock, &iter, flags);
}

static int send_some(struct ha_stream *st)
{
	struct ha_msg *msg = st->current_msg;
	int flags = MSG_DONTWAIT;

	if (!list_empty_careful(&st->queue))
		flags |= MSG_MORE;
	if (!msg)
		return send_shorts(st, flags);
	if (st->offset < lead_len(msg) ||
	    (msg->payload && msg->payload->len <= COPY_MAX))
		return send_lead(st, msg, flags);
	return send_pages(st, msg, flags);
}

/* @n bytes are with the socket: is all of what was begun? */
static bool sent(struct ha_stream *st, u32 n)
{
	struct ha_msg *msg = st->current_msg;

	WRITE_ONCE(st->bytes_sent, st->bytes_sent + n);
	WRITE_ONCE(st->last_sent, jiffies);
	st->offset += n;
	if (st->offset < (msg ? total_len(msg) : st->short_len))
		return false;
	WRITE_ONCE(st->short_len, 0);
	WRITE_ONCE(st->current_msg, NULL);
	if (msg)
		end_msg(msg, 0);
	return true;
}

/* Send up to about @budget messages, or what the socket takes. */
static void send_queue(struct ha_stream *st, unsigned int budget)
{
	unsigned int nr;
	int n;

	while (budget && (nr = next_msgs(st))) {
		n = send_some(st);
		if (n == -EAGAIN) {
			set_blocked(st);
			return;
		}
		if (n < 0) {
			ha_session_kill(st->session, "connection lost: %s",
					ha_tcp_error(n));
			WRITE_ONCE(st->blocked, true);
			return;
		}
		if (sent(st, n))
			budget -= min(budget, nr);
	}
}

static void send_work(struct work_struct *work)
{
	struct ha_stream *st = container_of(work, struct ha_stream, send_work);
	bool stuck;

	mutex_lock(&st->send_mutex);
	send_queue(st, UINT_MAX);
	stuck = has_current(st);
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
	msg->payload_crc = ~0u;
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
		msg->payload_crc = ha_payload_crc(msg->payload);

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
		send_queue(st, INLINE_BUDGET);
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
		end_msg(st->current_msg, -ECONNRESET);
	st->current_msg = NULL;
	list_for_each_entry_safe(msg, next, &st->queue, node) {
		list_del_init(&msg->node);
		if (msg->done)
			msg->done(msg, -ECONNRESET);
	}
	sock = st->sock;
	st->sock = NULL;
	mutex_unlock(&st->send_mutex);
	ha_tcp_close(sock);
}
