// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session from its sockets to its one end, and the pings that notice a
 * silent peer.  Ended by ha_session_kill() from any context; everything else of
 * the end happens in end_work().  Knows nothing of what is sent.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <net/sock.h>

#include "inbound.h"
#include "resource.h"
#include "session.h"
#include "tcp.h"
#include "workqueues.h"

struct ha_session *ha_session_get(struct ha_session *s)
{
	kref_get(&s->ref);
	return s;
}

static void session_release(struct kref *ref)
{
	struct ha_session *s = container_of(ref, struct ha_session, ref);
	struct ha_peer *peer = s->peer;

	kvfree(s);
	ha_peer_put(peer);
}

void ha_session_put(struct ha_session *s)
{
	kref_put(&s->ref, session_release);
}

void ha_session_kill(struct ha_session *s, const char *fmt, ...)
{
	unsigned long flags;
	bool first;
	va_list args;

	spin_lock_irqsave(&s->lock, flags);
	first = !s->dead;
	if (first) {
		va_start(args, fmt);
		vscnprintf(s->reason, sizeof(s->reason), fmt, args);
		va_end(args);
		WRITE_ONCE(s->dead, true);
	}
	spin_unlock_irqrestore(&s->lock, flags);
	if (!first)
		return;
	wake_up_all(&s->wait);
	queue_work(ha_wq_control, &s->end_work);
}

/*
 * 1. No message is taken any more, sleepers in the sockets wake.
 * 2. Nothing runs for the session: no timer, receiver, send work.
 * 3. Only now its requests are resolved: no data of theirs is in a socket.
 * 4. Only now a new session may begin.
 */
static void end_work(struct work_struct *work)
{
	struct ha_session *s = container_of(work, struct ha_session, end_work);
	struct ha_peer *peer = s->peer;
	unsigned int i;

	wait_for_completion(&s->started);
	for (i = 0; i < s->streams; i++)
		ha_stream_kill(&s->stream[i]);
	timer_shutdown_sync(&s->ping_timer);
	for (i = 0; i < s->streams; i++)
		ha_stream_stop(&s->stream[i]);

	spin_lock_irq(&s->res->state_lock);
	strscpy(peer->reason, s->verdict_reason[0] ? s->verdict_reason :
		s->reason, sizeof(peer->reason));
	spin_unlock_irq(&s->res->state_lock);
	ha_session_lost(s);

	spin_lock_irq(&s->res->state_lock);
	WRITE_ONCE(peer->session, NULL);
	wake_up_all(&peer->connector.wait);
	spin_unlock_irq(&s->res->state_lock);
	ha_session_put(s);
}

void ha_session_up(struct ha_session *s)
{
	WRITE_ONCE(s->phase, HA_PHASE_UP);
	wake_up_all(&s->wait);
}

static void probe_send(struct ha_probe *probe, u64 cookie, bool may_send);

/* The stream is done with @msg; what was asked for meanwhile goes next. */
static void probe_done(struct ha_msg *msg, int err)
{
	struct ha_probe *probe = container_of(msg, struct ha_probe, msg);
	unsigned long flags;
	u64 next = 0;

	spin_lock_irqsave(&probe->session->lock, flags);
	probe->busy = false;
	if (!err && probe->want != probe->sent)
		next = probe->want;
	spin_unlock_irqrestore(&probe->session->lock, flags);
	if (next)
		probe_send(probe, next, false);
}

static void probe_send(struct ha_probe *probe, u64 cookie, bool may_send)
{
	struct ha_wire_ping body = { .cookie = cpu_to_le64(cookie) };
	struct ha_session *s = probe->session;
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&s->lock, flags);
	probe->want = cookie;
	busy = probe->busy;
	if (!busy) {
		probe->busy = true;
		probe->sent = cookie;
		ha_msg_init(&probe->msg, probe->type, &body, sizeof(body), NULL,
			    probe_done);
	}
	spin_unlock_irqrestore(&s->lock, flags);
	if (!busy)
		ha_stream_send(&s->stream[HA_STREAM_CONTROL], &probe->msg,
			       may_send);
}

