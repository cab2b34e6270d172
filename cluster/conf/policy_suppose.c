// SPDX-License-Identifier: GPL-2.0-only
/* "What if": facts changed as an event would change them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_facts_json.h"
#include "util.h"

#define WORD	64

static json_t *list_of(json_t *json, const char *key)
{
	json_t *list = json_object_get(json, key);

	if (!json_is_array(list)) {
		list = json_array();
		json_object_set_new(json, key, list);
	}
	return list;
}

/* The entry of a node, made if there is none. */
static json_t *entry_of(json_t *json, const char *node)
{
	json_t *list = list_of(json, "nodes"), *entry;
	size_t i;

	json_array_foreach(list, i, entry) {
		const char *name =
			json_string_value(json_object_get(entry, "node"));

		if (name && !strcmp(name, node))
			return entry;
	}
	entry = json_pack("{s:s}", "node", node);
	json_array_append_new(list, entry);
	return entry;
}

/*
 * The member may be named alone, as people do; the service that has it on
 * that node is found here.
 */
static bool fail_member(json_t *json, const struct hc_config *conf,
			const char *member, const char *node, char **why)
{
	for (unsigned int i = 0; i < conf->n_services; i++) {
		const struct hc_service *service = &conf->services[i];
		json_t *entry;
		size_t j;

		if (!hc_member_find(service, member))
			continue;
		json_array_foreach(list_of(json, "members"), j, entry) {
			const char *name = json_string_value(
				json_object_get(entry, "member"));
			const char *on = json_string_value(
				json_object_get(entry, "node"));
			const char *in = json_string_value(
				json_object_get(entry, "service"));

			if (!ha_streq(name, member) || !ha_streq(on, node) ||
			    !ha_streq(in, service->name))
				continue;
			json_object_set_new(entry, "failed", json_true());
			json_object_set_new(entry, "failed_op",
					    json_string("monitor"));
			return true;
		}
	}
	*why = xasprintf("%s does not run on %s", member, node);
	return false;
}

static bool check_node(const struct hc_config *conf, const char *node,
		       char **why)
{
	if (hc_node_find(conf, node))
		return true;
	*why = xasprintf("there is no node \"%s\"", node);
	return false;
}

bool hc_facts_suppose(json_t *json, const struct hc_config *conf,
		      const char *event, char **why)
{
	char a[WORD], b[WORD];
	int end = 0;
	size_t length = strlen(event);

	if (!strcmp(event, "no quorum")) {
		json_object_set_new(json, "quorate", json_false());
		return true;
	}
	if (sscanf(event, "fail %63s on %63s%n", a, b, &end) == 2 &&
	    (size_t)end == length)
		return check_node(conf, b, why) &&
		       fail_member(json, conf, a, b, why);
	if (sscanf(event, "standby %63s%n", a, &end) == 1 &&
	    (size_t)end == length) {
		if (!check_node(conf, a, why))
			return false;
		json_object_set_new(entry_of(json, a), "standby", json_true());
		return true;
	}
	if (sscanf(event, "node %63s %63s%n", a, b, &end) == 2 &&
	    (size_t)end == length &&
	    (!strcmp(b, "down") || !strcmp(b, "up") || !strcmp(b, "lost"))) {
		if (!check_node(conf, a, why))
			return false;
		json_object_set_new(entry_of(json, a), "state",
				    json_string(*b == 'd' ? "down" :
						*b == 'l' ? "unknown" :
						"online"));
		return true;
	}
	*why = xasprintf("\"%s\" is no event: write \"node N down\", \"node N lost\", \"node N up\", \"fail MEMBER on N\", \"standby N\" or \"no quorum\"",
			 event);
	return false;
}
