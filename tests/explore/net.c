// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and messages: three streams each way, in order, lost as a whole when
 * the connection breaks.
 */
#include "world.h"

void net_cut(void)
{
	memset(&w.net, 0, sizeof(w.net));
}

static void session_end_work(struct work_struct *work)
{
	struct ha_session *s = container_of(work, struct ha_session, end_work);
	struct ha_peer *peer = s->peer;

	ha_session_lost(s);
	peer->session = NULL;
	ha_session_put(s);
}

struct ha_session *net_session(int node, u64 id)
{
	struct ha_session *s = machine_alloc(struct_size(s, stream,
							 HA_STREAM_MORE));
	struct ha_peer *peer = &w.node[node].peer;
	unsigned int i;

	kref_init(&s->ref);
	s->peer = peer;
	s->res = peer->res;
	s->id = id;
	s->phase = HA_PHASE_HANDSHAKE;
	INIT_WORK(&s->end_work, session_end_work);
	s->streams = HA_STREAM_MORE;
	for (i = 0; i < s->streams; i++) {
		s->stream[i].session = s;
		s->stream[i].id = i;
	}
	peer->session = s;
	return s;
}

struct ha_session *ha_session_get(struct ha_session *s)
{
	kref_get(&s->ref);
	return s;
}

static void session_release(struct kref *ref)
{
	machine_free(container_of(ref, struct ha_session, ref));
}

void ha_session_put(struct ha_session *s)
{
	kref_put(&s->ref, session_release);
}

void ha_session_up(struct ha_session *s)
{
	s->phase = HA_PHASE_UP;
}

#undef ha_session_kill
void ha_session_kill(struct ha_session *s, const char *fmt, ...)
{
	(void)fmt;
	if (s->dead)
		return;
	s->dead = true;
	net_cut();
	machine_queue(&s->end_work);
}

void ha_session_rx_ping(struct ha_session *s, const struct ha_wire_ping *ping)
{
	(void)s;
	(void)ping;
}

void ha_session_rx_pong(struct ha_session *s, const struct ha_wire_ping *pong)
{
	(void)s;
	(void)pong;
}

/* --- sending --- */

static int enqueue(struct ha_stream *st, u16 type, const void *body, u16 len,
		   struct ha_payload *payload)
{
	int to = 1 - (int)st->session->res->node_id;
	struct message *m;
	u32 i;

	yield();
	if (st->session->dead || !w.net.up)
		return -ECONNRESET;
	if (w.net.count[to][st->id] == QUEUE || len > BODY)
		abort();
	m = &w.net.queue[to][st->id][w.net.count[to][st->id]++];
	memset(m, 0, sizeof(*m));
	m->type = type;
	m->len = len;
	memcpy(m->body, body, len);
	if (!payload)
		return 0;
	m->payload = payload->len;
	if (payload->nr > ARRAY_SIZE(m->data))
		abort();
	for (i = 0; i < payload->nr; i++)
		memcpy(m->data[i], payload->page[i], PAGE_BYTES);
	return 0;
}

void ha_msg_init(struct ha_msg *msg, u16 type, const void *body, u16 len,
		 struct ha_payload *payload,
		 void (*done)(struct ha_msg *msg, int err))
{
	memset(msg, 0, sizeof(*msg));
	msg->head.type = cpu_to_le16(type);
	msg->head.body = cpu_to_le16(len);
	msg->payload = payload;
	msg->done = done;
	msg->body = body;
	if (len <= HA_MSG_INLINE_BODY) {
		memcpy(msg->inline_body, body, len);
		msg->body = msg->inline_body;
	}
}

void ha_stream_send(struct ha_stream *st, struct ha_msg *msg, bool may_send)
{
	int err = enqueue(st, le16_to_cpu(msg->head.type), msg->body,
			  le16_to_cpu(msg->head.body), msg->payload);

	(void)may_send;
	if (msg->done)
		msg->done(msg, err);
}

void ha_msg_free(struct ha_msg *msg, int err)
{
	(void)err;
	if (msg->payload)
		ha_payload_put(msg->payload);
	machine_free(msg);
}

/* Windows bound memory and decide nothing. */
void ha_stream_hold(struct ha_stream *st, u32 bytes)
{
	(void)st;
	(void)bytes;
}

void ha_stream_release(struct ha_stream *st, u32 bytes)
{
	(void)st;
	(void)bytes;
}

int ha_stream_send_copy(struct ha_stream *st, u16 type, const void *body,
			u16 len, bool may_sleep)
{
	(void)may_sleep;
	return enqueue(st, type, body, len, NULL);
}

/* --- receiving --- */

struct arrival { struct message m; int to, stream; };

static void receive(void *arg)
{
	struct arrival *a = arg;
	struct ha_session *s = session_of(a->to);
	struct ha_head h = { .type = a->m.type, .body = a->m.len,
			     .payload = a->m.payload };
	struct ha_payload *p = NULL;
	const char *why = NULL;
	u32 i;
	int err;

	if (a->m.payload) {
		p = ha_payload_alloc(a->m.payload, true);
		for (i = 0; i < p->nr; i++)
			memcpy(p->page[i], a->m.data[i], PAGE_BYTES);
	}
	err = ha_session_receive(s, &s->stream[a->stream], &h, a->m.body, p,
				 &why);
	if (!err || s->dead)
		return;
	violation("node %c refuses a message of type %u: %s", 'A' + a->to,
		  a->m.type, why ? why : "?");
	ha_session_kill(s, "protocol");
}

bool net_deliver(int to, int stream)
{
	struct ha_session *s = session_of(to);
	struct arrival a = { .to = to, .stream = stream };
	struct message *q = w.net.queue[to][stream];
	u8 *count = &w.net.count[to][stream];

	if (!*count || !s || s->dead)
		return false;
	if (s->phase != HA_PHASE_UP && q[0].type != HA_MSG_COMMIT)
		return false;
	a.m = q[0];
	(*count)--;
	memmove(q, q + 1, *count * sizeof(*q));
	memset(q + *count, 0, sizeof(*q));
	run_on(to, receive, &a);
	return true;
}
