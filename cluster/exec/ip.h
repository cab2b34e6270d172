/* SPDX-License-Identifier: GPL-2.0-only */
/* Members that are addresses: what they share. */
#ifndef HA_IP_H
#define HA_IP_H

#include <systemd/sd-event.h>

#include "ip_netlink.h"

struct ex;
struct announcer;

/**
 * struct ip_service - of one executor
 * @requests: socket of requests
 * @packet: socket of announcements, or -1; kept, as its end waits for an RCU
 *	grace period, which is longer than all else that a start does
 * @events: socket of changes, or NULL while nobody watches
 * @announcers: announcements still to be repeated
 */
struct ip_service {
	struct ex *ex;
	struct mnl_socket *requests, *events;
	int packet;
	sd_event_source *source;
	struct announcer *announcers;
};

/**
 * ip_service_get() - made when first needed
 *
 * Return: 0 or -errno.
 */
int ip_service_get(struct ex *ex, struct ip_service **out);
void ip_service_free(struct ip_service *ip);

/**
 * ip_service_listen() - let changes of addresses and links poke the watches
 */
void ip_service_listen(struct ex *ex);

/**
 * ip_announce() - now, and again after 1 s and 5 s
 *
 * Return: 0, also for links that have no neighbours; or -errno of the first.
 */
int ip_announce(struct ip_service *ip, const struct ip_param *param,
		const struct ip_link *link);

/**
 * ip_announce_end() - the address is ours no longer
 */
void ip_announce_end(struct ip_service *ip, const struct ip_param *param);
void ip_announce_end_all(struct ip_service *ip);

#endif
