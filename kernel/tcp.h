/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel TCP sockets: connect, listen, accept, send, receive, reset.  Knows
 * nothing of messages.  Sockets hold no reference on their network namespace:
 * whoever opens one closes it before the namespace's pre_exit returns.
 *
 * Waits end early (-EINTR) when @stop becomes true, checked every 100 ms.  A
 * thread that may wait here is told to end by such a flag, never by
 * kthread_stop() alone: the socket layer does not sleep in a thread that has
 * been told so.
 */
#ifndef HA_TCP_H
#define HA_TCP_H

#include <linux/bvec.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/uio.h>

struct net;

/**
 * ha_tcp_connect - open a connection, waiting at most @timeout_ms
 * @local: the address, not the port, to connect from
 * Context: process, may sleep.
 * Return: 0 and *sock, or -errno.
 */
int ha_tcp_connect(struct net *net, const struct sockaddr_storage *local,
		   const struct sockaddr_storage *remote, u32 timeout_ms,
		   const bool *stop, struct socket **sock);

/** ha_tcp_listen - bind (SO_REUSEADDR; IPv6 sockets v6only) and listen */
int ha_tcp_listen(struct net *net, const struct sockaddr_storage *local,
		  struct socket **sock);

/** ha_tcp_accept - a connection that has arrived, or -EAGAIN; does not wait */
int ha_tcp_accept(struct socket *listener, struct socket **sock);

/** ha_tcp_arrived - is there something to accept? */
bool ha_tcp_arrived(struct socket *listener);

/** ha_tcp_peer_is - does the other end of @sock have the address (not the port) of @addr? */
bool ha_tcp_peer_is(struct socket *sock, const struct sockaddr_storage *addr);

/** ha_tcp_peer_address - address of the other end; family 0 when it is gone */
void ha_tcp_peer_address(struct socket *sock, struct sockaddr_storage *addr);

/**
 * ha_tcp_tune - options of every session socket: TCP_NODELAY, linger 0,
 * sk_allocation GFP_NOIO, sk_set_memalloc, sk_use_task_frag off; once
 */
void ha_tcp_tune(struct socket *sock);

/**
 * ha_tcp_receive - exactly @len bytes
 * @timeout_ms: 0 means none
 * @stop: or NULL
 * Return: 0; -ESHUTDOWN the other side closed or ha_tcp_reset() was called;
 * -ETIMEDOUT, -EINTR, -errno.
 */
int ha_tcp_receive(struct socket *sock, void *buf, size_t len, u32 timeout_ms,
		   const bool *stop);

/**
 * ha_tcp_send - some of @iter, which is used up in any case
 * @flags: MSG_DONTWAIT | MSG_MORE | MSG_SPLICE_PAGES; where the kernel cannot
 *	splice, it copies
 * Raises PF_MEMALLOC around the call.
 * Return: bytes, or -EAGAIN or -errno.
 */
int ha_tcp_send(struct socket *sock, struct iov_iter *iter, int flags);

/** ha_tcp_reset - shut down both ways so that every sleeper wakes; any number of times */
void ha_tcp_reset(struct socket *sock);

/**
 * ha_tcp_finish - end the sending side and wait, at most @timeout_ms, until the
 * other side has read everything and closed; ha_tcp_close() would throw away
 * what is still under way
 */
void ha_tcp_finish(struct socket *sock, u32 timeout_ms, const bool *stop);

/** ha_tcp_close - reset (RST, linger 0) and release; NULL is fine */
void ha_tcp_close(struct socket *sock);

/** ha_tcp_error - an errno of the above in words */
const char *ha_tcp_error(int err);

#endif
