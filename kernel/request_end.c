// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request on its way out: answers, lost sessions, errors, the mint that must
 * come before a completion somebody missed, and the completion itself.
 *
 * The good case completes in the context of the last answer, interrupt
 * included.  All others go through res->slow and ha_wq_done.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include "connection.h"
#include "gate.h"
#include "mint.h"
#include "request.h"
#include "workqueues.h"

#define MAX_RETRIES 8

static void unlist(struct ha_request *req)
{
	struct ha_resource *res = req->res;

	lockdep_assert_held(&res->state_lock);
	if (!req->listed)
		return;
	list_del_init(&req->node);
	hlist_del_init(&req->hash);
	req->listed = false;
	if (req->kind != HA_REQ_READ && --res->inflight == 0)
		wake_up_all(&res->wait);
}

/* Forget this attempt: the next one decides anew. */
static void reset_attempt(struct ha_request *req)
{
	struct ha_resource *res = req->res;

	spin_lock_irq(&res->state_lock);
	unlist(req);
	spin_unlock_irq(&res->state_lock);
	if (req->session)
		ha_session_put(req->session);
	req->session = NULL;
	if (req->kind == HA_REQ_READ && req->disk) {
		ha_disk_put(req->disk);
		req->disk = NULL;
	}
	req->retries++;
}

static void finish(struct ha_request *req, blk_status_t status)
{
	struct ha_resource *res = req->res;
	struct bio *bio = req->bio;
	unsigned long flags;

	if (req->listed) {
		spin_lock_irqsave(&res->state_lock, flags);
		if (req->kind == HA_REQ_WRITE && !status)
			ha_pace_write(&res->pace, ktime_get_ns() - req->began,
				      res->resyncing);
		unlist(req);
		spin_unlock_irqrestore(&res->state_lock, flags);
	}
	if (req->intent_held)
		ha_intent_put(req->disk, req->sector, req->sectors);
	if (req->range_held)
		ha_range_unlock(&res->ranges, &req->range);
	if (req->disk)
		ha_disk_put(req->disk);
	if (req->session)
		ha_session_put(req->session);
	if (req->payload)
		ha_payload_put(req->payload);
	bio_put(&req->clone);
	if (status)
		bio->bi_status = status;
	bio_endio(bio);
	ha_resource_put(res);
}

void ha_request_fail(struct ha_request *req, blk_status_t status)
{
	finish(req, status);
}

static bool part_ok(u8 part)
{
	return part == HA_PART_NONE || part == HA_PART_DONE;
}

/* The disk that had it has failed since: its copy counts no more. */
static bool disk_lost_since(const struct ha_request *req)
{
	return req->kind != HA_REQ_READ && req->local == HA_PART_DONE &&
	       READ_ONCE(req->disk->failed);
}

static void ended(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	unsigned long flags;

	if (disk_lost_since(req)) {
		req->local = HA_PART_FAILED;
		req->local_status = BLK_STS_IOERR;
	}
	if (!req->missed && part_ok(req->local) && part_ok(req->remote)) {
		finish(req, BLK_STS_OK);
		return;
	}
	spin_lock_irqsave(&res->state_lock, flags);
	list_add_tail(&req->queue, &res->slow);
	/* Once it can be taken from there, the resource may go with it. */
	queue_work(ha_wq_done, &res->done_work);
	spin_unlock_irqrestore(&res->state_lock, flags);
}

void ha_request_part_done(struct ha_request *req)
{
	if (atomic_dec_and_test(&req->pending))
		ended(req);
}

static struct ha_request *find(struct ha_resource *res, u64 id)
{
	struct ha_request *req;

	lockdep_assert_held(&res->state_lock);
	hlist_for_each_entry(req, &res->request_hash[id %
			     ARRAY_SIZE(res->request_hash)], hash)
		if (req->id == id)
			return req;
	return NULL;
}

static int take_answer(struct ha_session *s, struct ha_request *req, int status,
		       struct ha_payload *payload)
{
	lockdep_assert_held(&s->res->state_lock);
	if (!req || req->session != s || req->remote != HA_PART_PENDING)
		return -ENOENT;
	if (!status && req->kind == HA_REQ_READ &&
	    (!payload || payload->len != req->sectors << SECTOR_SHIFT))
		return -EMSGSIZE;
	if (!status)
		return 0;
	req->remote = HA_PART_FAILED;
	if (req->kind == HA_REQ_READ)
		return 0;
	ha_request_mark_missed(req, s->peer->node_id);
	ha_peer_disk_lost(s->peer, HA_FAILED);
	return 0;
}

int ha_request_acked(struct ha_session *s, u64 id, int status,
		     struct ha_payload *payload)
{
	struct ha_resource *res = s->res;
	u32 slot = s->peer->node_id;
	struct ha_request *req;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&res->state_lock, flags);
	req = find(res, id);
	err = take_answer(s, req, status, payload);
	/* From here on nobody else resolves this part. */
	if (!err && !status)
		req->remote = HA_PART_DONE;
	spin_unlock_irqrestore(&res->state_lock, flags);
	if (err)
		return err;

	if (!status && req->kind == HA_REQ_READ)
		ha_payload_to_bio(payload, req->bio);
	else if (!status && req->disk && req->kind == HA_REQ_FLUSH)
		ha_marks_flush_done(req->disk, slot, req->remote_flush);
	else if (!status && req->disk)
		ha_marks_note(req->disk, slot, req->sector, req->sectors);
	ha_request_part_done(req);
	return 0;
}

