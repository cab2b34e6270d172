// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chunks: on the source from the read to the target's answer, on a
 * driving target from the request to the data.
 */
#include <linux/slab.h>
#include "resync.h"
#include "workqueues.h"

#define SERVED_MAX	32u	/* twice what a driver of ours has out */

static void chunk_free(struct kref *ref)
{
	struct ha_chunk *c = container_of(ref, struct ha_chunk, ref);

	if (c->payload)
		ha_payload_put(c->payload);
	ha_resync_put(c->r);
	kfree(c);
}

void ha_chunk_put(struct ha_chunk *c)
{
	kref_put(&c->ref, chunk_free);
}

struct ha_chunk *ha_chunk_find(struct ha_resync *r, u64 id)
{
	struct ha_chunk *c, *found = NULL;

	spin_lock_irq(&r->lock);
	list_for_each_entry(c, &r->chunks, node) {
		if (c->id == id && c->waiting) {
			kref_get(&c->ref);
			found = c;
			break;
		}
	}
	spin_unlock_irq(&r->lock);
	return found;
}

void ha_chunk_end(struct ha_chunk *c, bool clear)
{
	struct ha_resync *r = c->r;
	struct ha_resource *res = r->s->res;
	u32 slot = r->s->peer->node_id;
	bool first;

	spin_lock_irq(&r->lock);
	first = !c->ended;
	c->ended = true;
	spin_unlock_irq(&r->lock);
	if (!first)
		return;
	if (clear) {
		/* Both caches may be volatile: what was read here, too. */
		ha_marks_note(r->disk, slot, c->sector, c->sectors);
		ha_marks_note(r->disk, res->node_id, c->sector, c->sectors);
		ha_bitmap_clear(r->disk, slot, c->sector, c->sectors, c->token);
	}
	if (c->locked)
		ha_range_unlock(&res->ranges, &c->range);
	spin_lock_irq(&r->lock);
	list_del(&c->node);
	r->inflight--;
	spin_unlock_irq(&r->lock);
	wake_up_all(&r->s->wait);
	ha_resync_drive(r, 0);
	ha_chunk_put(c);
}

/* Returns false when the resync has been stopped: the chunk is ended. */
static bool begin_waiting(struct ha_chunk *c, unsigned int to_ack)
{
	struct ha_resync *r = c->r;
	bool stopped;

	spin_lock_irq(&r->lock);
	stopped = r->stopped;
	c->to_ack = to_ack;
	c->waiting = !stopped;
	spin_unlock_irq(&r->lock);
	if (stopped)
		ha_chunk_end(c, false);
	return !stopped;
}

static void send_wire(struct ha_chunk *c, u16 type, u64 sector, u32 length,
		      u32 flags, struct ha_payload *payload)
{
	struct ha_wire_resync w = {
		.id = cpu_to_le64(c->id),
		.sector = cpu_to_le64(sector),
		.length = cpu_to_le32(length),
		.flags = cpu_to_le32(flags),
	};

	if (type == HA_MSG_RESYNC_DATA && payload)
		ha_resync_moved(c->r, length);
	ha_resync_send(c->r, type, &w, sizeof(w), payload);
}

void ha_resync_digests(struct ha_resync *r, const struct ha_payload *p, u8 *out)
{
	mutex_lock(&r->hashing);
	ha_digest_blocks(r->key, p, out);
	mutex_unlock(&r->hashing);
}

static void send_digests(struct ha_chunk *c)
{
	struct ha_payload *p = ha_payload_alloc(c->payload->nr *
						HA_DIGEST_SIZE, true);

	WRITE_ONCE(c->compared, 1);
	/* 256 blocks of 16 bytes: one page. */
	ha_resync_digests(c->r, c->payload, page_address(p->page[0]));
	send_wire(c, HA_MSG_DIGEST, c->sector, c->payload->len, 0, p);
	ha_payload_put(p);
}

static bool wants_digest(const struct ha_chunk *c)
{
	const struct ha_resync *r = c->r;
	u32 shift = r->disk->super.layout.region_shift - SECTOR_SHIFT;
	u64 region, last = (c->sector + c->sectors - 1) >> shift;

	if (!r->plain || !r->source)
		return false;
	for (region = c->sector >> shift; region <= last; region++)
		if (test_bit(region, r->plain))
			return false;
	return true;
}

