/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frames that tell the neighbours where an address is now: gratuitous ARP
 * (RFC 5227, 5944) and unsolicited neighbour advertisement (RFC 4861). Pure.
 */
#ifndef HA_IP_PACKET_H
#define HA_IP_PACKET_H

#include <stdbool.h>
#include <stddef.h>

#define IP_FRAME_MAX	96

/**
 * ip_arp_frame() - an Ethernet frame with a gratuitous ARP
 * @mac: of the interface
 * @address: 4 bytes
 * @reply: as reply; some neighbours heed only requests, some only replies
 * @frame: out, IP_FRAME_MAX bytes
 *
 * Return: its length.
 */
size_t ip_arp_frame(const unsigned char mac[6], const unsigned char *address,
		    bool reply, unsigned char *frame);

/**
 * ip_na_frame() - an Ethernet frame with an advertisement to all nodes
 * @address: 16 bytes
 * @router: the interface forwards
 */
size_t ip_na_frame(const unsigned char mac[6], const unsigned char *address,
		   bool router, unsigned char *frame);

#endif
