// SPDX-License-Identifier: GPL-2.0-only
/* Makes facts of the state of a device. Pure. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "exec.h"
#include "option.h"
#include "storage_facts.h"
#include "util.h"
#include "words.h"

static bool is_connected(const struct ha_peer_state *peer)
{
	return peer->connection == HA_CONN_STATE_CONNECTED;
}

/* Nothing is known of its disk, or that it may be as good as ours. */
static bool is_unknown(const struct ha_peer_state *peer)
{
	if (is_connected(peer))
		return false;
	return peer->disk == HA_DISK_STATE_UNKNOWN ||
	       peer->disk >= HA_DISK_STATE_CONSISTENT;
}

static bool has_good_peer(const struct ha_state *state)
{
	for (unsigned int i = 0; i < state->n_peers; i++)
		if (is_connected(&state->peers[i]) &&
		    state->peers[i].disk == HA_DISK_STATE_UPTODATE)
			return true;
	return false;
}

enum storage_grade storage_grade(const struct ha_state *state)
{
	bool unknown = state->suspended & HA_SUSPENDED_QUORUM;

	if (state->down)
		return STORAGE_NEVER;
	for (unsigned int i = 0; i < state->n_peers; i++)
		unknown = unknown || is_unknown(&state->peers[i]);
	switch (state->disk) {
	case HA_DISK_STATE_UPTODATE:
		return unknown ? STORAGE_ALONE : STORAGE_BEST;
	case HA_DISK_STATE_CONSISTENT:
		return STORAGE_CONSISTENT;
	case HA_DISK_STATE_INCONSISTENT:
	case HA_DISK_STATE_DISKLESS:
		return has_good_peer(state) ? STORAGE_REMOTE : STORAGE_NEVER;
	}
	return STORAGE_NEVER;
}

static json_t *text(const char *text)
{
	json_t *value = json_string(text);

	return value ? value : json_string("?");
}

static json_t *peer_facts(const struct ha_peer_state *peer)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", text(peer->name));
	json_object_set_new(object, "node_id", json_integer(peer->node_id));
	json_object_set_new(object, "connection",
			    text(ha_word(ha_conn_words, peer->connection)));
	json_object_set_new(object, "role",
			    text(ha_word(ha_role_words, peer->role)));
	json_object_set_new(object, "disk",
			    text(ha_word(ha_disk_words, peer->disk)));
	json_object_set_new(object, "replication",
			    text(ha_word(ha_repl_words, peer->replication)));
	json_object_set_new(object, "out_of_sync_bytes",
			    json_integer(peer->out_of_sync));
	json_object_set_new(object, "reason", text(peer->reason));
	return object;
}

static json_t *suspensions(uint32_t bits)
{
	json_t *list = json_array();

	for (int i = 0; ha_suspended_words[i]; i++)
		if (bits & (1u << i))
			json_array_append_new(list,
				json_string(ha_suspended_words[i]));
	return list;
}

json_t *storage_facts(const struct ha_state *state)
{
	json_t *object = json_object(), *peers = json_array();
	json_t *unknown = json_array();
	char generation[17];

	snprintf(generation, sizeof(generation), "%016" PRIx64,
		 state->generation);
	json_object_set_new(object, "name", text(state->name));
	json_object_set_new(object, "minor", json_integer(state->minor));
	json_object_set_new(object, "role",
			    text(ha_word(ha_role_words, state->role)));
	json_object_set_new(object, "disk",
			    text(ha_word(ha_disk_words, state->disk)));
	json_object_set_new(object, "open", json_integer(state->open_count));
	json_object_set_new(object, "suspended", suspensions(state->suspended));
	json_object_set_new(object, "fencing",
		text(ha_word(ha_fencing_words,
			     ha_values_effective(&state->values, HA_OPT_FENCING))));
	json_object_set_new(object, "quorum",
		json_boolean(!(state->suspended & HA_SUSPENDED_QUORUM)));
	json_object_set_new(object, "generation", json_string(generation));
	json_object_set_new(object, "grade",
			    json_integer(storage_grade(state)));
	for (unsigned int i = 0; i < state->n_peers; i++) {
		json_array_append_new(peers, peer_facts(&state->peers[i]));
		if (is_unknown(&state->peers[i]))
			json_array_append_new(unknown,
					      text(state->peers[i].name));
	}
	json_object_set_new(object, "unknown", unknown);
	json_object_set_new(object, "peers", peers);
	return object;
}

/* Data can be read and written: by the own disk, or by a peer's. */
static bool serves(const struct ha_state *state)
{
	return state->disk == HA_DISK_STATE_UPTODATE || has_good_peer(state);
}

int storage_code(const struct ha_state *state, char **reason)
{
	bool primary, degraded;

	*reason = NULL;
	if (!state || state->down)
		return EX_CODE_NOT_RUNNING;
	primary = state->role == HA_ROLE_PRIMARY;
	degraded = state->disk != HA_DISK_STATE_UPTODATE;
	if (degraded)
		*reason = xasprintf("its disk is %s",
				    ha_word(ha_disk_words, state->disk));
	if (primary && !serves(state)) {
		free(*reason);
		*reason = xstrdup("no good copy of the data is reachable");
		/* Suspended, it waits and may go on; else writes have failed. */
		return state->suspended ? EX_CODE_DEGRADED_PROMOTED :
					  EX_CODE_FAILED_PROMOTED;
	}
	if (primary && state->suspended) {
		free(*reason);
		*reason = xstrdup("its I/O is suspended");
		return EX_CODE_DEGRADED_PROMOTED;
	}
	if (primary)
		return degraded ? EX_CODE_DEGRADED_PROMOTED : EX_CODE_PROMOTED;
	return degraded ? EX_CODE_DEGRADED : EX_CODE_OK;
}
