// SPDX-License-Identifier: GPL-2.0-only
/*
 * State that follows a connection: lost sessions, the peer's news, questions
 * and answers between the two nodes.
 */
#include <linux/completion.h>
#include "connection.h"
#include "gate.h"
#include "resync.h"
#include "state.h"
#include "workqueues.h"

void ha_set_disk_state(struct ha_resource *res, enum ha_disk_word state)
{
	lockdep_assert_held(&res->state_lock);
	if (WARN_ON_ONCE(!ha_disk_may_move(res->disk_state, state)))
		return;
	if (res->disk_state != state)
		ha_info(res, "disk %s -> %s\n",
			ha_disk_state_word(res->disk_state),
			ha_disk_state_word(state));
	WRITE_ONCE(res->disk_state, state);
}

static void note_resyncs(struct ha_resource *res)
{
	unsigned int i;

	lockdep_assert_held(&res->state_lock);
	res->resyncing = false;
	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i] && (res->peer[i]->repl == HA_SYNC_SOURCE ||
				     res->peer[i]->repl == HA_SYNC_TARGET))
			res->resyncing = true;
}

void ha_set_repl(struct ha_peer *peer, enum ha_repl_word repl)
{
	lockdep_assert_held(&peer->res->state_lock);
	if (peer->repl != repl)
		ha_info(peer->res, "peer %s: %s -> %s\n", peer->name,
			ha_repl_word_text(peer->repl), ha_repl_word_text(repl));
	WRITE_ONCE(peer->repl, repl);
	note_resyncs(peer->res);
}

void ha_peer_disk_lost(struct ha_peer *peer, enum ha_disk_word state)
{
	struct ha_resource *res = peer->res;

	lockdep_assert_held(&res->state_lock);
	if (peer->disk_state >= HA_INCONSISTENT && res->role == HA_PRIMARY)
		res->epoch++;
	peer->disk_state = state;
	ha_set_repl(peer, HA_OFF);
}

/* A Connected peer is gone: what must be true before anything else happens. */
static void peer_lost(struct ha_peer *peer)
{
	struct ha_resource *res = peer->res;

	lockdep_assert_held(&res->state_lock);
	res->granted = false;
	if (peer->conn != HA_CONNECTED)
		return;
	peer->conn = HA_CONNECTING;
	peer->role = HA_UNKNOWN_ROLE;
	ha_peer_disk_lost(peer, HA_DUNKNOWN);
	if (res->role == HA_PRIMARY) {
		if (res->opt.fencing == HA_FENCING_RESOURCE_AND_STONITH)
			res->gate |= HA_GATE_FENCING;
	} else if (res->opt.fencing != HA_FENCING_DONT_CARE &&
		   res->disk_state == HA_UPTODATE) {
		ha_set_disk_state(res, HA_CONSISTENT);
	}
}

void ha_connection_check(struct ha_resource *res)
{
	unsigned int i;

	lockdep_assert_held(&res->state_lock);
	for (i = 0; i < HA_SLOTS; i++) {
		struct ha_peer *peer = res->peer[i];

		if (peer && peer->session && READ_ONCE(peer->session->dead))
			peer_lost(peer);
	}
}

void ha_session_lost(struct ha_session *s)
{
	struct ha_peer *peer = s->peer;
	struct ha_resource *res = s->res;

	spin_lock_irq(&res->state_lock);
	peer_lost(peer);
	spin_unlock_irq(&res->state_lock);

	ha_resync_stop(s);
	ha_requests_lost(res, s);
	wake_up_all(&res->wait);
	wake_up_all(&s->wait);
	ha_info(res, "peer %s: session ended: %s\n", peer->name, s->reason);
	ha_event(res, s->reason);
}

struct ha_session *ha_session_of(struct ha_peer *peer)
{
	struct ha_session *s = NULL;
	unsigned long flags;

	spin_lock_irqsave(&peer->res->state_lock, flags);
	if (peer->conn == HA_CONNECTED && peer->session &&
	    !READ_ONCE(peer->session->dead))
		s = ha_session_get(peer->session);
	spin_unlock_irqrestore(&peer->res->state_lock, flags);
	return s;
}

void ha_sessions_kill(struct ha_resource *res, const char *why)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		struct ha_session *s = NULL;

		spin_lock_irq(&res->state_lock);
		if (res->peer[i] && res->peer[i]->session)
			s = ha_session_get(res->peer[i]->session);
		spin_unlock_irq(&res->state_lock);
		if (!s)
			continue;
		ha_session_kill(s, "%s", why);
		ha_session_put(s);
	}
}

void ha_session_outlived(struct ha_session *s)
{
	if (READ_ONCE(s->dead))
		ha_sessions_kill(s->res, "the disk changed for an earlier connection");
}

static void fill_state(struct ha_peer *peer, struct ha_wire_state *w)
{
	struct ha_resource *res = peer->res;

	lockdep_assert_held(&res->state_lock);
	*w = (struct ha_wire_state) {
		.role = cpu_to_le32(res->role),
		.disk_state = cpu_to_le32(res->disk_state),
		.repl_state = cpu_to_le32(peer->repl),
		.flags = cpu_to_le32((peer->paused ? HA_STATE_PAUSED : 0) |
			(res->gate & HA_GATE_SHOWN ? HA_STATE_SUSPENDED : 0)),
	};
	if (res->disk) {
		const struct ha_super *super = &res->disk->super;

		w->current_gen = cpu_to_le64(super->lineage.current_gen);
		w->data_sectors = cpu_to_le64(super->layout.data_sectors);
	}
}

