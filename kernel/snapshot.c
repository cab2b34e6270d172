// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots of this node's side, and the durable part of a commit.
 */
#include <linux/random.h>
#include "attach.h"
#include "connection.h"
#include "flush.h"
#include "handshake.h"
#include "mint.h"
#include "request.h"
#include "role.h"

static u32 snapshot_flags(struct ha_peer *peer, const struct ha_disk *d)
{
	const struct ha_lineage *l = &d->super.lineage;
	struct ha_resource *res = peer->res;
	u32 own = res->node_id, slot = peer->node_id, flags = 0;

	lockdep_assert_held(&res->state_lock);
	if (res->role == HA_PRIMARY && !res->fresh_attach)
		flags |= HA_SNAP_PRIMARY;
	if (res->role != HA_PRIMARY && (l->flags & HA_MF_CRASHED_PRIMARY))
		flags |= HA_SNAP_CRASHED;
	if (l->slot[slot].flags & HA_SLOT_ALONE)
		flags |= HA_SNAP_ALONE;
	if (l->slot[slot].flags & HA_SLOT_BEGUN)
		flags |= HA_SNAP_BEGUN;
	if (l->flags & HA_MF_FORCED)
		flags |= HA_SNAP_FORCED;
	if (d->doubtful)
		flags |= HA_SNAP_DOUBTFUL;
	if (ha_bitmap_weight(&d->bitmap[own]) ||
	    ha_bitmap_weight(&d->bitmap[slot]))
		flags |= HA_SNAP_BITS;
	if (d->kept & BIT(slot))
		flags |= HA_SNAP_KEPT;
	if (res->fresh_attach)
		flags |= HA_SNAP_FRESH_ATTACH;
	/* With two nodes no third one can be newer. */
	return flags | HA_SNAP_ONLY_NEWER;
}

static u64 largest_data(const struct ha_disk *d)
{
	const struct ha_layout *l = &d->super.layout;

	return l->internal ? l->first_sector : bdev_nr_sectors(d->data.bdev);
}

static void from_disk(struct ha_peer *peer, struct ha_disk *d,
		      struct ha_snapshot *s)
{
	const struct ha_super *super = &d->super;
	const struct ha_lineage *l = &super->lineage;
	u32 slot = peer->node_id;
	unsigned int i;

	lockdep_assert_held(&d->meta_mutex);
	s->current_gen = l->current_gen;
	s->meta_flags = l->flags;
	for (i = 0; i < HA_SLOTS; i++)
		s->base[i] = l->slot[i].base;
	memcpy(s->history, l->history, sizeof(s->history));
	memcpy(s->resource_uuid, l->resource_uuid, 16);
	memcpy(s->device_uuid, super->device_uuid, 16);
	s->data_sectors = super->layout.data_sectors;
	s->device_sectors = largest_data(d);
	s->bit_shift = super->layout.bit_shift;
	s->region_shift = super->layout.region_shift;
	s->logical_block = super->logical_block;
	s->out_of_sync = ha_bitmap_weight(&d->bitmap[slot]) +
			 ha_bitmap_weight(&d->bitmap[peer->res->node_id]);
	s->written = ha_bitmap_weight(&d->bitmap[slot]) <<
		     super->layout.bit_shift;
	s->instance = d->instance;
	s->session = l->slot[slot].session;
	s->previous_session = l->slot[slot].previous_session;
}

void ha_snapshot_make(struct ha_peer *peer, struct ha_snapshot *s)
{
	struct ha_resource *res = peer->res;
	struct ha_disk *d;

	memset(s, 0, sizeof(*s));
	s->node_id = res->node_id;
	s->peer_id = peer->node_id;
	s->nonce = ha_new_generation();
	d = ha_get_disk(res);
	if (d) {
		mutex_lock(&d->meta_mutex);
		from_disk(peer, d, s);
	}

	spin_lock_irq(&res->state_lock);
	s->disk_state = d ? res->disk_state : HA_DISKLESS;
	s->role = res->role;
	if (!d && res->role == HA_PRIMARY)
		s->current_gen = res->exposed_gen;
	if (d) {
		s->flags = snapshot_flags(peer, d);
		s->peer_instance = d->peer_instance[peer->node_id];
	}
	if (peer->discard_my_data)
		s->flags |= HA_SNAP_DISCARD;
	s->after_sb = peer->conf.after_sb[0] | peer->conf.after_sb[1] << 8 |
		      peer->conf.after_sb[2] << 16;
	spin_unlock_irq(&res->state_lock);
	if (d) {
		mutex_unlock(&d->meta_mutex);	/* all of it is of one moment */
		ha_disk_put(d);
	}
}

u64 ha_agreed_size(const struct ha_session *s)
{
	u64 mine = s->mine.data_sectors, theirs = s->theirs.data_sectors;

	if (!mine || !theirs || mine == theirs || s->mine.current_gen)
		return mine;
	return s->theirs.current_gen ? theirs : min(mine, theirs);
}

