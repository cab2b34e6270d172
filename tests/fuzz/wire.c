// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: everything of a message that is decided by pure code. Header,
 * snapshot, history and ranges are decoded; what was believed must lie within
 * the bounds that the rest of the module relies on, and survive encoding.
 *
 * Input: phase and stream (1 byte), which fields to make right (1 byte), header,
 * body; of a snapshot, ours follows, for the verdict over both.
 */
#include "../../kernel/generation.h"
#include "../../kernel/meta_format.h"
#include "../../kernel/wire.h"
#include "fuzz.h"

enum { RIGHT_MAGIC = 1, RIGHT_BODY = 2, RIGHT_ORDER = 4, RIGHT_SPARE = 8 };

#define TAG		0x12345678u
#define SEQUENCE	7u
#define SECTORS_MAX	(1ull << 50)

static void make_right(struct ha_wire_head *w, unsigned int what)
{
	const struct ha_msg_rule *rule = ha_msg_rule(le16_to_cpu(w->type));

	if (what & RIGHT_MAGIC)
		w->magic = cpu_to_le32(HA_WIRE_MAGIC);
	if ((what & RIGHT_BODY) && rule)
		w->body = cpu_to_le16(rule->body);
	if (what & RIGHT_ORDER) {
		w->tag = cpu_to_le32(TAG);
		w->sequence = cpu_to_le64(SEQUENCE);
	}
	if (what & RIGHT_SPARE) {
		w->flags = 0;
		w->spare = 0;
	}
}

static void check_head(const struct ha_head *h)
{
	const struct ha_msg_rule *rule = ha_msg_rule(h->type);

	MUST(rule && rule->name);
	MUST(h->body == rule->body && h->body <= HA_WIRE_MAX_BODY);
	MUST(h->payload >= rule->payload_min);
	MUST(h->payload <= rule->payload_max);
	MUST(h->payload <= HA_WIRE_MAX_PAYLOAD);
	MUST(h->payload % rule->payload_unit == 0);
	MUST(h->tag == TAG && h->sequence == SEQUENCE && !h->flags);
}

static void check_range(u64 sector, u32 length, u32 payload, bool has_payload,
			u64 size)
{
	if (ha_io_check(sector, length, payload, has_payload, size))
		return;
	MUST(length && length % 512 == 0 && length <= 64u << 20);
	MUST(sector < size && length / 512 <= size - sector);
	MUST(payload == (has_payload ? length : 0));
	MUST(!has_payload || length <= HA_WIRE_MAX_PAYLOAD);
	MUST(ha_io_aligned(sector, length, 512));
	MUST(ha_io_aligned(sector, length, 4096) ==
	     (sector % 8 == 0 && length % 4096 == 0));
}

static void check_history(const struct ha_history_entry *list)
{
	unsigned int i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		MUST(list[i].node < HA_META_SLOTS);
		MUST(!i || !list[i].generation || list[i - 1].generation);
	}
}

static void check_snapshot(const struct ha_snapshot *s)
{
	struct ha_wire_snapshot w;
	struct ha_snapshot again;

	MUST(s->disk_state <= HA_UPTODATE);
	MUST(s->role == HA_PRIMARY || s->role == HA_SECONDARY);
	check_history(s->history);
	if (s->disk_state >= HA_INCONSISTENT) {
		MUST(s->data_sectors && s->data_sectors <= SECTORS_MAX);
		MUST(s->bit_shift >= HA_META_MIN_BIT_SHIFT && s->bit_shift < 64);
		MUST(s->region_shift >= HA_META_MIN_REGION_SHIFT &&
		     s->region_shift < 64);
		MUST((s->data_sectors >> (s->bit_shift - 9)) <=
		     HA_META_MAX_BITS);
	}
	ha_snapshot_encode(s, &w);
	MUST(!ha_snapshot_decode(&w, s->node_id, s->peer_id, &again));
	MUST(ha_snapshot_same_identity(s, &again));
}

/* Both sides must come to the same end, whatever the peer claims. */
static void check_verdict(const struct ha_snapshot *a,
			  const struct ha_snapshot *b)
{
	struct ha_verdict here = ha_verdict(a, b), there = ha_verdict(b, a);
	u64 time;

	MUST(here.code <= HA_V_REFUSE && here.row < HA_ROW_NR);
	MUST(ha_verdict_mirror(there.code) == here.code);
	MUST(here.row == there.row);
	MUST(ha_verdict_words(here.row));
	MUST(ha_diverged_at(a, b, &time) == ha_diverged_at(b, a, &time));
}

