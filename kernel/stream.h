/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One TCP connection of a session: a queue of messages going out and a thread
 * that takes messages in.  Sending happens in the caller's context while the
 * stream is idle, else from the stream's work.
 */
#ifndef HA_STREAM_H
#define HA_STREAM_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "inflow.h"
#include "payload.h"
#include "wire.h"

#define HA_STREAM_BATCH	16u	/* messages taken from the socket in one go */
#define HA_STREAM_BATCH_BYTES (128u << 10)	/* and the payload behind which none is added */
#define HA_STREAM_BATCH_BODY 64u	/* longest body of one */

struct ha_session;
struct sock;
struct socket;

#define HA_MSG_INLINE_BODY 128u
#define HA_STREAM_SHORT 1024u	/* bytes of short messages sent in one go */

/* What a stream takes in without having answered it; told to the peer in HELLO. */
#define HA_WINDOW_BYTES		(16u << 20)
#define HA_WINDOW_MESSAGES	1024u

/**
 * struct ha_msg - a message to be sent; memory belongs to the caller
 * @node: in the stream's queue
 * @payload: data behind the body, or NULL; the stream takes no reference: the
 *	caller keeps it until @done
 * @done: called exactly once, when its memory is no longer needed for sending
 *	(@err 0) or the stream is dead (@err -ECONNRESET); process context or the context
 *	of ha_stream_send(); must not sleep; may free the message.  May be NULL.
 * @body: points to @inline_body or to memory kept by the caller
 */
struct ha_msg {
	struct list_head	node;
	struct ha_payload	*payload;
	void			(*done)(struct ha_msg *msg, int err);
	struct ha_wire_head	head;
	const void		*body;
	u32			payload_sum;
	u8			inline_body[HA_MSG_INLINE_BODY];
};

/**
 * struct ha_arrival - a received message that waits for the ones before it
 * @payload: NULL or a reference
 */
struct ha_arrival {
	struct ha_head		head;
	struct ha_payload	*payload;
	u8			body[HA_STREAM_BATCH_BODY];
};

/**
 * struct ha_stream - one connection
 * @sock: set before the threads start, released by ha_stream_stop()
 * @send_mutex: owner of @sock, @current_msg, @offset and the right to call
 *	sendmsg; never held over a wait for the peer
 * @queue_lock: protects @queue, @sequence (irqsave: messages are queued from
 *	bio completions)
 * @current_msg, @short_len, @offset: what is being sent: a message with its data
 *	or, copied, the @shorts; and how far
 * @lead_page, @lead_used: headers that the socket sends without copying them
 * @dead: no more messages are taken; set under @queue_lock
 * @blocked: the socket is full; its write_space callback queues @send_work
 * @held, @held_bytes: requests of the peer whose answers are not yet with the
 *	socket, and their payload
 * @full: the receiver waits until those fit the window again
 * @receive_sequence: number of the first message
 * @in: the message being received, see inflow.h
 * @batch, @batched, @batch_bytes: messages before @in, all of the thread's
 * @receive_wait, @arrived: the receiver thread sleeps until something arrived
 * @write_space, @data_ready, @state_change, @error_report: the socket's own
 *	callbacks, put back by ha_stream_stop()
 * @last_received: written under the socket lock
 */
struct ha_stream {
	struct ha_session	*session;
	unsigned int		id;		/* enum ha_stream_id */
	struct socket		*sock;
	struct mutex		send_mutex;
	spinlock_t		queue_lock;
	struct list_head	queue;
	u64			send_sequence;
	u64			receive_sequence;
	bool			dead;
	bool			blocked;
	struct ha_msg		*current_msg;
	u8			shorts[HA_STREAM_SHORT];
	u32			short_len;
	struct page		*lead_page;
	u32			lead_used;
	u32			offset;
	struct work_struct	send_work;
	struct task_struct	*receiver;
	wait_queue_head_t	receive_wait;
	bool			arrived;
	void			(*write_space)(struct sock *sk);
	void			(*data_ready)(struct sock *sk);
	void			(*state_change)(struct sock *sk);
	void			(*error_report)(struct sock *sk);
	u64			bytes_sent;
	unsigned long		last_sent;	/* jiffies */
	unsigned long		last_received;	/* jiffies */
	atomic_t		held;
	atomic_t		held_bytes;
	bool			full;
	struct ha_inflow	in;
	struct ha_arrival	batch[HA_STREAM_BATCH];
	unsigned int		batched;
	u32			batch_bytes;
};

