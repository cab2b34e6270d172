// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes that arrive on a stream become messages.  Knows nothing of sockets but
 * the form in which they hand over bytes, nor of what a message means.
 */
#include <linux/skbuff.h>

#include "inflow.h"

void ha_inflow_init(struct ha_inflow *in, unsigned int stream, u32 tag,
		    u64 sequence)
{
	in->stream = stream;
	in->tag = tag;
	in->sequence = sequence;
	in->state = HA_IN_BYTES;
	in->have = 0;
	in->total = HA_WIRE_HEAD;
	in->payload = NULL;
}

void ha_inflow_break(struct ha_inflow *in, int err, const char *why)
{
	if (in->state == HA_IN_BROKEN)
		return;
	in->state = HA_IN_BROKEN;
	in->err = err;
	in->why = why;
}

/* Where the next bytes go, and how many may: within one part, one page. */
static void *place(struct ha_inflow *in, u32 *len)
{
	u32 lead = HA_WIRE_HEAD + in->head.body, at;

	if (in->have < HA_WIRE_HEAD) {
		*len = HA_WIRE_HEAD - in->have;
		return (u8 *)&in->wire + in->have;
	}
	if (in->have < lead) {
		*len = lead - in->have;
		return in->body + in->have - HA_WIRE_HEAD;
	}
	at = in->have - lead;
	*len = min_t(u32, PAGE_SIZE - offset_in_page(at), in->total - in->have);
	return page_address(in->payload->page[at / PAGE_SIZE]) +
	       offset_in_page(at);
}

static void check_crc(struct ha_inflow *in)
{
	u32 sum = in->payload ? ha_payload_sum(in->payload) : ~0u;

	if (ha_head_crc(&in->wire, in->body, sum) == in->head.crc)
		in->state = HA_IN_READY;
	else
		ha_inflow_break(in, -EBADMSG,
				"wrong checksum: the network changed the data");
}

u32 ha_inflow_feed(struct ha_inflow *in, struct sk_buff *skb, u32 offset,
		   u32 len)
{
	u32 used = 0, part;
	void *to;

	while (in->state == HA_IN_BYTES && used < len) {
		to = place(in, &part);
		part = min(part, len - used);
		if (skb_copy_bits(skb, offset + used, to, part)) {
			ha_inflow_break(in, -EFAULT, "unreadable data");
			break;
		}
		used += part;
		in->have += part;
		if (in->have < in->total)
			continue;
		if (in->total == HA_WIRE_HEAD)
			in->state = HA_IN_DECODE;
		else
			check_crc(in);
	}
	return used;
}

void ha_inflow_decode(struct ha_inflow *in, enum ha_phase phase)
{
	const char *why = NULL;
	int err;

	err = ha_head_decode(&in->wire, phase, in->stream, in->tag,
			     in->sequence, &in->head, &why);
	if (err) {
		ha_inflow_break(in, err, why);
		return;
	}
	in->total = HA_WIRE_HEAD + in->head.body + in->head.payload;
	if (in->head.payload)
		in->payload = ha_payload_try_alloc(in->head.payload, true);
	if (in->head.payload && !in->payload)
		in->state = HA_IN_PAGES;
	else if (in->total == HA_WIRE_HEAD)
		check_crc(in);
	else
		in->state = HA_IN_BYTES;
}

void ha_inflow_pages(struct ha_inflow *in, struct ha_payload *p)
{
	in->payload = p;
	in->state = HA_IN_BYTES;
}

void ha_inflow_next(struct ha_inflow *in)
{
	ha_inflow_init(in, in->stream, in->tag, in->sequence + 1);
}
