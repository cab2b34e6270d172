// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the holder of a stream's send_mutex does: messages from the queue into
 * the socket, with as few calls and copies as the kernel allows, and without
 * ever waiting for the peer.  What a message means is not known here.
 */
#include <linux/mm.h>
#include <net/sock.h>

#include "session.h"
#include "stream.h"
#include "tcp.h"

#define VECS		17	/* header and pages given to the socket in one call */

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

void ha_msg_end(struct ha_msg *msg, int err)
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
	head->crc = cpu_to_le32(ha_head_crc(head, msg->body, msg->payload_sum));
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
	if (ha_stream_has_current(st))
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
		ha_msg_end(msg, 0);
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

/* Header and body by copy: where they cannot be spliced, or what is left. */
static int send_lead(struct ha_stream *st, struct ha_msg *msg, int flags)
{
	u32 skip = st->offset, len = lead_len(msg);
	struct iov_iter iter;
	struct kvec vec[2];
	unsigned int nr;

	if (msg->payload)
		flags |= MSG_MORE;
	nr = add_vec(vec, 0, &msg->head, HA_WIRE_HEAD, &skip);
	nr = add_vec(vec, nr, msg->body, len - HA_WIRE_HEAD, &skip);
	iov_iter_kvec(&iter, ITER_SOURCE, vec, nr, len - st->offset);
	return ha_tcp_send(st->sock, &iter, flags);
}

/* Payload from @offset on, as far as there are vectors; returns the bytes. */
static u32 payload_vecs(struct bio_vec *bv, unsigned int *nr,
			const struct ha_payload *p, u32 offset)
{
	u32 len = 0, part;

	for (; *nr < VECS && offset < p->len; (*nr)++, offset += part) {
		part = min_t(u32, PAGE_SIZE - offset_in_page(offset),
			     p->len - offset);
		bvec_set_page(&bv[*nr], p->page[offset / PAGE_SIZE], part,
			      offset_in_page(offset));
		len += part;
	}
	return len;
}

static int send_vecs(struct ha_stream *st, struct ha_msg *msg,
		     struct bio_vec *bv, unsigned int nr, u32 len, int flags)
{
	struct iov_iter iter;

	if (st->offset + len < total_len(msg))
		flags |= MSG_MORE;
	iov_iter_bvec(&iter, ITER_SOURCE, bv, nr, len);
	return ha_tcp_send(st->sock, &iter, flags | MSG_SPLICE_PAGES);
}

static int send_pages(struct ha_stream *st, struct ha_msg *msg, int flags)
{
	struct bio_vec bv[VECS];
	unsigned int nr = 0;
	u32 len;

	len = payload_vecs(bv, &nr, msg->payload, st->offset - lead_len(msg));
	return send_vecs(st, msg, bv, nr, len, flags);
}

/*
 * A copy of header and body in a page of which nothing is used twice: the
 * socket may look at it until the peer has acknowledged it.
 */
static bool lead_vec(struct ha_stream *st, struct ha_msg *msg,
		     struct bio_vec *bv)
{
	u32 len = lead_len(msg);
	u8 *to;

	if (st->lead_page && st->lead_used + len > PAGE_SIZE) {
		put_page(st->lead_page);
		st->lead_page = NULL;
	}
	if (!st->lead_page) {
		st->lead_page = alloc_page(GFP_NOWAIT | __GFP_NOWARN);
		st->lead_used = 0;
	}
	if (!st->lead_page)
		return false;
	to = page_address(st->lead_page) + st->lead_used;
	memcpy(to, &msg->head, HA_WIRE_HEAD);
	memcpy(to + HA_WIRE_HEAD, msg->body, len - HA_WIRE_HEAD);
	bvec_set_page(bv, st->lead_page, len, st->lead_used);
	st->lead_used += ALIGN(len, 8);
	return true;
}

/* A message from its beginning, with the pages of its data, in one call. */
static int send_whole(struct ha_stream *st, struct ha_msg *msg, int flags)
{
	struct bio_vec bv[VECS];
	unsigned int nr = 1;
	u32 len;

	if (!msg->payload || !lead_vec(st, msg, bv))
		return send_lead(st, msg, flags);
	len = lead_len(msg) + payload_vecs(bv, &nr, msg->payload, 0);
	return send_vecs(st, msg, bv, nr, len, flags);
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
	if (!st->offset)
		return send_whole(st, msg, flags);
	if (st->offset < lead_len(msg))
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
		ha_msg_end(msg, 0);
	return true;
}

/* Send up to about @budget messages, or what the socket takes. */
void ha_stream_send_queue(struct ha_stream *st, unsigned int budget)
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
