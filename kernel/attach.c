// SPDX-License-Identifier: GPL-2.0-only
/*
 * A disk comes and goes: attach publishes it complete, detach and failure
 * unpublish it; a Primary that loses it goes on through a good peer.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include "answer.h"
#include "attach.h"
#include "connection.h"
#include "device.h"
#include "flush.h"
#include "gate.h"
#include "state.h"
#include "workqueues.h"

#define MAX_RANGES (60u << 10 >> 4)	/* what one LOSE_SLOT carries */

struct ha_disk *ha_get_disk(struct ha_resource *res)
{
	struct ha_disk *d;

	spin_lock_irq(&res->state_lock);
	d = res->disk;
	if (d)
		ha_disk_get(d);
	spin_unlock_irq(&res->state_lock);
	return d;
}

static u32 used_slots(struct ha_resource *res)
{
	u32 slots = BIT(res->node_id);
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i])
			slots |= BIT(i);
	return slots;
}

/* An open device must not change under its users. */
static int fits(struct ha_resource *res, struct ha_disk *d,
		struct netlink_ext_ack *extack)
{
	u64 size = d->super.layout.data_sectors;

	if (res->role != HA_PRIMARY || !res->size_sectors ||
	    size == res->size_sectors || !d->super.lineage.current_gen)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "this disk holds %llu KiB of data, the device has %llu",
			   size / 2, res->size_sectors / 2);
	return -EINVAL;
}

/*
 * A disk that rested is what a Diskless Primary has served, if nobody has gone
 * on from there.
 */
static bool was_served(const struct ha_resource *res, const struct ha_disk *d)
{
	return d->kept && d->super.lineage.current_gen == res->exposed_gen;
}

static void publish(struct ha_resource *res, struct ha_disk *d)
{
	bool primary = res->role == HA_PRIMARY;
	const struct ha_lineage *l = &d->super.lineage;
	enum ha_disk_word state;
	bool served, doubt;

	spin_lock_irq(&res->state_lock);
	served = primary && was_served(res, d);
	doubt = served || res->opt.fencing != HA_FENCING_DONT_CARE;
	state = ha_disk_state_at_attach(l->current_gen, l->flags, doubt,
					primary && !served);
	ha_set_disk_state(res, HA_ATTACHING);
	ha_set_disk_state(res, state);
	d->suspect = d->had_intents;
	res->fresh_attach = primary || ha_good_peer(res);
	res->disk = d;
	if (primary) {
		/* Requests wait for the handshake that says what it is good for. */
		res->gate |= HA_GATE_ATTACH;
		res->disk_gate_until = jiffies + 15 * HZ;
	}
	spin_unlock_irq(&res->state_lock);
}

int ha_attach(struct ha_resource *res, const char *disk, const char *meta,
	      struct netlink_ext_ack *extack)
{
	struct block_device *bdev;
	struct ha_disk *d;
	int err;

	lockdep_assert_held(&res->conf_mutex);
	if (res->disk) {
		NL_SET_ERR_MSG_FMT(extack, "a disk is attached already: %s",
				   res->disk_path);
		return -EBUSY;
	}
	d = ha_disk_open(res, disk, meta, res->node_id, used_slots(res),
			 extack);
	if (IS_ERR(d))
		return PTR_ERR(d);
	err = fits(res, d, extack);
	if (err) {
		ha_disk_put(d);
		return err;
	}
	bdev = d->data.bdev;
	if (!res->open_count)
		/* What the peer's disk needs, too: the handshake compares it. */
		ha_device_set_limits(res, d->super.logical_block,
				     bdev_physical_block_size(bdev));
	spin_lock_irq(&res->state_lock);
	strscpy(res->disk_path, disk, sizeof(res->disk_path));
	strscpy(res->meta_path, meta ?: "", sizeof(res->meta_path));
	spin_unlock_irq(&res->state_lock);
	publish(res, d);
	ha_resource_size_known(res);
	ha_sessions_kill(res, "a disk was attached; connecting anew");
	ha_event(res, "attached");
	return 0;
}

static void wait_closed(struct ha_resource *res)
{
	wait_event_timeout(res->wait, !atomic_read(&res->disks), 10 * HZ);
}

/* A resync holds the disk, and cannot go on without it. */
static void end_resyncs(struct ha_resource *res)
{
	bool running = false;
	unsigned int i;

	spin_lock_irq(&res->state_lock);
	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i] && res->peer[i]->session &&
		    res->peer[i]->session->resync)
			running = true;
	spin_unlock_irq(&res->state_lock);
	if (running)
		ha_sessions_kill(res, "the disk went away during a resync");
}

/* Once per disk, whoever comes first. */
static void unpublish(struct ha_resource *res, struct ha_disk *d, bool orderly)
{
	bool mine;

	end_resyncs(res);
	spin_lock_irq(&res->state_lock);
	mine = res->disk == d;
	if (mine) {
		WRITE_ONCE(d->orderly, orderly);
		res->disk = NULL;
		ha_set_disk_state(res, HA_DISKLESS);
	}
	spin_unlock_irq(&res->state_lock);
	if (mine) {
		ha_disk_unlink(d);
		ha_disk_put(d);
	}
	queue_work(ha_wq_done, &res->done_work);
}

static void fill_range(struct ha_payload *p, u32 i, u64 sector, u64 sectors)
{
	__le64 *e = page_address(p->page[i / 256]);

	e[i % 256 * 2] = cpu_to_le64(sector);
	e[i % 256 * 2 + 1] = cpu_to_le64(sectors);
}

