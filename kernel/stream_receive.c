// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving half of a stream: a thread that takes one message after the
 * other, checks it, and hands it to the session.  The thread alone reads the
 * socket and owns receive_sequence and body; it ends when ha_stream_stop() has
 * reset the socket.
 */
#include <linux/kthread.h>
#include <linux/sched/mm.h>

#include "resource.h"
#include "session.h"
#include "stream.h"
#include "tcp.h"

#define VECS	16	/* pages received in one call */

/*
 * The streams of a session overtake each other, and its own thread may not yet
 * have seen the commit that made the sender go on: what is allowed only in
 * HA_PHASE_UP waits for it.
 */
static enum ha_phase phase_for(struct ha_session *s,
			       const struct ha_wire_head *w)
{
	const struct ha_msg_rule *rule = ha_msg_rule(le16_to_cpu(w->type));

	if (READ_ONCE(s->phase) != HA_PHASE_UP && rule &&
	    rule->phases == BIT(HA_PHASE_UP))
		wait_event_interruptible(s->wait,
					 READ_ONCE(s->phase) == HA_PHASE_UP ||
					 READ_ONCE(s->dead) ||
					 kthread_should_stop());
	return READ_ONCE(s->phase);
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

static int receive_bytes(struct ha_stream *st, void *mem, size_t len)
{
	int err = ha_tcp_receive(st->sock, mem, len, 0, NULL);

	WRITE_ONCE(st->last_received, jiffies);
	return err;
}

static struct ha_payload *receive_payload(struct ha_stream *st, u32 len,
					  int *err)
{
	struct ha_payload *p = ha_payload_alloc(len, true);
	struct bio_vec bv[VECS];
	u32 offset = 0, part, sum;
	unsigned int nr;

	for (*err = 0; !*err && offset < len; offset += sum) {
		for (nr = 0, sum = 0; nr < VECS && offset + sum < len; nr++) {
			part = min_t(u32, PAGE_SIZE, len - offset - sum);
			bvec_set_page(&bv[nr],
				      p->page[(offset + sum) / PAGE_SIZE],
				      part, 0);
			sum += part;
		}
		*err = ha_tcp_receive_bvecs(st->sock, bv, nr, sum);
		WRITE_ONCE(st->last_received, jiffies);
	}
	if (!*err)
		return p;
	ha_payload_put(p);
	return NULL;
}

static int receive_one(struct ha_stream *st, const char **why)
{
	struct ha_session *s = st->session;
	struct ha_payload *p = NULL;
	struct ha_wire_head w;
	struct ha_head h;
	u32 crc = ~0u;
	int err;

	await_room(st);
	err = receive_bytes(st, &w, sizeof(w));
	if (err)
		return err;
	err = ha_head_decode(&w, phase_for(s, &w), st->id, s->tag,
			     st->receive_sequence, &h, why);
	if (err)
		return err;
	if (h.body) {
		err = receive_bytes(st, st->body, h.body);
		if (err)
			return err;
	}
	if (h.payload) {
		p = receive_payload(st, h.payload, &err);
		if (!p)
			return err;
		crc = ha_payload_crc(p);
	}
	if (ha_head_crc(&w, st->body, crc) != h.crc) {
		*why = "wrong checksum: the network changed the data";
		err = -EBADMSG;
	} else if (READ_ONCE(s->dead)) {
		err = -ECONNRESET;
	}
	if (err) {
		if (p)
			ha_payload_put(p);
		return err;
	}
	st->receive_sequence++;
	return ha_session_receive(s, st, &h, st->body, p, why);
}

static int receiver_thread(void *arg)
{
	static const char *const names[] = { "control", "data", "resync" };
	unsigned int noio = memalloc_noio_save();
	struct ha_stream *st = arg;
	const char *why = NULL;
	int err;

	do {
		why = NULL;	/* of a message that was fine after all */
		err = receive_one(st, &why);
	} while (!err && !READ_ONCE(st->session->dead));

	if (why)
		ha_session_kill(st->session, "%s (%s stream)", why,
				names[st->id]);
	else if (err == -ESHUTDOWN)
		ha_session_kill(st->session, "the peer closed the connection");
	else
		ha_session_kill(st->session, "connection lost: %s",
				ha_tcp_error(err));
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

int ha_stream_start(struct ha_stream *st)
{
	struct task_struct *task;

	task = kthread_run(receiver_thread, st, "ha_rx_%s/%u",
			   st->session->res->name, st->id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	st->receiver = task;
	return 0;
}
