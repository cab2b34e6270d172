// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that change what a copy claims to be: invalidate, outdate, skip the
 * initial sync.
 */
#include <linux/netlink.h>
#include <linux/random.h>
#include "attach.h"
#include "answer.h"
#include "connection.h"
#include "flush.h"
#include "mint.h"
#include "role.h"

static void metadata_failed(struct netlink_ext_ack *extack, int err)
{
	NL_SET_ERR_MSG_FMT(extack, "the metadata cannot be written (%d)", err);
}

static bool inconsistent_change(struct ha_super *super, void *arg)
{
	super->lineage.flags &= ~HA_MF_CONSISTENT;
	return true;
}

int ha_all_dirty(struct ha_disk *d, u32 slot)
{
	ha_bitmap_set_all(d, slot);
	return ha_disk_write_bitmaps(d);
}

/* A disk that fails goes without conf_mutex. */
static void no_copy_now(struct ha_resource *res, const struct ha_disk *d)
{
	lockdep_assert_held(&res->state_lock);
	if (res->disk == d && !READ_ONCE(d->failed))
		ha_set_disk_state(res, HA_INCONSISTENT);
}

/*
 * From here on no snapshot calls the copy good, so no handshake makes it the
 * source for its bits before the superblock says the same.
 */
static bool give_up(struct ha_resource *res, const struct ha_disk *d,
		    const struct ha_peer *good)
{
	bool still;

	spin_lock_irq(&res->state_lock);
	still = ha_good_peer(res) == good;
	if (still)
		no_copy_now(res, d);
	spin_unlock_irq(&res->state_lock);
	return still;
}

int ha_invalidate(struct ha_resource *res, struct netlink_ext_ack *extack)
{
	struct ha_disk *d = ha_get_disk(res);
	struct ha_peer *good;
	int err;

	if (!d || res->role == HA_PRIMARY) {
		if (!d)
			NL_SET_ERR_MSG(extack, "no disk is attached");
		else
			NL_SET_ERR_MSG(extack, "the device is Primary here; make it Secondary first");
		if (d)
			ha_disk_put(d);
		return -EBUSY;
	}
	if (!d->super.lineage.current_gen) {
		NL_SET_ERR_MSG(extack, "the disk is newly created: there is nothing to invalidate");
		ha_disk_put(d);
		return -EINVAL;
	}
	spin_lock_irq(&res->state_lock);
	good = ha_good_peer(res);
	spin_unlock_irq(&res->state_lock);
	if (!good) {
		NL_SET_ERR_MSG(extack, "no connected peer is UpToDate: there is nothing to copy from");
		ha_disk_put(d);
		return -ENOTCONN;
	}
	/* What both have the peer may have in its cache only; it stays with conf_mutex. */
	if (ha_peer_flush(good)) {
		NL_SET_ERR_MSG(extack, "the peer did not flush its disk: its copy is not safe enough to give this one up");
		ha_disk_put(d);
		return -EBUSY;
	}
	if (!give_up(res, d, good)) {
		NL_SET_ERR_MSG(extack, "the peer that is UpToDate was lost meanwhile");
		ha_disk_put(d);
		return -ENOTCONN;
	}
	err = ha_all_dirty(d, res->node_id);
	err = err ?: ha_disk_update(d, inconsistent_change, NULL, false);
	spin_lock_irq(&res->state_lock);
	no_copy_now(res, d);	/* a session in between may have brought it up to date */
	spin_unlock_irq(&res->state_lock);
	ha_disk_put(d);
	/* After an error, too: the next handshake finds out what it is. */
	ha_sessions_kill(res, "local disk invalidated");
	if (err) {
		metadata_failed(extack, err);
		return err;
	}
	ha_event(res, "invalidated");
	return 0;
}

int ha_invalidate_remote(struct ha_resource *res, struct ha_peer *peer,
			 struct netlink_ext_ack *extack)
{
	struct ha_wire_control w = {
		.what = cpu_to_le32(HA_RC_INVALIDATE_YOU),
	};
	struct ha_session *s = ha_session_of(peer);
	int err = -ENOTCONN;

	if (!s) {
		NL_SET_ERR_MSG(extack, "the peer is not connected");
		return err;
	}
	if (res->disk_state != HA_UPTODATE || peer->role == HA_PRIMARY) {
		NL_SET_ERR_MSG_FMT(extack, "%s", peer->role == HA_PRIMARY ?
			       "the peer is Primary; make it Secondary first" :
			       "the local disk is not UpToDate");
		err = -EBUSY;
	} else {
		err = ha_stream_send_copy(&s->stream[HA_STREAM_CONTROL],
					  HA_MSG_RESYNC_CONTROL, &w, sizeof(w),
					  true);
	}
	ha_session_put(s);
	return err;
}

static bool outdate_change(struct ha_super *super, void *arg)
{
	super->lineage.flags |= HA_MF_OUTDATED;
	return true;
}

static bool outdate_refused(struct ha_resource *res, const struct ha_disk *d,
			    struct netlink_ext_ack *extack)
{
	struct ha_peer *good;

