// SPDX-License-Identifier: GPL-2.0-only
/* Sockets of the ip members of one executor. */
#include <errno.h>
#include <net/if.h>		/* before those of the kernel */
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ip.h"
#include "job.h"
#include "util.h"

#define ANSWER_MS 2000	/* the kernel answers at once, or never */

static int open_requests(struct mnl_socket **out)
{
	struct timeval patience = { .tv_sec = ANSWER_MS / 1000 };
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE,
						     SOCK_CLOEXEC);

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(socket);
		return -EADDRINUSE;
	}
	setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO,
		   &patience, sizeof(patience));
	*out = socket;
	return 0;
}

int ip_service_get(struct ex *ex, struct ip_service **out)
{
	struct ip_service *ip = ex->ip;
	int ret;

	if (!ip) {
		ip = xcalloc(1, sizeof(*ip));
		ip->ex = ex;
		ip->packet = -1;
		ret = open_requests(&ip->requests);
		if (ret) {
			free(ip);
			return ret;
		}
		ex->ip = ip;
	}
	*out = ip;
	return 0;
}

void ip_service_free(struct ip_service *ip)
{
	if (!ip)
		return;
	ip_announce_end_all(ip);
	sd_event_source_disable_unref(ip->source);
	mnl_socket_close(ip->requests);
	if (ip->packet >= 0)
		close(ip->packet);
	if (ip->events)
		mnl_socket_close(ip->events);
	free(ip);
}

/* What changed is not read: the monitors look themselves. */
static int on_change(sd_event_source *source, int fd, uint32_t events,
		     void *arg)
{
	struct ip_service *ip = arg;
	char buffer[8192];

	(void)source;
	(void)events;
	while (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT) >= 0 ||
	       errno == ENOBUFS || errno == EINTR)
		;
	ex_poke(ip->ex, EX_KIND_IP, NULL, NULL);
	return 0;
}

void ip_service_listen(struct ex *ex)
{
	unsigned int groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
			      RTMGRP_IPV6_IFADDR;
	struct ip_service *ip;

	if (ip_service_get(ex, &ip) || ip->events)
		return;
	ip->events = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!ip->events)
		return;
	if (mnl_socket_bind(ip->events, groups, MNL_SOCKET_AUTOPID) < 0 ||
	    sd_event_add_io(ex->event, &ip->source,
			    mnl_socket_get_fd(ip->events), EPOLLIN, on_change,
			    ip) < 0) {
		mnl_socket_close(ip->events);
		ip->events = NULL;
	}
}