void ha_state_send(struct ha_resource *res)
{
	struct ha_wire_state w;
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		struct ha_peer *peer = ha_peer_at(res, i);
		struct ha_session *s = peer ? ha_session_of(peer) : NULL;

		if (s) {
			spin_lock_irq(&res->state_lock);
			fill_state(peer, &w);
			spin_unlock_irq(&res->state_lock);
			ha_stream_send_copy(&s->stream[HA_STREAM_CONTROL],
					    HA_MSG_STATE, &w, sizeof(w), true);
			ha_session_put(s);
		}
		if (peer)
			ha_peer_put(peer);
	}
}

static bool take_state(struct ha_peer *peer, u32 role, u32 disk, bool paused)
{
	struct ha_resource *res = peer->res;
	bool changed = peer->role != role || peer->disk_state != disk ||
		       peer->peer_paused != paused;
	bool took = ha_peer_takes_writes(peer);

	lockdep_assert_held(&res->state_lock);
	res->granted = false;
	peer->role = role;
	peer->peer_paused = paused;
	if (disk == peer->disk_state)
		return changed;
	if (disk < HA_INCONSISTENT)
		ha_peer_disk_lost(peer, disk);
	else
		peer->disk_state = disk;
	/* It no longer gets our writes: a lone period begins. */
	if (took && disk >= HA_INCONSISTENT && !ha_peer_takes_writes(peer) &&
	    res->role == HA_PRIMARY)
		res->epoch++;
	return changed;
}

int ha_state_received(struct ha_session *s, const struct ha_wire_state *w,
		      const char **why)
{
	u32 role = le32_to_cpu(w->role), disk = le32_to_cpu(w->disk_state);
	u32 flags = le32_to_cpu(w->flags);
	bool paused = flags & HA_STATE_PAUSED;
	struct ha_resource *res = s->res;
	struct ha_peer *peer = s->peer;
	bool changed;

	if (role < HA_PRIMARY || role > HA_SECONDARY || disk > HA_UPTODATE ||
	    le32_to_cpu(w->repl_state) > HA_VERIFY_T ||
	    (flags & ~(HA_STATE_PAUSED | HA_STATE_SUSPENDED))) {
		*why = "a state that does not exist";
		return -EPROTO;
	}
	spin_lock_irq(&res->state_lock);
	if (role == HA_PRIMARY && res->role == HA_PRIMARY) {
		spin_unlock_irq(&res->state_lock);
		*why = "both nodes are Primary";
		return -EPROTO;
	}
	changed = take_state(peer, role, disk, paused);
	spin_unlock_irq(&res->state_lock);
	if (changed) {
		wake_up_all(&res->wait);
		ha_resync_kick(s);
		ha_event(res, NULL);
	}
	return 0;
}

/* One question at a time and peer: commands hold conf_mutex or wait here. */
int ha_ask(struct ha_session *s, u16 type, void *body, u16 len,
	   struct ha_payload *payload, char *text, u64 *generation,
	   u32 timeout_ms)
{
	struct ha_question *q = &s->peer->question;
	struct ha_msg *msg;
	long left;
	int err;

	msg = kzalloc(sizeof(*msg), GFP_NOIO);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&q->mutex);
	spin_lock_irq(&s->res->state_lock);
	q->id = *(__le64 *)body = cpu_to_le64(++s->res->next_id);
	q->answered = false;
	spin_unlock_irq(&s->res->state_lock);
	if (payload)
		ha_payload_get(payload);
	ha_msg_init(msg, type, body, len, payload, ha_msg_free);
	ha_stream_send(&s->stream[HA_STREAM_CONTROL], msg, true);
	left = wait_event_timeout(s->wait, READ_ONCE(q->answered) || s->dead,
				  msecs_to_jiffies(timeout_ms));
	if (READ_ONCE(q->answered)) {
		err = q->code ? -EPERM : 0;
		if (err && text)
			strscpy(text, q->text, sizeof(q->text));
		if (!err && generation)
			*generation = q->generation;
	} else {
		err = left ? -ECONNRESET : -ETIMEDOUT;
	}
	q->id = 0;
	mutex_unlock(&q->mutex);
	return err;
}

void ha_answered(struct ha_session *s, const struct ha_wire_answer *w)
{
	struct ha_question *q = &s->peer->question;

	spin_lock_irq(&s->res->state_lock);
	if (q->id == w->id && !q->answered) {
		q->code = le32_to_cpu(w->code);
		q->generation = le64_to_cpu(w->generation);
		memcpy(q->text, w->text, sizeof(w->text));
		ha_text_clean((u8 *)q->text, sizeof(w->text));
		WRITE_ONCE(q->answered, true);
	}
	spin_unlock_irq(&s->res->state_lock);
	wake_up_all(&s->wait);
}
