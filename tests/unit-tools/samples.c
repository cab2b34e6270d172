// SPDX-License-Identifier: GPL-2.0-only
/* States as a kernel could tell them. */
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "samples.h"

struct ha_state sample_in_sync(void)
{
	struct ha_state state = {
		.name = "r0",
		.role = HA_ROLE_SECONDARY,
		.disk = HA_DISK_STATE_UPTODATE,
		.size = 10ull << 30,
		.disk_path = "/dev/sdb1",
		.n_peers = 1,
		.peers[0] = {
			.node_id = 1,
			.name = "node2",
			.connection = HA_CONN_STATE_CONNECTED,
			.role = HA_ROLE_SECONDARY,
			.disk = HA_DISK_STATE_UPTODATE,
			.replication = HA_REPL_STATE_ESTABLISHED,
		},
	};

	ha_address_parse("192.168.1.10:7788", &state.peers[0].local);
	ha_address_parse("192.168.1.11:7788", &state.peers[0].remote);
	for (int id = 0; id < HA_OPT_RESOURCE_NR; id++)
		ha_values_set(&state.values, id, ha_options[id].preset);
	for (int id = HA_OPT_RESOURCE_NR; id < HA_OPT_NR; id++)
		ha_values_set(&state.peers[0].values, id,
			      ha_options[id].preset);
	return state;
}

struct ha_state sample_syncing(void)
{
	struct ha_state state = sample_in_sync();
	struct ha_peer_state *peer = &state.peers[0];

	state.role = HA_ROLE_PRIMARY;
	state.open_count = 1;
	peer->disk = HA_DISK_STATE_INCONSISTENT;
	peer->replication = HA_REPL_STATE_SYNC_SOURCE;
	peer->out_of_sync = 6ull << 30;
	peer->resyncing = true;
	peer->resync_total = 10ull << 30;
	peer->resync_done = 4ull << 30;
	peer->resync_rate = 100ull << 20;
	peer->resync_eta = 61;
	peer->resync_moved = 3ull << 30;
	return state;
}

struct ha_state sample_split(void)
{
	struct ha_state state = sample_in_sync();
	struct ha_peer_state *peer = &state.peers[0];

	state.disk = HA_DISK_STATE_DISKLESS;
	state.disk_path[0] = '\0';
	state.suspended = HA_SUSPENDED_USER | HA_SUSPENDED_FENCING;
	peer->connection = HA_CONN_STATE_STANDALONE;
	peer->role = HA_ROLE_UNKNOWN;
	peer->disk = HA_DISK_STATE_UNKNOWN;
	peer->replication = HA_REPL_STATE_OFF;
	strcpy(peer->reason, "split brain since 12:00");
	return state;
}
