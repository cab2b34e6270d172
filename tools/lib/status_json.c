// SPDX-License-Identifier: GPL-2.0-only
/* Resource states as JSON; the names of its members are a promise. */
#include <math.h>

#include "status.h"
#include "util.h"
#include "words.h"

double ha_resync_percent(const struct ha_peer_state *peer)
{
	if (!peer->resync_total)
		return 100;
	if (peer->resync_done >= peer->resync_total)
		return 100;
	return 100.0 * peer->resync_done / peer->resync_total;
}

static json_t *suspended(uint32_t bits)
{
	json_t *list = json_array();

	for (int i = 0; ha_suspended_words[i]; i++)
		if (bits & (1u << i))
			json_array_append_new(list,
					      json_string(ha_suspended_words[i]));
	return list;
}

/* Texts of the kernel are shown as they are where they are UTF-8. */
static json_t *string(const char *text)
{
	json_t *value = json_string(text);

	return value ? value : json_string("?");
}

static json_t *resync(const struct ha_peer_state *peer)
{
	json_t *object;

	if (!ha_peer_syncing(peer))
		return json_null();
	object = json_object();
	json_object_set_new(object, "done_percent",
			    json_real(floor(ha_resync_percent(peer) * 100) / 100));
	json_object_set_new(object, "rate_bytes_per_second",
			    json_integer(peer->resync_rate));
	json_object_set_new(object, "eta_seconds", peer->resync_rate ?
			    json_integer(peer->resync_eta) : json_null());
	return object;
}

static json_t *peer_json(const struct ha_peer_state *peer)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", string(peer->name));
	json_object_set_new(object, "node_id", json_integer(peer->node_id));
	json_object_set_new(object, "connection",
			    string(ha_word(ha_conn_words, peer->connection)));
	json_object_set_new(object, "role",
			    string(ha_word(ha_role_words, peer->role)));
	json_object_set_new(object, "disk",
			    string(ha_word(ha_disk_words, peer->disk)));
	json_object_set_new(object, "replication",
			    string(ha_word(ha_repl_words, peer->replication)));
	json_object_set_new(object, "out_of_sync_bytes",
			    json_integer(peer->out_of_sync));
	json_object_set_new(object, "resync", resync(peer));
	json_object_set_new(object, "resynced_bytes",
			    json_integer(peer->resync_moved));
	json_object_set_new(object, "reason", string(peer->reason));
	return object;
}

json_t *ha_status_json(const struct ha_state *state)
{
	json_t *object = json_object(), *device = json_object();
	json_t *peers = json_array();
	char *path = xasprintf("/dev/ha%u", state->minor);

	json_object_set_new(object, "name", string(state->name));
	json_object_set_new(object, "role",
			    string(state->down ? "Down" :
				   ha_word(ha_role_words, state->role)));
	json_object_set_new(object, "suspended", suspended(state->suspended));
	json_object_set_new(device, "path", string(path));
	json_object_set_new(device, "minor", json_integer(state->minor));
	json_object_set_new(device, "size_bytes", json_integer(state->size));
	json_object_set_new(device, "disk",
			    string(state->down ? "Diskless" :
				   ha_word(ha_disk_words, state->disk)));
	json_object_set_new(device, "open", json_boolean(state->open_count));
	json_object_set_new(object, "device", device);
	for (unsigned int i = 0; i < state->n_peers; i++)
		json_array_append_new(peers, peer_json(&state->peers[i]));
	json_object_set_new(object, "peers", peers);
	free(path);
	return object;
}

void ha_status_json_list(const struct ha_state *states, unsigned int n,
			 FILE *out)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < n; i++)
		json_array_append_new(list, ha_status_json(&states[i]));
	json_dumpf(list, out, JSON_INDENT(2) | JSON_REAL_PRECISION(5));
	fputc('\n', out);
	json_decref(list);
}
