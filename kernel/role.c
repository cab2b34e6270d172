// SPDX-License-Identifier: GPL-2.0-only
/*
 * Promotion and demotion.
 */
#include <linux/netlink.h>
#include "attach.h"
#include "connection.h"
#include "device.h"
#include "flush.h"
#include "gate.h"
#include "mint.h"
#include "resync.h"
#include "role.h"
#include "state.h"

#define OPENERS_MS 2000
/* Shorter than what the peer grants, see ha_resync_yield() and answer.c. */
#define LEASE (8 * HZ)

static struct ha_peer *only_peer(struct ha_resource *res)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i])
			return res->peer[i];
	return NULL;
}

static void gather(struct ha_resource *res, bool force,
		   struct ha_promote_facts *f)
{
	struct ha_peer *peer = only_peer(res);

	*f = (struct ha_promote_facts) {
		.role = res->role,
		.disk = res->disk_state,
		.force = force,
		.failed = res->failed,
		.fencing = res->opt.fencing != HA_FENCING_DONT_CARE,
		.doubtful = res->disk && res->disk->doubtful,
		.handshaking = res->gate & HA_GATE_HANDSHAKE,
		.no_quorum = res->gate & HA_GATE_QUORUM,
	};
	if (!peer)
		return;
	f->fenced = peer->fenced;
	f->connected = peer->conn == HA_CONNECTED && peer->session &&
		       !READ_ONCE(peer->session->dead);
	f->peer_role = peer->role;
	f->peer_disk = f->connected ? peer->disk_state : HA_DUNKNOWN;
	f->draining = !f->connected && atomic_read(&peer->mirror_writes);
}

static enum ha_promote verdict_now(struct ha_resource *res, bool force)
{
	struct ha_promote_facts f;
	enum ha_promote v;

	spin_lock_irq(&res->state_lock);
	gather(res, force, &f);
	v = ha_promote_verdict(&f);
	spin_unlock_irq(&res->state_lock);
	return v;
}

static bool draining(struct ha_peer *peer)
{
	return atomic_read(&peer->mirror_writes) &&
	       READ_ONCE(peer->conn) != HA_CONNECTED;
}

/*
 * A handshake under way settles in a moment: wait for it; and likewise for word
 * of a demotion that has just ended on the peer.
 */
static enum ha_promote settled_verdict(struct ha_resource *res, bool force)
{
	struct ha_peer *peer = only_peer(res);

	wait_event_killable_timeout(res->wait,
				    !(READ_ONCE(res->gate) & HA_GATE_HANDSHAKE),
				    5 * HZ);
	if (peer)
		wait_event_killable_timeout(peer->mirror_wait, !draining(peer),
					    2 * HZ);
	wait_event_killable_timeout(res->wait, verdict_now(res, force) !=
				    HA_PROMOTE_PEER_PRIMARY, HZ);
	return verdict_now(res, force);
}

/*
 * A connected peer is asked; one that does not answer is not connected any
 * more.  Return: 0: it agrees, or there is none; -EAGAIN: it is gone now.
 */
static int ask_peer(struct ha_resource *res, struct netlink_ext_ack *extack)
{
	struct ha_peer *peer = only_peer(res);
	struct ha_session *s = peer ? ha_session_of(peer) : NULL;
	struct ha_wire_question q = { };
	char text[124];
	int err;

	if (!s)
		return 0;
	err = ha_ask(s, HA_MSG_PROMOTE, &q, sizeof(q), NULL, text, NULL,
		     peer->conf.ping_timeout);
	if (err == -EPERM) {
		NL_SET_ERR_MSG_FMT(extack, "cannot promote: %s", text);
	} else if (err) {
		ha_session_kill(s, "no answer to a promotion");
		wait_event_killable_timeout(res->wait,
					    READ_ONCE(peer->session) != s,
					    5 * HZ);
		err = -EAGAIN;
	}
	ha_session_put(s);
	return err;
}

/* struct promote_args - of the superblock's change */
struct promote_args {
	struct ha_resource *res;
	u32 alone;
};

static bool promote_change(struct ha_super *super, void *arg)
{
	struct promote_args *a = arg;
	struct ha_lineage *l = &super->lineage;
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (a->alone & BIT(i))
			l->slot[i].flags |= HA_SLOT_ALONE;
	l->flags |= HA_MF_PRIMARY | HA_MF_CRASHED_PRIMARY;
	return true;
}

