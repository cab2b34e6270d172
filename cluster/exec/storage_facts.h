/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts of a device that decide where it may be promoted. Pure.
 *
 * {"name", "role", "disk", "open": count, "suspended": [words],
 *  "quorum": bool, "generation": "16 hex digits", "minor", "grade": 0..4,
 *  "fencing": word of the option,
 *  "unknown": [names of peers whose data may be newer],
 *  "peers": [{"name", "node_id", "connection", "role", "disk", "replication",
 *	       "out_of_sync_bytes", "reason"}]}
 */
#ifndef HA_STORAGE_FACTS_H
#define HA_STORAGE_FACTS_H

#include <jansson.h>

#include "state.h"

/* Grades of eligibility, as far as this node alone knows. */
enum storage_grade {
	STORAGE_NEVER,		/* Outdated, Inconsistent, Failed, no disk */
	STORAGE_REMOTE,		/* by the data of a connected UpToDate peer */
	STORAGE_CONSISTENT,	/* if all others are excluded or older */
	STORAGE_ALONE,		/* UpToDate; if the unknown are excluded */
	STORAGE_BEST,		/* UpToDate, and nobody can be newer */
};

enum storage_grade storage_grade(const struct ha_state *state);
json_t *storage_facts(const struct ha_state *state);

/**
 * storage_code() - exit code of a monitor
 * @state: NULL: the module does not have it
 * @reason: out, why it is not a plain one, to be freed; or NULL
 */
int storage_code(const struct ha_state *state, char **reason);

#endif
