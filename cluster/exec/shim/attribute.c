// SPDX-License-Identifier: GPL-2.0-only
/* crm_attribute and crm_master: attributes and promotion scores. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "util.h"

/**
 * struct wish - what the options say
 * @verb: "set", "get" or "delete"; NULL: none was said
 * @own: name is of this program's making
 */
struct wish {
	const char *verb, *node, *value, *preset, *lifetime, *type;
	char *name;
	bool quiet, promotion, utilization, bad;
};

static const struct option long_options[] = {
	{ "name", 1, NULL, 'n' }, { "attr-name", 1, NULL, 'n' },
	{ "update", 1, NULL, 'v' }, { "attr-value", 1, NULL, 'v' },
	{ "query", 0, NULL, 'G' }, { "get-value", 0, NULL, 'G' },
	{ "delete", 0, NULL, 'D' }, { "delete-attr", 0, NULL, 'D' },
	{ "node", 1, NULL, 'N' }, { "node-uname", 1, NULL, 'N' },
	{ "uname", 1, NULL, 'N' }, { "lifetime", 1, NULL, 'l' },
	{ "type", 1, NULL, 't' }, { "promotion", 2, NULL, 'p' },
	{ "quiet", 0, NULL, 'q' }, { "default", 1, NULL, 'd' },
	{ "utilization", 0, NULL, 'z' }, { "set-name", 1, NULL, 's' },
	{ "id", 1, NULL, 'i' }, { "verbose", 0, NULL, 'V' },
	{ "resource", 1, NULL, 'r' }, { 0 }
};

static void take(struct wish *wish, int option)
{
	switch (option) {
	case 'n':
		ha_replace(&wish->name, optarg);
		break;
	case 'v':
		wish->verb = "set";
		wish->value = optarg;
		break;
	case 'G':
		wish->verb = "get";
		break;
	case 'D':
		wish->verb = "delete";
		break;
	case 'U':
	case 'N':
		wish->node = optarg;
		break;
	case 'l':
		wish->lifetime = optarg;
		break;
	case 't':
		wish->type = optarg;
		break;
	case 'p':
	case 'r':
		wish->promotion = true;
		free(wish->name);
		wish->name = client_score_name(optarg);
		break;
	case 'q':
	case 'Q':
		wish->quiet = true;
		break;
	case 'd':
		wish->preset = optarg;
		break;
	case 'z':
		wish->utilization = true;
		break;
	case 's':	/* names within a CIB, which is not here */
	case 'i':
	case 'V':
		break;
	default:
		wish->bad = true;
	}
}

static const char *scope_of(const struct wish *wish)
{
	const char *life = wish->lifetime ? wish->lifetime : "";
	const char *type = wish->type ? wish->type : "";

	if (wish->utilization)
		return "utilization";
	if (!strcmp(life, "reboot") || !strcmp(type, "status"))
		return "transient";
	if (!strcmp(life, "forever") || !strcmp(type, "nodes"))
		return "forever";
	if (wish->promotion)
		return "transient";
	return wish->node ? "forever" : "cluster";
}

static void show(const struct wish *wish, const char *value)
{
	if (wish->quiet)
		printf("%s\n", value);
	else
		printf("scope=%s  name=%s value=%s\n", scope_of(wish),
		       wish->name, value);
}

static int carry_out(struct wish *wish)
{
	const char *verb = wish->verb ? wish->verb : "get";
	json_t *request = client_attribute(verb, scope_of(wish), wish->node,
					   wish->name);
	json_t *value;
	int ret;

	if (wish->value)
		json_object_set_new(request, "value",
				    json_string(wish->value));
	ret = client_ask(request, &value);
	if (!strcmp(verb, "get")) {
		if (ret == SHIM_EXIT_NONE && wish->preset) {
			show(wish, wish->preset);
			ret = SHIM_EXIT_OK;
		} else if (ret == SHIM_EXIT_NONE) {
			fprintf(stderr, "there is no attribute %s\n",
				wish->name);
		} else if (!ret) {
			show(wish, json_string_value(value));
		}
	}
	json_decref(value);
	return ret;
}

static int run(int argc, char **argv, struct wish *wish)
{
	int option, ret;

	while ((option = getopt_long(argc, argv, "n:v:GDN:U:l:t:p::r:qQd:zs:i:V",
				     long_options, NULL)) != -1)
		take(wish, option);
	if (wish->promotion && !wish->name) {
		fprintf(stderr, "%s: of which member?\n", argv[0]);
		ret = SHIM_EXIT_USAGE;
	} else if (wish->bad || !wish->name) {
		ret = client_usage(argv[0]);
	} else {
		ret = carry_out(wish);
	}
	free(wish->name);
	return ret;
}

int client_crm_attribute(int argc, char **argv)
{
	struct wish wish = { 0 };

	return run(argc, argv, &wish);
}

int client_crm_master(int argc, char **argv)
{
	struct wish wish = { .promotion = true,
			     .name = client_score_name(NULL) };

	return run(argc, argv, &wish);
}
