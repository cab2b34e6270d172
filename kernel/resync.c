// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a resync: start, exchange of bits, the driver's choice of chunks,
 * pause and stop.
 */
#include <linux/slab.h>
#include "connection.h"
#include "flush.h"
#include "resync.h"
#include "workqueues.h"

/* How long after its last write an application is busy; writes that hang are not. */
#define BUSY_FOR	(HZ / 5)
#define BUSY_WRITING	(2 * HZ)
#define LOOK_MS		10	/* while nothing may be begun beside it */

static void resync_free(struct kref *ref)
{
	struct ha_resync *r = container_of(ref, struct ha_resync, ref);

	ha_disk_put(r->disk);
	ha_session_put(r->s);
	kvfree(r->plain);
	kfree(r);
}

void ha_resync_put(struct ha_resync *r)
{
	kref_put(&r->ref, resync_free);
}

struct ha_resync *ha_resync_get(struct ha_session *s)
{
	struct ha_resync *r;
	unsigned long flags;

	spin_lock_irqsave(&s->res->state_lock, flags);
	r = s->resync;
	if (r)
		kref_get(&r->ref);
	spin_unlock_irqrestore(&s->res->state_lock, flags);
	return r;
}

/* The source's bits for the target; the target's own bits. */
u32 ha_resync_slot(const struct ha_resync *r)
{
	return r->source ? r->s->peer->node_id : r->s->res->node_id;
}

static bool knows_bits(const struct ha_resync *r)
{
	return smp_load_acquire(&r->mine_done) &&	/* bits are read later */
	       smp_load_acquire(&r->theirs_done);	/* the same */
}

bool ha_resync_knows_bits(const struct ha_session *s)
{
	lockdep_assert_held(&s->res->state_lock);
	return s->resync && knows_bits(s->resync);
}

bool ha_resync_left(const struct ha_session *s)
{
	return READ_ONCE(s->peer->disk_state) < HA_INCONSISTENT;
}

bool ha_resync_drives(const struct ha_resync *r)
{
	const struct ha_resource *res = r->s->res;

	if (res->role == HA_PRIMARY)
		return true;
	if (r->s->peer->role == HA_PRIMARY ||
	    time_before(jiffies, READ_ONCE(r->yield_until)))
		return false;
	return r->source;
}

void ha_resync_send(struct ha_resync *r, u16 type, const void *body, u16 len,
		    struct ha_payload *payload)
{
	struct ha_stream *st = &r->s->stream[HA_STREAM_RESYNC];
	struct ha_msg *msg = kmalloc(sizeof(*msg), GFP_NOIO);

	if (!msg) {
		ha_session_kill(r->s, "no memory for resync");
		return;
	}
	if (payload)
		ha_payload_get(payload);
	ha_msg_init(msg, type, body, len, payload, ha_msg_free);
	ha_stream_send(st, msg, true);
}

int ha_resync_io(struct ha_resync *r, u64 sector, struct ha_payload *p,
		 blk_opf_t opf)
{
	struct bio *bio;
	int err;

	bio = bio_alloc(r->disk->data.bdev, p->nr, opf, GFP_NOIO);
	bio->bi_iter.bi_sector = sector;
	ha_payload_fill_bio(p, bio, 0, p->len);
	err = submit_bio_wait(bio);
	bio_put(bio);
	if (err)
		ha_disk_fail(r->disk, op_is_write(opf) ? "resync write" :
			     "resync read", err);
	return err;
}

/* Regions in which the source has bits of its own, not only suspect ones. */
static void note_plain(struct ha_resync *r)
{
	struct ha_disk *d = r->disk;
	const struct ha_layout *l = &d->super.layout;
	u64 first, count, bit = 0;
	unsigned long *plain;

	if (r->full || !(r->s->features & HA_FEATURE_DIGEST))
		return;
	plain = kvcalloc(BITS_TO_LONGS(l->regions), sizeof(long), GFP_NOIO);
	while (plain && !r->digest && !d->suspect &&
	       ha_bitmap_next(d, r->s->peer->node_id, bit, l->bits, &first,
			      &count)) {
		u64 from = first << l->bit_shift >> l->region_shift;
		u64 to = (((first + count) << l->bit_shift) - 1) >>
			 l->region_shift;

		bitmap_set(plain, from, to - from + 1);
		bit = first + count;
	}
	/* From here on the receiver sets bits in it, too. */
	smp_store_release(&r->plain, plain);
}

