// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local disk's part of a request: submission and its end.  Any retry
 * builds the clone anew from the payload or the application's bio.
 */
#include "request.h"
#include "workqueues.h"

bool ha_status_is_soft(blk_status_t status)
{
	return status == BLK_STS_AGAIN || status == BLK_STS_RESOURCE ||
	       status == BLK_STS_NOTSUPP;
}

/*
 * A disk that cannot write or flush has failed: it would lack what the others
 * have.  With "pass_on" it is kept when it only could not read.
 */
static void local_failed(struct ha_request *req, blk_status_t status)
{
	bool read = req->kind == HA_REQ_READ;

	if (ha_status_is_soft(status))
		return;
	if (read && req->res->opt.on_io_error == HA_ON_IO_ERROR_PASS_ON)
		return;
	ha_disk_fail(req->disk, read ? "read" : "write",
		     blk_status_to_errno(status));
}

static void local_done(struct ha_request *req, blk_status_t status)
{
	struct ha_disk *d = req->disk;
	u32 own = req->res->node_id;

	req->local_status = status;
	req->local = status ? HA_PART_FAILED : HA_PART_DONE;
	if (status)
		local_failed(req, status);
	else if (req->kind == HA_REQ_FLUSH)
		ha_marks_flush_done(d, own, req->local_flush);
	else if (req->kind != HA_REQ_READ)
		ha_marks_note(d, own, req->sector, req->sectors);
	ha_request_part_done(req);
}

static void local_end_io(struct bio *clone)
{
	local_done(container_of(clone, struct ha_request, clone),
		   clone->bi_status);
}

int ha_zero_out(struct block_device *bdev, u64 sector, u64 sectors, bool unmap,
		bool fua)
{
	int err = blkdev_issue_zeroout(bdev, sector, sectors, GFP_NOIO,
				       unmap ? 0 : BLKDEV_ZERO_NOUNMAP);

	return err || !fua ? err : blkdev_issue_flush(bdev);
}

/*
 * Zeroes are written by a work: the block layer's helper sleeps, and writes
 * zero pages where the disk cannot or, at run time, no longer will.
 */
static void zero_work(struct work_struct *work)
{
	struct ha_request *req = container_of(work, struct ha_request, work);
	bool keep = bio_op(req->bio) == REQ_OP_WRITE_ZEROES &&
		    (req->bio->bi_opf & REQ_NOUNMAP);
	int err = ha_zero_out(req->disk->data.bdev, req->sector, req->sectors,
			      !keep, req->bio->bi_opf & REQ_FUA);

	local_done(req, errno_to_blk_status(err));
}

static void submit_read(struct ha_request *req)
{
	struct bio *clone = &req->clone;

	clone->bi_iter = req->bio->bi_iter;
	clone->bi_status = BLK_STS_OK;
	bio_set_dev(clone, req->disk->data.bdev);
	clone->bi_end_io = local_end_io;
	submit_bio_noacct(clone);
}

void ha_local_submit(struct ha_request *req)
{
	struct block_device *bdev = req->disk->data.bdev;
	struct bio *clone = &req->clone;
	blk_opf_t opf = clone->bi_opf;

	switch (req->kind) {
	case HA_REQ_READ:
		submit_read(req);
		return;
	case HA_REQ_ZEROES:
		INIT_WORK(&req->work, zero_work);
		queue_work(ha_wq_resync, &req->work);
		return;
	case HA_REQ_FLUSH:
		opf = REQ_OP_WRITE | REQ_PREFLUSH | REQ_SYNC;
		break;
	case HA_REQ_WRITE:
		break;
	}
	bio_reset(clone, bdev, opf);
	clone->bi_iter.bi_sector = req->sector;
	clone->bi_end_io = local_end_io;
	if (req->payload)
		ha_payload_fill_bio(req->payload, clone, 0, req->payload->len);
	submit_bio_noacct(clone);
}
