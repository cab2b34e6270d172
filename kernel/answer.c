// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions of the peer that change something here.  They are answered from a
 * work, so that pings go on meanwhile.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/ktime.h>
#include "answer.h"
#include "connection.h"
#include "mint.h"
#include "resync.h"
#include "role.h"
#include "workqueues.h"

/* What a peer may have waiting here, its answer included; ours asks one at a time. */
#define QUESTIONS_MAX	16

/*
 * struct question - one received question
 * @msg: the answer; with it in the socket the question is forgotten
 */
struct question {
	struct work_struct	work;
	struct ha_session	*s;
	struct ha_payload	*payload;
	struct ha_msg		msg;
	union {
		struct ha_wire_question	q;
		struct ha_wire_lose_slot lose;
	};
};

static int ask_work(struct ha_session *s, const void *body, size_t len,
		    struct ha_payload *payload, work_func_t fn,
		    const char **why)
{
	struct ha_stream *st = &s->stream[HA_STREAM_CONTROL];
	struct question *a = NULL;

	*why = "too many questions at once";
	if (atomic_read(&st->held) < QUESTIONS_MAX) {
		*why = "no memory";
		a = kzalloc(sizeof(*a), GFP_NOIO);
	}
	if (!a) {
		if (payload)
			ha_payload_put(payload);
		return -ENOBUFS;
	}
	INIT_WORK(&a->work, fn);
	ha_stream_hold(st, 0);
	a->s = ha_session_get(s);
	a->payload = payload;
	memcpy(&a->q, body, len);
	queue_work(ha_wq_control, &a->work);
	return 0;
}

static void question_free(struct question *a)
{
	ha_stream_release(&a->s->stream[HA_STREAM_CONTROL], 0);
	if (a->payload)
		ha_payload_put(a->payload);
	ha_session_put(a->s);
	kfree(a);
}

static void answer_sent(struct ha_msg *msg, int err)
{
	question_free(container_of(msg, struct question, msg));
}

/* @code 0 is yes, else no with @text; @a may be gone when this returns */
static void answer(struct question *a, u16 type, u64 id, int code,
		   u64 generation, const char *text)
{
	struct ha_session *s = ha_session_get(a->s);
	struct ha_wire_answer w = {
		.id = cpu_to_le64(id),
		.generation = cpu_to_le64(generation),
		.code = cpu_to_le32(code < 0 ? -code : code),
	};

	strscpy(w.text, text ?: "", sizeof(w.text));
	ha_msg_init(&a->msg, type, &w, sizeof(w), NULL, answer_sent);
	ha_stream_send(&s->stream[HA_STREAM_CONTROL], &a->msg, true);
	ha_session_put(s);
}

static const char *refuse_promote(struct ha_session *s)
{
	struct ha_resource *res = s->res;
	const char *why = NULL;

	spin_lock_irq(&res->state_lock);
	if (res->role == HA_PRIMARY)
		why = "the peer is Primary; make it Secondary first";
	else if (res->becoming_primary && res->node_id < s->peer->node_id)
		why = "the peer is becoming Primary";
	if (!why) {
		res->granted = true;
		res->granted_until = jiffies + 10 * HZ;
	}
	spin_unlock_irq(&res->state_lock);
	return why;
}

static void promote_work(struct work_struct *work)
{
	struct question *a = container_of(work, struct question, work);
	const char *why = refuse_promote(a->s);

	if (!why && ha_resync_yield(a->s, 2000)) {
		why = "a resync is busy; try again";
		WRITE_ONCE(a->s->res->granted, false);
	}
	answer(a, HA_MSG_PROMOTE_ANSWER, le64_to_cpu(a->q.id),
	       why ? EBUSY : 0, 0, why);
}

int ha_answer_promote(struct ha_session *s, const struct ha_wire_question *q,
		      const char **why)
{
	return ask_work(s, q, sizeof(*q), NULL, promote_work, why);
}

static void skip_work(struct work_struct *work)
{
	struct question *a = container_of(work, struct question, work);
	struct ha_session *s = a->s;
	const char *why = NULL;
	int err = 0;

	if (s->verdict.row != HA_ROW_BOTH_NEW || !a->q.generation ||
	    READ_ONCE(s->res->disk_state) != HA_INCONSISTENT)
		why = "its disk is not newly created";
	else
		err = ha_skip_sync_here(s, le64_to_cpu(a->q.generation),
					a->q.uuid);
	if (err)
		why = "its metadata could not be written";
	if (!why)
		ha_event(s->res, "initial sync skipped");
	answer(a, HA_MSG_SKIP_SYNC_ANSWER, le64_to_cpu(a->q.id),
	       why ? EBUSY : 0, 0, why);
}

