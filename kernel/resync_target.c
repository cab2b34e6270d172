// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target's side of resync: data is written, digests are compared, and own
 * bits are cleared for what is on the disk.
 */
#include <linux/slab.h>
#include "resync.h"
#include "workqueues.h"

/*
 * struct target_io - one RESYNC_DATA or DIGEST being worked on
 * @s: reference, until the answer is with the socket
 * @held: bytes of the stream's window
 * @msg: the answer
 */
struct target_io {
	struct work_struct	work;
	struct ha_resync	*r;
	struct ha_session	*s;
	struct ha_wire_resync	wire;
	struct ha_payload	*payload;
	u32			held;
	struct ha_msg		msg;
};

static u64 sector_of(const struct target_io *t)
{
	return le64_to_cpu(t->wire.sector);
}

static u32 len_of(const struct target_io *t)
{
	return le32_to_cpu(t->wire.length);
}

static void answer_sent(struct ha_msg *msg, int err)
{
	struct target_io *t = container_of(msg, struct target_io, msg);

	if (msg->payload)
		ha_payload_put(msg->payload);
	ha_stream_release(&t->s->stream[HA_STREAM_RESYNC], t->held);
	ha_session_put(t->s);
	kfree(t);
}

/* The disk has done it.  Whoever goes on has a reference of the resync. */
static void disk_done(struct target_io *t)
{
	struct ha_peer *peer = t->s->peer;

	if (atomic_dec_and_test(&peer->mirror_writes))
		wake_up_all(&peer->mirror_wait);
	if (t->payload)
		ha_payload_put(t->payload);
}

/* @payload: taken over; @t may be gone when this returns */
static void answer(struct target_io *t, u16 type, const void *body, u16 len,
		   struct ha_payload *payload)
{
	struct ha_session *s = ha_session_get(t->s);

	ha_msg_init(&t->msg, type, body, len, payload, answer_sent);
	ha_stream_send(&s->stream[HA_STREAM_RESYNC], &t->msg, true);
	ha_session_put(s);
}

/*
 * The blocks are the source's now, in a cache that may be volatile: marks for
 * our disk and, until the source has flushed, for the source's.
 */
static void blocks_good(struct ha_resync *r, u64 sector, u64 sectors,
			const u32 token[2])
{
	u32 own = r->s->res->node_id, slot = r->s->peer->node_id;

	ha_marks_note(r->disk, own, sector, sectors);
	ha_marks_note(r->disk, slot, sector, sectors);
	ha_bitmap_clear(r->disk, own, sector, sectors, token[0]);
	ha_bitmap_clear(r->disk, slot, sector, sectors, token[1]);
}

static void tokens(struct ha_resync *r, u64 sector, u64 sectors, u32 token[2])
{
	token[0] = ha_bitmap_token(r->disk, r->s->res->node_id, sector,
				   sectors);
	token[1] = ha_bitmap_token(r->disk, r->s->peer->node_id, sector,
				   sectors);
}

static void data_work(struct work_struct *work)
{
	struct target_io *t = container_of(work, struct target_io, work);
	struct ha_wire_ack ack = { .id = t->wire.id };
	u32 flags = le32_to_cpu(t->wire.flags);
	u64 sector = sector_of(t), sectors = len_of(t) >> SECTOR_SHIFT;
	struct ha_resync *r = t->r;
	struct ha_chunk *c;
	u32 token[2];
	int err;

	tokens(r, sector, sectors, token);
	if (flags & HA_RS_ZERO)
		err = ha_zero_out(r->disk->data.bdev, sector, sectors, true,
				  false);
	else
		err = ha_resync_io(r, sector, t->payload, REQ_OP_WRITE);
	if (err)
		ha_disk_fail(r->disk, "resync write", err);
	else
		blocks_good(r, sector, sectors, token);
	ack.status = cpu_to_le32(-err);
	disk_done(t);
	answer(t, HA_MSG_RESYNC_ACK, &ack, sizeof(ack), NULL);
	if (flags & HA_RS_LAST) {
		/* Only a driving target has a chunk, with the range locked. */
		c = ha_chunk_find(r, le64_to_cpu(ack.id));
		if (c) {
			ha_chunk_end(c, false);
			ha_chunk_put(c);
		}
	}
	ha_resync_put(r);
}

static struct ha_payload *read_own(struct target_io *t)
{
	struct ha_payload *p = ha_payload_alloc(len_of(t), true);

	if (!ha_resync_io(t->r, sector_of(t), p, REQ_OP_READ))
		return p;
	ha_payload_put(p);
	return NULL;
}

/* A dirty bit of several blocks is clean only when all of them are. */
static void round_outwards(unsigned long *differ, u32 nr, u32 per_bit)
{
	u32 i;

	for (i = 0; per_bit > 1 && i < nr; i += per_bit)
		if (find_next_bit(differ, nr, i) < i + per_bit)
			bitmap_set(differ, i, min(per_bit, nr - i));
}