static void start_work(struct work_struct *work)
{
	struct ha_resync *r = container_of(work, struct ha_resync, start_work);

	if (r->source)
		note_plain(r);
	if (r->full || r->digest)
		ha_bitmap_set_all(r->disk, ha_resync_slot(r));
	ha_resync_exchange(r);
	ha_resync_put(r);
}

static void drive_work(struct work_struct *work);

static struct ha_resync *resync_alloc(struct ha_session *s)
{
	enum ha_verdict_code code = s->verdict.code;
	struct ha_resync *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return NULL;
	kref_init(&r->ref);
	r->s = ha_session_get(s);
	r->source = ha_verdict_is_source(code);
	/* Bits of other sizes cannot be united: then everything is dirty. */
	r->full = code == HA_V_SOURCE_FULL || code == HA_V_TARGET_FULL ||
		  s->mine.bit_shift != s->theirs.bit_shift;
	r->digest = code == HA_V_SOURCE_DIGEST || code == HA_V_TARGET_DIGEST;
	spin_lock_init(&r->lock);
	mutex_init(&r->hashing);
	ha_digest_key(s, r->source, r->key);
	INIT_LIST_HEAD(&r->chunks);
	INIT_WORK(&r->start_work, start_work);
	INIT_DELAYED_WORK(&r->drive_work, drive_work);
	INIT_WORK(&r->end_work, ha_resync_end_work);
	r->started = jiffies;
	r->sample_time = r->started;
	r->yield_until = r->started;
	return r;
}

void ha_resync_start(struct ha_session *s)
{
	struct ha_resource *res = s->res;
	struct ha_resync *r = resync_alloc(s);

	if (!r) {
		ha_session_kill(s, "no memory for resync");
		return;
	}
	spin_lock_irq(&res->state_lock);
	/* A session that dies later finds the resync, and stops it. */
	r->disk = READ_ONCE(s->dead) ? NULL : res->disk;
	if (r->disk) {
		ha_disk_get(r->disk);
		kref_get(&r->ref);	/* start_work's */
		s->resync = r;
		s->peer->resync_moved = 0;
	}
	spin_unlock_irq(&res->state_lock);
	if (!r->disk) {
		ha_session_put(r->s);
		kfree(r);
		return;
	}
	queue_work(ha_wq_resync, &r->start_work);
}

void ha_resync_stop(struct ha_session *s)
{
	struct ha_resync *r;

	spin_lock_irq(&s->res->state_lock);
	r = s->resync;
	s->resync = NULL;
	spin_unlock_irq(&s->res->state_lock);
	if (!r)
		return;
	spin_lock_irq(&r->lock);
	r->stopped = true;
	spin_unlock_irq(&r->lock);
	if (cancel_work_sync(&r->start_work))
		ha_resync_put(r);
	cancel_delayed_work_sync(&r->drive_work);
	cancel_work_sync(&r->end_work);
	ha_chunks_abort(r);
	ha_resync_put(r);
}

static bool paused(struct ha_resync *r)
{
	struct ha_peer *peer = r->s->peer;
	struct ha_resource *res = r->s->res;
	bool p;

	spin_lock_irq(&res->state_lock);
	p = peer->paused || peer->peer_paused || ha_resync_left(r->s);
	if (peer->repl != HA_OFF && peer->repl != HA_ESTABLISHED)
		ha_set_repl(peer, r->source ?
			    (p ? HA_PAUSED_SYNC_S : HA_SYNC_SOURCE) :
			    (p ? HA_PAUSED_SYNC_T : HA_SYNC_TARGET));
	spin_unlock_irq(&res->state_lock);
	return p;
}

