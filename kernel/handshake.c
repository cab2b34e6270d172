// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake of a session: both sides drain, take a snapshot each, compute
 * the verdict, compare, commit.  Runs in the connector's thread.
 *
 * The gate is closed from before the snapshot until the commit: no write is
 * decided in between, so what the snapshots say stays true.
 */
#include <linux/random.h>
#include "attach.h"
#include "connection.h"
#include "device.h"
#include "gate.h"
#include "handshake.h"
#include "resync.h"
#include "workqueues.h"

#define STEP_MS 3000	/* longest wait for one message of the peer */
#define FLUSH_MS 20000	/* when it flushes its disk first */

int ha_handshake_receive(struct ha_session *s, u16 type, const void *body,
			 u16 len, const char **why)
{
	int err = 0;

	if (s->seen & BIT(type)) {
		*why = "a step of the handshake twice";
		return -EPROTO;
	}
	/* The four have numbers that follow each other. */
	if (type != HA_MSG_READY && !(s->seen & BIT(type - 1))) {
		*why = "a step of the handshake out of order";
		return -EPROTO;
	}
	switch (type) {
	case HA_MSG_READY:
		s->peer_instance = le64_to_cpu(
			((const struct ha_wire_ready *)body)->instance);
		break;
	case HA_MSG_SNAPSHOT:
		err = ha_snapshot_decode(body, s->peer->node_id,
					 s->res->node_id, &s->theirs);
		break;
	case HA_MSG_VERDICT:
		memcpy(&s->their_verdict, body, sizeof(s->their_verdict));
		break;
	case HA_MSG_COMMIT:
		if (le64_to_cpu(((const struct ha_wire_commit *)body)->session)
		    != s->id)
			err = -EPROTO;
		break;
	}
	if (err) {
		*why = "a step of the handshake with impossible values";
		return err;
	}
	/* Pairs with the barrier in the waiter's wait_event(). */
	smp_wmb();
	set_bit(type, &s->seen);
	wake_up_all(&s->wait);
	return 0;
}

static int expect_within(struct ha_session *s, u16 type, unsigned int ms)
{
	long left = wait_event_timeout(s->wait, test_bit(type, &s->seen) ||
				       READ_ONCE(s->dead) ||
				       READ_ONCE(s->peer->connector.stop),
				       msecs_to_jiffies(ms));

	/* Pairs with the one in ha_handshake_receive(). */
	smp_rmb();
	if (test_bit(type, &s->seen))
		return 0;
	if (!left)
		ha_session_kill(s, "the peer did not send %s in time",
				ha_msg_name(type));
	return left ? -ECONNRESET : -ETIMEDOUT;
}

static int expect(struct ha_session *s, u16 type)
{
	return expect_within(s, type, STEP_MS);
}

static int say(struct ha_session *s, u16 type, const void *body, u16 len)
{
	return ha_stream_send_copy(&s->stream[HA_STREAM_CONTROL], type, body,
				   len, true);
}

static int exchange_ready(struct ha_session *s)
{
	struct ha_disk *d = ha_get_disk(s->res);
	struct ha_wire_ready w = { .instance = cpu_to_le64(d ? d->instance : 0) };
	int err;

	if (d)
		ha_disk_put(d);
	err = say(s, HA_MSG_READY, &w, sizeof(w));
	return err ?: expect(s, HA_MSG_READY);
}

/* As ha_gate_drain(), given up when the session ends or is to end. */
static int drain(struct ha_session *s)
{
	unsigned int ms;

	for (ms = 0; ms < STEP_MS; ms += 100) {
		if (!ha_gate_drain(s->res, 100))
			return 0;
		if (READ_ONCE(s->dead) || READ_ONCE(s->peer->connector.stop))
			return -ECONNRESET;
	}
	return -ETIMEDOUT;
}

/*
 * Nothing that this session will not carry may be open when the snapshot is
 * taken, and marks about another instance of the peer's disk become bits.
 */
