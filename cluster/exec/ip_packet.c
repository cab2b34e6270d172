// SPDX-License-Identifier: GPL-2.0-only
/* Builds announcements. Pure. */
#include <stdint.h>
#include <string.h>

#include "ip_packet.h"

#define ETHERNET	14
#define IP6_HEADER	40
#define NA_LENGTH	32	/* with the option that names the MAC */

static unsigned char *put(unsigned char *at, const void *bytes, size_t n)
{
	memcpy(at, bytes, n);
	return at + n;
}

static unsigned char *put16(unsigned char *at, unsigned int value)
{
	*at++ = value >> 8;
	*at++ = value & 0xff;
	return at;
}

size_t ip_arp_frame(const unsigned char mac[6], const unsigned char *address,
		    bool reply, unsigned char *frame)
{
	static const unsigned char everyone[6] = { 255, 255, 255, 255, 255, 255 };
	static const unsigned char nobody[6];
	unsigned char *at = frame;

	at = put(at, everyone, 6);
	at = put(at, mac, 6);
	at = put16(at, 0x0806);
	at = put16(at, 1);		/* hardware: Ethernet */
	at = put16(at, 0x0800);		/* protocol: IPv4 */
	*at++ = 6;
	*at++ = 4;
	at = put16(at, reply ? 2 : 1);
	at = put(at, mac, 6);		/* sender */
	at = put(at, address, 4);
	at = put(at, reply ? everyone : nobody, 6);	/* target */
	at = put(at, address, 4);
	return at - frame;
}

static uint32_t sum(uint32_t so_far, const unsigned char *data, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		so_far += data[i] << 8 | data[i + 1];
	return so_far;
}

/* Over the pseudo header of RFC 8200, 8.1, and the message. */
static uint16_t checksum(const unsigned char *addresses,
			 const unsigned char *message)
{
	uint32_t total = sum(0, addresses, 32) + NA_LENGTH + 58;

	total = sum(total, message, NA_LENGTH);
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total & 0xffff;
}

size_t ip_na_frame(const unsigned char mac[6], const unsigned char *address,
		   bool router, unsigned char *frame)
{
	static const unsigned char all_nodes_mac[6] = { 0x33, 0x33, 0, 0, 0, 1 };
	static const unsigned char all_nodes[16] = { 0xff, 2, [15] = 1 };
	unsigned char *at = frame, *message = frame + ETHERNET + IP6_HEADER;

	memset(frame, 0, ETHERNET + IP6_HEADER + NA_LENGTH);
	at = put(at, all_nodes_mac, 6);
	at = put(at, mac, 6);
	at = put16(at, 0x86dd);
	*at = 6 << 4;			/* version; class and label are 0 */
	at = put16(at + 4, NA_LENGTH);
	*at++ = 58;			/* ICMPv6 */
	*at++ = 255;			/* hop limit: not from beyond a router */
	at = put(at, address, 16);
	at = put(at, all_nodes, 16);
	*at++ = 136;			/* neighbour advertisement */
	at += 3;			/* code, checksum */
	*at = 0x20 | (router ? 0x80 : 0);	/* override what is cached */
	at = put(at + 4, address, 16);
	*at++ = 2;			/* option: link layer address ... */
	*at++ = 1;			/* ... of 8 bytes */
	put(at, mac, 6);
	put16(message + 2, checksum(frame + ETHERNET + 8, message));
	return ETHERNET + IP6_HEADER + NA_LENGTH;
}
