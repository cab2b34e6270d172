// SPDX-License-Identifier: GPL-2.0-only
/*
 * Once a second: marks that have waited long enough are made stable, idle
 * intents are cleared, the age of the oldest request is noted.  Nothing correct
 * depends on when this runs.
 */
#include "attach.h"
#include "connection.h"
#include "flush.h"
#include "gate.h"
#include "maintenance.h"
#include "resync.h"
#include "workqueues.h"

#define FLUSH_SECONDS	5
#define FLUSH_BYTES	(64ll << 20)
#define IDLE_SECONDS	30
#define CLEAR_MAX	64	/* regions a second */

/*
 * Bits for a replica that gets every write: something was missed that no
 * session has repaired.  Only a handshake can.
 */
static bool bits_in_sync(struct ha_peer *peer)
{
	struct ha_resource *res = peer->res;
	bool bits;

	spin_lock_irq(&res->state_lock);
	bits = peer->conn == HA_CONNECTED && peer->repl == HA_ESTABLISHED &&
	       peer->disk_state == HA_UPTODATE && res->disk &&
	       res->disk_state == HA_UPTODATE &&
	       ha_bitmap_weight(&res->disk->bitmap[peer->node_id]);
	spin_unlock_irq(&res->state_lock);
	return bits;
}

static void look_after_session(struct ha_peer *peer)
{
	struct ha_session *s = ha_session_of(peer);

	if (!s)
		return;
	WRITE_ONCE(s->oldest_request, ha_requests_oldest(peer->res, s));
	ha_resync_kick(s);
	if (bits_in_sync(peer))
		ha_session_kill(s, "dirty bits although in sync; connecting anew");
	ha_session_put(s);
	ha_resync_progress(peer);
}

static void look_after_sessions(struct ha_resource *res)
{
	struct ha_peer *peer;
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		peer = ha_peer_at(res, i);
		if (!peer)
			continue;
		look_after_session(peer);
		ha_peer_put(peer);
	}
}

static bool worth_flushing(struct ha_disk *d, u32 slot, bool due)
{
	return (due || atomic64_read(&d->marks.bytes[slot]) > FLUSH_BYTES) &&
	       ha_marks_any(d, slot);
}

static void flush_replicas(struct ha_resource *res, struct ha_disk *d, bool due)
{
	struct ha_peer *peer;
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		peer = ha_peer_at(res, i);
		if (!peer)
			continue;
		if (READ_ONCE(peer->conn) == HA_CONNECTED &&
		    worth_flushing(d, i, due))
			ha_peer_flush(peer);
		ha_peer_put(peer);
	}
	if (worth_flushing(d, res->node_id, due))
		ha_local_flush(d, res->node_id);
}

/* Marks of one region: stable on all connected replicas, bits for the rest. */
static bool region_settled(struct ha_resource *res, struct ha_disk *d,
			   u64 region)
{
	bool connected;
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		if (ha_marks_stable(d, i, region))
			continue;
		spin_lock_irq(&res->state_lock);
		connected = i == res->node_id ||
			    (res->peer[i] && res->peer[i]->session);
		spin_unlock_irq(&res->state_lock);
		if (connected)
			return false;
		ha_marks_region_to_bits(d, i, region);
		d->suspect = true;
	}
	return true;
}

static void clear_intents(struct ha_resource *res, struct ha_disk *d)
{
	u64 regions[CLEAR_MAX], keep[CLEAR_MAX], drop[CLEAR_MAX];
	unsigned int n, i, nk = 0, nd = 0;

	/* What a snapshot says must stay true until it is committed. */
	if (READ_ONCE(res->gate) & HA_GATE_HANDSHAKE)
		return;
	n = ha_intent_clear_begin(d, IDLE_SECONDS, regions, CLEAR_MAX);
	for (i = 0; i < n; i++) {
		if (region_settled(res, d, regions[i]))
			drop[nd++] = regions[i];
		else
			keep[nk++] = regions[i];
	}
	if (nk)
		ha_intent_clear_abort(d, keep, nk);
	if (!nd)
		return;
	/*
	 * What they hold is stable, or bits.  Not a flush of the peer: one that is
	 * slow is not lost, and what else it has not flushed has its intents.
	 */
	if (ha_disk_write_bitmaps(d))
		ha_intent_clear_abort(d, drop, nd);
	else
		ha_intent_clear_end(d, drop, nd);
}

static void open_late_gate(struct ha_resource *res)
{
	bool late;

	/* In one step: an attach may close it again. */
	spin_lock_irq(&res->state_lock);
	late = res->disk_gate_until &&
	       time_after(jiffies, res->disk_gate_until);
	if (late) {
		res->disk_gate_until = 0;
		res->gate &= ~HA_GATE_ATTACH;
	}
	spin_unlock_irq(&res->state_lock);
	if (late)
		ha_gate_open(res, 0);	/* what was parked goes on */
}

void ha_maintenance_work(struct work_struct *work)
{
	struct ha_resource *res = container_of(to_delayed_work(work),
					       struct ha_resource, tick_work);
	struct ha_disk *d;

	if (READ_ONCE(res->dead))
		return;
	look_after_sessions(res);
	open_late_gate(res);
	d = ha_get_disk(res);
	if (d) {
		bool due = ++res->ticks % FLUSH_SECONDS == 0;

		if (!d->failed)
			flush_replicas(res, d, due);
		if (!d->failed)
			clear_intents(res, d);
		ha_disk_put(d);
	}
	if (!READ_ONCE(res->dead))
		queue_delayed_work(ha_wq_control, &res->tick_work, HZ);
}
