// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hello and authentication on one connection.  Runs in the thread or work of
 * whoever owns the connection and keeps everything on its stack; what the other
 * side says is checked here, once.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <net/sock.h>

#include "auth.h"
#include "hello.h"
#include "resource.h"
#include "session.h"
#include "tcp.h"
#include "wire.h"

#define FINISH_MS	500u	/* for the other side to read why it is refused */

/* One exchange; link->hello is the other side's. */
struct hello {
	struct ha_peer		*peer;
	struct ha_link		*link;
	const bool		*stop;
	unsigned long		deadline;	/* jiffies */
	struct ha_wire_hello	mine;
	u64			sent;		/* messages */
	u64			received;
};

__printf(3, 4)
static int fail(struct hello *x, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(x->link->why, sizeof(x->link->why), fmt, args);
	va_end(args);
	return err;
}

static int send_message(struct hello *x, u16 type, const void *body, u16 len)
{
	struct socket *sock = x->link->sock;
	struct ha_wire_head head;
	struct iov_iter iter;
	struct kvec vec[2] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (void *)body, .iov_len = len },
	};
	int n;

	ha_head_encode(&head, type, 0, len, 0, 0, x->sent++);
	head.crc = cpu_to_le32(ha_head_crc(&head, body, ~0u));
	iov_iter_kvec(&iter, ITER_SOURCE, vec, 2, sizeof(head) + len);
	/* A few hundred bytes always fit into the buffer of a new socket. */
	n = ha_tcp_send(sock, &iter, MSG_DONTWAIT);
	if (n == sizeof(head) + len)
		return 0;
	return fail(x, n < 0 ? n : -EPIPE, "%s",
		    ha_tcp_error(n < 0 ? n : -EPIPE));
}

/* Refuse the other side: tell it why, and give it the time to read it. */
__printf(3, 4)
static int refuse(struct hello *x, int err, const char *fmt, ...)
{
	struct ha_wire_text text = { .code = cpu_to_le32(-err) };
	va_list args;

	va_start(args, fmt);
	vscnprintf(x->link->why, sizeof(x->link->why), fmt, args);
	va_end(args);
	/* It may quote the other side. */
	ha_text_clean(x->link->why, sizeof(x->link->why));
	x->link->refused = true;
	memcpy(text.text, x->link->why, sizeof(text.text) - 1);
	if (!send_message(x, HA_MSG_REFUSED, &text, sizeof(text)))
		ha_tcp_finish(x->link->sock, FINISH_MS, x->stop);
	return err;
}

static int receive_bytes(struct hello *x, void *mem, size_t len)
{
	u32 left = HA_HELLO_STEP_MS;
	int err;

	if (time_after_eq(jiffies, x->deadline))
		return fail(x, -ETIMEDOUT, "no answer");
	left = min(left, jiffies_to_msecs(x->deadline - jiffies));
	err = ha_tcp_receive(x->link->sock, mem, len, left, x->stop);
	return err ? fail(x, err, "%s", ha_tcp_error(err)) : 0;
}

/* The peer said no; its words are shown to people, so only plain ones. */
static int refused(struct hello *x, struct ha_wire_text *text)
{
	ha_text_clean(text->text, sizeof(text->text));
	x->link->refused = true;
	return fail(x, -ECONNREFUSED, "peer refused: %s", text->text);
}

/* Receive a message of @type, or why the peer refuses. */
static int receive_message(struct hello *x, enum ha_phase phase, u16 type,
			   void *body, u16 len)
{
	union {
		struct ha_wire_text	text;
		struct ha_wire_hello	hello;
		struct ha_wire_auth	auth;
	} buf;
	struct ha_wire_head w;
	struct ha_head h;
	const char *why;
	int err;

	err = receive_bytes(x, &w, sizeof(w));
	if (err)
		return err;
	err = ha_head_decode(&w, phase, x->link->stream, 0, x->received++, &h,
			     &why);
	if (err)
		return fail(x, err, "%s", why);
	if (h.body > sizeof(buf) || h.payload)
		return fail(x, -EMSGSIZE, "message too long");
	err = receive_bytes(x, &buf, h.body);
	if (err)
		return err;
	if (ha_head_crc(&w, &buf, ~0u) != h.crc)
		return fail(x, -EBADMSG, "wrong checksum");
	if (h.type == HA_MSG_REFUSED)
		return refused(x, &buf.text);
	if (h.type != type || h.body != len)
		return fail(x, -EPROTO, "%s instead of %s",
			    ha_msg_name(h.type), ha_msg_name(type));
	memcpy(body, &buf, len);
	return 0;
}