/* Milliseconds to wait so that the cap on the rate holds; 0: go on. */
static unsigned int rate_delay(struct ha_resync *r)
{
	u64 rate = READ_ONCE(r->s->res->opt.resync_rate);
	u64 ms, due;

	if (!rate)
		return 0;
	ms = jiffies_to_msecs(jiffies - r->started);
	due = div64_u64(r->moved * 1000, rate);
	return due > ms ? min_t(u64, due - ms, 1000) : 0;
}

static struct ha_pace_step pace(struct ha_resync *r)
{
	struct ha_resource *res = r->s->res;
	struct ha_pace_step step;
	unsigned long until;

	spin_lock_irq(&res->state_lock);
	until = res->last_write + (res->inflight ? BUSY_WRITING : BUSY_FOR);
	step = ha_pace_step(&res->pace, res->last_write &&
			    time_before(jiffies, until));
	spin_unlock_irq(&res->state_lock);
	return step;
}

/* The same so that the application gets its share. */
static unsigned int rest_delay(struct ha_resync *r,
			       const struct ha_pace_step *step)
{
	unsigned int ms = jiffies_to_msecs(jiffies - r->began);

	if (!step->out)
		return LOOK_MS;
	return ms < step->rest_ms ? step->rest_ms - ms : 0;
}

/* Take the next run of bits that no chunk has; false: none now. */
static bool next_chunk(struct ha_resync *r, u32 bytes, u64 *sector,
		       u64 *sectors)
{
	const struct ha_layout *l = &r->disk->super.layout;
	u64 first, count, max, offset, size = l->data_sectors;
	unsigned int shift = l->bit_shift - SECTOR_SHIFT;

	max = max_t(u64, 1, bytes >> l->bit_shift);
	if (!ha_bitmap_next(r->disk, ha_resync_slot(r), r->cursor, max, &first,
			    &count)) {
		/* Bits behind the cursor wait until all chunks are home. */
		if (!r->cursor || READ_ONCE(r->inflight))
			return false;
		r->cursor = 0;
		if (!ha_bitmap_next(r->disk, ha_resync_slot(r), 0, max, &first,
				    &count))
			return false;
	}
	/* Tokens of parts must be the token of the whole: one bitmap block. */
	div64_u64_rem(first, HA_META_BITS, &offset);
	count = min(count, HA_META_BITS - offset);
	r->cursor = first + count;
	*sector = first << shift;
	if (*sector >= size)
		return false;
	*sectors = min(count << shift, size - *sector);
	return true;
}

static bool complete_now(struct ha_resync *r)
{
	bool end;

	spin_lock_irq(&r->lock);
	end = r->source && !r->ending && !r->inflight && !r->stopped &&
	      !ha_bitmap_weight(&r->disk->bitmap[ha_resync_slot(r)]);
	if (end)
		r->ending = true;
	spin_unlock_irq(&r->lock);
	return end;
}

static bool ready(struct ha_resync *r)
{
	int err;

	if (READ_ONCE(r->stopped) || READ_ONCE(r->s->dead) || !knows_bits(r))
		return false;
	if (!r->persisted) {
		err = ha_resync_persist(r);
		if (err) {
			ha_session_kill(r->s, "cannot begin the resync (%d)",
					err);
			return false;
		}
		r->persisted = true;
	}
	return !paused(r);
}

static void drive_work(struct work_struct *work)
{
	struct ha_resync *r = container_of(to_delayed_work(work),
					   struct ha_resync, drive_work);
	struct ha_pace_step step;
	u64 sector, sectors;
	unsigned int delay;

	while (ready(r)) {
		if (complete_now(r)) {
			queue_work(ha_wq_resync, &r->end_work);
			return;
		}
		step = pace(r);
		if (!ha_resync_drives(r) ||
		    (step.out && READ_ONCE(r->inflight) >= step.out))
			return;
		delay = max(rate_delay(r), rest_delay(r, &step));
		if (delay) {
			ha_resync_drive(r, msecs_to_jiffies(delay));
			return;
		}
		if (!next_chunk(r, step.bytes, &sector, &sectors))
			return;
		r->began = jiffies;
		r->moved += sectors << SECTOR_SHIFT;
		ha_chunk_start(r, sector, sectors);
		cond_resched();
	}
}

