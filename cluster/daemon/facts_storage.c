// SPDX-License-Identifier: GPL-2.0-only
/* Grades of the module, and exclusions of the core, as data for a promotion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "facts_storage.h"
#include "storage_facts.h"

static bool excluded(const struct core_plan_in *in, const char *device,
		     uint32_t node)
{
	char key[160];

	snprintf(key, sizeof(key), "exclude/%s/%u", device, node);
	return brain_fact(in, key);
}

/* Nobody whose data may be newer can have written, or will. */
static bool unknown_are_out(const struct hc_config *conf,
			    const struct core_plan_in *in, const char *device,
			    const json_t *unknown)
{
	const json_t *name;
	size_t i;

	json_array_foreach(unknown, i, name) {
		const struct hc_node *node =
			hc_node_find(conf, json_string_value(name));

		if (!node || !excluded(in, device, node->id))
			return false;
	}
	return true;
}

/*
 * UpToDate, and the peer is not known: it had all that was acknowledged when it
 * was last heard, and a peer that went on alone has excluded this node first.
 * Consistent says nothing of the kind: here the unknown must be excluded.
 */
static enum hp_data data_of(const struct hc_config *conf,
			    const struct core_plan_in *in, const char *device,
			    const json_t *state)
{
	switch (json_integer_value(json_object_get(state, "grade"))) {
	case STORAGE_BEST:
		return HP_DATA_UPTODATE;
	case STORAGE_ALONE:
		return HP_DATA_PEER_UNKNOWN;
	case STORAGE_CONSISTENT:
		return unknown_are_out(conf, in, device,
				       json_object_get(state, "unknown")) ?
		       HP_DATA_CONSISTENT : HP_DATA_NEVER;
	case STORAGE_REMOTE:
		return HP_DATA_REMOTE;
	}
	return HP_DATA_NEVER;
}

bool facts_storage(const struct hc_config *conf, const struct core_plan_in *in,
		   const struct core_node_device *device,
		   struct hc_fact_storage *out)
{
	const struct hc_node *node = facts_node(conf, device->node);
	const struct hc_device *known = hc_device_find(conf, device->name);
	json_t *state;

	if (!node || !known)
		return false;
	state = json_loadb(device->state, device->size, 0, NULL);
	*out = (struct hc_fact_storage){
		.device = known->name, .node = node->name,
		.data = data_of(conf, in, device->name, state),
		.excluded = excluded(in, device->name, device->node),
	};
	json_decref(state);
	return true;
}
