// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dispatch of messages.  Lengths, streams and phases have been checked by the
 * table in wire.c; here each type finds its handler.
 */
#include "answer.h"
#include "connection.h"
#include "handshake.h"
#include "mirror.h"
#include "resync.h"

/*
 * struct rx - one received message
 * @payload: NULL or one reference; a handler that keeps it sets this to NULL
 */
struct rx {
	struct ha_session	*s;
	struct ha_stream	*st;
	const struct ha_head	*h;
	const void		*body;
	struct ha_payload	*payload;
	const char		**why;
};

static struct ha_payload *take_payload(struct rx *rx)
{
	struct ha_payload *p = rx->payload;

	rx->payload = NULL;
	return p;
}

static int rx_handshake(struct rx *rx)
{
	return ha_handshake_receive(rx->s, rx->h->type, rx->body, rx->h->body,
				    rx->why);
}

static int rx_ping(struct rx *rx)
{
	ha_session_rx_ping(rx->s, rx->body);
	return 0;
}

static int rx_pong(struct rx *rx)
{
	ha_session_rx_pong(rx->s, rx->body);
	return 0;
}

static int rx_text(struct rx *rx)
{
	struct ha_wire_text t = *(const struct ha_wire_text *)rx->body;

	ha_text_clean(t.text, sizeof(t.text));
	ha_session_kill(rx->s, "peer refused: %s", t.text);
	return 0;
}

static int rx_bye(struct rx *rx)
{
	ha_session_kill(rx->s, "the peer left on purpose");
	return 0;
}

static int rx_state(struct rx *rx)
{
	return ha_state_received(rx->s, rx->body, rx->why);
}

static int rx_promote(struct rx *rx)
{
	return ha_answer_promote(rx->s, rx->body, rx->why);
}

static int rx_answer(struct rx *rx)
{
	ha_answered(rx->s, rx->body);
	return 0;
}

static int rx_skip_sync(struct rx *rx)
{
	return ha_answer_skip_sync(rx->s, rx->body, rx->why);
}

static int rx_lose_slot(struct rx *rx)
{
	return ha_answer_lose_slot(rx->s, rx->body, take_payload(rx), rx->why);
}

static int rx_resync_control(struct rx *rx)
{
	return ha_answer_control(rx->s, rx->body, rx->why);
}

static int rx_write(struct rx *rx)
{
	return ha_mirror_write(rx->st, rx->body, take_payload(rx), rx->why);
}

static int rx_flush(struct rx *rx)
{
	return ha_mirror_flush(rx->st, rx->body, rx->why);
}

static int rx_read(struct rx *rx)
{
	return ha_mirror_read(rx->st, rx->body, rx->why);
}

static int rx_ack(struct rx *rx)
{
	const struct ha_wire_ack *ack = rx->body;
	u64 id = le64_to_cpu(ack->id);
	int err;

	if (id & HA_FLUSH_ID) {
		ha_peer_flush_acked(rx->s, id, le32_to_cpu(ack->status));
		return 0;
	}
	err = ha_request_acked(rx->s, id, le32_to_cpu(ack->status),
			       rx->payload);
	if (err)
		*rx->why = "an answer to a request that was not made";
	return err;
}

static int rx_resync(struct rx *rx)
{
	return ha_resync_receive(rx->s, rx->h, rx->body, take_payload(rx),
				 rx->why);
}

static int (*const handlers[HA_MSG_NR])(struct rx *rx) = {
	[HA_MSG_REFUSED]	= rx_text,
	[HA_MSG_READY]		= rx_handshake,
	[HA_MSG_SNAPSHOT]	= rx_handshake,
	[HA_MSG_VERDICT]	= rx_handshake,
	[HA_MSG_COMMIT]		= rx_handshake,
	[HA_MSG_PING]		= rx_ping,
	[HA_MSG_PONG]		= rx_pong,
	[HA_MSG_STATE]		= rx_state,
	[HA_MSG_BYE]		= rx_bye,
	[HA_MSG_PROMOTE]	= rx_promote,
	[HA_MSG_PROMOTE_ANSWER]	= rx_answer,
	[HA_MSG_SKIP_SYNC]	= rx_skip_sync,
	[HA_MSG_SKIP_SYNC_ANSWER] = rx_answer,
	[HA_MSG_RESYNC_CONTROL]	= rx_resync_control,
	[HA_MSG_WRITE]		= rx_write,
	[HA_MSG_FLUSH]		= rx_flush,
	[HA_MSG_READ]		= rx_read,
	[HA_MSG_ACK]		= rx_ack,
	[HA_MSG_READ_DATA]	= rx_ack,
	[HA_MSG_BITMAP]		= rx_resync,
	[HA_MSG_BITMAP_END]	= rx_resync,
	[HA_MSG_RESYNC_REQUEST]	= rx_resync,
	[HA_MSG_RESYNC_DATA]	= rx_resync,
	[HA_MSG_RESYNC_ACK]	= rx_resync,
	[HA_MSG_DIGEST]		= rx_resync,
	[HA_MSG_DIGEST_ANSWER]	= rx_resync,
	[HA_MSG_RESYNC_END]	= rx_resync,
	[HA_MSG_RESYNC_END_ANSWER] = rx_resync,
	[HA_MSG_LOSE_SLOT]	= rx_lose_slot,
	[HA_MSG_LOSE_SLOT_ANSWER] = rx_answer,
};

bool ha_session_answer(struct ha_session *s, const void *body)
{
	const struct ha_wire_ack *ack = body;
	u64 id = le64_to_cpu(ack->id);

	return !ack->status && !(id & HA_FLUSH_ID) &&
	       !ha_request_acked(s, id, 0, NULL);
}

int ha_session_receive(struct ha_session *s, struct ha_stream *st,
		       const struct ha_head *h, const void *body,
		       struct ha_payload *payload, const char **why)
{
	struct rx rx = {
		.s = s, .st = st, .h = h, .body = body, .payload = payload,
		.why = why,
	};
	int err = -EOPNOTSUPP;

	if (h->type < HA_MSG_NR && handlers[h->type])
		err = handlers[h->type](&rx);
	else
		*why = "a message nobody handles";
	if (rx.payload)
		ha_payload_put(rx.payload);
	return err;
}
