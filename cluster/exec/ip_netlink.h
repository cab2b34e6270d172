/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses, links and routes by rtnetlink. Requests are answered by the kernel
 * within the call; none of them waits for the network.
 */
#ifndef HA_IP_NETLINK_H
#define HA_IP_NETLINK_H

#include "ip_param.h"

struct mnl_socket;

/**
 * struct ip_link - an interface
 * @mac: valid when @ethernet
 */
struct ip_link {
	int index;
	char name[IFNAMSIZ];
	bool up, carrier, ethernet;
	unsigned char mac[6];
};

/**
 * struct ip_place - where an address is, or belongs
 * @index: of the interface, 0: nowhere
 * @prefix: length of the network
 * @flags: IFA_F_* of the address
 */
struct ip_place {
	int index;
	int prefix;
	unsigned int flags;
};

/**
 * ip_find() - where the address is now
 * @index: look on this interface only; 0: on all but the loopback, where real
 *	servers behind a director have an address that is not theirs to serve
 *
 * Return: 0, @place->index being 0 when it is nowhere; or -errno.
 */
int ip_find(struct mnl_socket *netlink, const struct ip_param *param,
	    int index, struct ip_place *place);

/**
 * ip_find_network() - the interface with an address of the same network, else
 * the one the kernel would send by
 */
int ip_find_network(struct mnl_socket *netlink, const struct ip_param *param,
		    struct ip_place *place);

int ip_find_link(struct mnl_socket *netlink, int index, struct ip_link *link);

/**
 * ip_add() - give an interface the address, without looking for duplicates
 */
int ip_add(struct mnl_socket *netlink, const struct ip_param *param,
	   const struct ip_place *place);
int ip_remove(struct mnl_socket *netlink, const struct ip_param *param,
	      const struct ip_place *place);

#endif
