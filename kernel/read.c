// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads: from the local disk where it has the blocks, else from a good peer.
 */
#include "request.h"
#include "gate.h"
#include "resync.h"
#include "workqueues.h"

#define READ_GATES (HA_GATE_SHOWN | HA_GATE_DISK | HA_GATE_ATTACH)

enum read_from { READ_LOCAL, READ_PEER, READ_NOWHERE };

/* Does a clear bit mean that the block is as good here as at the peer? */
static bool bits_tell(struct ha_resource *res)
{
	struct ha_peer *peer = ha_good_peer(res);

	if (res->disk_state == HA_UPTODATE)
		return true;
	return res->disk_state == HA_INCONSISTENT && peer &&
	       ha_resync_knows_bits(peer->session);
}

static enum read_from choose(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	struct ha_disk *d = res->disk;

	lockdep_assert_held(&res->state_lock);
	if (d && !d->failed && req->retries == 0 && bits_tell(res) &&
	    !ha_bitmap_any(d, res->node_id, req->sector, req->sectors))
		return READ_LOCAL;
	if (ha_good_peer(res))
		return READ_PEER;
	/* The only copy: its error, if any, is the application's. */
	if (d && !d->failed && res->disk_state == HA_UPTODATE)
		return READ_LOCAL;
	return READ_NOWHERE;
}

static void msg_done(struct ha_msg *msg, int err)
{
	ha_request_part_done(container_of(msg, struct ha_request, msg));
}

static void send(struct ha_request *req)
{
	struct ha_wire_io io = {
		.id = cpu_to_le64(req->id),
		.sector = cpu_to_le64(req->sector),
		.length = cpu_to_le32(req->sectors << SECTOR_SHIFT),
	};

	ha_msg_init(&req->msg, HA_MSG_READ, &io, sizeof(io), NULL, msg_done);
	ha_stream_send(ha_session_data_stream(req->session), &req->msg, true);
}

static void begin(struct ha_request *req, enum read_from from)
{
	struct ha_resource *res = req->res;

	lockdep_assert_held(&res->state_lock);
	req->local = HA_PART_NONE;
	req->remote = HA_PART_NONE;
	if (from == READ_LOCAL) {
		req->disk = res->disk;
		ha_disk_get(req->disk);
		req->local = HA_PART_PENDING;
		atomic_set(&req->pending, 2);
		/* Not listed: no answer of a peer will look for it. */
	} else {
		req->session = ha_session_get(ha_good_peer(res)->session);
		req->remote = HA_PART_PENDING;
		atomic_set(&req->pending, 3);
		ha_request_list(req);
	}
}

void ha_read_start(struct ha_request *req)
{
	struct ha_resource *res = req->res;
	enum read_from from = READ_NOWHERE;
	unsigned long flags;
	bool parked = false;

	spin_lock_irqsave(&res->state_lock, flags);
	if (!res->failed && !res->dead && res->role == HA_PRIMARY) {
		parked = res->gate & READ_GATES;
		if (!parked)
			from = choose(req);
		if (!parked && from == READ_NOWHERE &&
		    res->opt.on_no_data == HA_ON_NO_DATA_SUSPEND_IO) {
			res->gate |= HA_GATE_NO_DATA;
			parked = true;
		}
	}
	if (parked)
		list_add_tail(&req->queue, &res->parked);
	else if (from != READ_NOWHERE)
		begin(req, from);
	spin_unlock_irqrestore(&res->state_lock, flags);

	if (parked)
		return;
	if (from == READ_NOWHERE) {
		ha_request_fail(req, BLK_STS_IOERR);
		return;
	}
	/* Whatever became of the session since: its message ends with it. */
	if (from == READ_LOCAL)
		ha_local_submit(req);
	else
		send(req);
	ha_request_part_done(req);
}

void ha_read_submit(struct ha_resource *res, struct bio *bio)
{
	ha_read_start(ha_request_alloc(res, bio, HA_REQ_READ, 0));
}
