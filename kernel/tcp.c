// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP sockets as this module uses them.  No state of its own; each function
 * runs in process context of whoever owns the socket.  Knows nothing of
 * messages, streams or peers.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/jiffies.h>
#include <linux/sched/mm.h>
#include <linux/tcp.h>
#include <net/inet_connection_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "tcp.h"

#define STEP		(HZ / 10)	/* how often waits look at their stop flag */
#define BACKLOG		16

static int addr_len(const struct sockaddr_storage *addr)
{
	return addr->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
					     sizeof(struct sockaddr_in);
}

static bool stopped(const bool *stop)
{
	return stop && READ_ONCE(*stop);
}

/*
 * A write to our device may be submitted under the socket lock of a user's
 * socket (its sendmsg faults, reclaim writes a page back), and then takes ours:
 * another class, so that lockdep does not see a recursion.
 */
static void set_lock_class(struct sock *sk)
{
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	static struct lock_class_key key[2], slock_key[2];

	if (WARN_ON_ONCE(!sock_allow_reclassification(sk)))
		return;
	if (sk->sk_family == AF_INET)
		sock_lock_init_class_and_name(sk, "slock-AF_INET-HA",
					      &slock_key[0],
					      "sk_lock-AF_INET-HA", &key[0]);
	else
		sock_lock_init_class_and_name(sk, "slock-AF_INET6-HA",
					      &slock_key[1],
					      "sk_lock-AF_INET6-HA", &key[1]);
#endif
}

static int open_bound(struct net *net, const struct sockaddr_storage *local,
		      bool any_port, struct socket **sock)
{
	struct sockaddr_storage from = *local;
	struct sock *sk;
	int err;

	if (local->ss_family != AF_INET && local->ss_family != AF_INET6)
		return -EAFNOSUPPORT;
	err = sock_create_kern(net, local->ss_family, SOCK_STREAM, IPPROTO_TCP,
			       sock);
	if (err)
		return err;
	sk = (*sock)->sk;
	set_lock_class(sk);
	sock_set_reuseaddr(sk);
	if (local->ss_family == AF_INET6) {
		ip6_sock_set_v6only(sk);
		if (any_port)
			((struct sockaddr_in6 *)&from)->sin6_port = 0;
	} else if (any_port) {
		((struct sockaddr_in *)&from)->sin_port = 0;
	}
	err = kernel_bind(*sock, (struct sockaddr *)&from, addr_len(&from));
	if (err)
		ha_tcp_close(*sock);
	return err;
}

int ha_tcp_connect(struct net *net, const struct sockaddr_storage *local,
		   const struct sockaddr_storage *remote, u32 timeout_ms,
		   const bool *stop, struct socket **sock)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(timeout_ms);
	struct sockaddr_storage to = *remote;
	int err;

	if (local->ss_family != remote->ss_family)
		return -EAFNOSUPPORT;
	err = open_bound(net, local, true, sock);
	if (err)
		return err;

	(*sock)->sk->sk_sndtimeo = STEP;
	do {
		err = kernel_connect(*sock, (struct sockaddr *)&to,
				     addr_len(&to), 0);
		if (err != -EINPROGRESS && err != -EALREADY)
			break;
		err = stopped(stop) ? -EINTR : -ETIMEDOUT;
	} while (err != -EINTR && time_before(jiffies, deadline));
	(*sock)->sk->sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;

	if (err)
		ha_tcp_close(*sock);
	return err;
}

int ha_tcp_listen(struct net *net, const struct sockaddr_storage *local,
		  struct socket **sock)
{
	int err;

	err = open_bound(net, local, false, sock);
	if (err)
		return err;
	err = kernel_listen(*sock, BACKLOG);
	if (err)
		ha_tcp_close(*sock);
	return err;
}

int ha_tcp_accept(struct socket *listener, struct socket **sock)
{
	return kernel_accept(listener, sock, O_NONBLOCK);
}

bool ha_tcp_arrived(struct socket *listener)
{
	return !reqsk_queue_empty(&inet_csk(listener->sk)->icsk_accept_queue);
}

void ha_tcp_peer_address(struct socket *sock, struct sockaddr_storage *addr)
{
	if (kernel_getpeername(sock, (struct sockaddr *)addr) < 0)
		addr->ss_family = AF_UNSPEC;
}