	spin_lock_irq(&res->state_lock);
	good = ha_good_peer(res);
	spin_unlock_irq(&res->state_lock);
	if (!d)
		NL_SET_ERR_MSG(extack, "no disk is attached");
	else if (res->role == HA_PRIMARY)
		NL_SET_ERR_MSG(extack, "the device is Primary here");
	else if (res->disk_state < HA_OUTDATED)
		NL_SET_ERR_MSG(extack, "the disk is Inconsistent already");
	else if (good)
		NL_SET_ERR_MSG(extack, "a connected peer is UpToDate and keeps this copy like its own; disconnect first");
	else
		return false;
	return true;
}

int ha_outdate(struct ha_resource *res, struct netlink_ext_ack *extack)
{
	struct ha_disk *d = ha_get_disk(res);
	bool met;
	int err;

	if (outdate_refused(res, d, extack)) {
		if (d)
			ha_disk_put(d);
		return -EBUSY;
	}
	err = ha_disk_update(d, outdate_change, NULL, false);
	ha_disk_put(d);
	if (err) {
		metadata_failed(extack, err);
		return err;
	}
	spin_lock_irq(&res->state_lock);
	ha_set_disk_state(res, HA_OUTDATED);
	met = ha_good_peer(res);
	spin_unlock_irq(&res->state_lock);
	/* It connected meanwhile: the next handshake knows of the mark. */
	if (met)
		ha_sessions_kill(res, "local disk outdated");
	ha_state_send(res);
	ha_event(res, "outdated");
	return 0;
}

/* struct skip_args - the lineage both new replicas begin with */
struct skip_args {
	u64 generation;
	u8 uuid[16];
	u32 slot;
};

static bool skip_change(struct ha_super *super, void *arg)
{
	struct skip_args *a = arg;
	struct ha_lineage *l = &super->lineage;

	memcpy(l->resource_uuid, a->uuid, sizeof(a->uuid));
	l->current_gen = a->generation;
	l->flags |= HA_MF_CONSISTENT | HA_MF_WAS_UPTODATE;
	return true;
}

int ha_skip_sync_here(struct ha_session *s, u64 generation, const u8 *uuid)
{
	struct skip_args args = {
		.generation = generation, .slot = s->peer->node_id,
	};
	struct ha_resource *res = s->res;
	struct ha_disk *d = ha_get_disk(res);
	int err;

	if (!d)
		return -ENODEV;
	memcpy(args.uuid, uuid, sizeof(args.uuid));
	err = ha_disk_update(d, skip_change, &args, true);
	if (!err) {
		spin_lock_irq(&res->state_lock);
		ha_set_disk_state(res, HA_UPTODATE);
		if (s->peer->session == s && !READ_ONCE(s->dead)) {
			s->peer->disk_state = HA_UPTODATE;
			ha_set_repl(s->peer, HA_ESTABLISHED);
			ha_disk_remember(d, s->peer->node_id,
					 s->theirs.instance);
		}
		spin_unlock_irq(&res->state_lock);
	}
	ha_disk_put(d);
	ha_session_outlived(s);
	return err;
}

static struct ha_session *fresh_session(struct ha_resource *res,
					struct netlink_ext_ack *extack)
{
	struct ha_session *s = NULL;
	unsigned int i;
	bool new;

	for (i = 0; i < HA_SLOTS && !s; i++)
		if (res->peer[i])
			s = ha_session_of(res->peer[i]);
	if (!s) {
		NL_SET_ERR_MSG(extack, "not connected: both replicas must be up and connected to be declared equal");
		return NULL;
	}
	/* A disk that fails goes without conf_mutex. */
	spin_lock_irq(&res->state_lock);
	new = res->disk && !res->disk->super.lineage.current_gen;
	spin_unlock_irq(&res->state_lock);
	if (s->verdict.row != HA_ROW_BOTH_NEW || !new) {
		NL_SET_ERR_MSG(extack, "the replicas are not both newly created: there is data to lose; let them sync");
		ha_session_put(s);
		return NULL;
	}
	return s;
}

int ha_skip_initial_sync(struct ha_resource *res,
			 struct netlink_ext_ack *extack)
{
	struct ha_session *s = fresh_session(res, extack);
	struct ha_wire_question q = { };
	u64 generation = ha_new_generation();
	char text[124];
	int err;

	if (!s)
		return -EBUSY;
	q.generation = cpu_to_le64(generation);
	get_random_bytes(q.uuid, sizeof(q.uuid));
	err = ha_ask(s, HA_MSG_SKIP_SYNC, &q, sizeof(q), NULL, text, NULL,
		     s->peer->conf.timeout);
	if (err == -EPERM)
		NL_SET_ERR_MSG_FMT(extack, "the peer refused: %s", text);
	else if (err)
		NL_SET_ERR_MSG_FMT(extack, "no answer from the peer (%d)", err);
	if (!err) {
		err = ha_skip_sync_here(s, generation, q.uuid);
		if (err)
			metadata_failed(extack, err);
	}
	if (err)
		ha_session_kill(s, "initial sync could not be skipped");
	ha_session_put(s);
	if (!err) {
		ha_state_send(res);
		ha_event(res, "initial sync skipped");
	}
	return err;
}