/* Never after ha_resync_stop() has cancelled it: the work holds no reference. */
void ha_resync_drive(struct ha_resync *r, unsigned long delay)
{
	unsigned long flags;

	spin_lock_irqsave(&r->lock, flags);
	if (!r->stopped)
		mod_delayed_work(ha_wq_resync, &r->drive_work, delay);
	spin_unlock_irqrestore(&r->lock, flags);
}

void ha_resync_kick(struct ha_session *s)
{
	struct ha_resync *r = ha_resync_get(s);

	if (!r)
		return;
	ha_resync_drive(r, 0);
	ha_resync_put(r);
}

int ha_resync_yield(struct ha_session *s, u32 timeout_ms)
{
	struct ha_resync *r = ha_resync_get(s);
	long left;

	if (!r)
		return 0;
	/* Long enough for its promotion, which then shows in its role. */
	spin_lock_irq(&r->lock);
	r->yield_until = jiffies + 10 * HZ;
	spin_unlock_irq(&r->lock);
	left = wait_event_timeout(s->wait, !READ_ONCE(r->inflight) ||
				  READ_ONCE(s->dead),
				  msecs_to_jiffies(timeout_ms));
	ha_resync_put(r);
	return left ? 0 : -ETIMEDOUT;
}

static int bits_end(struct ha_resync *r)
{
	/* For ha_resync_knows_bits(): the bits are set before. */
	smp_store_release(&r->theirs_done, true);
	ha_resync_kick(r->s);
	return 0;
}

static int dispatch(struct ha_resync *r, const struct ha_head *h,
		    const void *body, struct ha_payload **payload,
		    const char **why)
{
	const struct ha_wire_ack *ack = body;
	struct ha_payload *p = *payload;

	switch (h->type) {
	case HA_MSG_BITMAP:
		return ha_resync_bits(r, body, p, why);
	case HA_MSG_BITMAP_END:
		return bits_end(r);
	case HA_MSG_RESYNC_REQUEST:
		return ha_chunk_requested(r, body, why);
	case HA_MSG_RESYNC_DATA:
		*payload = NULL;
		return ha_target_data(r, body, p, why);
	case HA_MSG_RESYNC_ACK:
		ha_chunk_answered(r, le64_to_cpu(ack->id),
				  le32_to_cpu(ack->status));
		return 0;
	case HA_MSG_DIGEST:
		*payload = NULL;
		return ha_target_digest(r, body, p, why);
	case HA_MSG_DIGEST_ANSWER:
		return ha_chunk_digests(r, body, p, why);
	case HA_MSG_RESYNC_END:
		return ha_resync_end_received(r, body, why);
	case HA_MSG_RESYNC_END_ANSWER:
		return ha_resync_end_answered(r, body, why);
	}
	*why = "a resync message nobody handles";
	return -EPROTO;
}

int ha_resync_receive(struct ha_session *s, const struct ha_head *h,
		      const void *body, struct ha_payload *payload,
		      const char **why)
{
	struct ha_resync *r;
	int err = -EPROTO;

	/* Made before ha_session_up(), so before anything of it is let through. */
	r = ha_resync_get(s);
	if (!r)
		*why = "a resync message although there is no resync";
	if (r) {
		err = dispatch(r, h, body, &payload, why);
		ha_resync_put(r);
	}
	if (payload)
		ha_payload_put(payload);
	return err;
}

void ha_resync_kick_peer(struct ha_peer *peer)
{
	struct ha_session *s = ha_session_of(peer);

	if (!s)
		return;
	ha_resync_kick(s);
	ha_session_put(s);
}
