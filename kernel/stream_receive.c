// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving half of a stream.  Whoever holds the socket lock takes bytes
 * out of the socket: the stream's thread, or the data_ready callback for
 * answers that need nothing but to be counted (a write's), so that no thread
 * stands between them and the application.  All other messages are handled by
 * the thread, in their order; it ends when ha_stream_stop() has reset the
 * socket.
 */
#include <linux/blkdev.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "resource.h"
#include "session.h"
#include "stream.h"
#include "tcp.h"

/* The sockets' callback: bytes of @skb from @offset on, @len of them. */
static int take_bytes(read_descriptor_t *desc, struct sk_buff *skb,
		      unsigned int offset, size_t len)
{
	return ha_inflow_feed(desc->arg.data, skb, offset, len);
}

/* Take what has arrived up to the end of a header or message; lock held. */
static void take(struct ha_stream *st)
{
	read_descriptor_t desc = { .arg.data = &st->in, .count = 1 };

	if (st->in.state == HA_IN_BYTES &&
	    tcp_read_sock(st->sock->sk, &desc, take_bytes) > 0)
		WRITE_ONCE(st->last_received, jiffies);
}

/*
 * The streams of a session overtake each other, and its own thread may not yet
 * have seen the commit that made the sender go on: what is allowed only in
 * HA_PHASE_UP waits for it.
 */
static bool comes_early(struct ha_stream *st)
{
	const struct ha_msg_rule *rule = ha_msg_rule(ha_inflow_type(&st->in));

	return READ_ONCE(st->session->phase) != HA_PHASE_UP && rule &&
	       rule->phases == BIT(HA_PHASE_UP);
}

static void wait_for_phase(struct ha_stream *st)
{
	struct ha_session *s = st->session;

	wait_event_interruptible(s->wait, READ_ONCE(s->phase) == HA_PHASE_UP ||
				 READ_ONCE(s->dead) || kthread_should_stop());
}

static void wake_receiver(struct ha_stream *st)
{
	WRITE_ONCE(st->arrived, true);
	wake_up_interruptible(&st->receive_wait);
}

/* A Primary gets answers on this stream, a Secondary writes. */
static bool takes_answers(const struct ha_stream *st)
{
	return ha_stream_is_data(st) &&
	       READ_ONCE(st->session->res->role) == HA_PRIMARY;
}

static bool take_answer(struct ha_stream *st)
{
	if (st->in.head.type != HA_MSG_ACK || READ_ONCE(st->session->dead) ||
	    !ha_session_answer(st->session, st->in.body))
		return false;
	ha_inflow_next(&st->in);
	return true;
}

/*
 * Answers are finished here as long as nothing else stands before them; what
 * does is left to the thread, which goes on where this stopped.  A message that
 * is whole or waits for something is the thread's, and not looked at here.
 */
static void take_answers(struct ha_stream *st)
{
	struct ha_inflow *in = &st->in;

	while (in->state == HA_IN_BYTES) {
		take(st);
		if (in->state == HA_IN_DECODE &&
		    ha_inflow_type(in) == HA_MSG_ACK && !comes_early(st)) {
			ha_inflow_decode(in, HA_PHASE_UP);
			take(st);
		}
		if (in->state != HA_IN_READY || !take_answer(st))
			break;
	}
	if (in->state != HA_IN_BYTES)
		wake_receiver(st);
}

/* Softirq, or process context of whoever lets go of the socket lock. */
static void stream_data_ready(struct sock *sk)
{
	struct ha_stream *st;

	read_lock_bh(&sk->sk_callback_lock);
	st = sk->sk_user_data;
	if (st && takes_answers(st))
		take_answers(st);
	else if (st)
		wake_receiver(st);
	read_unlock_bh(&sk->sk_callback_lock);
}

static void stream_state_change(struct sock *sk)
{
	struct ha_stream *st;

	read_lock_bh(&sk->sk_callback_lock);
	st = sk->sk_user_data;
	if (st)
		wake_receiver(st);
	read_unlock_bh(&sk->sk_callback_lock);
}

/* Why nothing more will come, if so; the socket lock is held. */
static void look_for_end(struct ha_stream *st)
{
	struct sock *sk = st->sock->sk;
	int err = sock_error(sk);

	if (err)
		ha_inflow_break(&st->in, err, NULL);
	else if (tcp_sk(sk)->urg_data)
		ha_inflow_break(&st->in, -EPROTO, "urgent data");
	else if (sk->sk_shutdown & RCV_SHUTDOWN)
		ha_inflow_break(&st->in, -ESHUTDOWN, NULL);
	else if (sk->sk_state == TCP_CLOSE)
		ha_inflow_break(&st->in, -ECONNRESET, NULL);
}

void ha_stream_hold(struct ha_stream *st, u32 bytes)
{
	atomic_inc(&st->held);
	atomic_add(bytes, &st->held_bytes);
}

void ha_stream_release(struct ha_stream *st, u32 bytes)
{
	atomic_sub(bytes, &st->held_bytes);
	atomic_dec(&st->held);
	smp_mb__after_atomic();	/* pairs with the one in await_room() */
	if (READ_ONCE(st->full))
		wake_up_all(&st->session->wait);
}

static bool has_room(struct ha_stream *st)
{
	return atomic_read(&st->held) < HA_WINDOW_MESSAGES &&
	       atomic_read(&st->held_bytes) < HA_WINDOW_BYTES;
}

/*
 * The disk ends what is held, and the peer takes our answers without regard to
 * what it asks: a peer that waits for nothing else is never waited for.
 */
static void await_room(struct ha_stream *st)
{
	struct ha_session *s = st->session;

	if (st->id == HA_STREAM_CONTROL || has_room(st))
		return;
	WRITE_ONCE(st->full, true);
	smp_mb();	/* pairs with the one in ha_stream_release() */
	wait_event_interruptible(s->wait, has_room(st) || READ_ONCE(s->dead) ||
				 kthread_should_stop());
	WRITE_ONCE(st->full, false);
}

/*
 * Put a whole message aside and begin the next: one look into the socket, and
 * one ACK of TCP, for all that has arrived.
 */
static bool put_aside(struct ha_stream *st)
{
	struct ha_arrival *a = &st->batch[st->batched];
	struct ha_inflow *in = &st->in;

	if (in->state != HA_IN_READY || !ha_stream_is_data(st) ||
	    in->head.body > sizeof(a->body) || st->batched >= HA_STREAM_BATCH ||
	    st->batch_bytes + in->head.payload > HA_STREAM_BATCH_BYTES)
		return false;
	a->head = in->head;
	a->payload = in->payload;
	memcpy(a->body, in->body, in->head.body);
	st->batched++;
	st->batch_bytes += in->head.payload;
	ha_inflow_next(in);
	return true;
}

static enum ha_inflow_state take_locked(struct ha_stream *st)
{
	enum ha_inflow_state state;
	struct sock *sk = st->sock->sk;

	lock_sock(sk);
	do {
		take(st);
		if (st->in.state == HA_IN_DECODE && !comes_early(st)) {
			ha_inflow_decode(&st->in,
					 READ_ONCE(st->session->phase));
			take(st);
		}
	} while (put_aside(st));
	if (st->in.state == HA_IN_BYTES)
		look_for_end(st);
	state = st->in.state;
	release_sock(sk);
	return state;
}

static void end_with(struct ha_stream *st, int err, const char *why)
{
	lock_sock(st->sock->sk);
	ha_inflow_break(&st->in, err, why);
	release_sock(st->sock->sk);
}

/* What was put aside comes first; false when that was the end. */
static bool handle_batch(struct ha_stream *st)
{
	const char *why = NULL;
	struct blk_plug plug;
	unsigned int i;
	int err = 0;

	blk_start_plug(&plug);
	for (i = 0; i < st->batched; i++) {
		struct ha_arrival *a = &st->batch[i];

		if (!err && !READ_ONCE(st->session->dead))
			err = ha_session_receive(st->session, st, &a->head,
						 a->body, a->payload, &why);
		else if (a->payload)
			ha_payload_put(a->payload);
	}
	blk_finish_plug(&plug);
	st->batched = 0;
	st->batch_bytes = 0;
	if (err)
		end_with(st, err, why);
	return !err;
}

static void wait_for_bytes(struct ha_stream *st)
{
	wait_event_interruptible(st->receive_wait,
				 READ_ONCE(st->arrived) ||
				 kthread_should_stop());
	WRITE_ONCE(st->arrived, false);
	smp_mb();	/* what set it is seen by the look that follows */
}

/* Handle the message in HA_IN_READY; nobody else touches it. */
static void handle(struct ha_stream *st)
{
	struct ha_session *s = st->session;
	struct ha_inflow *in = &st->in;
	const char *why = NULL;
	int err = -ECONNRESET;

	if (!READ_ONCE(s->dead)) {
		err = ha_session_receive(s, st, &in->head, in->body,
					 in->payload, &why);
		in->payload = NULL;
	}
	if (err) {
		end_with(st, err, why);
		return;
	}
	lock_sock(st->sock->sk);
	ha_inflow_next(in);
	release_sock(st->sock->sk);
}

static void get_pages(struct ha_stream *st)
{
	struct ha_payload *p = ha_payload_alloc(st->in.head.payload, true);

	lock_sock(st->sock->sk);
	ha_inflow_pages(&st->in, p);
	release_sock(st->sock->sk);
}

static void receive_all(struct ha_stream *st)
{
	enum ha_inflow_state state;

	while (!READ_ONCE(st->session->dead)) {
		await_room(st);
		state = take_locked(st);
		if (!handle_batch(st))
			return;
		switch (state) {
		case HA_IN_BYTES:
			wait_for_bytes(st);
			break;
		case HA_IN_DECODE:
			wait_for_phase(st);
			break;
		case HA_IN_PAGES:
			get_pages(st);
			break;
		case HA_IN_READY:
			handle(st);
			break;
		case HA_IN_BROKEN:
			return;
		}
	}
}

static void say_end(struct ha_stream *st)
{
	static const char *const names[] = { "control", "data", "resync" };
	const struct ha_inflow *in = &st->in;

	if (in->state != HA_IN_BROKEN)
		ha_session_kill(st->session, "connection lost: %s",
				ha_tcp_error(-ECONNRESET));
	else if (in->why)
		ha_session_kill(st->session, "%s (%s stream)", in->why,
				names[st->id]);
	else if (in->err == -ESHUTDOWN)
		ha_session_kill(st->session, "the peer closed the connection");
	else
		ha_session_kill(st->session, "connection lost: %s",
				ha_tcp_error(in->err));
}

static int receiver_thread(void *arg)
{
	unsigned int noio = memalloc_noio_save();
	struct ha_stream *st = arg;

	receive_all(st);
	say_end(st);
	memalloc_noio_restore(noio);

	/* Whoever stops the stream waits for this thread. */
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static void set_callbacks(struct ha_stream *st)
{
	struct sock *sk = st->sock->sk;

	write_lock_bh(&sk->sk_callback_lock);
	st->data_ready = sk->sk_data_ready;
	st->state_change = sk->sk_state_change;
	st->error_report = sk->sk_error_report;
	sk->sk_data_ready = stream_data_ready;
	sk->sk_state_change = stream_state_change;
	sk->sk_error_report = stream_state_change;
	write_unlock_bh(&sk->sk_callback_lock);
}

void ha_stream_receive_detach(struct ha_stream *st)
{
	struct sock *sk = st->sock->sk;

	lockdep_assert_held(&sk->sk_callback_lock);
	if (!st->data_ready)
		return;
	sk->sk_data_ready = st->data_ready;
	sk->sk_state_change = st->state_change;
	sk->sk_error_report = st->error_report;
}

int ha_stream_start(struct ha_stream *st)
{
	struct task_struct *task;

	ha_inflow_init(&st->in, st->id, st->session->tag, st->receive_sequence);
	task = kthread_create(receiver_thread, st, "ha_rx_%s/%u",
			      st->session->res->name, st->id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	st->receiver = task;
	set_callbacks(st);
	wake_up_process(task);
	return 0;
}
