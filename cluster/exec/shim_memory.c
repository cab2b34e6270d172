// SPDX-License-Identifier: GPL-2.0-only
/* Attributes in memory: answers the shim in tests and on a single node. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shim.h"
#include "util.h"

/**
 * struct shim_memory - @values: name -> node -> value; lifetimes are one
 */
struct shim_memory {
	char *node;
	json_t *values;
};

struct shim_memory *shim_memory_new(const char *node)
{
	struct shim_memory *memory = xcalloc(1, sizeof(*memory));

	memory->node = xstrdup(node);
	memory->values = json_object();
	return memory;
}

void shim_memory_free(struct shim_memory *memory)
{
	if (!memory)
		return;
	json_decref(memory->values);
	free(memory->node);
	free(memory);
}

static const char *holder(const struct shim_ask *ask)
{
	return ask->scope == SHIM_CLUSTER ? "" : ask->node;
}

static void set(struct shim_memory *memory, const struct shim_ask *ask)
{
	json_t *nodes = json_object_get(memory->values, ask->name);

	if (!nodes) {
		nodes = json_object();
		json_object_set_new(memory->values, ask->name, nodes);
	}
	json_object_set_new(nodes, holder(ask), json_string(ask->value));
}

void shim_memory_request(struct shim_call *call, const struct shim_ask *ask,
			 void *arg)
{
	struct shim_memory *memory = arg;
	json_t *nodes = ask->name ? json_object_get(memory->values, ask->name) :
				    NULL;
	json_t *value = json_object_get(nodes, holder(ask));

	switch (ask->verb) {
	case SHIM_SET:
		set(memory, ask);
		shim_answer(call, NULL);
		break;
	case SHIM_GET:
		if (value)
			shim_answer(call, json_incref(value));
		else
			shim_refuse(call, -ENXIO, "no such attribute");
		break;
	case SHIM_DELETE:
		json_object_del(nodes, holder(ask));
		shim_answer(call, NULL);
		break;
	case SHIM_QUERY_ALL:
		shim_answer(call, nodes ? json_deep_copy(nodes) :
					  json_object());
		break;
	case SHIM_NODES:
		shim_answer(call, json_pack("[{s:s, s:i, s:b, s:b}]", "name",
					    memory->node, "id", 1, "member", 1,
					    "local", 1));
		break;
	case SHIM_QUORUM:
		shim_answer(call, json_true());
		break;
	default:
		shim_refuse(call, -ENXIO, "no such member");
	}
}