/* Ranges this disk may lack: unflushed regions, and writes in flight. */
static u32 lost_ranges(struct ha_resource *res, struct ha_disk *d,
		       struct ha_payload *p)
{
	u32 shift = d->super.layout.region_shift - SECTOR_SHIFT, n = 0;
	struct ha_request *req;
	u64 region;

	for (region = 0; region < d->super.layout.regions; region++) {
		if (ha_marks_stable(d, res->node_id, region))
			continue;
		if (n == MAX_RANGES - 1)
			goto all;
		fill_range(p, n++, region << shift, 1ull << shift);
	}
	spin_lock_irq(&res->state_lock);
	list_for_each_entry(req, &res->requests, node) {
		if (req->kind == HA_REQ_READ || !req->sectors)
			continue;
		if (n == MAX_RANGES - 1)
			break;
		fill_range(p, n++, req->sector, req->sectors);
	}
	spin_unlock_irq(&res->state_lock);
	if (n < MAX_RANGES - 1)
		return n;
all:
	fill_range(p, 0, 0, d->super.layout.data_sectors);
	return 1;
}

/* The ranges as a payload; without a disk, all there is. */
static struct ha_payload *ranges_payload(struct ha_session *s,
					 struct ha_disk *d, u32 *n)
{
	struct ha_payload *p = ha_payload_alloc(MAX_RANGES * 16, true), *exact;
	u32 i;

	*n = 1;
	if (d)
		*n = lost_ranges(s->res, d, p);
	else
		fill_range(p, 0, 0, s->theirs.data_sectors);
	exact = *n ? ha_payload_alloc(*n * 16, true) : NULL;
	for (i = 0; exact && i < exact->nr; i++)
		copy_page(page_address(exact->page[i]),
			  page_address(p->page[i]));
	ha_payload_put(p);
	return exact;
}

static int lose_slot(struct ha_session *s, struct ha_disk *d, bool fresh)
{
	struct ha_wire_lose_slot w = {
		.slot = cpu_to_le32(s->res->node_id),
	};
	struct ha_payload *p = NULL;
	u64 generation = 0;
	u32 n = 0;
	int err;

	if (!fresh)
		p = ranges_payload(s, d, &n);
	w.ranges = cpu_to_le32(n);
	err = ha_ask(s, HA_MSG_LOSE_SLOT, &w, sizeof(w), p, NULL, &generation,
		     s->peer->conf.timeout);
	if (p)
		ha_payload_put(p);
	spin_lock_irq(&s->res->state_lock);
	s->res->handed_over = !err;
	if (!err)
		s->res->exposed_gen = generation;
	spin_unlock_irq(&s->res->state_lock);
	if (err)
		ha_session_kill(s, "the peer did not take over from the lost disk (%d)",
				err);
	return err;
}

int ha_hand_over(struct ha_resource *res, struct ha_disk *d)
{
	bool fresh = res->role != HA_PRIMARY;
	struct ha_session *s = NULL;
	struct ha_peer *peer;
	int err;

	spin_lock_irq(&res->state_lock);
	res->handed_over = false;
	peer = ha_good_peer(res);
	if (peer)
		s = ha_session_get(peer->session);
	spin_unlock_irq(&res->state_lock);
	if (!s) {
		ha_warn(res, "the last good copy is gone\n");
		return -ENODEV;
	}
	err = lose_slot(s, d, fresh);
	ha_session_put(s);
	return err;
}

void ha_disk_failed_work(struct work_struct *work)
{
	struct ha_resource *res = container_of(work, struct ha_resource,
					       disk_failed_work);
	struct ha_disk *d = ha_get_disk(res);

	if (!d)
		return;
	if (d->failed) {
		ha_gate_close(res, HA_GATE_DISK);
		spin_lock_irq(&res->state_lock);
		if (res->disk == d)
			ha_set_disk_state(res, HA_FAILED);
		spin_unlock_irq(&res->state_lock);
		if (res->role == HA_PRIMARY)
			ha_hand_over(res, d);
		unpublish(res, d, false);
		ha_state_send(res);
		ha_event(res, "the disk failed and was detached");
		ha_gate_open(res, HA_GATE_DISK);
	}
	ha_disk_put(d);
}

static int may_detach(struct ha_resource *res, bool force,
		      struct netlink_ext_ack *extack)
{
	bool good;

	if (res->role != HA_PRIMARY || force)
		return 0;
	spin_lock_irq(&res->state_lock);
	good = ha_good_peer(res);
	spin_unlock_irq(&res->state_lock);
	if (good)
		return 0;
	NL_SET_ERR_MSG(extack, "cannot detach: Primary, and no connected peer has good data; --force makes all I/O fail");
	return -EBUSY;
}

int ha_detach(struct ha_resource *res, bool force,
	      struct netlink_ext_ack *extack)
{
	struct ha_disk *d;
	int err;

	lockdep_assert_held(&res->conf_mutex);
	err = may_detach(res, force, extack);
	if (err)
		return err;
	d = ha_get_disk(res);
	if (!d) {
		wait_closed(res);
		return 0;
	}
	ha_gate_close(res, HA_GATE_DISK);
	err = ha_gate_drain(res, 5000);
	if (err && !force)
		NL_SET_ERR_MSG(extack, "writes in flight do not end");
	else
		err = 0;
	if (!err) {
		bool orderly = !d->failed && !ha_stabilise(res, d);

		if (res->role == HA_PRIMARY)
			ha_hand_over(res, d);
		unpublish(res, d, orderly);
		ha_state_send(res);
	}
	ha_disk_put(d);
	ha_gate_open(res, HA_GATE_DISK);
	if (err)
		return err;
	wait_closed(res);
	ha_event(res, "detached");
	return 0;
}
