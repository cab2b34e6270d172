// SPDX-License-Identifier: GPL-2.0-only
/*
 * User space says that a peer cannot write any more: it is off, or a majority has
 * excluded it.  Then a Primary that waits for that goes on, and a Secondary whose
 * copy is Consistent may be promoted.  It holds until the peer is connected.
 */
#include <linux/netlink.h>
#include "connection.h"
#include "gate.h"
#include "role.h"

/* Connected or about to be, with a reference; or NULL. */
static struct ha_session *any_session(struct ha_peer *peer)
{
	struct ha_session *s;

	spin_lock_irq(&peer->res->state_lock);
	s = peer->session && !READ_ONCE(peer->session->dead) ?
	    ha_session_get(peer->session) : NULL;
	spin_unlock_irq(&peer->res->state_lock);
	return s;
}

/*
 * Who answers is not fenced.  Who does not is lost now, and not only when the
 * pings of the session have noticed.
 */
static int end_session(struct ha_peer *peer, struct netlink_ext_ack *extack)
{
	struct ha_session *s = any_session(peer);
	long left;

	if (!s)
		return 0;
	if (!ha_session_ping_wait(s)) {
		NL_SET_ERR_MSG(extack, "the peer answers, so it is not fenced; take its power, or disconnect");
		ha_session_put(s);
		return -EBUSY;
	}
	ha_session_kill(s, "the peer is fenced");
	left = wait_event_killable_timeout(peer->res->wait,
					   READ_ONCE(peer->conn) != HA_CONNECTED,
					   5 * HZ);
	ha_session_put(s);
	if (left > 0)
		return 0;
	NL_SET_ERR_MSG(extack, "the connection to the peer does not end; try again");
	return left ? -EINTR : -EBUSY;
}

int ha_peer_fenced(struct ha_resource *res, struct ha_peer *peer,
		   struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&res->conf_mutex);
	err = end_session(peer, extack);
	if (err)
		return err;
	spin_lock_irq(&res->state_lock);
	/* What connected meanwhile needs no fencing. */
	if (peer->conn == HA_CONNECTED)
		err = -EBUSY;
	else
		peer->fenced = true;
	spin_unlock_irq(&res->state_lock);
	if (err) {
		NL_SET_ERR_MSG(extack, "the peer has just connected, so it is not fenced");
		return err;
	}
	ha_peer_info(peer, "fenced, says user space\n");
	ha_thaw(res, HA_GATE_FENCING);
	ha_event(res, "the peer is fenced");
	return 0;
}
