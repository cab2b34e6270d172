// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far a resync is and how fast: the figures that status shows.  All of them are
 * protected by the resource's state_lock.
 */
#include "connection.h"
#include "resync.h"

void ha_resync_moved(struct ha_resync *r, u32 bytes)
{
	struct ha_resource *res = r->s->res;

	spin_lock_irq(&res->state_lock);
	r->s->peer->resync_moved += bytes;
	spin_unlock_irq(&res->state_lock);
}

/* Several may ask for the status at once, and the tick does as well. */
static void progress(struct ha_peer *peer, struct ha_resync *r)
{
	u64 left, ms;

	lockdep_assert_held(&peer->res->state_lock);
	left = ha_bitmap_weight(&r->disk->bitmap[ha_resync_slot(r)]) <<
	       r->disk->super.layout.bit_shift;
	if (!r->started_bytes || left > r->started_bytes) {
		r->started_bytes = left;
		r->sample_left = left;
	}
	peer->resync_total = r->started_bytes;
	peer->resync_done = r->started_bytes - left;
	ms = jiffies_to_msecs(jiffies - r->sample_time);
	if (ms >= 1000) {
		u64 rate = div64_u64((r->sample_left - min(left, r->sample_left))
				     * 1000, ms);

		peer->resync_rate = peer->resync_rate ?
				    (peer->resync_rate * 3 + rate) / 4 : rate;
		r->sample_left = left;
		r->sample_time = jiffies;
	}
	peer->resync_eta = peer->resync_rate ?
			   div64_u64(left, peer->resync_rate) : 0;
}

void ha_resync_progress(struct ha_peer *peer)
{
	struct ha_session *s = ha_session_of(peer);
	struct ha_resync *r = s ? ha_resync_get(s) : NULL;

	if (r) {
		spin_lock_irq(&peer->res->state_lock);
		progress(peer, r);
		spin_unlock_irq(&peer->res->state_lock);
		ha_resync_put(r);
	}
	if (s)
		ha_session_put(s);
}
