/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One established connection to a peer: its streams, liveness, one end.  A
 * session never comes back; a reconnect is a new object.
 */
#ifndef HA_SESSION_H
#define HA_SESSION_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include "generation.h"
#include "stream.h"

struct ha_peer;
struct ha_resource;
struct ha_resync;

/**
 * struct ha_probe - the one PING or PONG of a session under way
 * @type: HA_MSG_PING or HA_MSG_PONG
 * @busy: @msg is with the stream
 * @want: cookie to be sent next, when it is not @sent
 *
 * Part of the session, so that liveness does not depend on free memory.
 * Protected by the session's lock.
 */
struct ha_probe {
	struct ha_session	*session;
	u16			type;
	bool			busy;
	u64			want;
	u64			sent;
	struct ha_msg		msg;
};

/**
 * struct ha_session - one established connection
 * @ref: one for the peer, one per request in flight towards it, one per
 *	mirrored write being served, one per lookup
 * @lock: protects @dead with @reason, and the state of the pings
 * @id: drawn by the initiator; @tag its low 32 bits
 * @initiator: this node opened the connections
 * @phase: enum ha_phase; HANDSHAKE until both committed, then UP
 * @verdict_reason: of a verdict that ends it; stands above @reason
 * @dead: set once by ha_session_kill(), with @reason
 * @end_work: ends the session, on the control workqueue, once; waits for
 *	@started, the end of ha_session_create()
 * @ping_timer: looks after the pings; @ping_due: when it should have run
 * @ping_out: a ping of @ping_sent is unanswered
 * @ping_cookie: of the latest ping; @ping_answered: of the latest answer
 * @features: intersection
 * @peer_window, @peer_max_payload: limits of the peer's receiver
 * @streams: how many there are in @stream, which is indexed by enum ha_stream_id
 *
 * The second half belongs to handshake.c and is described there.
 */
struct ha_session {
	struct kref		ref;
	spinlock_t		lock;		/* leaf */
	struct ha_peer		*peer;
	struct ha_resource	*res;
	u64			id;
	u32			tag;
	bool			initiator;
	int			phase;
	bool			dead;
	char			reason[128];
	char			verdict_reason[128];
	struct completion	started;
	struct work_struct	end_work;
	struct timer_list	ping_timer;
	struct ha_probe		ping;
	struct ha_probe		pong;
	bool			ping_out;
	u64			ping_cookie;
	u64			ping_answered;
	unsigned long		ping_sent;	/* jiffies */
	unsigned long		ping_due;	/* jiffies */
	unsigned long		oldest_request;	/* jiffies, 0: none; set by request.c */
	u64			features;
	u32			peer_window_bytes;
	u32			peer_window_messages;
	u32			peer_max_payload;
	unsigned int		streams;

	/* handshake.c */
	wait_queue_head_t	wait;
	unsigned long		seen;		/* bit per message type received */
	u64			peer_instance;	/* of READY: the peer's disk, 0 Diskless */
	struct ha_snapshot	mine;
	struct ha_snapshot	theirs;
	struct ha_verdict	verdict;
	struct ha_wire_verdict	their_verdict;
	struct ha_resync	*resync;	/* resync.c; res->state_lock */

	struct ha_stream	stream[];
};

/**
 * ha_session_data_stream - the stream for a request made on this CPU
 *
 * Any will do: requests under way do not overlap, and a flush is about writes
 * that were answered before it is sent.  The answer comes on the same stream.
 */
static inline struct ha_stream *ha_session_data_stream(struct ha_session *s)
{
	unsigned int more = s->streams - HA_STREAM_MORE;
	unsigned int n = raw_smp_processor_id() % (more + 1);

	return &s->stream[n ? HA_STREAM_MORE + n - 1 : HA_STREAM_DATA];
}

struct ha_link_set;

/**
 * ha_session_create - the authenticated sockets of @set become a session
 * Takes over the sockets also when it fails; @set is empty then.  Publishes the session as
 * peer->session, which holds a reference of its own until the session's end,
 * then starts timers and receivers: it may be dead when this returns.
 * Return: the session with one reference for the caller, or ERR_PTR.
 */
struct ha_session *ha_session_create(struct ha_peer *peer, bool initiator,
				     struct ha_link_set *set);

struct ha_session *ha_session_get(struct ha_session *s);
void ha_session_put(struct ha_session *s);	/* any context */

/**
 * ha_session_kill - end a session, from anywhere
 * @fmt: why, in words, for people; the first caller's reason stands
 *
 * Marks it dead, and queues the end work: reset the sockets, stop timers,
 * receivers and send works, then ha_session_lost(), then peer->session becomes
 * NULL and the peer's reference is dropped.
 * Context: any.
 */
__printf(2, 3)
void ha_session_kill(struct ha_session *s, const char *fmt, ...);

/** ha_session_up - both have committed: messages of HA_PHASE_UP are accepted */
void ha_session_up(struct ha_session *s);

/** ha_session_rx_ping, _pong - called by the dispatcher */
void ha_session_rx_ping(struct ha_session *s, const struct ha_wire_ping *ping);
void ha_session_rx_pong(struct ha_session *s, const struct ha_wire_ping *pong);

/**
 * ha_session_ping_wait - is the peer alive right now?
 * Sends a ping and waits for its answer, at most the ping timeout.
 * Return: 0, or -ETIMEDOUT, -ECONNRESET.
 */
int ha_session_ping_wait(struct ha_session *s);

/*
 * What the session calls back.  Implemented in receive.c, handshake.c.
 */

/**
 * ha_session_receive - one message, complete and with a good crc
 * @payload: NULL or the payload with one reference, which the callee takes over
 *
 * Context: the stream's receiver thread; may sleep, but holds up its stream.
 * Return: 0, or -errno after setting *@why: the session is killed with it.
 */
int ha_session_receive(struct ha_session *s, struct ha_stream *st,
		       const struct ha_head *h, const void *body,
		       struct ha_payload *payload, const char **why);

/**
 * ha_session_answer - an ACK, if it is one that can be taken in any context
 * @body: a struct ha_wire_ack; complete and with a good crc
 *
 * Context: softirq or process; does not sleep.
 * Return: false when it is for ha_session_receive(), and nothing changed.
 */
bool ha_session_answer(struct ha_session *s, const void *body);

/**
 * ha_session_run_handshake - called by the connector's thread after creation
 * Sends and awaits READY, SNAPSHOT, VERDICT, COMMIT.
 * Return: 0 Connected; -errno: the session has been killed with a reason.
 */
int ha_session_run_handshake(struct ha_session *s);

/**
 * ha_session_lost - the session is dead and silent: nothing of it runs any
 * more, no message arrives.  State change, fencing gate, in-flight requests.
 * Context: control workqueue, may sleep.
 */
void ha_session_lost(struct ha_session *s);

#endif
