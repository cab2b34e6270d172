// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write on its way in: range, intent, gate, then the one decision per slot,
 * "sent" or "not sent and its dirty bit set", and the submission.
 *
 * submit_bio() may sleep here for a mempool only.  Whatever else must be waited
 * for parks the request; a work of ha_wq_meta brings it back.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include "connection.h"
#include "gate.h"
#include "request.h"
#include "workqueues.h"

bool ha_peer_takes_writes(const struct ha_peer *peer)
{
	return peer->conn == HA_CONNECTED && peer->session &&
	       !READ_ONCE(peer->session->dead) && peer->repl != HA_OFF &&
	       (peer->disk_state == HA_UPTODATE ||
		(peer->disk_state == HA_INCONSISTENT &&
		 (peer->repl == HA_SYNC_SOURCE ||
		  peer->repl == HA_PAUSED_SYNC_S)));
}

u32 ha_absent_slots(struct ha_resource *res)
{
	u32 absent = 0;
	unsigned int i;

	lockdep_assert_held(&res->state_lock);
	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i] && !ha_peer_takes_writes(res->peer[i]))
			absent |= BIT(i);
	return absent;
}

bool ha_peer_good(const struct ha_peer *peer)
{
	return peer->conn == HA_CONNECTED && peer->session &&
	       !READ_ONCE(peer->session->dead) && peer->repl != HA_OFF &&
	       peer->disk_state == HA_UPTODATE;
}

struct ha_peer *ha_good_peer(struct ha_resource *res)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i] && ha_peer_good(res->peer[i]))
			return res->peer[i];
	return NULL;
}

struct ha_request *ha_request_alloc(struct ha_resource *res, struct bio *bio,
				    enum ha_request_kind kind, u32 nr_vecs)
{
	struct ha_request *req;
	struct bio *clone;
	blk_opf_t opf;

	opf = bio->bi_opf & (REQ_OP_MASK | REQ_SYNC | REQ_META | REQ_PRIO |
			     REQ_IDLE | REQ_PREFLUSH | REQ_FUA);
	if (kind == HA_REQ_READ || (kind == HA_REQ_WRITE && !nr_vecs))
		clone = bio_alloc_clone(NULL, bio, GFP_NOIO, &res->bio_set);
	else
		clone = bio_alloc_bioset(NULL, nr_vecs, opf, GFP_NOIO,
					 &res->bio_set);
	clone->bi_opf = opf;
	req = container_of(clone, struct ha_request, clone);
	memset(req, 0, offsetof(struct ha_request, msg));
	req->res = res;
	req->bio = bio;
	req->kind = kind;
	req->sector = bio->bi_iter.bi_sector;
	req->sectors = bio_sectors(bio);
	INIT_LIST_HEAD(&req->node);
	INIT_HLIST_NODE(&req->hash);
	INIT_LIST_HEAD(&req->queue);
	clone->bi_iter.bi_sector = req->sector;
	clone->bi_ioprio = bio->bi_ioprio;
	ha_resource_get(res);
	return req;
}

void ha_request_list(struct ha_request *req)
{
	struct ha_resource *res = req->res;

	lockdep_assert_held(&res->state_lock);
	req->start = jiffies;
	req->id = ++res->next_id;
	list_add_tail(&req->node, &res->requests);
	hlist_add_head(&req->hash,
		       &res->request_hash[req->id % ARRAY_SIZE(res->request_hash)]);
	req->listed = true;
	if (req->kind == HA_REQ_READ)
		return;
	res->inflight++;
	res->last_write = req->start;
	req->began = ktime_get_ns();
}

void ha_request_mark_missed(struct ha_request *req, u32 slot)
{
	lockdep_assert_held(&req->res->state_lock);
	req->missed = true;
	req->not_sent |= BIT(slot);
	if (req->sectors && req->disk)
		ha_bitmap_set(req->disk, slot, req->sector, req->sectors);
}

static void park(struct ha_request *req)
{
	lockdep_assert_held(&req->res->state_lock);
	list_add_tail(&req->queue, &req->res->parked);
}

