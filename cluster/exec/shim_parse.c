// SPDX-License-Identifier: GPL-2.0-only
/* A request of the shim as a value. Pure. */
#include <string.h>

#include "shim.h"
#include "util.h"

#define TEXT_MAX 4096

static const char *const verbs[] = {
	[SHIM_SET] = "set", [SHIM_GET] = "get", [SHIM_DELETE] = "delete",
	[SHIM_QUERY_ALL] = "query-all", [SHIM_NODES] = "nodes",
	[SHIM_QUORUM] = "quorum", [SHIM_MEMBER] = "member",
};

static const char *const scopes[] = {
	[SHIM_TRANSIENT] = "transient", [SHIM_FOREVER] = "forever",
	[SHIM_CLUSTER] = "cluster", [SHIM_UTILIZATION] = "utilization",
};

static int find(const char *const *list, size_t n, const char *word)
{
	for (size_t i = 0; word && i < n; i++)
		if (!strcmp(list[i], word))
			return i;
	return -1;
}

/* Return: false when it is there and is no short text. */
static bool text(json_t *line, const char *key, const char **value)
{
	json_t *member = json_object_get(line, key);

	*value = json_string_value(member);
	if (!member || json_is_null(member))
		return true;
	return *value && json_string_length(member) <= TEXT_MAX &&
	       strlen(*value) == json_string_length(member);
}

static const char *check(const struct shim_ask *ask)
{
	bool attribute = ask->verb <= SHIM_QUERY_ALL;

	if (attribute && (!ask->name || !*ask->name))
		return "there is no name of an attribute";
	if (ask->verb == SHIM_SET && !ask->value)
		return "there is no value";
	if (ask->verb == SHIM_MEMBER && !ask->name)
		return "there is no name of a member";
	return NULL;
}

const char *shim_parse(json_t *line, const char *node, struct shim_ask *ask)
{
	json_t *version = json_object_get(line, "v");
	json_t *delay = json_object_get(line, "delay_ms");
	const char *verb, *scope;
	int number;

	memset(ask, 0, sizeof(*ask));
	if (!json_is_object(line))
		return "it is no object";
	if (json_integer_value(version) != 1)
		return "it is not version 1 of the protocol";
	if (!text(line, "verb", &verb) || !text(line, "scope", &scope) ||
	    !text(line, "node", &ask->node) ||
	    !text(line, "name", &ask->name) ||
	    !text(line, "value", &ask->value) ||
	    !text(line, "member", &ask->member))
		return "one of its members is no short text";
	number = find(verbs, ARRAY_SIZE(verbs), verb);
	if (number < 0)
		return "there is no such verb";
	ask->verb = number;
	number = scope ? find(scopes, ARRAY_SIZE(scopes), scope) :
			 SHIM_TRANSIENT;
	if (number < 0)
		return "there is no such scope";
	ask->scope = number;
	if (!ask->node || !*ask->node)
		ask->node = node;
	ask->delay_ms = json_is_integer(delay) ? json_integer_value(delay) : -1;
	return check(ask);
}
