// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] Message headers: encode, decode, and the one table that says which
 * type may come with which lengths, in which phase and on which stream.
 * Knows nothing of sockets; what a body means is its handler's business.
 */
#include "wire.h"

#define KIB		1024u
#define ZEROES_MAX	(64u << 20)	/* longest range of WRITE with zeroes */

#define PH(p)		(1u << HA_PHASE_##p)
#define PH_ALL		(PH(HELLO) | PH(AUTH) | PH(HANDSHAKE) | PH(UP))
#define PH_KNOWN	(PH(HANDSHAKE) | PH(UP))	/* authenticated */
#define ST(s)		(1u << HA_STREAM_##s)
#define ST_ALL		(ST(CONTROL) | ST(DATA) | ST(RESYNC))

#define RULE(type, words, len, min, max, unit, when, where)		\
	[type] = {							\
		.name = words, .body = len, .payload_min = min,		\
		.payload_max = max, .payload_unit = unit,		\
		.phases = when, .streams = where,			\
	}
#define BARE(type, words, len, when, where)				\
	RULE(type, words, len, 0, 0, 1, when, where)
#define BODY(name)	sizeof(struct ha_wire_##name)

static const struct ha_msg_rule rules[HA_MSG_NR] = {
	BARE(HA_MSG_HELLO, "hello", BODY(hello), PH(HELLO), ST_ALL),
	BARE(HA_MSG_AUTH, "auth", BODY(auth), PH(AUTH), ST_ALL),
	BARE(HA_MSG_REFUSED, "refused", BODY(text), PH_ALL, ST_ALL),
	BARE(HA_MSG_READY, "ready", BODY(ready), PH(HANDSHAKE), ST(CONTROL)),
	BARE(HA_MSG_SNAPSHOT, "snapshot", BODY(snapshot), PH(HANDSHAKE), ST(CONTROL)),
	BARE(HA_MSG_VERDICT, "verdict", BODY(verdict), PH(HANDSHAKE), ST(CONTROL)),
	BARE(HA_MSG_COMMIT, "commit", BODY(commit), PH(HANDSHAKE), ST(CONTROL)),
	BARE(HA_MSG_PING, "ping", BODY(ping), PH_KNOWN, ST(CONTROL)),
	BARE(HA_MSG_PONG, "pong", BODY(ping), PH_KNOWN, ST(CONTROL)),
	BARE(HA_MSG_STATE, "state", BODY(state), PH(UP), ST(CONTROL)),
	BARE(HA_MSG_BYE, "bye", 0, PH_KNOWN, ST(CONTROL)),
	BARE(HA_MSG_PROMOTE, "promote", BODY(question), PH(UP), ST(CONTROL)),
	BARE(HA_MSG_PROMOTE_ANSWER, "promote answer", BODY(answer), PH(UP),
	     ST(CONTROL)),
	BARE(HA_MSG_SKIP_SYNC, "skip-sync", BODY(question), PH(UP), ST(CONTROL)),
	BARE(HA_MSG_SKIP_SYNC_ANSWER, "skip-sync answer", BODY(answer), PH(UP),
	     ST(CONTROL)),
	BARE(HA_MSG_RESYNC_CONTROL, "resync control", BODY(control), PH(UP),
	     ST(CONTROL)),

	RULE(HA_MSG_WRITE, "write", BODY(io), 0, HA_WIRE_MAX_PAYLOAD, 512, PH(UP),
	     ST(DATA)),
	BARE(HA_MSG_FLUSH, "flush", BODY(io), PH(UP), ST(DATA)),
	BARE(HA_MSG_READ, "read", BODY(io), PH(UP), ST(DATA)),
	BARE(HA_MSG_ACK, "ack", BODY(ack), PH(UP), ST(DATA)),
	RULE(HA_MSG_READ_DATA, "read data", BODY(ack), 0, HA_WIRE_MAX_PAYLOAD, 512,
	     PH(UP), ST(DATA)),

	RULE(HA_MSG_BITMAP, "bitmap", BODY(bitmap), 8, 256 * KIB, 8, PH(UP),
	     ST(RESYNC)),
	BARE(HA_MSG_BITMAP_END, "bitmap end", BODY(bitmap_end), PH(UP), ST(RESYNC)),
	BARE(HA_MSG_RESYNC_REQUEST, "resync request", BODY(resync), PH(UP),
	     ST(RESYNC)),
	RULE(HA_MSG_RESYNC_DATA, "resync data", BODY(resync), 0, HA_WIRE_MAX_PAYLOAD,
	     512, PH(UP), ST(RESYNC)),
	BARE(HA_MSG_RESYNC_ACK, "resync ack", BODY(ack), PH(UP), ST(RESYNC)),
	RULE(HA_MSG_DIGEST, "digest", BODY(resync), 0, 4 * KIB, 16, PH(UP),
	     ST(RESYNC)),
	RULE(HA_MSG_DIGEST_ANSWER, "digest answer", BODY(resync), 0, 32, 8, PH(UP),
	     ST(RESYNC)),
	BARE(HA_MSG_RESYNC_END, "resync end", BODY(resync_end), PH(UP), ST(RESYNC)),
	BARE(HA_MSG_RESYNC_END_ANSWER, "resync end answer", BODY(resync_end), PH(UP),
	     ST(RESYNC)),

	RULE(HA_MSG_LOSE_SLOT, "lose-slot", BODY(lose_slot), 0, 64 * KIB, 16, PH(UP),
	     ST(CONTROL)),
	BARE(HA_MSG_LOSE_SLOT_ANSWER, "lose-slot answer", BODY(answer), PH(UP),
	     ST(CONTROL)),
};