/* On the source: read the range and let the target have it. */
static void source_send(struct ha_chunk *c, bool may_digest)
{
	u32 len = c->sectors << SECTOR_SHIFT;
	struct ha_resync *r = c->r;

	c->token = ha_bitmap_token(r->disk, r->s->peer->node_id, c->sector,
				   c->sectors);
	c->payload = ha_payload_alloc(len, true);
	if (ha_resync_io(r, c->sector, c->payload, REQ_OP_READ)) {
		ha_session_kill(r->s, "cannot read the data to resync");
		ha_chunk_end(c, false);
		return;
	}
	if (!begin_waiting(c, 1))
		return;
	if (may_digest && wants_digest(c))
		send_digests(c);
	else if ((r->s->features & HA_FEATURE_ZERO_RESYNC) &&
		 ha_payload_is_zero(c->payload))
		send_wire(c, HA_MSG_RESYNC_DATA, c->sector, len,
			  HA_RS_ZERO | HA_RS_LAST, NULL);
	else
		send_wire(c, HA_MSG_RESYNC_DATA, c->sector, len, HA_RS_LAST,
			  c->payload);
}

static void drive(struct ha_chunk *c)
{
	if (READ_ONCE(c->r->stopped))
		ha_chunk_end(c, false);
	else if (c->r->source)
		source_send(c, true);
	else if (begin_waiting(c, 1))
		send_wire(c, HA_MSG_RESYNC_REQUEST, c->sector,
			  c->sectors << SECTOR_SHIFT, 0, NULL);
}

/*
 * From begin_waiting() on an answer or the session's end may end the chunk at
 * any moment, also while the work is still about to send: it keeps its own.
 */
static void drive_chunk_work(struct work_struct *work)
{
	struct ha_chunk *c = container_of(work, struct ha_chunk, work);

	kref_get(&c->ref);
	drive(c);
	ha_chunk_put(c);
}

static void serve_chunk_work(struct work_struct *work)
{
	struct ha_chunk *c = container_of(work, struct ha_chunk, work);

	kref_get(&c->ref);
	source_send(c, false);
	ha_chunk_put(c);
}

static void granted(struct ha_range *range)
{
	struct ha_chunk *c = container_of(range, struct ha_chunk, range);

	c->locked = true;
	queue_work(ha_wq_resync, &c->work);
}

static struct ha_chunk *chunk_alloc(struct ha_resync *r, u64 sector,
				    u64 sectors, work_func_t fn)
{
	struct ha_chunk *c = kzalloc(sizeof(*c), GFP_NOIO);
	bool refused;

	if (!c)
		return NULL;
	kref_init(&c->ref);
	kref_get(&r->ref);
	c->r = r;
	c->sector = sector;
	c->sectors = sectors;
	INIT_WORK(&c->work, fn);
	spin_lock_irq(&r->lock);
	/* In one step with the count that ha_resync_yield() waits for. */
	refused = r->stopped || (fn == drive_chunk_work &&
				 !ha_resync_drives(r));
	if (refused) {
		spin_unlock_irq(&r->lock);
		ha_resync_put(r);
		kfree(c);
		return NULL;
	}
	c->id = (u64)r->s->res->node_id << 56 | ++r->next_id;
	list_add_tail(&c->node, &r->chunks);
	r->inflight++;
	spin_unlock_irq(&r->lock);
	return c;
}

void ha_chunk_start(struct ha_resync *r, u64 sector, u64 sectors)
{
	struct ha_chunk *c = chunk_alloc(r, sector, sectors, drive_chunk_work);

	if (!c) {
		ha_resync_drive(r, HZ);
		return;
	}
	if (ha_range_lock(&r->s->res->ranges, &c->range, sector, sectors,
			  granted))
		granted(&c->range);
}

bool ha_resync_range_ok(const struct ha_resync *r,
			const struct ha_wire_resync *w)
{
	u64 sector = le64_to_cpu(w->sector);
	u32 len = le32_to_cpu(w->length);

	return !ha_io_check(sector, len, len, true,
			    r->disk->super.layout.data_sectors) &&
	       ha_io_aligned(sector, len, r->disk->super.logical_block);
}

