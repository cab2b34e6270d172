// SPDX-License-Identifier: GPL-2.0-only
/* crm_node and crm_resource: what agents ask about nodes and members. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

static const struct option node_options[] = {
	{ "name", 0, NULL, 'n' }, { "cluster-id", 0, NULL, 'i' },
	{ "partition", 0, NULL, 'p' }, { "list", 0, NULL, 'l' },
	{ "quorum", 0, NULL, 'q' }, { "name-for-id", 1, NULL, 'N' },
	{ "verbose", 0, NULL, 'V' }, { 0 }
};

static json_t *ask(const char *verb, int *ret)
{
	json_t *request = json_object(), *value;

	json_object_set_new(request, "verb", json_string(verb));
	*ret = client_ask(request, &value);
	return value;
}

/* Return: whether there was something to print. */
static bool print_node(json_t *node, int what, const char *wanted)
{
	const char *name = json_string_value(json_object_get(node, "name"));
	long long id = json_integer_value(json_object_get(node, "id"));
	bool member = json_is_true(json_object_get(node, "member"));
	bool local = json_is_true(json_object_get(node, "local"));

	if (what == 'l')
		printf("%lld %s %s\n", id, name, member ? "member" : "lost");
	else if (what == 'p' && member)
		printf("%s ", name);
	else if ((what == 'n' && local) ||
		 (what == 'N' && id == atoll(wanted)))
		printf("%s\n", name);
	else if (what == 'i' && local)
		printf("%lld\n", id);
	else
		return false;
	return true;
}

static int print_nodes(int what, const char *wanted)
{
	bool printed = false;
	json_t *nodes, *node;
	size_t i;
	int ret;

	nodes = ask("nodes", &ret);
	json_array_foreach(nodes, i, node)
		printed |= print_node(node, what, wanted);
	if (what == 'p' && printed)
		putchar('\n');
	json_decref(nodes);
	return ret || printed ? ret : SHIM_EXIT_NONE;
}

static int print_quorum(void)
{
	int ret;
	json_t *quorum = ask("quorum", &ret);

	if (!ret)
		printf("%d\n", json_is_true(quorum));
	json_decref(quorum);
	return ret;
}

int client_crm_node(int argc, char **argv)
{
	const char *wanted = NULL;
	int option, what = 0;

	while ((option = getopt_long(argc, argv, "niplqN:V", node_options,
				     NULL)) != -1) {
		if (option == '?')
			return client_usage(argv[0]);
		if (option == 'N')
			wanted = optarg;
		if (option != 'V')
			what = option;
	}
	if (!what)
		return client_usage(argv[0]);
	return what == 'q' ? print_quorum() : print_nodes(what, wanted);
}

static const struct option resource_options[] = {
	{ "resource", 1, NULL, 'r' }, { "locate", 0, NULL, 'W' },
	{ "quiet", 0, NULL, 'Q' }, { "verbose", 0, NULL, 'V' }, { 0 }
};

static void print_place(const char *name, json_t *place, bool quiet)
{
	const char *node = json_string_value(json_object_get(place, "node"));
	const char *role = json_string_value(json_object_get(place, "role"));
	bool promoted = role && !strcmp(role, "promoted");

	if (quiet)
		printf("%s\n", node);
	else
		printf("resource %s is running on: %s%s\n", name, node,
		       promoted ? " Promoted" : " ");
}

static int locate(const char *name, bool quiet)
{
	json_t *request = client_attribute("member", "transient", NULL, name);
	json_t *places, *place;
	size_t i;
	int ret = client_ask(request, &places);

	json_array_foreach(places, i, place)
		print_place(name, place, quiet);
	if (ret == SHIM_EXIT_NONE)
		fprintf(stderr, "there is no member %s\n", name);
	else if (!ret && !json_array_size(places) && !quiet)
		printf("resource %s is NOT running\n", name);
	json_decref(places);
	return ret;
}

int client_crm_resource(int argc, char **argv)
{
	bool quiet = false, where = false;
	const char *name = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "r:WQV", resource_options,
				     NULL)) != -1) {
		if (option == 'r')
			name = optarg;
		else if (option == 'W')
			where = true;
		else if (option == 'Q')
			quiet = true;
		else if (option != 'V')
			return client_usage(argv[0]);
	}
	if (!name || !where)
		return client_usage(argv[0]);
	return locate(name, quiet);
}