void ha_session_rx_ping(struct ha_session *s, const struct ha_wire_ping *ping)
{
	probe_send(&s->pong, le64_to_cpu(ping->cookie), true);
}

void ha_session_rx_pong(struct ha_session *s, const struct ha_wire_ping *pong)
{
	u64 cookie = le64_to_cpu(pong->cookie);

	spin_lock_irq(&s->lock);
	if (cookie > s->ping_answered && cookie <= s->ping_cookie)
		s->ping_answered = cookie;
	s->ping_out = false;
	spin_unlock_irq(&s->lock);
	wake_up_all(&s->wait);
}

int ha_session_ping_wait(struct ha_session *s)
{
	long timeout = msecs_to_jiffies(READ_ONCE(s->peer->conf.ping_timeout));
	u64 cookie;

	spin_lock_irq(&s->lock);
	cookie = ++s->ping_cookie;
	spin_unlock_irq(&s->lock);
	probe_send(&s->ping, cookie, true);
	timeout = wait_event_timeout(s->wait,
				     READ_ONCE(s->ping_answered) >= cookie ||
				     READ_ONCE(s->dead), timeout);
	if (READ_ONCE(s->dead))
		return -ECONNRESET;
	return timeout ? 0 : -ETIMEDOUT;
}

/* When anything was last received, and last sent, on any stream. */
static void last_life(struct ha_session *s, unsigned long *received,
		      unsigned long *sent)
{
	unsigned int i;

	*received = READ_ONCE(s->stream[0].last_received);
	*sent = READ_ONCE(s->stream[0].last_sent);
	for (i = 1; i < s->streams; i++) {
		unsigned long r = READ_ONCE(s->stream[i].last_received);
		unsigned long t = READ_ONCE(s->stream[i].last_sent);

		if (time_after(r, *received))
			*received = r;
		if (time_after(t, *sent))
			*sent = t;
	}
}

/* Did bytes arrive that our receiver has not yet come to read? */
static bool input_waits(struct ha_session *s)
{
	struct sock *sk = s->stream[HA_STREAM_CONTROL].sock->sk;

	return !skb_queue_empty_lockless(&sk->sk_receive_queue);
}

/* Is a request older than the peer may take?  Kills the session then. */
static bool request_overdue(struct ha_session *s, unsigned long now)
{
	u32 ko_count = READ_ONCE(s->peer->conf.ko_count);
	unsigned long oldest = READ_ONCE(s->oldest_request);
	u64 limit = (u64)READ_ONCE(s->peer->conf.timeout) * ko_count;

	if (!oldest || !limit || !time_before(oldest, now) ||
	    jiffies_to_msecs(now - oldest) <= limit)
		return false;
	ha_session_kill(s, "a request has not been answered for %u s though the peer answers pings",
			jiffies_to_msecs(now - oldest) / 1000);
	return true;
}

/*
 * Look after the ping that is out.  A timer that comes late says that this
 * machine stood still, and nothing about the peer, which gets its time again.
 * Return: true when the peer is taken for dead.
 */
static bool ping_overdue(struct ha_session *s, unsigned long now,
			 unsigned long received, unsigned long timeout)
{
	lockdep_assert_held(&s->lock);
	if (!s->ping_out)
		return false;
	if (time_after_eq(received, s->ping_sent)) {
		s->ping_out = false;	/* it was sent after a silence */
		return false;
	}
	if (input_waits(s) || time_after(now, s->ping_due + timeout / 2 + 1)) {
		s->ping_sent = now;
		return false;
	}
	return time_after_eq(now, s->ping_sent + timeout);
}