void ha_requests_lost(struct ha_resource *res, struct ha_session *s)
{
	struct ha_request *req, *next;
	LIST_HEAD(lost);

	spin_lock_irq(&res->state_lock);
	list_for_each_entry(req, &res->requests, node) {
		if (req->session != s || req->remote != HA_PART_PENDING)
			continue;
		req->remote = HA_PART_LOST;
		if (req->kind != HA_REQ_READ)
			ha_request_mark_missed(req, s->peer->node_id);
		list_add_tail(&req->queue, &lost);
	}
	spin_unlock_irq(&res->state_lock);

	list_for_each_entry_safe(req, next, &lost, queue) {
		list_del_init(&req->queue);
		ha_request_part_done(req);
	}
}

unsigned long ha_requests_oldest(struct ha_resource *res, struct ha_session *s)
{
	struct ha_request *req;
	unsigned long start = 0;

	spin_lock_irq(&res->state_lock);
	list_for_each_entry(req, &res->requests, node) {
		if (req->session == s && req->remote == HA_PART_PENDING) {
			start = req->start ?: 1;
			break;
		}
	}
	spin_unlock_irq(&res->state_lock);
	return start;
}

/* Try again from the decision on, behind the gate if it is closed. */
static void retry(struct ha_request *req)
{
	reset_attempt(req);
	if (req->kind == HA_REQ_READ)
		ha_read_start(req);
	else
		ha_request_step_gate(req);
}

static bool has_good_copy(struct ha_request *req)
{
	struct ha_resource *res = req->res;

	if (req->remote == HA_PART_DONE && req->remote_good)
		return true;
	return req->local == HA_PART_DONE && res->disk_state == HA_UPTODATE;
}

/*
 * A flush that completes without a replica counts as a missed write only if
 * that replica has something unflushed, or lacks something.
 */
static bool needs_mint(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	unsigned int i;

	if (!req->missed || res->minted_epoch == res->epoch)
		return false;
	if (req->kind != HA_REQ_FLUSH || !req->disk)
		return true;
	for (i = 0; i < HA_SLOTS; i++)
		if ((req->not_sent & BIT(i)) &&
		    (ha_marks_any(req->disk, i) ||
		     ha_bitmap_weight(&req->disk->bitmap[i])))
			return true;
	return false;
}

static bool retry_or_fail(struct ha_request *req)
{
	if (req->retries < MAX_RETRIES)
		retry(req);
	else
		finish(req, BLK_STS_IOERR);
	return true;
}

/*
 * The local disk answered with an error.  Returns true when that is dealt
 * with; false: @req goes on without the disk.
 */
static bool settle_local_error(struct ha_request *req, bool *wait)
{
	struct ha_resource *res = req->res;

	*wait = false;
	if (!req->disk->failed && ha_status_is_soft(req->local_status)) {
		if (req->retries < MAX_RETRIES) {
			msleep(20);
			retry(req);
			return true;
		}
		ha_disk_fail(req->disk, "write", -EIO);
	}
	if (req->disk->failed && READ_ONCE(res->disk) == req->disk) {
		*wait = true;		/* for disk_failed_work */
		return true;
	}
	if (req->kind == HA_REQ_READ)
		return false;
	/*
	 * Decided anew without the disk: the peer then has it stable, and in our
	 * bits.  Its answer to what was sent before promised neither.
	 */
	return retry_or_fail(req);
}

static bool settle_read(struct ha_request *req)
{
	if (!part_ok(req->local) || !part_ok(req->remote))
		return retry_or_fail(req);
	finish(req, BLK_STS_OK);
	return true;
}

/* Returns false when the request must wait for disk_failed_work. */
static bool settle(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	bool wait;

	if (req->local == HA_PART_FAILED && settle_local_error(req, &wait))
		return !wait;
	if (req->kind == HA_REQ_READ)
		return settle_read(req);
	if (!has_good_copy(req))
		return retry_or_fail(req);
	if (req->missed &&
	    (READ_ONCE(res->gate) & (HA_GATE_FENCING | HA_GATE_QUORUM))) {
		/* Decided anew, with its bits set, when the gate opens. */
		req->retries--;
		retry(req);
		return true;
	}
	if (needs_mint(req) && ha_mint(res, HA_MINT_ALONE))
		return false;
	if (req->missed)
		WRITE_ONCE(res->lone, true);
	finish(req, BLK_STS_OK);
	return true;
}

void ha_request_done_work(struct work_struct *work)
{
	struct ha_resource *res = container_of(work, struct ha_resource,
					       done_work);
	struct ha_request *req, *next;
	LIST_HEAD(list);
	LIST_HEAD(kept);

	spin_lock_irq(&res->state_lock);
	list_splice_init(&res->slow, &list);
	spin_unlock_irq(&res->state_lock);

	/* settle() may put the last reference to the resource's last request. */
	ha_resource_get(res);
	list_for_each_entry_safe(req, next, &list, queue) {
		list_del_init(&req->queue);
		if (!settle(req))
			list_add_tail(&req->queue, &kept);
	}
	spin_lock_irq(&res->state_lock);
	list_splice(&kept, &res->slow);
	spin_unlock_irq(&res->state_lock);
	ha_resource_put(res);
}