unsigned int ha_hello_data_streams(const struct ha_peer *p)
{
	u32 wanted = READ_ONCE(p->conf.data_streams);

	/* More are of use where requests are made on more CPUs. */
	if (!wanted)
		wanted = min(num_online_cpus(), 4u);
	return clamp(wanted, 1u, HA_DATA_STREAMS_MAX);
}

static void make_hello(struct hello *x)
{
	struct ha_link *l = x->link;

	x->mine = (struct ha_wire_hello) {
		.version_min	 = cpu_to_le32(HA_WIRE_VERSION),
		.version_max	 = cpu_to_le32(HA_WIRE_VERSION),
		.node_id	 = x->peer->res->node_id,
		.peer_id	 = x->peer->node_id,
		.stream		 = l->stream,
		.auth		 = x->peer->conf.secret[0] != '\0',
		.max_payload	 = cpu_to_le32(HA_WIRE_MAX_PAYLOAD),
		.features	 = cpu_to_le64(HA_FEATURES),
		.window_bytes	 = cpu_to_le32(HA_WINDOW_BYTES),
		.window_messages = cpu_to_le16(HA_WINDOW_MESSAGES),
		.data_streams	 = ha_hello_data_streams(x->peer),
	};
	if (l->initiator && l->stream != HA_STREAM_CONTROL)
		x->mine.session = cpu_to_le64(l->session);
	memcpy(x->mine.name, x->peer->res->name,
	       strnlen(x->peer->res->name, HA_WIRE_NAME - 1));
	get_random_bytes(x->mine.nonce, sizeof(x->mine.nonce));
}

static int check_identity(struct hello *x)
{
	struct ha_wire_hello *theirs = &x->link->hello;
	u32 low = le32_to_cpu(theirs->version_min);
	u32 high = le32_to_cpu(theirs->version_max);

	if (low > HA_WIRE_VERSION || high < HA_WIRE_VERSION)
		return refuse(x, -EPROTONOSUPPORT,
			      "speaks protocol versions %u-%u, we %u-%u",
			      low, high, HA_WIRE_VERSION, HA_WIRE_VERSION);
	if (theirs->name[HA_WIRE_NAME - 1] ||
	    memcmp(theirs->name, x->mine.name, HA_WIRE_NAME))
		return refuse(x, -ENOENT, "is resource %*pE, expected %s",
			      (int)strnlen(theirs->name, HA_WIRE_NAME - 1),
			      theirs->name, x->mine.name);
	if (theirs->node_id != x->mine.peer_id ||
	    theirs->peer_id != x->mine.node_id)
		return refuse(x, -EINVAL,
			      "is node %u looking for node %u, expected node %u looking for node %u",
			      theirs->node_id, theirs->peer_id,
			      x->mine.peer_id, x->mine.node_id);
	return 0;
}

static int check_terms(struct hello *x)
{
	struct ha_wire_hello *theirs = &x->link->hello;

	if (theirs->auth > 1 || theirs->stream >= HA_STREAM_MAX ||
	    (x->link->initiator && theirs->stream != x->link->stream))
		return fail(x, -EPROTO, "a hello that makes no sense");
	if (theirs->auth && !x->mine.auth)
		return refuse(x, -EACCES,
			      "peer wants authentication, we have `auth none`");
	if (!theirs->auth && x->mine.auth)
		return refuse(x, -EACCES,
			      "peer has `auth none`, we want authentication");
	if (le32_to_cpu(theirs->max_payload) < HA_WIRE_MAX_PAYLOAD ||
	    le32_to_cpu(theirs->window_bytes) < HA_WIRE_MAX_PAYLOAD ||
	    !theirs->window_messages)
		return refuse(x, -EINVAL, "takes too little data at once");
	return 0;
}

