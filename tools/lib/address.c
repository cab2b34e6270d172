// SPDX-License-Identifier: GPL-2.0-only
/* Reading and writing of numeric socket addresses; no resolver. */
#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"

static int parse_port(const char *text)
{
	char *end;
	long port;

	if (!isdigit((unsigned char)*text))
		return -1;
	port = strtol(text, &end, 10);
	return *end || port < 1 || port > 65535 ? -1 : (int)port;
}

static bool parse_ipv6(char *host, struct sockaddr_in6 *in6)
{
	char *scope = strchr(host, '%');

	if (scope) {
		*scope++ = '\0';
		in6->sin6_scope_id = if_nametoindex(scope);
		if (!in6->sin6_scope_id)
			in6->sin6_scope_id = strtoul(scope, NULL, 10);
	}
	in6->sin6_family = AF_INET6;
	return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
}

const char *ha_address_parse(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	struct sockaddr_in *in = (struct sockaddr_in *)out;
	const char *colon = strrchr(text, ':');
	bool bracket = *text == '[';
	char host[HA_ADDRESS_TEXT];
	size_t length;
	int port;

	memset(out, 0, sizeof(*out));
	if (!colon || (bracket && (colon == text || colon[-1] != ']')))
		return "must end in :PORT";
	port = parse_port(colon + 1);
	if (port < 0)
		return "has no port from 1 to 65535";
	length = colon - text - 2 * bracket;
	if (length >= sizeof(host))
		return "is too long";
	memcpy(host, text + bracket, length);
	host[length] = '\0';
	if (bracket) {
		in6->sin6_port = htons(port);
		return parse_ipv6(host, in6) ? NULL : "is no IPv6 address";
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	if (inet_pton(AF_INET, host, &in->sin_addr) == 1)
		return NULL;
	if (strchr(host, ':'))
		return "must be written as [IPv6]:PORT";
	return "must be numeric, not a name";
}

void ha_address_format(const struct sockaddr_storage *address,
		       char text[HA_ADDRESS_TEXT])
{
	const struct sockaddr_in6 *in6 = (const void *)address;
	const struct sockaddr_in *in = (const void *)address;
	char host[INET6_ADDRSTRLEN], scope[16] = "";

	if (address->ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		if (in6->sin6_scope_id)
			snprintf(scope, sizeof(scope), "%%%u",
				 in6->sin6_scope_id);
		snprintf(text, HA_ADDRESS_TEXT, "[%s%s]:%u", host, scope,
			 ntohs(in6->sin6_port));
	} else if (address->ss_family == AF_INET) {
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(text, HA_ADDRESS_TEXT, "%s:%u", host,
			 ntohs(in->sin_port));
	} else {
		snprintf(text, HA_ADDRESS_TEXT, "none");
	}
}

socklen_t ha_address_length(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					      : sizeof(struct sockaddr_in);
}

bool ha_address_equal(const struct sockaddr_storage *a,
		      const struct sockaddr_storage *b)
{
	char text_a[HA_ADDRESS_TEXT], text_b[HA_ADDRESS_TEXT];

	ha_address_format(a, text_a);
	ha_address_format(b, text_b);
	return !strcmp(text_a, text_b);
}