static u32 wire_op(const struct ha_request *req)
{
	blk_opf_t opf = req->clone.bi_opf;
	u32 op = 0;

	/* The only good copy is there: it must be stable for who goes on here. */
	if ((opf & REQ_FUA) || !req->local_good)
		op |= HA_OP_FUA;
	if (opf & REQ_PREFLUSH)
		op |= HA_OP_PREFLUSH;
	if (opf & REQ_SYNC)
		op |= HA_OP_SYNC;
	if (opf & REQ_META)
		op |= HA_OP_META;
	if (req->kind == HA_REQ_ZEROES)
		op |= HA_OP_ZEROES;
	if (req->kind == HA_REQ_ZEROES && !(req->bio->bi_opf & REQ_NOUNMAP))
		op |= HA_OP_UNMAP;
	return op;
}

static void msg_done(struct ha_msg *msg, int err)
{
	/* When the stream died, ha_requests_lost() resolves the slot itself. */
	ha_request_part_done(container_of(msg, struct ha_request, msg));
}

static void send(struct ha_request *req)
{
	struct ha_wire_io io = {
		.id = cpu_to_le64(req->id),
		.sector = cpu_to_le64(req->sector),
		.length = cpu_to_le32(req->sectors << SECTOR_SHIFT),
		.op = cpu_to_le32(wire_op(req)),
		.position = cpu_to_le64(req->id),
		.not_sent = cpu_to_le32(req->not_sent |
			(req->local == HA_PART_NONE ?
			 BIT(req->res->node_id) : 0)),
	};
	u16 type = req->kind == HA_REQ_FLUSH ? HA_MSG_FLUSH : HA_MSG_WRITE;

	if (req->kind == HA_REQ_FLUSH)
		io.length = 0;
	ha_msg_init(&req->msg, type, &io, sizeof(io), req->payload, msg_done);
	ha_stream_send(ha_session_data_stream(req->session), &req->msg, true);
}

/*
 * The one decision: for each slot sent, or not sent and its bit set before
 * the write is submitted anywhere.  Returns false when no good copy can be
 * reached, and then nothing was decided.
 */
static bool decide(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	bool local = req->disk && !req->disk->failed;
	unsigned int i;

	lockdep_assert_held(&res->state_lock);
	if (!(local && res->disk_state == HA_UPTODATE) && !ha_good_peer(res))
		return false;

	atomic_set(&req->pending, 1);
	req->missed = false;
	req->not_sent = 0;
	req->remote = HA_PART_NONE;
	req->local = local ? HA_PART_PENDING : HA_PART_NONE;
	req->local_good = local && res->disk_state == HA_UPTODATE;
	if (local)
		atomic_inc(&req->pending);
	for (i = 0; i < HA_SLOTS; i++) {
		struct ha_peer *peer = res->peer[i];

		if (!peer)
			continue;
		if (!ha_peer_takes_writes(peer)) {
			ha_request_mark_missed(req, i);
			continue;
		}
		req->session = ha_session_get(peer->session);
		req->remote = HA_PART_PENDING;
		req->remote_good = ha_peer_good(peer);
		peer->sent += req->sectors << SECTOR_SHIFT;
		/* One for its answer, one for the message in the queue. */
		atomic_add(2, &req->pending);
	}
	ha_request_list(req);
	return true;
}

static void begin_flush(struct ha_request *req)
{
	if (req->local == HA_PART_PENDING)
		req->local_flush = ha_marks_flush_begin(req->disk,
							req->res->node_id);
	if (req->remote == HA_PART_PENDING && req->disk)
		req->remote_flush =
			ha_marks_flush_begin(req->disk,
					     req->session->peer->node_id);
}

static void step_intent(struct ha_request *req);

/* The disk changed since the intent was taken: start over with the new one. */
static bool disk_is_current(struct ha_request *req)
{
	lockdep_assert_held(&req->res->state_lock);
	return req->disk == req->res->disk;
}

static void drop_disk(struct ha_request *req)
{
	if (req->intent_held)
		ha_intent_put(req->disk, req->sector, req->sectors);
	req->intent_held = false;
	if (req->disk)
		ha_disk_put(req->disk);
	req->disk = NULL;
}