int ha_chunk_requested(struct ha_resync *r, const struct ha_wire_resync *w,
		       const char **why)
{
	struct ha_chunk *c;
	u32 len = le32_to_cpu(w->length);

	*why = "a resync request that makes no sense";
	if (!r->source || !ha_resync_range_ok(r, w))
		return -EPROTO;
	*why = "too many resync requests at once";
	if (READ_ONCE(r->inflight) >= SERVED_MAX)
		return -EPROTO;
	c = chunk_alloc(r, le64_to_cpu(w->sector), len >> SECTOR_SHIFT,
			serve_chunk_work);
	/* An order that crossed the end of the resync. */
	if (!c && READ_ONCE(r->stopped))
		return 0;
	if (!c) {
		*why = "no memory for resync";
		return -ENOMEM;
	}
	c->id = le64_to_cpu(w->id);
	queue_work(ha_wq_resync, &c->work);
	return 0;
}

void ha_chunk_answered(struct ha_resync *r, u64 id, int status)
{
	struct ha_chunk *c = r->source ? ha_chunk_find(r, id) : NULL;
	bool last;

	if (!c)
		return;
	if (status)
		ha_session_kill(r->s, "the peer could not write resync data");
	spin_lock_irq(&r->lock);
	last = c->to_ack && --c->to_ack == 0;
	spin_unlock_irq(&r->lock);
	if (status || last)
		ha_chunk_end(c, !status);
	ha_chunk_put(c);
}

static struct ha_payload *slice(const struct ha_payload *p, u32 first, u32 nr)
{
	u32 from = first * HA_DIGEST_BLOCK, i;
	u32 len = min(nr * HA_DIGEST_BLOCK, p->len - from);
	struct ha_payload *out = ha_payload_alloc(len, true);

	for (i = 0; i < out->nr; i++)
		memcpy(page_address(out->page[i]),
		       page_address(p->page[first + i]), PAGE_SIZE);
	return out;
}

/* Send the runs of blocks whose digests differ. */
static void send_different(struct ha_chunk *c, const unsigned long *differ,
			   unsigned int runs)
{
	unsigned int start, end;

	for_each_set_bitrange(start, end, differ, c->payload->nr) {
		struct ha_payload *p = slice(c->payload, start, end - start);

		runs--;
		send_wire(c, HA_MSG_RESYNC_DATA, c->sector +
			  start * (HA_DIGEST_BLOCK >> SECTOR_SHIFT), p->len,
			  runs ? 0 : HA_RS_LAST, p);
		ha_payload_put(p);
	}
}

int ha_chunk_digests(struct ha_resync *r, const struct ha_wire_resync *w,
		     struct ha_payload *payload, const char **why)
{
	DECLARE_BITMAP(differ, HA_PAYLOAD_PAGES);
	struct ha_chunk *c = ha_chunk_find(r, le64_to_cpu(w->id));
	unsigned int start, end, runs = 0;

	*why = "an answer to digests that were not sent";
	/* Once, or this node would send the same blocks again and again. */
	if (!c || !xchg(&c->compared, 0) || !payload ||
	    payload->len != round_up(c->payload->nr, 64) / 8) {
		if (c)
			ha_chunk_put(c);
		return -EPROTO;
	}
	bitmap_zero(differ, HA_PAYLOAD_PAGES);
	memcpy(differ, page_address(payload->page[0]), payload->len);
	for_each_set_bitrange(start, end, differ, c->payload->nr)
		runs++;
	if (!runs) {
		ha_chunk_end(c, true);
	} else {
		spin_lock_irq(&r->lock);
		c->to_ack = runs;
		spin_unlock_irq(&r->lock);
		send_different(c, differ, runs);
	}
	ha_chunk_put(c);
	return 0;
}

void ha_chunks_abort(struct ha_resync *r)
{
	struct ha_chunk *c;

	for (;;) {
		bool found = false;

		spin_lock_irq(&r->lock);
		list_for_each_entry(c, &r->chunks, node) {
			if (c->waiting && !c->ended) {
				kref_get(&c->ref);
				found = true;
				break;
			}
		}
		spin_unlock_irq(&r->lock);
		if (!found)
			return;
		ha_chunk_end(c, false);
		ha_chunk_put(c);
	}
}
