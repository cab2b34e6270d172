/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * [pure] Messages: header encode and decode, and the table of lengths and
 * states that every message is checked against, once, at the door.
 */
#ifndef HA_WIRE_FORMAT_H
#define HA_WIRE_FORMAT_H

#include "../include/ha_pure.h"
#include "../include/ha_wire.h"

/* Phases of a connection, bits of ha_msg_rule.phases. */
enum ha_phase {
	HA_PHASE_HELLO,		/* nothing is known of the other side */
	HA_PHASE_AUTH,		/* hello received */
	HA_PHASE_HANDSHAKE,	/* authenticated; snapshots and verdict */
	HA_PHASE_UP,		/* committed by both */
};

/**
 * struct ha_msg_rule - what is allowed of one type
 * @name: for people; NULL when the type is unknown
 * @body: exact length of the body
 * @payload_min, @payload_max: bytes; @payload_unit: and a multiple of
 * @phases: bit mask of enum ha_phase
 * @streams: bit mask of enum ha_stream_id
 */
struct ha_msg_rule {
	const char *name;
	u16	body;
	u32	payload_min;
	u32	payload_max;
	u32	payload_unit;
	u8	phases;
	u8	streams;
};

/** struct ha_head - decoded header */
struct ha_head {
	u16	type;
	u16	flags;
	u16	body;
	u32	payload;
	u32	tag;
	u64	sequence;
	u32	crc;
};

/** ha_msg_rule - rule of a type, or NULL for an unknown or reserved one */
const struct ha_msg_rule *ha_msg_rule(u16 type);

/** ha_msg_name - name for log lines; "unknown" when there is none */
const char *ha_msg_name(u16 type);

/** ha_head_encode - fill @w with a crc of zero; ha_head_crc() computes it */
void ha_head_encode(struct ha_wire_head *w, u16 type, u16 flags, u16 body,
		    u32 payload, u32 tag, u64 sequence);

/**
 * ha_head_crc - value of the crc field
 * @payload_sum: ha_payload_sum() of the payload; ~0 when there is none
 *
 * The crc runs over payload, header (crc field as zero) and body, in this
 * order, so that a sender can sum the payload before it knows the sequence
 * number.
 */
u32 ha_head_crc(const struct ha_wire_head *w, const void *body,
		u32 payload_sum);

/**
 * ha_head_decode - check a header before anything else is read
 * @tag: the session tag expected (0 before there is a session)
 * @sequence: the sequence number expected
 * @why: set to a sentence when refused
 *
 * Return: 0; -EPROTO bad magic, wrong tag, sequence, phase or stream;
 * -EOPNOTSUPP unknown type; -EMSGSIZE a length out of its bounds.
 */
int ha_head_decode(const struct ha_wire_head *w, enum ha_phase phase,
		   unsigned int stream, u32 tag, u64 sequence,
		   struct ha_head *h, const char **why);

/**
 * ha_op_check - are these HA_OP_* known, and do they make sense with this type?
 * @type: WRITE, FLUSH or READ
 * Return: 0 or -EINVAL.
 */
int ha_op_check(u16 type, u32 op);

/**
 * ha_text_clean - make a text of the peer fit for logs and terminals
 * Ends it at its last byte, replaces what is not printable ASCII.
 */
void ha_text_clean(u8 *text, u32 size);

/**
 * ha_io_check - does a decoded WRITE, READ or RESYNC range make sense?
 * @data_sectors: size of the device
 * Return: 0 or -EINVAL: zero length, not a multiple of 512, beyond the end, or
 * longer than allowed (payload messages: HA_WIRE_MAX_PAYLOAD; zeroes: 64 MiB);
 * for WRITE with data @payload must equal the length, else be 0.  A READ or a
 * RESYNC_REQUEST is answered with a payload: pass true and its length twice.
 */
int ha_io_check(u64 sector, u32 length, u32 payload, bool has_payload,
		u64 data_sectors);

/**
 * ha_io_aligned - can a disk with these logical blocks do it at all?
 * @block: bytes, a power of two; a disk that is asked for parts of one fails
 */
static inline bool ha_io_aligned(u64 sector, u32 length, u32 block)
{
	return !((sector << 9 | length) & (block - 1));
}

#endif