/* Set a bit in @differ for each block whose digest is another. */
static void compare(struct ha_resync *r, const struct ha_payload *own,
		    const u8 *theirs, unsigned long *differ)
{
	u8 *mine = kmalloc(HA_PAYLOAD_PAGES * HA_DIGEST_SIZE, GFP_NOIO);
	u32 i;

	if (!mine) {
		bitmap_set(differ, 0, own->nr);
		return;
	}
	ha_resync_digests(r, own, mine);
	for (i = 0; i < own->nr; i++)
		if (memcmp(mine + i * HA_DIGEST_SIZE,
			   theirs + i * HA_DIGEST_SIZE, HA_DIGEST_SIZE))
			__set_bit(i, differ);
	kfree(mine);
}

static void equal_blocks_good(struct ha_resync *r, u64 sector,
			      const unsigned long *differ, u32 nr,
			      u64 sectors, const u32 token[2])
{
	unsigned int start, end, per = HA_DIGEST_BLOCK >> SECTOR_SHIFT;

	for_each_clear_bitrange(start, end, differ, nr)
		blocks_good(r, sector + start * per,
			    min_t(u64, end * per, sectors) - start * per,
			    token);
}

static void digest_work(struct work_struct *work)
{
	struct target_io *t = container_of(work, struct target_io, work);
	DECLARE_BITMAP(differ, HA_PAYLOAD_PAGES);
	u64 sector = sector_of(t), sectors = len_of(t) >> SECTOR_SHIFT;
	struct ha_resync *r = t->r;
	struct ha_payload *own, *differing = NULL;
	u32 token[2];

	bitmap_zero(differ, HA_PAYLOAD_PAGES);
	tokens(r, sector, sectors, token);
	own = read_own(t);
	if (!own) {
		ha_session_kill(r->s, "cannot read the disk to compare");
		goto out;
	}
	compare(r, own, page_address(t->payload->page[0]), differ);
	round_outwards(differ, own->nr,
		       1u << (r->disk->super.layout.bit_shift - PAGE_SHIFT));
	equal_blocks_good(r, sector, differ, own->nr, sectors, token);
	differing = ha_payload_alloc(round_up(own->nr, 64) / 8, true);
	memcpy(page_address(differing->page[0]), differ, differing->len);
	ha_payload_put(own);
out:
	disk_done(t);
	if (differing) {
		answer(t, HA_MSG_DIGEST_ANSWER, &t->wire, sizeof(t->wire),
		       differing);
	} else {
		answer_sent(&t->msg, -EIO);
	}
	ha_resync_put(r);
}

static int start(struct ha_resync *r, const struct ha_wire_resync *w,
		 struct ha_payload *payload, work_func_t fn)
{
	struct target_io *t = kzalloc(sizeof(*t), GFP_NOIO);

	if (!t) {
		if (payload)
			ha_payload_put(payload);
		return -ENOMEM;
	}
	INIT_WORK(&t->work, fn);
	kref_get(&r->ref);
	t->r = r;
	t->s = ha_session_get(r->s);
	t->wire = *w;
	t->payload = payload;
	t->held = payload ? payload->len : 0;
	ha_stream_hold(&t->s->stream[HA_STREAM_RESYNC], t->held);
	atomic_inc(&r->s->peer->mirror_writes);
	queue_work(ha_wq_resync, &t->work);
	return 0;
}

static bool is_sane(struct ha_resync *r, const struct ha_wire_resync *w)
{
	return !r->source && ha_resync_range_ok(r, w);
}

/*
 * On a Primary only data that it asked for, with the range locked, is written:
 * what a source sends that still believes to be driving may be old.
 */
static bool may_write(struct ha_resync *r, const struct ha_wire_resync *w)
{
	struct ha_chunk *c;

	if (READ_ONCE(r->s->res->role) != HA_PRIMARY)
		return true;
	c = ha_chunk_find(r, le64_to_cpu(w->id));
	if (c)
		ha_chunk_put(c);
	return c;
}

int ha_target_data(struct ha_resync *r, const struct ha_wire_resync *w,
		   struct ha_payload *payload, const char **why)
{
	bool zero = le32_to_cpu(w->flags) & HA_RS_ZERO;

	*why = NULL;
	if (!is_sane(r, w) || !payload != zero ||
	    (payload && payload->len != le32_to_cpu(w->length)))
		*why = "resync data that makes no sense";
	else if (!may_write(r, w))
		*why = "resync data that this Primary did not ask for";
	if (*why) {
		if (payload)
			ha_payload_put(payload);
		return -EPROTO;
	}
	if (payload)
		ha_resync_moved(r, payload->len);
	*why = "no memory for resync";
	return start(r, w, payload, data_work);
}

int ha_target_digest(struct ha_resync *r, const struct ha_wire_resync *w,
		     struct ha_payload *payload, const char **why)
{
	u32 nr = DIV_ROUND_UP(le32_to_cpu(w->length), HA_DIGEST_BLOCK);

	if (!is_sane(r, w) || !payload ||
	    payload->len != nr * HA_DIGEST_SIZE) {
		*why = "digests that make no sense";
		if (payload)
			ha_payload_put(payload);
		return -EPROTO;
	}
	*why = "no memory for resync";
	return start(r, w, payload, digest_work);
}
