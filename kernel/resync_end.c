// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a resync: the source flushes and drops its claims, the target
 * flushes and becomes UpToDate in one superblock write, the source forgets its
 * base.  A lost last message repeats harmlessly in the next session.
 */
#include <linux/slab.h>
#include <linux/ktime.h>
#include "connection.h"
#include "flush.h"
#include "handshake.h"
#include "resync.h"
#include "workqueues.h"

static bool source_change(struct ha_super *super, void *arg)
{
	struct ha_session *s = arg;
	struct ha_lineage *l = &super->lineage;

	l->slot[s->peer->node_id].flags &= ~(HA_SLOT_ALONE | HA_SLOT_FULL);
	if (READ_ONCE(s->res->role) != HA_PRIMARY)
		l->flags &= ~HA_MF_CRASHED_PRIMARY;
	return true;
}

static void fill_end(struct ha_disk *d, struct ha_wire_resync_end *w)
{
	const struct ha_lineage *l = &d->super.lineage;

	mutex_lock(&d->meta_mutex);
	w->generation = cpu_to_le64(l->current_gen);
	memcpy(w->resource_uuid, l->resource_uuid, 16);
	ha_history_encode(l->history, w->history, w->history_node,
			  w->history_time);
	mutex_unlock(&d->meta_mutex);
}

void ha_resync_end_work(struct work_struct *work)
{
	struct ha_resync *r = container_of(work, struct ha_resync, end_work);
	struct ha_wire_resync_end *w;
	int err;

	w = kzalloc(sizeof(*w), GFP_NOIO);
	err = w ? 0 : -ENOMEM;
	/* Both caches, before cleared bits go to disk with the superblock. */
	err = err ?: ha_peer_flush(r->s->peer);
	err = err ?: ha_local_flush(r->disk, r->s->res->node_id);
	err = err ?: ha_disk_update(r->disk, source_change, r->s, true);
	if (!err) {
		fill_end(r->disk, w);
		err = ha_stream_send_copy(&r->s->stream[HA_STREAM_RESYNC],
					  HA_MSG_RESYNC_END, w, sizeof(*w),
					  true);
	}
	kfree(w);
	if (err)
		ha_session_kill(r->s, "cannot end the resync (%d)", err);
}

/* struct end_args - the source's lineage, decoded */
struct end_args {
	struct work_struct	work;
	struct ha_resync	*r;
	u64			generation;
	u8			uuid[16];
	struct ha_history_entry	history[HA_META_HISTORY];
};

static bool target_change(struct ha_super *super, void *arg)
{
	struct end_args *a = arg;
	struct ha_lineage *l = &super->lineage;
	struct ha_resource *res = a->r->s->res;
	u32 slot = a->r->s->peer->node_id;

	ha_lineage_adopt(l, a->uuid, a->generation, a->history, slot,
			 ktime_get_real_seconds());
	l->slot[slot].flags &= ~(HA_SLOT_ALONE | HA_SLOT_FULL);
	l->flags |= HA_MF_CONSISTENT | HA_MF_WAS_UPTODATE;
	l->flags &= ~(HA_MF_OUTDATED | HA_MF_FORCED | HA_MF_DOUBTFUL);
	if (READ_ONCE(res->role) != HA_PRIMARY)
		l->flags &= ~HA_MF_CRASHED_PRIMARY;
	return true;
}

static int become_uptodate(struct end_args *a)
{
	struct ha_resync *r = a->r;
	struct ha_resource *res = r->s->res;
	u32 own = res->node_id, slot = r->s->peer->node_id;
	int err;

	if (ha_bitmap_weight(&r->disk->bitmap[own]) ||
	    ha_bitmap_weight(&r->disk->bitmap[slot]))
		return -EBUSY;
	err = ha_local_flush(r->disk, own);
	err = err ?: ha_disk_update(r->disk, target_change, a, true);
	if (err)
		return err;
	r->disk->doubtful = false;
	r->disk->suspect = false;
	spin_lock_irq(&res->state_lock);
	if (!READ_ONCE(r->s->dead) && res->disk == r->disk) {
		ha_set_disk_state(res, HA_UPTODATE);
		ha_set_repl(r->s->peer, HA_ESTABLISHED);
		ha_disk_remember(r->disk, slot, r->s->theirs.instance);
		res->fresh_attach = false;
	}
	spin_unlock_irq(&res->state_lock);
	return 0;
}

