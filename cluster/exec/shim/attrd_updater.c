// SPDX-License-Identifier: GPL-2.0-only
/* attrd_updater: attributes that go when the node leaves. */
#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

/**
 * struct wish - what the options say
 */
struct wish {
	const char *verb, *node, *name, *value, *delay;
	bool bad;
};

static const struct option long_options[] = {
	{ "name", 1, NULL, 'n' }, { "update", 1, NULL, 'U' },
	{ "update-both", 1, NULL, 'B' }, { "update-delay", 0, NULL, 'Y' },
	{ "query", 0, NULL, 'Q' }, { "delete", 0, NULL, 'D' },
	{ "refresh", 0, NULL, 'R' }, { "all", 0, NULL, 'A' },
	{ "node", 1, NULL, 'N' }, { "delay", 1, NULL, 'd' },
	{ "set", 1, NULL, 's' }, { "private", 0, NULL, 'p' },
	{ "quiet", 0, NULL, 'q' }, { "lifetime", 1, NULL, 'l' },
	{ "verbose", 0, NULL, 'V' }, { "section", 1, NULL, 'S' }, { 0 }
};

static void take(struct wish *wish, int option)
{
	switch (option) {
	case 'n':
		wish->name = optarg;
		break;
	case 'v':
	case 'U':
	case 'B':
		wish->verb = "set";
		wish->value = optarg;
		break;
	case 'Q':
		wish->verb = wish->verb && !strcmp(wish->verb, "query-all") ?
			     wish->verb : "get";
		break;
	case 'A':
		wish->verb = "query-all";
		break;
	case 'D':
		wish->verb = "delete";
		break;
	case 'N':
		wish->node = optarg;
		break;
	case 'd':
		wish->delay = optarg;
		break;
	case 'R':	/* nothing is kept that would have to be written again */
	case 's':
	case 'S':
	case 'p':
	case 'q':
	case 'l':
	case 'V':
	case 'Y':
		break;
	default:
		wish->bad = true;
	}
}

/* "5", "5s", "500ms", "1min"; what is not understood is no delay. */
static long long delay_ms(const char *text)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	if (!isdigit((unsigned char)*text) || value > 86400)
		return -1;
	if (!strcmp(end, "ms"))
		return value;
	return !strncmp(end, "m", 1) ? value * 60000 : value * 1000;
}

static void print_value(const char *name, const char *node, json_t *value)
{
	printf("name=\"%s\" host=\"%s\" value=\"%s\"\n", name, node,
	       json_string_value(value));
}

static void print(const struct wish *wish, json_t *value)
{
	const char *node = wish->node ? wish->node : getenv("HA_SHIM_NODE");
	const char *key;
	json_t *one;

	if (json_is_string(value))
		print_value(wish->name, node ? node : "localhost", value);
	else if (json_is_object(value))
		json_object_foreach(value, key, one)
			print_value(wish->name, key, one);
}

int client_attrd_updater(int argc, char **argv)
{
	struct wish wish = { 0 };
	json_t *request, *value;
	int option, ret;

	while ((option = getopt_long(argc, argv, "n:v:U:B:YQDRAN:d:s:S:pql:V",
				     long_options, NULL)) != -1)
		take(&wish, option);
	if (!wish.bad && !wish.verb)
		return SHIM_EXIT_OK;	/* a refresh */
	if (wish.bad || !wish.name)
		return client_usage(argv[0]);
	request = client_attribute(wish.verb, "transient", wish.node,
				   wish.name);
	if (wish.value)
		json_object_set_new(request, "value", json_string(wish.value));
	if (wish.delay && delay_ms(wish.delay) >= 0)
		json_object_set_new(request, "delay_ms",
				    json_integer(delay_ms(wish.delay)));
	ret = client_ask(request, &value);
	if (ret == SHIM_EXIT_NONE)
		fprintf(stderr, "there is no attribute %s\n", wish.name);
	else if (!ret)
		print(&wish, value);
	json_decref(value);
	return ret;
}
