/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that arrive on a stream become messages, however TCP cut them.
 */
#ifndef HA_INFLOW_H
#define HA_INFLOW_H

#include "payload.h"
#include "wire.h"

struct sk_buff;

/**
 * enum ha_inflow_state - what the message that is being received waits for
 * @HA_IN_BYTES: more bytes
 * @HA_IN_DECODE: its header is whole; ha_inflow_decode() says whether it is right
 * @HA_IN_PAGES: its payload needs pages, and none were free
 * @HA_IN_READY: it is whole and its checksum right: to be handled
 * @HA_IN_BROKEN: the stream is at its end, @err and @why say how
 */
enum ha_inflow_state {
	HA_IN_BYTES,
	HA_IN_DECODE,
	HA_IN_PAGES,
	HA_IN_READY,
	HA_IN_BROKEN,
};

/**
 * struct ha_inflow - the message that is being received
 * @have: bytes of header, body and payload, in this order
 * @total: of this message; that of the header until that is decoded
 * @sequence: number that the next message must have
 * @payload: NULL, or a reference for whoever handles the message
 * @stream, @tag: what the header must say
 *
 * @state and the rest change under the socket lock.  In HA_IN_READY the message
 * belongs to the stream's thread, without it.
 */
struct ha_inflow {
	enum ha_inflow_state	state;
	u32			have;
	u32			total;
	u64			sequence;
	unsigned int		stream;
	u32			tag;
	struct ha_wire_head	wire;
	struct ha_head		head;
	struct ha_payload	*payload;
	int			err;
	const char		*why;
	u8			body[HA_WIRE_MAX_BODY];
};

/** ha_inflow_init - before the first message; the handshake used @sequence - 1 */
void ha_inflow_init(struct ha_inflow *in, unsigned int stream, u32 tag,
		    u64 sequence);

/**
 * ha_inflow_feed - take bytes from @skb until the state is no longer HA_IN_BYTES
 * @offset, @len: which bytes of @skb there are
 *
 * Context: any; the caller holds the socket lock.
 * Return: how many bytes were taken.
 */
u32 ha_inflow_feed(struct ha_inflow *in, struct sk_buff *skb, u32 offset,
		   u32 len);

/** ha_inflow_type - what the header in HA_IN_DECODE says it is, unchecked */
static inline u16 ha_inflow_type(const struct ha_inflow *in)
{
	return le16_to_cpu(in->wire.type);
}

/**
 * ha_inflow_decode - from HA_IN_DECODE: check the header, go on in @phase
 * Leaves HA_IN_BYTES, HA_IN_PAGES, HA_IN_READY (nothing follows) or HA_IN_BROKEN.
 */
void ha_inflow_decode(struct ha_inflow *in, enum ha_phase phase);

/** ha_inflow_pages - from HA_IN_PAGES: here they are, with their reference */
void ha_inflow_pages(struct ha_inflow *in, struct ha_payload *p);

/** ha_inflow_next - the message was handled: the next one begins */
void ha_inflow_next(struct ha_inflow *in);

/** ha_inflow_break - no message comes any more; the first reason stands */
void ha_inflow_break(struct ha_inflow *in, int err, const char *why);

#endif
