// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exchange of dirty bits that begins a resync: both sides send the union of
 * the bits that concern the two replicas, and set what they receive.
 */
#include <linux/slab.h>
#include "connection.h"
#include "flush.h"
#include "resync.h"
#include "workqueues.h"

#define RUN_BYTES (64u << 10)	/* of bits in one message */

/* Bits of our slot and of the peer's, as one. */
static bool collect(struct ha_resync *r, u64 first, u32 words, __le64 *out,
		    __le64 *tmp)
{
	struct ha_resource *res = r->s->res;
	bool any = false;
	u32 i;

	ha_bitmap_copy_words(r->disk, res->node_id, first, words, out);
	ha_bitmap_copy_words(r->disk, r->s->peer->node_id, first, words, tmp);
	for (i = 0; i < words; i++) {
		out[i] |= tmp[i];
		any |= out[i] != 0;
	}
	return any;
}

static void send_run(struct ha_resync *r, u64 first, u32 words,
		     const __le64 *bits)
{
	u32 len = words * 8, done = 0, i;
	struct ha_payload *p = ha_payload_alloc(len, true);
	struct ha_wire_bitmap w = {
		.first = cpu_to_le64(first),
		.bits = cpu_to_le32(words * 64),
		.suspect = cpu_to_le32(r->digest || r->disk->suspect),
	};

	for (i = 0; i < p->nr; i++) {
		u32 n = min_t(u32, PAGE_SIZE, len - done);

		memcpy(page_address(p->page[i]), (const u8 *)bits + done, n);
		done += n;
	}
	ha_resync_send(r, HA_MSG_BITMAP, &w, sizeof(w), p);
	ha_payload_put(p);
}

/* The target's own bits are the ones it works by: both kinds go there. */
static void unite_own(struct ha_resync *r, u64 first, u32 words,
		      const __le64 *bits)
{
	ha_bitmap_or_words(r->disk, ha_resync_slot(r), first, words, bits);
}

static int send_bits(struct ha_resync *r)
{
	u32 max = RUN_BYTES / 8, words;
	u64 bits = r->disk->super.layout.bits, first;
	__le64 *out, *tmp;

	out = kvmalloc(RUN_BYTES, GFP_NOIO);
	tmp = kvmalloc(RUN_BYTES, GFP_NOIO);
	if (!out || !tmp) {
		kvfree(out);
		kvfree(tmp);
		return -ENOMEM;
	}
	for (first = 0; first < bits && !READ_ONCE(r->stopped) && !r->s->dead;
	     first += (u64)words * 64) {
		words = min_t(u64, max, DIV_ROUND_UP_ULL(bits - first, 64));
		if (!collect(r, first, words, out, tmp))
			continue;
		unite_own(r, first, words, out);
		send_run(r, first, words, out);
		cond_resched();
	}
	kvfree(out);
	kvfree(tmp);
	return 0;
}

static bool set_base(struct ha_super *super, void *arg)
{
	struct ha_session *s = arg;

	super->lineage.slot[s->peer->node_id].base = s->theirs.current_gen;
	return true;
}

/*
 * Both sides' bits are here.  A full or a discarding sync: with all bits on
 * disk and the target's current as base, an interruption goes on as a bitmap
 * sync.
 */
int ha_resync_persist(struct ha_resync *r)
{
	struct ha_session *s = r->s;
	int err;

	if (!r->source || !s->theirs.current_gen ||
	    s->theirs.current_gen == s->mine.current_gen)
		return 0;
	if (!r->full && s->verdict.row != HA_ROW_DISCARD &&
	    s->verdict.row != HA_ROW_POLICY)
		return 0;
	err = ha_disk_write_bitmaps(r->disk);
	return err ?: ha_disk_update(r->disk, set_base, s, false);
}

/*
 * What this disk was thought to lack is the data now, and the peer lacks it:
 * that is on disk before our own slot forgets it.
 */
static int give_own_bits(struct ha_resync *r)
{
	u32 own = r->s->res->node_id;
	int err;

	if (!r->source || !ha_bitmap_weight(&r->disk->bitmap[own]))
		return 0;
	err = ha_disk_write_bitmaps(r->disk);
	if (!err)
		ha_bitmap_clear_all(r->disk, own);
	return err;
}

void ha_resync_exchange(struct ha_resync *r)
{
	struct ha_wire_bitmap_end end = { };
	int err = 0;

	if (!r->full && !r->digest)
		err = send_bits(r);
	err = err ?: give_own_bits(r);
	if (err) {
		ha_session_kill(r->s, "cannot begin the resync (%d)", err);
		return;
	}
	ha_resync_send(r, HA_MSG_BITMAP_END, &end, sizeof(end), NULL);
	/* For who then looks for bits: they are set before. */
	smp_store_release(&r->mine_done, true);
	ha_resync_kick(r->s);
}

/* Bits that are not only suspect: their regions go without digests. */
static void note_plain_run(struct ha_resync *r, u64 first, u32 words,
			   const __le64 *bits)
{
	const struct ha_layout *l = &r->disk->super.layout;
	unsigned long *plain = smp_load_acquire(&r->plain);	/* not before its bits */
	u32 i;

	for (i = 0; plain && i < words; i++) {
		u64 byte = (first + (u64)i * 64) << l->bit_shift;

		if (bits[i] && byte >> l->region_shift < l->regions)
			set_bit(byte >> l->region_shift, plain);
	}
}

int ha_resync_bits(struct ha_resync *r, const struct ha_wire_bitmap *w,
		   struct ha_payload *payload, const char **why)
{
	u64 first = le64_to_cpu(w->first), bits = r->disk->super.layout.bits;
	u32 words = le32_to_cpu(w->bits) / 64, done = 0, i;

	if (!payload || payload->len != words * 8 || first % 64 ||
	    first >= bits ||
	    (u64)words * 64 > round_up(bits, 64) - first || r->theirs_done) {
		*why = "a run of bits outside of the device";
		return -EPROTO;
	}
	for (i = 0; i < payload->nr; i++) {
		u32 n = min_t(u32, PAGE_SIZE / 8, words - done);

		ha_bitmap_or_words(r->disk, ha_resync_slot(r),
				   first + (u64)done * 64, n,
				   page_address(payload->page[i]));
		if (!w->suspect)
			note_plain_run(r, first + (u64)done * 64, n,
				       page_address(payload->page[i]));
		done += n;
	}
	return 0;
}
