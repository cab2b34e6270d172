/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A remote node of a resource: configuration, addresses, and what is known of
 * its state.  Lives as long as its resource keeps it.
 */
#ifndef HA_PEER_H
#define HA_PEER_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/socket.h>
#include <linux/wait.h>
#include "words.h"

struct ha_inbound;
struct ha_resource;
struct ha_session;
struct task_struct;

/** struct ha_net_conf - options of one peer's connection, milliseconds */
struct ha_net_conf {
	u32	timeout;
	u32	ping_interval;
	u32	ping_timeout;
	u32	connect_interval;
	u32	ko_count;
	u32	data_streams;		/* 0: by the number of CPUs */
	u32	after_sb[3];		/* by number of Primaries; enum ha_after_sb */
	char	secret[65];		/* empty: no authentication */
};

/**
 * struct ha_connector - the thread that makes sessions with one peer
 *
 * The node with the higher id opens the connections, the other listens.  See
 * connector.c.
 *
 * @task: set from start to stop, also while the thread has given up
 * @exited: the thread has ended
 * @wait: woken by stop, by the session's end and by a complete set of inbound
 *	connections
 * @inbound: connections that the peer opens; NULL on the initiator
 */
struct ha_connector {
	struct task_struct	*task;
	struct completion	exited;
	bool			stop;
	wait_queue_head_t	wait;
	struct ha_inbound	*inbound;
};

/**
 * struct ha_question - the one question that is out to a peer (ha_ask())
 * @mutex: held by the asker; the rest is protected by res->state_lock
 */
struct ha_question {
	struct mutex	mutex;
	__le64		id;
	u32		code;
	u64		generation;
	bool		answered;
	char		text[124];
};

/** struct ha_peer_flush_state - the one flush of ours that is out to a peer */
struct ha_peer_flush_state {
	struct mutex	mutex;
	u64		id;
	int		status;
	bool		done;
};

/**
 * struct ha_peer - a remote node
 * @ref: one for the resource's table, one for the connector, one per session
 * @conf: replaced field by field under res->conf_mutex; readers tolerate either
 * @session: the session being set up or connected; protected by
 *	res->state_lock; NULL when there is none
 * @mirror_writes: writes of the peer (any session) not yet ended on our disk;
 *	a new handshake and a promotion wait for zero (mirror.c)
 * @reason: why not connected or not syncing; protected by res->state_lock
 */
struct ha_peer {
	struct kref		ref;
	struct ha_resource	*res;
	u32			node_id;
	char			name[64];
	struct sockaddr_storage	local;
	struct sockaddr_storage	remote;
	struct ha_net_conf	conf;
	struct ha_connector	connector;
	struct ha_session	*session;
	atomic_t		mirror_writes;
	wait_queue_head_t	mirror_wait;
	struct ha_question	question;
	struct ha_peer_flush_state flush;

	/* state of the connection; res->state_lock */
	enum ha_conn_word	conn;
	enum ha_role_word		role;
	enum ha_disk_word	disk_state;
	enum ha_repl_word	repl;
	char			reason[128];
	bool			discard_my_data;	/* of the next handshake */
	bool			fenced;			/* see ha_peer_fenced() */
	bool			paused;			/* by our user */
	bool			peer_paused;		/* by the peer's */
	u64			sent;			/* statistics, bytes */
	atomic64_t		received;		/* likewise; any context */
	u64			resync_total, resync_done, resync_moved;
	u64			resync_rate;
	u32			resync_eta;
};

/**
 * ha_peer_create - a peer without configuration, StandAlone
 * The caller fills in names, addresses and options, then puts it into
 * res->peer[], which takes over the reference.
 * Return: the peer or ERR_PTR.
 */
struct ha_peer *ha_peer_create(struct ha_resource *res, u32 node_id);
struct ha_peer *ha_peer_get(struct ha_peer *p);
void ha_peer_put(struct ha_peer *p);

/**
 * ha_connector_start - begin to look for the peer (conn becomes Connecting)
 * ha_connector_stop - end the thread and the session, wait for both; bounded
 *	(about a second): sockets are reset, no peer is waited for.  Conn becomes
 *	StandAlone.  Called before a peer's last reference is dropped.
 * Context: process, conf_mutex of the resource held by the caller.
 *
 * A session that sets conn to StandAlone and ends (split brain) also ends the
 * thread; ha_connector_start() begins anew.
 */
int ha_connector_start(struct ha_peer *p);
void ha_connector_stop(struct ha_peer *p);

/**
 * ha_peer_set_reason - why the peer is not connected, for status
 * Logs it once when it differs from the last one, emits a netlink event.
 */
__printf(2, 3)
void ha_peer_set_reason(struct ha_peer *p, const char *fmt, ...);

/* Log lines about a peer; the user includes resource.h. */
#define ha_peer_info(p, fmt, ...) \
	ha_info((p)->res, "peer %s: " fmt, (p)->name, ##__VA_ARGS__)
#define ha_peer_warn_ratelimited(p, fmt, ...) \
	ha_warn_ratelimited((p)->res, "peer %s: " fmt, (p)->name, ##__VA_ARGS__)

#endif