bool ha_tcp_peer_is(struct socket *sock, const struct sockaddr_storage *addr)
{
	struct sockaddr_storage other;

	ha_tcp_peer_address(sock, &other);
	if (other.ss_family != addr->ss_family)
		return false;
	if (other.ss_family == AF_INET6)
		return ipv6_addr_equal(
			&((struct sockaddr_in6 *)&other)->sin6_addr,
			&((const struct sockaddr_in6 *)addr)->sin6_addr);
	return other.ss_family == AF_INET &&
	       ((struct sockaddr_in *)&other)->sin_addr.s_addr ==
	       ((const struct sockaddr_in *)addr)->sin_addr.s_addr;
}

void ha_tcp_tune(struct socket *sock)
{
	struct sock *sk = sock->sk;

	tcp_sock_set_nodelay(sk);
	sock_no_linger(sk);
	sk->sk_allocation = GFP_NOIO;
	sk->sk_use_task_frag = false;
	sk_set_memalloc(sk);
}

/* One recvmsg for what is left; 0 or -errno, -EAGAIN when the time is up. */
static int receive_some(struct socket *sock, struct msghdr *msg)
{
	int n;

	n = sock_recvmsg(sock, msg, MSG_WAITALL | MSG_NOSIGNAL);
	if (!n)
		return -ESHUTDOWN;
	return min(n, 0);
}

int ha_tcp_receive(struct socket *sock, void *buf, size_t len, u32 timeout_ms,
		   const bool *stop)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(timeout_ms);
	struct kvec vec = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = {};
	int err;

	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &vec, 1, len);
	sock->sk->sk_rcvtimeo = timeout_ms ? STEP : MAX_SCHEDULE_TIMEOUT;
	while (msg_data_left(&msg)) {
		err = receive_some(sock, &msg);
		if (err && err != -EAGAIN)
			return err;
		if (!msg_data_left(&msg))
			break;
		if (stopped(stop))
			return -EINTR;
		if (timeout_ms && time_after(jiffies, deadline))
			return -ETIMEDOUT;
	}
	return 0;
}

int ha_tcp_send(struct socket *sock, struct iov_iter *iter, int flags)
{
	struct msghdr msg = {
		.msg_flags = flags | MSG_NOSIGNAL,
		.msg_iter  = *iter,
	};
	unsigned int memalloc;
	int n;

	memalloc = memalloc_noreclaim_save();
	n = sock_sendmsg(sock, &msg);
	memalloc_noreclaim_restore(memalloc);
	return n;
}

void ha_tcp_reset(struct socket *sock)
{
	kernel_sock_shutdown(sock, SHUT_RDWR);
}

void ha_tcp_finish(struct socket *sock, u32 timeout_ms, const bool *stop)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(timeout_ms);
	u8 rest[64];
	int err;

	kernel_sock_shutdown(sock, SHUT_WR);
	do {
		err = ha_tcp_receive(sock, rest, sizeof(rest), timeout_ms, stop);
	} while (!err && time_before(jiffies, deadline));
}

void ha_tcp_close(struct socket *sock)
{
	struct sock *sk;

	if (!sock)
		return;
	sk = sock->sk;
	sock_no_linger(sk);
	kernel_sock_shutdown(sock, SHUT_RDWR);
	if (sock_flag(sk, SOCK_MEMALLOC)) {
		lock_sock(sk);
		sk_clear_memalloc(sk);
		release_sock(sk);
	}
	sock_release(sock);
}

const char *ha_tcp_error(int err)
{
	switch (err) {
	case -EADDRNOTAVAIL:	return "no interface has this address";
	case -EADDRINUSE:	return "the address is in use";
	case -EAFNOSUPPORT:	return "address families do not fit";
	case -ECONNREFUSED:	return "connection refused";
	case -ECONNRESET:	return "connection reset";
	case -EHOSTUNREACH:	return "no route to host";
	case -ENETUNREACH:	return "network is unreachable";
	case -EPIPE:		return "connection broken";
	case -ESHUTDOWN:	return "connection closed by the peer";
	case -ETIMEDOUT:	return "no answer";
	case -ENOMEM:		return "out of memory";
	case -EINTR:		return "stopped";
	default:		return "network error";
	}
}
