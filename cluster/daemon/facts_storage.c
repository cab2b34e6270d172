// SPDX-License-Identifier: GPL-2.0-only
/* Grades of the module, and exclusions of the core, as data for a promotion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "facts_storage.h"
#include "storage_facts.h"

bool facts_excluded(const struct core_plan_in *in, const char *device,
		    uint32_t node)
{
	char key[160];

	snprintf(key, sizeof(key), "exclude/%s/%u", device, node);
	return brain_fact(in, key);
}

/* A node that is here and has the device up says itself that its data is no good. */
static bool says_never(const struct core_plan_in *in, const char *device,
		       uint32_t node)
{
	bool never = false;

	for (size_t i = 0; i < in->nr_devices; i++) {
		const json_t *grade;
		json_t *state;

		if (in->devices[i].node != node ||
		    strcmp(in->devices[i].name, device))
			continue;
		state = json_loadb(in->devices[i].state, in->devices[i].size, 0,
				   NULL);
		grade = json_object_get(state, "grade");
		never = grade && json_integer_value(grade) == STORAGE_NEVER;
		json_decref(state);
	}
	return never;
}

/*
 * Of a peer that is not connected: can it have written what is not here? Not if
 * it is excluded, or knows that its own data is old. If it is off, it may have
 * until then; what it had acknowledged, and this node has not, is what "fencing"
 * of the device is there to prevent.
 */
static bool cannot_be_newer(const struct hc_config *conf,
			    const struct core_plan_in *in, const char *device,
			    const json_t *unknown, bool off_is_enough)
{
	const json_t *name;
	size_t i;

	json_array_foreach(unknown, i, name) {
		const struct hc_node *node =
			hc_node_find(conf, json_string_value(name));

		if (!node)
			return false;
		if (facts_excluded(in, device, node->id) ||
		    says_never(in, device, node->id) ||
		    (off_is_enough &&
		     in->standing[node->id - 1] == CORE_NODE_OUT))
			continue;
		return false;
	}
	return true;
}

/*
 * With this a Primary that loses its peer acknowledges nothing until the peer is
 * excluded: while that is not so, what is here lacks nothing, and the claim of the
 * device excludes the one that is away.
 */
static bool waits_for_exclusion(const json_t *state)
{
	const char *fencing = json_string_value(json_object_get(state, "fencing"));

	return fencing && !strcmp(fencing, "resource-and-stonith");
}

/*
 * UpToDate without its peer: the module has not seen that it missed anything.
 * Consistent: it may have.
 */
static enum hp_data data_of(const struct hc_config *conf,
			    const struct core_plan_in *in, const char *device,
			    const json_t *state)
{
	const json_t *unknown = json_object_get(state, "unknown");
	const json_t *grade = json_object_get(state, "grade");

	if (!grade)
		return HP_DATA_UNKNOWN;		/* it is not up there */
	switch (json_integer_value(grade)) {
	case STORAGE_BEST:
		return HP_DATA_UPTODATE;
	case STORAGE_ALONE:
		return cannot_be_newer(conf, in, device, unknown, true) ?
		       HP_DATA_PEER_UNKNOWN : HP_DATA_NEVER;
	case STORAGE_CONSISTENT:
		return waits_for_exclusion(state) ||
		       cannot_be_newer(conf, in, device, unknown, false) ?
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
	/* A tiebreaker has no copy, so nothing is to be said of one. */
	if (node->role == HC_TIEBREAKER && !json_object_get(state, "grade")) {
		json_decref(state);
		return false;
	}
	*out = (struct hc_fact_storage){
		.device = known->name, .node = node->name,
		.data = data_of(conf, in, device->name, state),
		.excluded = facts_excluded(in, device->name, device->node),
	};
	json_decref(state);
	return true;
}