/* A command, or a bit, came in between: what was compared is not so any more. */
static bool is_stale(const struct ha_super *super, const struct ha_session *s)
{
	const struct ha_disk *d = s->res->disk;
	const struct ha_lineage *l = &super->lineage;
	u32 slot = s->peer->node_id;

	if (l->current_gen != s->mine.current_gen ||
	    l->slot[slot].base != s->mine.base[slot] ||
	    l->flags != s->mine.meta_flags)
		return true;
	return s->verdict.code == HA_V_IN_SYNC && d &&
	       (ha_bitmap_weight(&d->bitmap[slot]) ||
		ha_bitmap_weight(&d->bitmap[s->res->node_id]));
}

/* struct commit_args - @stale is an answer */
struct commit_args {
	struct ha_session *s;
	bool stale;
};

static bool commit_change(struct ha_super *super, void *arg)
{
	struct commit_args *a = arg;
	struct ha_session *s = a->s;
	struct ha_lineage *l = &super->lineage;
	u32 slot = s->peer->node_id;

	a->stale = is_stale(super, s);
	if (a->stale)
		return false;
	l->slot[slot].flags |= HA_SLOT_CONFIGURED;
	if (s->theirs.disk_state != HA_DISKLESS) {
		ha_lineage_new_session(l, slot, s->id);
		l->slot[slot].flags |= HA_SLOT_DISKFUL;
		memcpy(l->slot[slot].device_uuid, s->theirs.device_uuid, 16);
	}
	super->layout.data_sectors = ha_agreed_size(s);
	ha_layout_check(&super->layout);
	if (ha_verdict_is_target(s->verdict.code))
		l->flags &= ~HA_MF_CONSISTENT;
	if (ha_is_past(&s->mine, &s->theirs))
		l->flags |= HA_MF_OUTDATED;
	if (s->verdict.code != HA_V_IN_SYNC)
		return true;
	ha_lineage_clear_base(l, slot);
	l->slot[slot].flags &= ~HA_SLOT_ALONE;
	l->flags |= HA_MF_CONSISTENT | HA_MF_WAS_UPTODATE;
	l->flags &= ~(HA_MF_FORCED | HA_MF_OUTDATED | HA_MF_DOUBTFUL);
	if (s->mine.role != HA_PRIMARY)
		l->flags &= ~HA_MF_CRASHED_PRIMARY;
	return true;
}

/* A smaller agreed size: no bit beyond it is ever looked at.  New disks only. */
static void shrink_bitmaps(struct ha_disk *d)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (d->bitmap[i].block)
			d->bitmap[i].bits = min(d->bitmap[i].bits,
						d->super.layout.bits);
}

static bool begin_change(struct ha_super *super, void *arg)
{
	struct ha_session *s = arg;

	super->lineage.slot[s->peer->node_id].flags |= HA_SLOT_BEGUN;
	return true;
}

int ha_begin_local(struct ha_session *s)
{
	struct ha_disk *d = ha_get_disk(s->res);
	int err = 0;

	if (!d)
		return 0;
	/* Only sessions of two disks are remembered, for only disks forget. */
	if (s->theirs.disk_state != HA_DISKLESS)
		err = ha_disk_update(d, begin_change, s, false);
	ha_disk_put(d);
	return err;
}

/*
 * What the disk does not claim any more, nobody may: a session that ends now is
 * followed by one whose snapshot tells the state.
 */
static void became_target(struct ha_resource *res, struct ha_disk *d)
{
	spin_lock_irq(&res->state_lock);
	if (res->disk == d && !READ_ONCE(d->failed))
		ha_set_disk_state(res, HA_INCONSISTENT);
	spin_unlock_irq(&res->state_lock);
}

int ha_commit_local(struct ha_session *s)
{
	bool digest = s->verdict.code == HA_V_SOURCE_DIGEST ||
		      s->verdict.code == HA_V_TARGET_DIGEST;
	struct commit_args args = { .s = s };
	struct ha_resource *res = s->res;
	struct ha_disk *d;
	int err = 0;

	d = ha_get_disk(res);
	/* Who says COMMIT with a disk in its snapshot has the session on it. */
	if (!d)
		return s->mine.instance ? -ESTALE : 0;
	if (d->instance != s->mine.instance)
		err = -ESTALE;
	/* Once the session is remembered, only these bits tell of the doubt. */
	if (!err && digest)
		err = ha_all_dirty(d, ha_verdict_is_source(s->verdict.code) ?
				   s->peer->node_id : res->node_id);
	if (!err && ha_verdict_is_source(s->verdict.code))
		err = ha_local_flush(d, res->node_id);
	err = err ?: ha_disk_update(d, commit_change, &args,
				    s->verdict.code == HA_V_IN_SYNC);
	if (!err && args.stale)
		err = -ESTALE;
	if (!err && ha_verdict_is_target(s->verdict.code))
		became_target(res, d);
	if (!err && s->verdict.code == HA_V_IN_SYNC)
		d->doubtful = false;
	if (!err)
		shrink_bitmaps(d);
	ha_disk_put(d);
	return err;
}