/** ha_stream_is_data - one that carries application I/O */
static inline bool ha_stream_is_data(const struct ha_stream *st)
{
	return st->id == HA_STREAM_DATA || st->id >= HA_STREAM_MORE;
}

/** ha_stream_init - before use; @sock is owned by the stream from here on */
void ha_stream_init(struct ha_stream *st, struct ha_session *session,
		    unsigned int id, struct socket *sock);

/**
 * ha_stream_start - start the receiving thread; sequences continue from the
 * handshake.  A message of HA_PHASE_UP that arrives earlier (streams overtake
 * each other) waits there until the session is up.
 */
int ha_stream_start(struct ha_stream *st);

/** ha_stream_receive_detach - the receiving callbacks go; sk_callback_lock held */
void ha_stream_receive_detach(struct ha_stream *st);

/**
 * ha_msg_init - prepare @msg
 * @body, @len: copied to inline_body when it fits, else must stay valid until done
 */
void ha_msg_init(struct ha_msg *msg, u16 type, const void *body, u16 len,
		 struct ha_payload *payload,
		 void (*done)(struct ha_msg *msg, int err));

/**
 * ha_stream_send - queue @msg and, if allowed and the stream is idle, send now
 * @may_send: the caller is in process context and may sleep in a mutex_trylock'd
 *	sendmsg with MSG_DONTWAIT; false from interrupt and under spinlocks
 *
 * The payload's sum is computed here, before any lock.  On a dead stream @done
 * is called at once with -ECONNRESET.
 * Context: any.
 */
void ha_stream_send(struct ha_stream *st, struct ha_msg *msg, bool may_send);

/**
 * ha_stream_hold, ha_stream_release - the peer makes this node hold something,
 * from its request until the answer is with the socket
 *
 * Beyond the window nothing is read from the stream, so that TCP stops the peer.
 * The control stream is always read: pings go on, its handlers count themselves.
 * Context: receiver; any.
 */
void ha_stream_hold(struct ha_stream *st, u32 bytes);
void ha_stream_release(struct ha_stream *st, u32 bytes);

/**
 * ha_stream_send_queue - send up to about @budget messages, or what the socket takes
 * Context: process, send_mutex held; does not sleep.
 */
void ha_stream_send_queue(struct ha_stream *st, unsigned int budget);

/** ha_stream_has_current - was something begun? A hint without send_mutex. */
static inline bool ha_stream_has_current(struct ha_stream *st)
{
	return READ_ONCE(st->current_msg) || READ_ONCE(st->short_len);
}

/** ha_msg_end - its memory is no longer needed for sending, see @done */
void ha_msg_end(struct ha_msg *msg, int err);

/** ha_msg_free - a @done for messages from kmalloc(): drops the payload, frees */
void ha_msg_free(struct ha_msg *msg, int err);

/**
 * ha_stream_send_copy - send a small message without payload; memory is
 * allocated here (GFP_NOIO, or GFP_ATOMIC when @may_sleep is false)
 *
 * Without memory the session is killed, so that no caller has to care: what the
 * peer did not hear it hears in the next handshake, and who waits for an answer
 * is told at once.
 * Return: 0, -ENOMEM, -ECONNRESET.
 */
int ha_stream_send_copy(struct ha_stream *st, u16 type, const void *body,
			u16 len, bool may_sleep);

/**
 * ha_stream_kill - mark dead and reset the socket; does not wait
 * Context: any process context; idempotent.
 */
void ha_stream_kill(struct ha_stream *st);

/**
 * ha_stream_stop - after kill: waits for the receiver thread and the send work,
 * calls @done(-ECONNRESET) of every queued message, releases the socket
 */
void ha_stream_stop(struct ha_stream *st);

#endif
