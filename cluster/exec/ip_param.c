// SPDX-License-Identifier: GPL-2.0-only
/* Reads the parameters of an ip member. Pure. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ip_param.h"
#include "op.h"
#include "util.h"

static char *read_prefix(const char *text, struct ip_param *param)
{
	int max = param->family == AF_INET ? 32 : 128;
	char *end;
	long value = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < 1 || value > max)
		return xasprintf("\"/%s\" is not a prefix of 1 to %d bits",
				 text, max);
	param->prefix = value;
	return NULL;
}

static char *read_address(const char *text, struct ip_param *param)
{
	size_t length = strcspn(text, "/");
	char address[INET6_ADDRSTRLEN];

	if (length >= sizeof(address))
		return xasprintf("\"%s\" is not an address", text);
	memcpy(address, text, length);
	address[length] = '\0';
	param->prefix = -1;
	param->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(param->family, address, param->address) != 1)
		return xasprintf("\"%s\" is not an address", text);
	if (param->family == AF_INET ? param->address[0] >= 224 :
				       param->address[0] == 0xff)
		return xasprintf("%s is not an address of one machine", address);
	return text[length] ? read_prefix(text + length + 1, param) : NULL;
}

static char *read_name(const struct ex_op *op, const char *name, char *to)
{
	const char *value = op_param(op, name);

	if (!value)
		return NULL;
	if (!*value || strlen(value) >= IFNAMSIZ || strpbrk(value, "/ \t"))
		return xasprintf("%s \"%s\" cannot be", name, value);
	strcpy(to, value);
	return NULL;
}

static char *check_words(const struct ex_op *op)
{
	static const char *const known[] = {
		"address", "dev", "label", "announce", "carrier", "prefer",
		NULL
	};

	for (size_t i = 0; i < op->n_params; i++) {
		const char *const *word = known;

		while (*word && strcmp(*word, op->params[i].name))
			word++;
		if (!*word)
			return xasprintf("ip has no parameter \"%s\"",
					 op->params[i].name);
	}
	return NULL;
}

char *ip_param_read(const struct ex_op *op, struct ip_param *param)
{
	const char *address = op_param(op, "address");
	char *why = check_words(op);

	memset(param, 0, sizeof(*param));
	if (!why && !address)
		why = xstrdup("ip needs an address");
	if (!why)
		why = read_address(address, param);
	if (!why)
		why = read_name(op, "dev", param->dev);
	if (!why)
		why = read_name(op, "label", param->label);
	if (!why && *param->label && param->family != AF_INET)
		why = xstrdup("only IPv4 addresses have labels");
	if (!why && *param->label && *param->dev &&
	    strncmp(param->label, param->dev, strlen(param->dev)))
		why = xasprintf("the label must begin with \"%s\"", param->dev);
	param->announce = op_yes(op, "announce", true);
	param->carrier = op_yes(op, "carrier", true);
	param->prefer = op_yes(op, "prefer", true);
	return why;
}

bool ip_in_network(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole))
		return false;
	return !rest || !((a[whole] ^ b[whole]) >> (8 - rest));
}

bool ip_broadcast(const unsigned char *address, int prefix,
		  unsigned char *broadcast)
{
	if (prefix > 30)
		return false;
	for (int i = 0; i < 4; i++) {
		int bits = prefix - 8 * i;
		int mask = bits >= 8 ? 0xff : bits <= 0 ? 0 :
			   (0xff << (8 - bits)) & 0xff;

		broadcast[i] = address[i] | (~mask & 0xff);
	}
	return true;
}
