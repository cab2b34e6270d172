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

static void note_oldest(struct ha_resource *res)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		struct ha_session *s;

		if (!res->peer[i])
			continue;
		s = ha_session_of(res->peer[i]);
		if (!s)
			continue;
		WRITE_ONCE(s->oldest_request, ha_requests_oldest(res, s));
		ha_resync_kick(s);
		ha_session_put(s);
		ha_resync_progress(res->peer[i]);
	}
}

static void flush_peers(struct ha_resource *res, struct ha_disk *d, bool due)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		if (!res->peer[i] ||
		    READ_ONCE(res->peer[i]->conn) != HA_CONNECTED)
			continue;
		if ((due || atomic64_read(&d->marks.bytes[i]) > FLUSH_BYTES) &&
		    ha_marks_any(d, i))
			ha_peer_flush(res->peer[i]);
	}
	if ((due || atomic64_read(&d->marks.bytes[res->node_id]) >
	     FLUSH_BYTES) && ha_marks_any(d, res->node_id))
		ha_local_flush(d, res->node_id);
}

/* Marks of one region: stable on all connected replicas, bits for the rest. */
static bool region_settled(struct ha_resource *res, struct ha_disk *d,
			   u64 region)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++) {
		if (i != res->node_id && !res->peer[i])
			continue;
		if (ha_marks_stable(d, i, region))
			continue;
		if (i == res->node_id ||
		    READ_ONCE(res->peer[i]->conn) == HA_CONNECTED)
			return false;
		ha_marks_region_to_bits(d, i, region);
	}
	return true;
}

static void clear_intents(struct ha_resource *res, struct ha_disk *d)
{
	u64 regions[CLEAR_MAX], keep[CLEAR_MAX], drop[CLEAR_MAX];
	unsigned int n, i, nk = 0, nd = 0;

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
	if (ha_stabilise(res, d))
		ha_intent_clear_abort(d, drop, nd);
	else
		ha_intent_clear_end(d, drop, nd);
}

static void open_late_gate(struct ha_resource *res)
{
	unsigned long until = READ_ONCE(res->disk_gate_until);

	if (until && time_after(jiffies, until)) {
		res->disk_gate_until = 0;
		ha_gate_open(res, HA_GATE_DISK);
	}
}

void ha_maintenance_work(struct work_struct *work)
{
	struct ha_resource *res = container_of(to_delayed_work(work),
					       struct ha_resource, tick_work);
	struct ha_disk *d;

	if (READ_ONCE(res->dead))
		return;
	note_oldest(res);
	open_late_gate(res);
	d = ha_get_disk(res);
	if (d) {
		bool due = ++res->ticks % FLUSH_SECONDS == 0;

		if (!d->failed)
			flush_peers(res, d, due);
		if (!d->failed)
			clear_intents(res, d);
		ha_disk_put(d);
	}
	if (!READ_ONCE(res->dead))
		queue_delayed_work(ha_wq_control, &res->tick_work, HZ);
}