static int quiesce(struct ha_session *s)
{
	struct ha_resource *res = s->res;
	struct ha_disk *d;
	int err;

	ha_gate_close(res, HA_GATE_HANDSHAKE);
	err = drain(s);
	if (err) {
		ha_session_kill(s, "writes in flight did not end in time");
		return err;
	}
	d = ha_get_disk(res);
	if (!d)
		return 0;
	if (!s->peer_instance ||
	    d->peer_instance[s->peer->node_id] != s->peer_instance)
		d->suspect |= ha_marks_to_bits(d, s->peer->node_id) > 0;
	ha_disk_put(d);
	return 0;
}

static int exchange_snapshots(struct ha_session *s)
{
	struct ha_wire_snapshot *w = kzalloc(sizeof(*w), GFP_NOIO);
	int err;

	if (!w) {
		ha_session_kill(s, "no memory");
		return -ENOMEM;
	}
	ha_snapshot_make(s->peer, &s->mine);
	ha_snapshot_encode(&s->mine, w);
	err = ha_stream_send_copy(&s->stream[HA_STREAM_CONTROL],
				  HA_MSG_SNAPSHOT, w, sizeof(*w), true);
	kfree(w);
	return err ?: expect(s, HA_MSG_SNAPSHOT);
}

static int exchange_verdicts(struct ha_session *s)
{
	struct ha_wire_verdict w;
	int err;

	s->verdict = ha_verdict(&s->mine, &s->theirs);
	w = (struct ha_wire_verdict) {
		.verdict = cpu_to_le32(s->verdict.code),
		.row = cpu_to_le32(s->verdict.row),
		.nonce = cpu_to_le64(s->theirs.nonce),
	};
	err = say(s, HA_MSG_VERDICT, &w, sizeof(w));
	err = err ?: expect(s, HA_MSG_VERDICT);
	if (err)
		return err;
	if (ha_verdict_mirror(le32_to_cpu(s->their_verdict.verdict)) !=
	    s->verdict.code ||
	    le64_to_cpu(s->their_verdict.nonce) != s->mine.nonce) {
		ha_session_kill(s, "the nodes disagree about the data (row %u here, %u there)",
				s->verdict.row,
				le32_to_cpu(s->their_verdict.row));
		return -EPROTO;
	}
	return 0;
}

/*
 * The verdict ends the session, on both nodes.  The peer must have read our
 * VERDICT before the connection is reset under it, hence the pause; whoever
 * resets first, each node shows the reason it found itself.
 */
__printf(3, 4)
static void end_by_verdict(struct ha_session *s, bool stand_alone,
			   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(s->verdict_reason, sizeof(s->verdict_reason), fmt, args);
	va_end(args);
	if (stand_alone) {
		spin_lock_irq(&s->res->state_lock);
		s->peer->conn = HA_STANDALONE;
		/* Who sees StandAlone sees why. */
		strscpy(s->peer->reason, s->verdict_reason,
			sizeof(s->peer->reason));
		spin_unlock_irq(&s->res->state_lock);
	}
	wait_event_timeout(s->wait, READ_ONCE(s->dead) ||
			   READ_ONCE(s->peer->connector.stop), HZ / 3);
	ha_session_kill(s, "%s", s->verdict_reason);
}

static void tell_split_brain(struct ha_session *s)
{
	u64 when, common = ha_diverged_at(&s->mine, &s->theirs, &when);
	u64 now = ktime_get_real_seconds();

	ha_warn(s->res, "SPLIT BRAIN with %s: both wrote since generation %016llx, %llu s ago; wrote %llu MiB here, %llu MiB there\n",
		s->peer->name, common, now > when ? now - when : 0,
		s->mine.written >> 20, s->theirs.written >> 20);
	end_by_verdict(s, true, "split brain: both nodes wrote on their own; on the one to lose its changes: hadm connect --discard-my-data %s",
		       s->res->name);
}

/* Can this disk hold the agreed size, and would the peer's? */
static const char *size_problem(struct ha_session *s)
{
	const struct ha_snapshot *a = &s->mine, *b = &s->theirs;
	struct ha_disk *d = ha_get_disk(s->res);
	u64 size = ha_agreed_size(s);
	struct ha_layout layout;
	const char *why = NULL;

	if (!d || !b->data_sectors)
		goto out;
	layout = d->super.layout;
	layout.data_sectors = size;
	if (a->current_gen && b->current_gen && size != b->data_sectors)
		why = "the replicas were made with different sizes";
	else if (a->logical_block != b->logical_block)
		why = "the disks have blocks of different sizes";
	else if (size > a->device_sectors)
		why = "the disk here is too small";
	else if (size > b->device_sectors)
		why = "the peer's disk is too small";
	else
		why = ha_layout_check(&layout);
out:
	if (d)
		ha_disk_put(d);
	return why;
}

