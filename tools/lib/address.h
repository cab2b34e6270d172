/* SPDX-License-Identifier: GPL-2.0-only */
/* Socket addresses as text: numeric, with port, never looked up. */
#ifndef HA_ADDRESS_H
#define HA_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#define HA_ADDRESS_TEXT	80	/* enough for "[IPv6%scope]:port" */

/**
 * ha_address_parse() - read "A.B.C.D:PORT" or "[IPv6]:PORT"
 *
 * Return: NULL, or what is wrong (a constant).
 */
const char *ha_address_parse(const char *text, struct sockaddr_storage *out);

void ha_address_format(const struct sockaddr_storage *address,
		       char text[HA_ADDRESS_TEXT]);
socklen_t ha_address_length(const struct sockaddr_storage *address);
bool ha_address_equal(const struct sockaddr_storage *a,
		      const struct sockaddr_storage *b);

#endif
