// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way of a lone Primary's writes: no peer is connected, the lone
 * period has been minted for, the disk is UpToDate, the intent is set.  Then
 * there is one copy to write and nothing to decide at the end.
 *
 * The application's pages are written as they are, without a copy: nobody else
 * must get the same bytes.  No range is held: on one disk two overlapping writes
 * may end in either order, and what else holds a range, a resync, begins with a
 * session; its handshake waits for all writes in flight.
 *
 * Whatever is unusual, before or after, sends the write down the ordinary way
 * from its beginning.  It has not completed, so it may be written twice.
 */
#include "gate.h"
#include "request.h"
#include "workqueues.h"

static bool anybody_connected(const struct ha_resource *res)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i] && res->peer[i]->conn == HA_CONNECTED)
			return true;
	return false;
}

/* A write of @d alone may complete: what settle() would look at. */
static bool is_usual(const struct ha_resource *res, const struct ha_disk *d)
{
	lockdep_assert_held(&res->state_lock);
	return d && d == res->disk && !d->failed &&
	       res->disk_state == HA_UPTODATE &&
	       res->minted_epoch == res->epoch &&
	       !(res->gate & (HA_GATE_FENCING | HA_GATE_QUORUM));
}

static bool may_begin(const struct ha_resource *res)
{
	lockdep_assert_held(&res->state_lock);
	return res->role == HA_PRIMARY && !res->gate && !res->failed &&
	       !res->dead && !anybody_connected(res) &&
	       is_usual(res, res->disk);
}

static void release(struct ha_request *req)
{
	struct ha_resource *res = req->res;

	if (req->intent_held)
		ha_intent_put(req->disk, req->sector, req->sectors);
	if (req->disk)
		ha_disk_put(req->disk);
	bio_put(&req->clone);
	ha_resource_put(res);
}

static void ordinary_work(struct work_struct *work)
{
	struct ha_request *req = container_of(work, struct ha_request, work);
	struct ha_resource *res = req->res;
	struct bio *bio = req->bio;

	ha_resource_get(res);
	/* Before the next is allocated: both are of one pool. */
	release(req);
	ha_request_submit_write(res, bio);
	ha_resource_put(res);
}

/* Any context. */
static void go_ordinary(struct ha_request *req)
{
	INIT_WORK(&req->work, ordinary_work);
	queue_work(ha_wq_meta, &req->work);
}

static void intent_ready(struct ha_intent_wait *w, int err)
{
	struct ha_request *req = container_of(w, struct ha_request, intent);

	req->intent_held = !err;
	go_ordinary(req);
}

static void note_end(struct ha_request *req, blk_status_t status)
{
	struct ha_disk *d = req->disk;

	if (!status)
		ha_marks_note(d, req->res->node_id, req->sector, req->sectors);
	else if (!ha_status_is_soft(status))
		ha_disk_fail(d, "write", blk_status_to_errno(status));
}

static void lone_end_io(struct bio *clone)
{
	struct ha_request *req = container_of(clone, struct ha_request, clone);
	blk_status_t status = clone->bi_status;
	struct ha_resource *res = req->res;
	struct bio *bio = req->bio;
	unsigned long flags;
	bool usual;

	note_end(req, status);
	spin_lock_irqsave(&res->state_lock, flags);
	usual = !status && is_usual(res, req->disk);
	if (usual)
		req->local = HA_PART_DONE;
	if (--res->inflight == 0)
		wake_up_all(&res->wait);
	spin_unlock_irqrestore(&res->state_lock, flags);
	if (!usual) {
		go_ordinary(req);
		return;
	}
	ha_resource_get(res);
	release(req);
	bio_endio(bio);
	ha_resource_put(res);
}

/* The same as decide(): in flight, and missed by all the others. */
static void begin(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	unsigned int i;

	lockdep_assert_held(&res->state_lock);
	req->intent_held = true;
	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i])
			ha_request_mark_missed(req, i);
	res->inflight++;
}

static void submit(struct ha_request *req)
{
	struct bio *clone = &req->clone;

	bio_set_dev(clone, req->disk->data.bdev);
	clone->bi_end_io = lone_end_io;
	submit_bio_noacct(clone);
}

bool ha_lone_submit(struct ha_resource *res, struct bio *bio)
{
	struct ha_request *req;
	unsigned long flags;
	bool begun = false, waits = false;

	if (!READ_ONCE(res->lone) || (bio->bi_opf & (REQ_PREFLUSH | REQ_FUA)))
		return false;
	req = ha_request_alloc(res, bio, HA_REQ_WRITE, 0);
	spin_lock_irqsave(&res->state_lock, flags);
	WRITE_ONCE(res->lone, may_begin(res));
	if (res->lone) {
		req->disk = res->disk;
		ha_disk_get(req->disk);
		begun = ha_intent_get(req->disk, &req->intent, req->sector,
				      req->sectors, intent_ready);
		waits = !begun;
	}
	if (begun)
		begin(req);
	spin_unlock_irqrestore(&res->state_lock, flags);
	if (begun)
		submit(req);
	else if (!waits)
		release(req);
	return begun || waits;
}