static int mint_forced(struct ha_resource *res, struct ha_disk *d)
{
	int err;

	spin_lock_irq(&res->state_lock);
	res->epoch++;
	spin_unlock_irq(&res->state_lock);
	err = ha_mint(res, HA_MINT_FORCED);
	if (err)
		return err;
	d->doubtful = false;
	/* What this disk lacked is what the data are from now on. */
	ha_bitmap_clear_all(d, res->node_id);
	spin_lock_irq(&res->state_lock);
	ha_set_disk_state(res, HA_UPTODATE);
	spin_unlock_irq(&res->state_lock);
	return ha_disk_write_bitmaps(d);
}

static bool peer_is_fenced(struct ha_resource *res)
{
	struct ha_peer *peer = only_peer(res);

	lockdep_assert_held(&res->state_lock);
	return peer && peer->fenced;
}

/* What a connected peer granted may be over: it no longer waits for us. */
static bool lease_is_over(struct ha_resource *res, unsigned long asked)
{
	struct ha_peer *peer = only_peer(res);

	return peer && peer->session && time_after(jiffies, asked + LEASE);
}

/*
 * The role changes only while what was made durable is still true: a peer lost
 * meanwhile is one more slot without which we are promoted.
 * Return: 0, -EAGAIN: decide again.
 */
static int take_role(struct ha_resource *res, struct ha_disk *d, u32 alone,
		     unsigned long asked)
{
	int err = 0;

	spin_lock_irq(&res->state_lock);
	ha_connection_check(res);
	/*
	 * disk_failed_work hands over only for a Primary, and may have looked
	 * at the role already.
	 */
	if (res->disk != d || (d && READ_ONCE(d->failed)) ||
	    (ha_absent_slots(res) & ~alone) ||
	    (res->gate & HA_GATE_HANDSHAKE) || lease_is_over(res, asked)) {
		err = -EAGAIN;
	} else {
		res->role = HA_PRIMARY;
		/* Only of a peer that cannot have newer data, see gather(). */
		if (d && res->disk_state == HA_CONSISTENT && peer_is_fenced(res))
			ha_set_disk_state(res, HA_UPTODATE);
		if (alone)
			res->epoch++;
		if (d && res->disk_state == HA_UPTODATE) {
			res->fresh_attach = false;
			res->exposed_gen = d->super.lineage.current_gen;
		}
	}
	spin_unlock_irq(&res->state_lock);
	return err;
}

static int become_primary(struct ha_resource *res, bool mint,
			  unsigned long asked)
{
	struct promote_args args = { .res = res };
	struct ha_disk *d = ha_get_disk(res);
	int err = 0;

	if (d && mint)
		err = mint_forced(res, d);
	spin_lock_irq(&res->state_lock);
	args.alone = ha_absent_slots(res);
	spin_unlock_irq(&res->state_lock);
	/* Without a disk the peer mints: it has what we are going to write. */
	if (!err && d)
		err = ha_disk_update(d, promote_change, &args, false);
	else if (!err)
		err = ha_hand_over(res, NULL);
	err = err ?: take_role(res, d, args.alone, asked);
	if (d)
		ha_disk_put(d);
	return err;
}

/* From here on the peer's wish to promote is refused, or ours is. */
static int begin_promotion(struct ha_resource *res,
			   struct netlink_ext_ack *extack)
{
	bool granted;

	spin_lock_irq(&res->state_lock);
	granted = res->granted && time_before(jiffies, res->granted_until);
	res->becoming_primary = !granted;
	spin_unlock_irq(&res->state_lock);
	if (!granted)
		return 0;
	NL_SET_ERR_MSG(extack, "cannot promote: the peer is becoming Primary");
	return -EBUSY;
}

static int refuse_promotion(enum ha_promote v, struct netlink_ext_ack *extack)
{
	/* Static text: a formatted one is cut at 80 characters. */
	if (extack)
		extack->_msg = ha_promote_words(v);
	return -EBUSY;
}

int ha_promote(struct ha_resource *res, bool force,
	       struct netlink_ext_ack *extack)
{
	enum ha_promote v;
	int err = -EAGAIN, tries;
	unsigned long asked;