static void target_end_work(struct work_struct *work)
{
	struct end_args *a = container_of(work, struct end_args, work);
	struct ha_wire_resync_end *w = kzalloc(sizeof(*w), GFP_NOIO);
	struct ha_session *s = a->r->s;
	int err = w ? become_uptodate(a) : -ENOMEM;

	if (!err) {
		w->generation = cpu_to_le64(a->generation);
		err = ha_stream_send_copy(&s->stream[HA_STREAM_RESYNC],
					  HA_MSG_RESYNC_END_ANSWER, w,
					  sizeof(*w), true);
	}
	if (err) {
		ha_session_kill(s, "cannot end the resync here (%d)", err);
	} else {
		ha_resync_stop(s);
		ha_state_send(s->res);
		ha_event(s->res, "resync done");
	}
	kfree(w);
	ha_resync_put(a->r);
	kfree(a);
}

int ha_resync_end_received(struct ha_resync *r,
			   const struct ha_wire_resync_end *w, const char **why)
{
	struct end_args *a = kzalloc(sizeof(*a), GFP_NOIO);

	*why = "no memory for resync";
	if (!a)
		return -ENOMEM;
	*why = "an end of a resync that makes no sense";
	/* Before the source's bits are here, none being set means nothing. */
	if (r->source || !r->theirs_done || r->ending || !w->generation ||
	    ha_history_decode(w->history, w->history_node, w->history_time,
			      a->history)) {
		kfree(a);
		return -EPROTO;
	}
	r->ending = true;
	a->generation = le64_to_cpu(w->generation);
	memcpy(a->uuid, w->resource_uuid, 16);
	kref_get(&r->ref);
	a->r = r;
	INIT_WORK(&a->work, target_end_work);
	queue_work(ha_wq_resync, &a->work);
	return 0;
}

static bool source_final(struct ha_super *super, void *arg)
{
	struct ha_session *s = arg;
	struct ha_lineage *l = &super->lineage;

	/* From here on it lacks what is written: the base says since when. */
	if (ha_resync_left(s))
		return false;
	ha_lineage_clear_base(l, s->peer->node_id);
	l->flags &= ~HA_MF_FORCED;
	return true;
}

/* struct final_args - the answer is worked on outside of the receiver */
struct final_args {
	struct work_struct	work;
	struct ha_resync	*r;
};

static void source_end_work(struct work_struct *work)
{
	struct final_args *a = container_of(work, struct final_args, work);
	struct ha_resync *r = a->r;
	struct ha_resource *res = r->s->res;
	int err = ha_disk_update(r->disk, source_final, r->s, true);

	if (err) {
		ha_session_kill(r->s, "cannot end the resync (%d)", err);
	} else {
		spin_lock_irq(&res->state_lock);
		if (!READ_ONCE(r->s->dead) && !ha_resync_left(r->s)) {
			r->s->peer->disk_state = HA_UPTODATE;
			r->disk->suspect = false;
			ha_set_repl(r->s->peer, HA_ESTABLISHED);
		}
		spin_unlock_irq(&res->state_lock);
		ha_resync_stop(r->s);
		ha_state_send(res);
		ha_event(res, "resync done");
	}
	ha_resync_put(r);
	kfree(a);
}

int ha_resync_end_answered(struct ha_resync *r,
			   const struct ha_wire_resync_end *w, const char **why)
{
	struct final_args *a;

	*why = "an answer to an end of a resync that was not sent";
	if (!r->source || !READ_ONCE(r->ending) || r->answered)
		return -EPROTO;
	*why = "no memory for resync";
	a = kzalloc(sizeof(*a), GFP_NOIO);
	if (!a)
		return -ENOMEM;
	r->answered = true;
	kref_get(&r->ref);
	a->r = r;
	INIT_WORK(&a->work, source_end_work);
	queue_work(ha_wq_resync, &a->work);
	return 0;
}