static void snapshots(struct input *in, const void *body)
{
	struct ha_snapshot theirs, mine;
	struct ha_wire_snapshot w;

	if (ha_snapshot_decode(body, 1, 0, &theirs))
		return;
	check_snapshot(&theirs);
	take(in, &w, sizeof(w));
	if (ha_snapshot_decode(&w, 0, 1, &mine))
		return;
	check_snapshot(&mine);
	check_verdict(&mine, &theirs);
}

static void check_op(u16 type, u32 op)
{
	if (ha_op_check(type, op))
		return;
	MUST(!(op & ~0x3fu));
	MUST(type == HA_MSG_WRITE || !(op & (HA_OP_ZEROES | HA_OP_UNMAP)));
	MUST(type != HA_MSG_READ || !(op & (HA_OP_FUA | HA_OP_PREFLUSH)));
	MUST(!(op & HA_OP_UNMAP) || (op & HA_OP_ZEROES));
}

static void io(const struct ha_head *h, const struct ha_wire_io *w)
{
	bool zeroes = le32_to_cpu(w->op) & HA_OP_ZEROES;

	check_range(le64_to_cpu(w->sector), le32_to_cpu(w->length), h->payload,
		    !zeroes, 1u << 17);
	check_range(le64_to_cpu(w->sector), le32_to_cpu(w->length), h->payload,
		    !zeroes, le64_to_cpu(w->position));
	check_op(h->type, le32_to_cpu(w->op));
}

/* What the peer says to people is a line of plain letters. */
static void text(u8 *letters, u32 size)
{
	ha_text_clean(letters, size);
	MUST(memchr(letters, 0, size));
	for (; *letters; letters++)
		MUST(*letters >= ' ' && *letters <= '~');
}

/* What was accepted comes out the same when it is made by us. */
static void encode_again(const struct ha_head *h)
{
	struct ha_wire_head w;
	struct ha_head again;
	const char *why;
	unsigned int phase, stream;
	bool accepted = false;

	MUST(strcmp(ha_msg_name(h->type), "unknown"));
	ha_head_encode(&w, h->type, h->flags, h->body, h->payload, h->tag,
		       h->sequence);
	for (phase = 0; phase <= HA_PHASE_UP; phase++)
		for (stream = 0; stream < HA_STREAM_MAX; stream++)
			accepted |= !ha_head_decode(&w, phase, stream, h->tag,
						    h->sequence, &again, &why);
	MUST(accepted && again.type == h->type && again.body == h->body &&
	     again.payload == h->payload);
}

static void body(struct input *in, const struct ha_head *h, void *bytes)
{
	const struct ha_wire_resync_end *end = bytes;
	struct ha_history_entry list[HA_META_HISTORY];

	switch (h->type) {
	case HA_MSG_SNAPSHOT:
		snapshots(in, bytes);
		break;
	case HA_MSG_RESYNC_END:
		if (!ha_history_decode(end->history, end->history_node,
				       end->history_time, list))
			check_history(list);
		break;
	case HA_MSG_REFUSED:
		text(((struct ha_wire_text *)bytes)->text, 124);
		break;
	case HA_MSG_PROMOTE_ANSWER:
	case HA_MSG_SKIP_SYNC_ANSWER:
	case HA_MSG_LOSE_SLOT_ANSWER:
		text(((struct ha_wire_answer *)bytes)->text, 108);
		break;
	case HA_MSG_WRITE:
	case HA_MSG_FLUSH:
	case HA_MSG_READ:
		io(h, bytes);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned int where = take_byte(&in), right = take_byte(&in);
	_Alignas(8) u8 bytes[HA_WIRE_MAX_BODY];
	struct ha_wire_head w;
	const char *why = NULL;
	struct ha_head h;
	u8 *exact;

	take(&in, &w, sizeof(w));
	make_right(&w, right);
	if (ha_head_decode(&w, where & 7, where >> 3 & 3, TAG, SEQUENCE, &h,
			   &why)) {
		MUST(why && *why);
		return 0;
	}
	check_head(&h);
	encode_again(&h);
	/* No byte more than was announced: the sanitizer sees who reads on. */
	take(&in, bytes, h.body);
	exact = malloc(h.body);
	if (h.body)
		memcpy(exact, bytes, h.body);
	ha_head_crc(&w, exact, ~0u);
	body(&in, &h, exact);
	free(exact);
	return 0;
}