static void ping_tick(struct timer_list *t)
{
	struct ha_session *s = from_timer(s, t, ping_timer);
	const struct ha_net_conf *conf = &s->peer->conf;
	unsigned long interval, timeout, silence, tick, received, sent;
	unsigned long flags, now = jiffies;
	bool overdue, send = false;
	u64 cookie = 0;

	if (READ_ONCE(s->dead) || request_overdue(s, now))
		return;
	interval = msecs_to_jiffies(max(READ_ONCE(conf->ping_interval), 10u));
	timeout = msecs_to_jiffies(max(READ_ONCE(conf->ping_timeout), 10u));
	silence = msecs_to_jiffies(max(READ_ONCE(conf->timeout), 10u));
	tick = clamp_t(unsigned long, min(interval, silence) / 4, 1, HZ);

	last_life(s, &received, &sent);
	spin_lock_irqsave(&s->lock, flags);
	overdue = ping_overdue(s, now, received, timeout);
	if (!s->ping_out)
		send = time_after_eq(now, received + interval) ||
		       (time_after(sent, received) &&
			time_after_eq(now, received + silence));
	if (send) {
		s->ping_out = true;
		s->ping_sent = now;
		cookie = ++s->ping_cookie;
	}
	if (s->ping_out)
		tick = min(tick, max(s->ping_sent + timeout - now, 1ul));
	s->ping_due = now + tick;
	spin_unlock_irqrestore(&s->lock, flags);

	if (overdue) {
		ha_session_kill(s, "no answer to ping for %u ms",
				jiffies_to_msecs(timeout));
		return;
	}
	if (send)
		probe_send(&s->ping, cookie, false);
	mod_timer(&s->ping_timer, now + tick);
}

static void take_limits(struct ha_session *s, const struct ha_wire_hello *hello)
{
	s->features = le64_to_cpu(hello->features) & HA_FEATURES;
	s->peer_window_bytes = le32_to_cpu(hello->window_bytes);
	s->peer_window_messages = le16_to_cpu(hello->window_messages);
	s->peer_max_payload = le32_to_cpu(hello->max_payload);
}

static void init_probe(struct ha_session *s, struct ha_probe *probe, u16 type)
{
	probe->session = s;
	probe->type = type;
}

static struct ha_session *session_alloc(struct ha_peer *peer, u64 id,
					bool initiator, unsigned int streams)
{
	struct ha_session *s = kvzalloc(struct_size(s, stream, streams),
					GFP_NOIO);

	if (!s)
		return NULL;
	s->streams = streams;
	kref_init(&s->ref);
	spin_lock_init(&s->lock);
	s->peer = ha_peer_get(peer);
	s->res = peer->res;
	s->id = id;
	s->tag = lower_32_bits(id);
	s->initiator = initiator;
	s->phase = HA_PHASE_HANDSHAKE;
	init_completion(&s->started);
	INIT_WORK(&s->end_work, end_work);
	timer_setup(&s->ping_timer, ping_tick, 0);
	init_waitqueue_head(&s->wait);
	init_probe(s, &s->ping, HA_MSG_PING);
	init_probe(s, &s->pong, HA_MSG_PONG);
	return s;
}

struct ha_session *ha_session_create(struct ha_peer *peer, bool initiator,
				     struct ha_link_set *set)
{
	struct ha_session *s = session_alloc(peer, set->id, initiator,
					     set->streams);
	unsigned int i;

	if (!s) {
		ha_link_set_close(set);
		return ERR_PTR(-ENOMEM);
	}
	take_limits(s, &set->hello);
	for (i = 0; i < s->streams; i++) {
		ha_stream_init(&s->stream[i], s, i, set->sock[i]);
		s->stream[i].send_sequence = HA_HELLO_MESSAGES;
		s->stream[i].receive_sequence = HA_HELLO_MESSAGES;
	}
	memset(set, 0, sizeof(*set));

	/* From here on it ends only by ha_session_kill(). */
	ha_session_get(s);
	spin_lock_irq(&s->res->state_lock);
	WARN_ON_ONCE(peer->session);
	WRITE_ONCE(peer->session, s);
	spin_unlock_irq(&s->res->state_lock);

	for (i = 0; i < s->streams; i++) {
		if (ha_stream_start(&s->stream[i])) {
			ha_session_kill(s, "out of memory");
			break;
		}
	}
	s->ping_due = jiffies + HZ / 10;
	mod_timer(&s->ping_timer, s->ping_due);
	complete(&s->started);
	return s;
}