static void make_mac(struct hello *x, const struct ha_wire_hello *sender,
		     const struct ha_wire_hello *receiver, u64 session,
		     u8 mac[HA_WIRE_MAC])
{
	struct ha_auth_claim claim = {
		.node_id	= sender->node_id,
		.stream		= x->link->stream,
		.session	= session,
		.sender_nonce	= sender->nonce,
		.receiver_nonce	= receiver->nonce,
		.name		= sender->name,
	};

	memset(mac, 0, HA_WIRE_MAC);
	if (x->mine.auth)
		ha_auth_mac(x->peer->conf.secret, &claim, mac);
}

static int send_auth(struct hello *x)
{
	u64 session = x->link->initiator ? x->link->session : 0;
	struct ha_wire_auth auth = { .session = cpu_to_le64(session) };

	make_mac(x, &x->mine, &x->link->hello, session, auth.mac);
	return send_message(x, HA_MSG_AUTH, &auth, sizeof(auth));
}

static int receive_auth(struct hello *x)
{
	struct ha_link *l = x->link;
	struct ha_wire_auth auth;
	u8 mac[HA_WIRE_MAC];
	u64 session;
	int err;

	err = receive_message(x, HA_PHASE_AUTH, HA_MSG_AUTH, &auth,
			      sizeof(auth));
	if (err)
		return err;
	session = le64_to_cpu(auth.session);
	make_mac(x, &l->hello, &x->mine, session, mac);
	if (!ha_auth_equal(mac, auth.mac))
		return refuse(x, -EACCES, "wrong shared secret");
	if (l->initiator)
		return session ? fail(x, -EPROTO, "an answer that makes no sense") : 0;
	if (!session || (l->stream != HA_STREAM_CONTROL &&
			 l->hello.session != auth.session))
		return fail(x, -EPROTO, "no session id");
	l->session = session;
	return 0;
}

/*
 * The peer begins a new session, so it has given up the one that we may still
 * have.  A new one must wait for the writes of the old.
 */
static int end_old_session(struct hello *x)
{
	struct ha_peer *p = x->peer;
	struct ha_session *s = NULL;
	int left;

	spin_lock_irq(&p->res->state_lock);
	if (p->session && p->session->id != x->link->session)
		s = ha_session_get(p->session);
	spin_unlock_irq(&p->res->state_lock);
	if (s) {
		ha_session_kill(s, "the peer opened a new connection");
		ha_session_put(s);
	}
	left = atomic_read(&p->mirror_writes);
	if (left)
		return refuse(x, -EBUSY,
			      "still finishing %d writes of an earlier connection",
			      left);
	return 0;
}

static int initiate(struct hello *x)
{
	struct ha_link *l = x->link;
	int err;

	make_hello(x);
	err = send_message(x, HA_MSG_HELLO, &x->mine, sizeof(x->mine));
	if (!err)
		err = receive_message(x, HA_PHASE_HELLO, HA_MSG_HELLO,
				      &l->hello, sizeof(l->hello));
	if (!err)
		err = check_identity(x);
	if (!err)
		err = check_terms(x);
	if (!err)
		err = send_auth(x);
	if (!err)
		err = receive_auth(x);
	return err;
}

/* The side that opened the connection proves itself first. */
static int respond(struct hello *x)
{
	struct ha_link *l = x->link;
	int err;

	err = receive_message(x, HA_PHASE_HELLO, HA_MSG_HELLO, &l->hello,
			      sizeof(l->hello));
	if (err)
		return err;
	l->stream = min_t(u32, l->hello.stream, HA_STREAM_MAX - 1);
	make_hello(x);
	err = check_identity(x);
	if (!err)
		err = check_terms(x);
	if (!err)
		err = send_message(x, HA_MSG_HELLO, &x->mine, sizeof(x->mine));
	if (!err)
		err = receive_auth(x);
	if (!err && l->stream == HA_STREAM_CONTROL)
		err = end_old_session(x);
	if (!err)
		err = send_auth(x);
	return err;
}

int ha_hello_run(struct ha_peer *p, struct ha_link *l, const bool *stop)
{
	struct hello x = {
		.peer	  = p,
		.link	  = l,
		.stop	  = stop,
		.deadline = jiffies + msecs_to_jiffies(HA_HELLO_TOTAL_MS),
	};

	l->refused = false;
	l->why[0] = '\0';
	return l->initiator ? initiate(&x) : respond(&x);
}