static int sizes_agree(struct ha_session *s)
{
	const char *why = size_problem(s);

	if (!why)
		return 0;
	end_by_verdict(s, true, "sizes differ: %llu KiB of data here, %llu KiB there: %s",
		       s->mine.data_sectors / 2, s->theirs.data_sectors / 2,
		       why);
	return -EINVAL;
}

/* Verdicts that end the session. */
static int carry_out(struct ha_session *s)
{
	switch (s->verdict.code) {
	case HA_V_SPLIT_BRAIN:
		tell_split_brain(s);
		return -EPERM;
	case HA_V_UNRELATED:
		end_by_verdict(s, true, "unrelated data: the disks have no common history");
		return -EPERM;
	case HA_V_REFUSE:
		end_by_verdict(s, false, "refused: %s",
			       s->verdict.blocked_by ?:
			       "both nodes are Primary");
		return -EPERM;
	default:
		return sizes_agree(s);
	}
}

/*
 * A target gives its copy up after the source has flushed its own and committed:
 * of what both had completed the source may have had all in a volatile cache.
 */
static int commit(struct ha_session *s)
{
	struct ha_wire_commit w = { .session = cpu_to_le64(s->id) };
	int err = 0;

	if (ha_verdict_is_target(s->verdict.code))
		err = expect_within(s, HA_MSG_COMMIT, FLUSH_MS);
	if (err)
		return err;
	err = ha_commit_local(s);
	if (err) {
		ha_session_kill(s, "cannot write metadata");
		return err;
	}
	err = say(s, HA_MSG_COMMIT, &w, sizeof(w));
	err = err ?: expect(s, HA_MSG_COMMIT);
	/* Before anything can be written in it, here or by the peer. */
	return err ?: ha_begin_local(s);
}

/*
 * One side has no disk.  Applications of a Diskless Primary go on only with
 * the very generation they have seen; a disk that is that needs no more proof.
 */
static void set_diskless(struct ha_session *s)
{
	struct ha_resource *res = s->res;
	struct ha_peer *peer = s->peer;
	u64 exposed = s->mine.current_gen;
	bool same = exposed && exposed == s->theirs.current_gen;

	lockdep_assert_held(&res->state_lock);
	if (res->disk && same && peer->role == HA_PRIMARY &&
	    res->disk_state == HA_CONSISTENT)
		ha_set_disk_state(res, HA_UPTODATE);
	if (res->disk || res->role != HA_PRIMARY)
		return;
	if (same && peer->disk_state == HA_CONSISTENT)
		peer->disk_state = HA_UPTODATE;
	if (same)
		return;
	ha_set_repl(peer, HA_OFF);
	strscpy(peer->reason, "the peer's data are not those that were served here",
		sizeof(peer->reason));
}

/* Connected, and nothing to be done, or nothing that may be. */
static void set_unsynced(struct ha_session *s)
{
	bool blocked = s->verdict.code == HA_V_BLOCKED;
	struct ha_resource *res = s->res;
	struct ha_peer *peer = s->peer;

	lockdep_assert_held(&res->state_lock);
	ha_set_repl(peer, blocked ? HA_OFF : HA_ESTABLISHED);
	if (s->verdict.row == HA_ROW_DISKLESS)
		set_diskless(s);
	/* Only people know which one to trust after what befell the disks. */
	if (s->verdict.row == HA_ROW_EQUAL_NONE_GOOD)
		strscpy(peer->reason,
			"neither replica is good: hadm secondary, then hadm primary --force on the better one",
			sizeof(peer->reason));
	if (s->verdict.blocked_by)
		strscpy(peer->reason, s->verdict.blocked_by,
			sizeof(peer->reason));
	if (ha_is_past(&s->mine, &s->theirs) &&
	    res->disk_state != HA_INCONSISTENT)
		ha_set_disk_state(res, HA_OUTDATED);
	if (ha_is_past(&s->theirs, &s->mine) &&
	    peer->disk_state != HA_INCONSISTENT)
		peer->disk_state = HA_OUTDATED;
}

