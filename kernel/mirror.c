// SPDX-License-Identifier: GPL-2.0-only
/*
 * The peer's writes, flushes and reads, carried out on our disk.
 *
 * A write counts in peer->mirror_writes until our disk has ended it, whatever
 * became of its session: no later handshake and no promotion begins before.
 */
#include <linux/delay.h>
#include "mirror.h"
#include "workqueues.h"

/*
 * struct ha_mirror - one I/O of the peer; in the front pad of @bio
 * @st: of @s; it came here, and its answer goes there
 * @status: errno of the disk's answer
 * @counted: in peer->mirror_writes
 */
struct ha_mirror {
	struct ha_session	*s;
	struct ha_stream	*st;
	struct ha_disk		*disk;
	struct ha_payload	*payload;
	u64			id;
	u64			sector;
	u64			sectors;
	u32			op;
	u16			type;
	int			status;
	bool			counted;
	bool			intent_held;
	u8			retries;
	struct ha_intent_wait	intent;
	struct work_struct	work;
	struct ha_msg		msg;
	struct bio		bio;
};

#define MAX_RETRIES 8

static struct bio_set mirror_bios;

int ha_mirror_init(void)
{
	return bioset_init(&mirror_bios, 64, offsetof(struct ha_mirror, bio),
			   BIOSET_NEED_BVECS);
}

void ha_mirror_exit(void)
{
	bioset_exit(&mirror_bios);
}

static struct ha_disk *get_disk(struct ha_resource *res)
{
	struct ha_disk *d = NULL;

	spin_lock_irq(&res->state_lock);
	if (res->disk && !res->disk->failed) {
		d = res->disk;
		ha_disk_get(d);
	}
	spin_unlock_irq(&res->state_lock);
	return d;
}

static struct ha_mirror *mirror_alloc(struct ha_stream *st,
				      const struct ha_wire_io *io, u16 type,
				      struct ha_payload *payload)
{
	struct ha_session *s = st->session;
	struct ha_mirror *m;
	struct bio *bio;

	bio = bio_alloc_bioset(NULL, payload ? payload->nr : 0, REQ_OP_READ,
			       GFP_NOIO, &mirror_bios);
	m = container_of(bio, struct ha_mirror, bio);
	memset(m, 0, offsetof(struct ha_mirror, msg));
	m->s = ha_session_get(s);
	m->st = st;
	m->disk = get_disk(s->res);
	m->payload = payload;
	m->id = le64_to_cpu(io->id);
	m->sector = le64_to_cpu(io->sector);
	m->sectors = le32_to_cpu(io->length) >> SECTOR_SHIFT;
	m->op = le32_to_cpu(io->op);
	m->type = type;
	ha_stream_hold(st, payload ? payload->len : 0);
	if (type != HA_MSG_READ) {
		atomic_inc(&s->peer->mirror_writes);
		m->counted = true;
	}
	return m;
}

static void mirror_free(struct ha_msg *msg, int err)
{
	struct ha_mirror *m = container_of(msg, struct ha_mirror, msg);

	ha_stream_release(m->st, m->payload ? m->payload->len : 0);
	if (m->payload)
		ha_payload_put(m->payload);
	if (m->disk)
		ha_disk_put(m->disk);
	ha_session_put(m->s);
	bio_put(&m->bio);
}

/* The disk has answered: tell the peer.  Any context. */
static void answer(struct ha_mirror *m, int status, bool may_send)
{
	struct ha_wire_ack ack = {
		.id = cpu_to_le64(m->id),
		.status = cpu_to_le32(status < 0 ? -status : status),
	};
	struct ha_peer *peer = m->s->peer;
	bool read = m->type == HA_MSG_READ;
	struct ha_session *s;

	if (m->intent_held)
		ha_intent_put(m->disk, m->sector, m->sectors);
	m->intent_held = false;
	if (m->counted && atomic_dec_and_test(&peer->mirror_writes))
		wake_up_all(&peer->mirror_wait);
	ha_msg_init(&m->msg, read ? HA_MSG_READ_DATA : HA_MSG_ACK, &ack,
		    sizeof(ack), read && !status ? m->payload : NULL,
		    mirror_free);
	/* @m, with its reference, may be gone before the call returns. */
	s = ha_session_get(m->s);
	ha_stream_send(m->st, &m->msg, may_send);
	ha_session_put(s);
}

static void submit(struct ha_mirror *m);

/* An error that says nothing about the disk: once more, a little later. */
static void retry_work(struct work_struct *work)
{
	struct ha_mirror *m = container_of(work, struct ha_mirror, work);

	msleep(20);
	bio_reset(&m->bio, m->disk->data.bdev, REQ_OP_READ);
	submit(m);
}

static void disk_done(struct ha_mirror *m, blk_status_t status)
{
	int err = blk_status_to_errno(status);

	if (ha_status_is_soft(status) && m->retries++ < MAX_RETRIES) {
		INIT_WORK(&m->work, retry_work);
		queue_work(ha_wq_resync, &m->work);
		return;
	}
	if (err)
		ha_disk_fail(m->disk, m->type == HA_MSG_READ ? "read" : "write",
			     err);
	if (!err && m->type == HA_MSG_WRITE)
		ha_marks_note(m->disk, m->s->res->node_id, m->sector,
			      m->sectors);
	answer(m, err, false);
}

static void mirror_end_io(struct bio *bio)
{
	disk_done(container_of(bio, struct ha_mirror, bio), bio->bi_status);
}