void ha_request_step_gate(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	blk_status_t error = BLK_STS_OK;
	unsigned long flags;

	spin_lock_irqsave(&res->state_lock, flags);
	ha_connection_check(res);
	if (res->failed || res->dead || res->role != HA_PRIMARY) {
		error = BLK_STS_IOERR;
	} else if (res->gate || (res->disk && res->disk->failed)) {
		/* disk_failed_work opens the gate when it is done. */
		if (!res->gate)
			res->gate |= HA_GATE_DISK;
		park(req);
		spin_unlock_irqrestore(&res->state_lock, flags);
		return;
	} else if (!disk_is_current(req)) {
		spin_unlock_irqrestore(&res->state_lock, flags);
		drop_disk(req);
		step_intent(req);
		return;
	} else if (!decide(req)) {
		if (res->opt.on_no_data == HA_ON_NO_DATA_SUSPEND_IO) {
			res->gate |= HA_GATE_NO_DATA;
			park(req);
			spin_unlock_irqrestore(&res->state_lock, flags);
			return;
		}
		error = BLK_STS_IOERR;
	} else if (req->kind == HA_REQ_FLUSH) {
		begin_flush(req);
	}
	spin_unlock_irqrestore(&res->state_lock, flags);
	if (error) {
		ha_request_fail(req, error);
		return;
	}

	/* Also when the session was lost since: then the message ends as that. */
	if (req->session)
		send(req);
	if (req->local == HA_PART_PENDING)
		ha_local_submit(req);
	ha_request_part_done(req);
}

static void intent_ready(struct ha_intent_wait *w, int err)
{
	struct ha_request *req = container_of(w, struct ha_request, intent);

	/*
	 * A failed disk is detached soon: the request goes on without it, and
	 * step_gate() waits behind the gate the failure closed.
	 */
	req->intent_held = !err;
	if (err)
		drop_disk(req);
	ha_request_step_gate(req);
}

static void step_intent(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	unsigned long flags;

	spin_lock_irqsave(&res->state_lock, flags);
	req->disk = res->disk;
	if (req->disk)
		ha_disk_get(req->disk);
	spin_unlock_irqrestore(&res->state_lock, flags);

	if (req->disk && req->kind != HA_REQ_FLUSH) {
		if (!ha_intent_get(req->disk, &req->intent, req->sector,
				   req->sectors, intent_ready))
			return;
		req->intent_held = true;
	}
	ha_request_step_gate(req);
}

/* May be called from interrupt: hand on to the meta queue. */
static void range_granted(struct ha_range *r)
{
	struct ha_request *req = container_of(r, struct ha_request, range);

	queue_work(ha_wq_meta, &req->work);
}

static void range_work(struct work_struct *work)
{
	struct ha_request *req = container_of(work, struct ha_request, work);

	req->range_held = true;
	step_intent(req);
}

static void start_write(struct ha_request *req)
{
	struct ha_resource *res = req->res;

	if (req->kind == HA_REQ_FLUSH) {
		step_intent(req);
		return;
	}
	INIT_WORK(&req->work, range_work);
	if (!ha_range_lock(&res->ranges, &req->range, req->sector,
			   req->sectors, range_granted))
		return;
	req->range_held = true;
	step_intent(req);
}

void ha_request_submit_write(struct ha_resource *res, struct bio *bio)
{
	struct ha_payload *payload = ha_payload_alloc(bio->bi_iter.bi_size,
						      false);
	struct ha_request *req;

	ha_payload_from_bio(payload, bio);
	req = ha_request_alloc(res, bio, HA_REQ_WRITE, payload->nr);
	req->payload = payload;
	start_write(req);
}

void ha_request_submit(struct ha_resource *res, struct bio *bio)
{
	enum ha_request_kind kind;

	switch (bio_op(bio)) {
	case REQ_OP_READ:
		ha_read_submit(res, bio);
		return;
	case REQ_OP_WRITE:
		if (bio->bi_iter.bi_size) {
			if (!ha_lone_submit(res, bio))
				ha_request_submit_write(res, bio);
			return;
		}
		fallthrough;
	case REQ_OP_FLUSH:
		kind = HA_REQ_FLUSH;
		break;
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		kind = HA_REQ_ZEROES;
		break;
	default:
		bio->bi_status = BLK_STS_NOTSUPP;
		bio_endio(bio);
		return;
	}
	start_write(ha_request_alloc(res, bio, kind, 0));
}

void ha_request_resume_work(struct work_struct *work)
{
	struct ha_resource *res = container_of(work, struct ha_resource,
					       resume_work);
	struct ha_request *req, *next;
	LIST_HEAD(list);

	spin_lock_irq(&res->state_lock);
	list_splice_init(&res->parked, &list);
	spin_unlock_irq(&res->state_lock);

	list_for_each_entry_safe(req, next, &list, queue) {
		list_del_init(&req->queue);
		if (req->kind == HA_REQ_READ)
			ha_read_start(req);
		else
			ha_request_step_gate(req);
	}
}