const struct ha_msg_rule *ha_msg_rule(u16 type)
{
	if (type >= ARRAY_SIZE(rules) || !rules[type].name)
		return NULL;
	return &rules[type];
}

const char *ha_msg_name(u16 type)
{
	const struct ha_msg_rule *rule = ha_msg_rule(type);

	return rule ? rule->name : "unknown";
}

u32 ha_head_crc(const struct ha_wire_head *w, const void *body,
		u32 payload_sum)
{
	struct ha_wire_head copy = *w;
	u32 crc;

	copy.crc = 0;
	crc = crc32c(payload_sum, &copy, sizeof(copy));
	return crc32c(crc, body, le16_to_cpu(w->body));
}

void ha_head_encode(struct ha_wire_head *w, u16 type, u16 flags, u16 body,
		    u32 payload, u32 tag, u64 sequence)
{
	memset(w, 0, sizeof(*w));
	w->magic = cpu_to_le32(HA_WIRE_MAGIC);
	w->type = cpu_to_le16(type);
	w->flags = cpu_to_le16(flags);
	w->sequence = cpu_to_le64(sequence);
	w->body = cpu_to_le16(body);
	w->payload = cpu_to_le32(payload);
	w->tag = cpu_to_le32(tag);
}

static int refuse(int err, const char *sentence, const char **why)
{
	*why = sentence;
	return err;
}

static int check_lengths(const struct ha_head *h,
			 const struct ha_msg_rule *rule, const char **why)
{
	if (h->body != rule->body)
		return refuse(-EMSGSIZE, "wrong length of the body", why);
	if (h->payload < rule->payload_min)
		return refuse(-EMSGSIZE, "payload too short", why);
	if (h->payload > rule->payload_max)
		return refuse(-EMSGSIZE, "payload too long", why);
	if (h->payload % rule->payload_unit)
		return refuse(-EMSGSIZE, "odd length of the payload", why);
	return 0;
}

int ha_head_decode(const struct ha_wire_head *w, enum ha_phase phase,
		   unsigned int stream, u32 tag, u64 sequence,
		   struct ha_head *h, const char **why)
{
	const struct ha_msg_rule *rule;

	if (le32_to_cpu(w->magic) != HA_WIRE_MAGIC)
		return refuse(-EPROTO, "not a message of this protocol", why);

	h->type = le16_to_cpu(w->type);
	h->flags = le16_to_cpu(w->flags);
	h->body = le16_to_cpu(w->body);
	h->payload = le32_to_cpu(w->payload);
	h->tag = le32_to_cpu(w->tag);
	h->sequence = le64_to_cpu(w->sequence);
	h->crc = le32_to_cpu(w->crc);

	rule = ha_msg_rule(h->type);
	if (!rule)
		return refuse(-EOPNOTSUPP, "unknown type of message", why);
	if ((h->flags & ~HA_WIRE_FLAGS) || w->spare)
		return refuse(-EPROTO, "unknown flag in a header", why);
	if (phase > HA_PHASE_UP || !(rule->phases & (1u << phase)))
		return refuse(-EPROTO, "message at the wrong time", why);
	if (stream >= HA_STREAM_MORE && stream < HA_STREAM_MAX)
		stream = HA_STREAM_DATA;
	if (stream >= HA_STREAM_MORE || !(rule->streams & (1u << stream)))
		return refuse(-EPROTO, "message on the wrong stream", why);
	if (h->tag != tag)
		return refuse(-EPROTO, "message of another session", why);
	if (h->sequence != sequence)
		return refuse(-EPROTO, "message lost or repeated", why);
	return check_lengths(h, rule, why);
}

int ha_op_check(u16 type, u32 op)
{
	u32 known = HA_OP_SYNC | HA_OP_META;

	if (type != HA_MSG_READ)
		known |= HA_OP_FUA | HA_OP_PREFLUSH;
	if (type == HA_MSG_WRITE)
		known |= HA_OP_ZEROES | HA_OP_UNMAP;
	if (op & ~known)
		return -EINVAL;
	return (op & HA_OP_UNMAP) && !(op & HA_OP_ZEROES) ? -EINVAL : 0;
}

void ha_text_clean(u8 *text, u32 size)
{
	u32 i;

	text[size - 1] = '\0';
	for (i = 0; text[i]; i++) {
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	}
}

int ha_io_check(u64 sector, u32 length, u32 payload, bool has_payload,
		u64 data_sectors)
{
	u64 sectors = length / 512;

	if (!length || length % 512)
		return -EINVAL;
	if (length > (has_payload ? HA_WIRE_MAX_PAYLOAD : ZEROES_MAX))
		return -EINVAL;
	if (payload != (has_payload ? length : 0))
		return -EINVAL;
	if (sector >= data_sectors || sectors > data_sectors - sector)
		return -EINVAL;
	return 0;
}