static void zero_work(struct work_struct *work)
{
	struct ha_mirror *m = container_of(work, struct ha_mirror, work);
	int err = ha_zero_out(m->disk->data.bdev, m->sector, m->sectors,
			      m->op & HA_OP_UNMAP, m->op & HA_OP_FUA);

	disk_done(m, errno_to_blk_status(err));
}

static void submit(struct ha_mirror *m)
{
	blk_opf_t opf = m->type == HA_MSG_READ ? REQ_OP_READ : REQ_OP_WRITE;

	if (m->type == HA_MSG_WRITE && (m->op & HA_OP_ZEROES)) {
		INIT_WORK(&m->work, zero_work);
		queue_work(ha_wq_resync, &m->work);
		return;
	}
	if (m->type == HA_MSG_FLUSH)
		opf |= REQ_PREFLUSH | REQ_SYNC;
	if (m->op & HA_OP_FUA)
		opf |= REQ_FUA;
	if (m->op & HA_OP_PREFLUSH)
		opf |= REQ_PREFLUSH;
	if (m->op & HA_OP_SYNC)
		opf |= REQ_SYNC;
	if (m->op & HA_OP_META)
		opf |= REQ_META;
	bio_set_dev(&m->bio, m->disk->data.bdev);
	m->bio.bi_opf = opf;
	m->bio.bi_iter.bi_sector = m->sector;
	m->bio.bi_end_io = mirror_end_io;
	if (m->payload)
		ha_payload_fill_bio(m->payload, &m->bio, 0, m->payload->len);
	submit_bio(&m->bio);
}

static void intent_ready(struct ha_intent_wait *w, int err)
{
	struct ha_mirror *m = container_of(w, struct ha_mirror, intent);

	m->intent_held = !err;
	if (err)
		answer(m, -EIO, true);
	else
		submit(m);
}

static int check_op(const struct ha_wire_io *io, u16 type, const char **why)
{
	if (!ha_op_check(type, le32_to_cpu(io->op)))
		return 0;
	*why = "I/O with flags that make no sense";
	return -EPROTO;
}

static int check(struct ha_session *s, const struct ha_wire_io *io,
		 u32 payload, bool has_payload, const char **why)
{
	u64 size = READ_ONCE(s->res->size_sectors);
	u64 sector = le64_to_cpu(io->sector);
	u32 length = le32_to_cpu(io->length);

	if (!ha_io_check(sector, length, payload, has_payload, size) &&
	    ha_io_aligned(sector, length, s->mine.logical_block ?: 1))
		return 0;
	*why = "I/O outside of the device";
	return -EPROTO;
}

/*
 * Slots that do not get this write: the Primary's own when it has no disk.
 * Their bits are set, and the intent kept here, before it is submitted.
 */
static bool note_missing(struct ha_mirror *m, const struct ha_wire_io *io)
{
	u32 slots = le32_to_cpu(io->not_sent);
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if ((slots & BIT(i)) && i != m->s->res->node_id &&
		    m->s->res->peer[i])
			ha_bitmap_set(m->disk, i, m->sector, m->sectors);
	return slots & BIT(m->s->peer->node_id);
}

/* Its STATE may still be behind on the control stream, but not ours. */
static int check_role(struct ha_session *s, const char **why)
{
	if (READ_ONCE(s->res->role) != HA_PRIMARY)
		return 0;
	*why = "a write to a Primary";
	return -EPROTO;
}

int ha_mirror_write(struct ha_stream *st, const struct ha_wire_io *io,
		    struct ha_payload *payload, const char **why)
{
	bool zeroes = le32_to_cpu(io->op) & HA_OP_ZEROES;
	struct ha_session *s = st->session;
	struct ha_mirror *m;
	int err;

	err = check_op(io, HA_MSG_WRITE, why);
	err = err ?: check(s, io, payload ? payload->len : 0, !zeroes, why);
	err = err ?: check_role(s, why);
	if (err) {
		if (payload)
			ha_payload_put(payload);
		return err;
	}
	m = mirror_alloc(st, io, HA_MSG_WRITE, payload);
	atomic64_add(le32_to_cpu(io->length), &s->peer->received);
	if (!m->disk) {
		answer(m, -EIO, true);
		return 0;
	}
	if (note_missing(m, io)) {
		if (!ha_intent_get(m->disk, &m->intent, m->sector, m->sectors,
				   intent_ready))
			return 0;
		m->intent_held = true;
	}
	submit(m);
	return 0;
}

int ha_mirror_flush(struct ha_stream *st, const struct ha_wire_io *io,
		    const char **why)
{
	int err = check_op(io, HA_MSG_FLUSH, why);
	struct ha_mirror *m;

	if (!err && io->length) {
		*why = "a flush with a length";
		err = -EPROTO;
	}
	if (err)
		return err;
	m = mirror_alloc(st, io, HA_MSG_FLUSH, NULL);
	if (m->disk)
		submit(m);
	else
		answer(m, -EIO, true);
	return 0;
}

int ha_mirror_read(struct ha_stream *st, const struct ha_wire_io *io,
		   const char **why)
{
	u32 len = le32_to_cpu(io->length);
	struct ha_session *s = st->session;
	struct ha_mirror *m;
	int err;

	err = check_op(io, HA_MSG_READ, why);
	err = err ?: check(s, io, len, true, why);
	if (err)
		return err;
	m = mirror_alloc(st, io, HA_MSG_READ, ha_payload_alloc(len, true));
	if (m->disk && READ_ONCE(s->res->disk_state) == HA_UPTODATE)
		submit(m);
	else
		answer(m, -EIO, true);
	return 0;
}