static void set_states(struct ha_session *s)
{
	enum ha_verdict_code code = s->verdict.code;
	struct ha_resource *res = s->res;
	struct ha_peer *peer = s->peer;

	lockdep_assert_held(&res->state_lock);
	peer->conn = HA_CONNECTED;
	peer->role = s->theirs.role;
	peer->disk_state = s->theirs.disk_state;
	peer->reason[0] = '\0';
	if (ha_verdict_is_source(code)) {
		peer->disk_state = HA_INCONSISTENT;
		ha_set_disk_state(res, HA_UPTODATE);
		ha_set_repl(peer, HA_SYNC_SOURCE);
		res->fresh_attach = false;
	} else if (ha_verdict_is_target(code)) {
		peer->disk_state = HA_UPTODATE;
		ha_set_disk_state(res, HA_INCONSISTENT);
		ha_set_repl(peer, HA_SYNC_TARGET);
	} else if (code == HA_V_IN_SYNC) {
		peer->disk_state = HA_UPTODATE;
		ha_set_disk_state(res, HA_UPTODATE);
		ha_set_repl(peer, HA_ESTABLISHED);
		res->fresh_attach = false;
	} else {
		set_unsynced(s);
	}
	if (res->disk && (ha_verdict_is_source(code) || code == HA_V_IN_SYNC))
		ha_disk_remember(res->disk, peer->node_id, s->theirs.instance);
	peer->discard_my_data = false;
	peer->fenced = false;
	/* A peer that is here needs no fencing; in the same step as the rest. */
	res->gate &= ~(HA_GATE_FENCING | HA_GATE_ATTACH);
	if (res->disk && res->disk_state == HA_UPTODATE)
		res->exposed_gen = res->disk->super.lineage.current_gen;
}

/*
 * The verdict is about the disk of the snapshot; it may have gone since.  What
 * was not done for the sake of a Primary may be done when it is none any more.
 */
static bool still_true(const struct ha_session *s)
{
	const struct ha_disk *d = s->res->disk;

	lockdep_assert_held(&s->res->state_lock);
	if (s->verdict.code == HA_V_BLOCKED && s->res->role != s->mine.role)
		return false;
	return (d ? d->instance : 0) == s->mine.instance;
}

static int connected(struct ha_session *s)
{
	struct ha_resource *res = s->res;
	bool same;

	spin_lock_irq(&res->state_lock);
	same = still_true(s);
	if (!READ_ONCE(s->dead) && same)
		set_states(s);
	spin_unlock_irq(&res->state_lock);
	if (!same)
		return -ESTALE;
	ha_info(res, "peer %s: connected: %s\n", s->peer->name,
		ha_verdict_words(s->verdict.row));
	ha_resource_size_known(res);
	if (ha_verdict_is_source(s->verdict.code) ||
	    ha_verdict_is_target(s->verdict.code))
		ha_resync_start(s);
	/* Messages that came early have waited for this. */
	ha_session_up(s);
	/* Our disk was lost while no peer could take over. */
	if (!res->disk && res->role == HA_PRIMARY && !res->handed_over)
		ha_hand_over(res, NULL);
	mod_delayed_work(ha_wq_control, &res->tick_work, 0);
	return 0;
}

int ha_session_run_handshake(struct ha_session *s)
{
	struct ha_resource *res = s->res;
	int err;

	err = exchange_ready(s);
	err = err ?: quiesce(s);
	err = err ?: exchange_snapshots(s);
	err = err ?: exchange_verdicts(s);
	err = err ?: carry_out(s);
	err = err ?: commit(s);
	err = err ?: connected(s);
	if (err) {
		ha_session_kill(s, "handshake failed (%d)", err);
		ha_gate_open(res, HA_GATE_HANDSHAKE);
		return err;
	}
	ha_thaw(res, HA_GATE_HANDSHAKE);
	ha_state_send(res);
	ha_event(res, NULL);
	return 0;
}
