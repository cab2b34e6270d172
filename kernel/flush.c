// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flushes of our own: to a peer's disk, and to all replicas, so that marks
 * become stable without an application's flush.
 */
#include "attach.h"
#include "connection.h"
#include "flush.h"

static int send_and_wait(struct ha_peer *peer, struct ha_session *s)
{
	struct ha_peer_flush_state *f = &peer->flush;
	struct ha_wire_io io = { };
	long left;
	int err;

	spin_lock_irq(&peer->res->state_lock);
	f->id = HA_FLUSH_ID | ++peer->res->next_id;
	f->done = false;
	io.id = cpu_to_le64(f->id);
	spin_unlock_irq(&peer->res->state_lock);
	err = ha_stream_send_copy(&s->stream[HA_STREAM_DATA], HA_MSG_FLUSH,
				  &io, sizeof(io), true);
	if (err)
		return err;
	left = wait_event_timeout(s->wait, READ_ONCE(f->done) || s->dead,
				  msecs_to_jiffies(peer->conf.timeout));
	if (READ_ONCE(f->done))
		return f->status ? -EIO : 0;
	return left ? -ECONNRESET : -ETIMEDOUT;
}

int ha_peer_flush(struct ha_peer *peer)
{
	struct ha_session *s = ha_session_of(peer);
	struct ha_disk *d;
	u32 number = 0;
	int err;

	if (!s)
		return -ENOTCONN;
	d = ha_get_disk(peer->res);
	mutex_lock(&peer->flush.mutex);
	if (d)
		number = ha_marks_flush_begin(d, peer->node_id);
	err = send_and_wait(peer, s);
	if (!err && d)
		ha_marks_flush_done(d, peer->node_id, number);
	mutex_unlock(&peer->flush.mutex);
	if (d)
		ha_disk_put(d);
	ha_session_put(s);
	return err;
}

void ha_peer_flush_acked(struct ha_session *s, u64 id, int status)
{
	struct ha_peer_flush_state *f = &s->peer->flush;

	spin_lock_irq(&s->res->state_lock);
	if (f->id == id && !f->done) {
		f->status = status;
		WRITE_ONCE(f->done, true);
	}
	spin_unlock_irq(&s->res->state_lock);
	wake_up_all(&s->wait);
}

int ha_local_flush(struct ha_disk *d, u32 own)
{
	u32 number = ha_marks_flush_begin(d, own);
	int err = ha_disk_flush_data(d);

	if (!err)
		ha_marks_flush_done(d, own, number);
	return err;
}

int ha_stabilise(struct ha_resource *res, struct ha_disk *d)
{
	struct ha_peer *peer;
	unsigned int i;
	int err;

	for (i = 0; i < HA_SLOTS; i++) {
		peer = ha_peer_at(res, i);
		if (!peer)
			continue;
		err = ha_marks_any(d, i) ? ha_peer_flush(peer) : 0;
		ha_peer_put(peer);
		if (err)
			d->suspect |= ha_marks_to_bits(d, i) > 0;
	}
	err = ha_local_flush(d, res->node_id);
	return err ?: ha_disk_write_bitmaps(d);
}