int ha_answer_skip_sync(struct ha_session *s, const struct ha_wire_question *q,
			const char **why)
{
	return ask_work(s, q, sizeof(*q), NULL, skip_work, why);
}

/* struct lost_args - a mint for a Primary without a disk */
struct lost_args {
	u64 generation;
	u32 slot;
};

static bool lost_change(struct ha_super *super, void *arg)
{
	struct lost_args *a = arg;

	ha_lineage_mint(&super->lineage, a->generation, BIT(a->slot),
			super->node_id, ktime_get_real_seconds(),
			HA_MINT_LOST_SLOT);
	return true;
}

static void set_lost_bits(struct question *a, struct ha_disk *d)
{
	u32 slot = a->s->peer->node_id, n = le32_to_cpu(a->lose.ranges), i;
	u64 size = d->super.layout.data_sectors;

	for (i = 0; i < n; i++) {
		const __le64 *e = page_address(a->payload->page[i / 256]);
		u64 sector = le64_to_cpu(e[i % 256 * 2]);
		u64 sectors = le64_to_cpu(e[i % 256 * 2 + 1]);

		if (sector < size && sectors)
			ha_bitmap_set(d, slot, sector,
				      min(sectors, size - sector));
	}
}

static int lose_slot_here(struct question *a, u64 generation)
{
	struct lost_args args = {
		.generation = generation, .slot = a->s->peer->node_id,
	};
	struct ha_resource *res = a->s->res;
	struct ha_disk *d;
	int err;

	spin_lock_irq(&res->state_lock);
	d = res->disk;
	if (d)
		ha_disk_get(d);
	if (a->s->peer->session == a->s)
		a->s->peer->disk_state = HA_DISKLESS;
	spin_unlock_irq(&res->state_lock);
	if (!d)
		return -ENODEV;
	if (a->payload)
		set_lost_bits(a, d);
	err = ha_disk_write_bitmaps(d);
	/* Its application goes on with this copy alone: what it has seen completed
	 * must not be in our cache only.
	 */
	err = err ?: ha_disk_update(d, lost_change, &args, true);
	ha_disk_put(d);
	ha_session_outlived(a->s);
	return err;
}

static void lose_slot_work(struct work_struct *work)
{
	struct question *a = container_of(work, struct question, work);
	u64 generation = ha_new_generation();
	int err = -EBUSY;

	if (READ_ONCE(a->s->res->disk_state) == HA_UPTODATE)
		err = lose_slot_here(a, generation);
	ha_event(a->s->res, "the peer lost its disk");
	answer(a, HA_MSG_LOSE_SLOT_ANSWER, le64_to_cpu(a->lose.id), err,
	       generation, err ? "its disk is not UpToDate" : NULL);
}

int ha_answer_lose_slot(struct ha_session *s,
			const struct ha_wire_lose_slot *w,
			struct ha_payload *payload, const char **why)
{
	u32 n = le32_to_cpu(w->ranges);

	*why = "a list of lost ranges that makes no sense";
	if ((payload ? payload->len : 0) != (u64)n * 16 ||
	    le32_to_cpu(w->slot) != s->peer->node_id ||
	    READ_ONCE(s->res->role) == HA_PRIMARY) {
		if (payload)
			ha_payload_put(payload);
		return -EPROTO;
	}
	return ask_work(s, w, sizeof(*w), payload, lose_slot_work, why);
}

static void invalidate_work(struct work_struct *work)
{
	struct question *a = container_of(work, struct question, work);
	struct ha_resource *res = a->s->res;

	unsigned int tries;

	/* Never waits without end for a command that waits for the peer. */
	for (tries = 0; tries < 100 && !READ_ONCE(a->s->dead); tries++) {
		if (mutex_trylock(&res->conf_mutex)) {
			ha_invalidate(res, NULL);
			mutex_unlock(&res->conf_mutex);
			break;
		}
		msleep(50);
	}
	question_free(a);
}

int ha_answer_control(struct ha_session *s, const struct ha_wire_control *w,
		      const char **why)
{
	*why = "an order that does not exist";
	if (le32_to_cpu(w->what) != HA_RC_INVALIDATE_YOU)
		return -EPROTO;
	return ask_work(s, w, sizeof(*w), NULL, invalidate_work, why);
}