	lockdep_assert_held(&res->conf_mutex);
	for (tries = 0; err == -EAGAIN && tries < 3; tries++) {
		v = settled_verdict(res, force);
		if (v == HA_PROMOTE_ALREADY)
			return 0;
		if (v != HA_PROMOTE_OK && v != HA_PROMOTE_MINT)
			return refuse_promotion(v, extack);
		asked = jiffies;
		err = begin_promotion(res, extack);
		err = err ?: ask_peer(res, extack);
		err = err ?: become_primary(res, v == HA_PROMOTE_MINT, asked);
	}
	WRITE_ONCE(res->becoming_primary, false);
	if (err == -EIO)
		NL_SET_ERR_MSG(extack, "cannot promote: the disk failed");
	else if (err == -EAGAIN)
		NL_SET_ERR_MSG(extack, "cannot promote: the connection or the disk is too slow or changes all the time; try again");
	if (err)
		return err;
	ha_info(res, "promoted to Primary\n");
	/* Another lineage than the one the handshake compared. */
	if (v == HA_PROMOTE_MINT)
		ha_sessions_kill(res, "promoted by force; connecting anew");
	ha_resource_size_known(res);
	ha_state_send(res);
	ha_device_announce(res);
	ha_event(res, "promoted");
	return 0;
}

static bool demote_change(struct ha_super *super, void *arg)
{
	super->lineage.flags &= ~(HA_MF_PRIMARY | HA_MF_CRASHED_PRIMARY);
	return true;
}

/* With the gate closed and nothing in flight: all stable, or bits, on disk. */
static int demote_disk(struct ha_resource *res)
{
	struct ha_disk *d;
	int err;

	d = ha_get_disk(res);
	if (!d)
		return 0;
	err = ha_stabilise(res, d);
	err = err ?: ha_disk_update(d, demote_change, NULL, true);
	ha_disk_put(d);
	return err;
}

static int refuse_open(struct ha_resource *res, struct netlink_ext_ack *extack)
{
	char who[60];

	ha_device_openers(res, who, sizeof(who));
	NL_SET_ERR_MSG_FMT(extack, "device is open: %s", who);
	return -EBUSY;
}

static void fail_parked(struct ha_resource *res)
{
	spin_lock_irq(&res->state_lock);
	res->failed = true;
	spin_unlock_irq(&res->state_lock);
	ha_gate_open(res, HA_GATE_USER | HA_GATE_NO_DATA | HA_GATE_FENCING |
		     HA_GATE_QUORUM);
}

/* What a verdict did not overwrite because a Primary served it, it may now. */
static void judge_anew(struct ha_resource *res)
{
	struct ha_peer *peer = only_peer(res);
	struct ha_session *s = peer ? ha_session_of(peer) : NULL;

	if (!s)
		return;
	if (s->verdict.code == HA_V_BLOCKED)
		ha_session_kill(s, "demoted; connecting anew");
	ha_session_put(s);
}

int ha_demote(struct ha_resource *res, bool force,
	      struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&res->conf_mutex);
	if (res->role != HA_PRIMARY)
		return 0;
	wait_event_killable_timeout(res->wait, !READ_ONCE(res->open_count),
				    msecs_to_jiffies(force ? 0 : OPENERS_MS));
	if (!ha_device_block_open(res)) {
		if (!force)
			return refuse_open(res, extack);
		fail_parked(res);
	}
	ha_gate_close(res, HA_GATE_DEMOTE);
	err = ha_gate_drain(res, 8000);
	if (err && !force) {
		NL_SET_ERR_MSG(extack, "writes in flight do not end");
	} else {
		err = demote_disk(res);
		if (err == -EIO)
			err = 0;	/* the disk is being detached */
	}
	if (!err) {
		spin_lock_irq(&res->state_lock);
		res->role = HA_SECONDARY;
		spin_unlock_irq(&res->state_lock);
		ha_info(res, "demoted to Secondary\n");
		ha_state_send(res);
		judge_anew(res);
		ha_event(res, "demoted");
	}
	ha_device_allow_open(res);
	ha_gate_open(res, HA_GATE_DEMOTE);
	return err;
}
