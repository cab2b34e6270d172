/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters of an ip member as values. Pure. */
#ifndef HA_IP_PARAM_H
#define HA_IP_PARAM_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>

struct ex_op;

/**
 * struct ip_param - what an ip member is
 * @family: AF_INET or AF_INET6
 * @address: 4 or 16 bytes, network order
 * @prefix: length, -1: that of the network the address belongs to
 * @dev: interface, or "": the one of that network
 * @label: of an IPv4 address, or ""
 * @announce: tell the neighbours
 * @carrier: a link without carrier is a failure
 * @prefer: may be the source of connections (IPv6: else deprecated)
 */
struct ip_param {
	int family;
	unsigned char address[16];
	int prefix;
	char dev[IFNAMSIZ], label[IFNAMSIZ];
	bool announce, carrier, prefer;
};

/**
 * ip_param_read() - from address, dev, label, announce, carrier, prefer
 *
 * Return: NULL, or a sentence to be freed.
 */
char *ip_param_read(const struct ex_op *op, struct ip_param *param);

static inline int ip_length(int family)
{
	return family == AF_INET ? 4 : 16;
}

/**
 * ip_in_network() - do two addresses share their first bits
 */
bool ip_in_network(const unsigned char *a, const unsigned char *b, int bits);

/**
 * ip_broadcast() - the broadcast address of a network
 *
 * Return: false for networks that have none: /31, /32.
 */
bool ip_broadcast(const unsigned char *address, int prefix,
		  unsigned char *broadcast);

#endif
