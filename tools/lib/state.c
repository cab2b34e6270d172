// SPDX-License-Identifier: GPL-2.0-only
/* Decoding of state messages; wrong lengths are refused, never trusted. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "state.h"

static uint64_t number(const struct nlattr *attr)
{
	size_t length = mnl_attr_get_payload_len(attr);

	if (length == sizeof(uint64_t))
		return mnl_attr_get_u64(attr);
	if (length == sizeof(uint32_t))
		return mnl_attr_get_u32(attr);
	return 0;
}

static void text(const struct nlattr *attr, char *out, size_t size)
{
	size_t length = mnl_attr_get_payload_len(attr);

	snprintf(out, size, "%.*s", (int)length,
		 (const char *)mnl_attr_get_payload(attr));
}

static void address(const struct nlattr *attr, struct sockaddr_storage *out)
{
	size_t length = mnl_attr_get_payload_len(attr);
	const struct sockaddr *given = mnl_attr_get_payload(attr);

	memset(out, 0, sizeof(*out));
	if ((length == sizeof(struct sockaddr_in) &&
	     given->sa_family == AF_INET) ||
	    (length == sizeof(struct sockaddr_in6) &&
	     given->sa_family == AF_INET6))
		memcpy(out, given, length);
}

static bool option(const struct nlattr *attr, int first, int last,
		   struct ha_values *values)
{
	for (int id = first; id < last; id++) {
		if (ha_options[id].attr != mnl_attr_get_type(attr))
			continue;
		ha_values_set(values, id, number(attr));
		return true;
	}
	return false;
}

static void peer_progress(const struct nlattr *attr, struct ha_peer_state *peer)
{
	switch (mnl_attr_get_type(attr)) {
	case HA_PEER_OUT_OF_SYNC:
		peer->out_of_sync = number(attr);
		break;
	case HA_PEER_RESYNC_TOTAL:
		peer->resyncing = true;
		peer->resync_total = number(attr);
		break;
	case HA_PEER_RESYNC_DONE:
		peer->resync_done = number(attr);
		break;
	case HA_PEER_RESYNC_RATE:
		peer->resync_rate = number(attr);
		break;
	case HA_PEER_RESYNC_ETA:
		peer->resync_eta = number(attr);
		break;
	case HA_PEER_RESYNC_MOVED:
		peer->resync_moved = number(attr);
		break;
	case HA_PEER_SENT:
		peer->sent = number(attr);
		break;
	case HA_PEER_RECEIVED:
		peer->received = number(attr);
		break;
	case HA_PEER_PAUSED:
		peer->paused = number(attr);
		break;
	}
}

static void peer_attr(const struct nlattr *attr, struct ha_peer_state *peer)
{
	switch (mnl_attr_get_type(attr)) {
	case HA_PEER_NODE_ID:
		peer->node_id = number(attr);
		break;
	case HA_PEER_NAME:
		text(attr, peer->name, sizeof(peer->name));
		break;
	case HA_PEER_LOCAL_ADDRESS:
		address(attr, &peer->local);
		break;
	case HA_PEER_PEER_ADDRESS:
		address(attr, &peer->remote);
		break;
	case HA_PEER_CONNECTION:
		peer->connection = number(attr);
		break;
	case HA_PEER_ROLE:
		peer->role = number(attr);
		break;
	case HA_PEER_DISK_STATE:
		peer->disk = number(attr);
		break;
	case HA_PEER_REPLICATION:
		peer->replication = number(attr);
		break;
	case HA_PEER_REASON:
		text(attr, peer->reason, sizeof(peer->reason));
		break;
	default:
		if (!option(attr, HA_OPT_RESOURCE_NR, HA_OPT_NR,
			    &peer->values))
			peer_progress(attr, peer);
	}
}

static void decode_peer(const struct nlattr *nest, struct ha_state *state)
{
	struct ha_peer_state *peer;
	const struct nlattr *attr;

	if (state->n_peers == HA_MAX_SLOTS)
		return;
	peer = &state->peers[state->n_peers++];
	peer->disk = HA_DISK_STATE_UNKNOWN;
	mnl_attr_for_each_nested(attr, nest)
		peer_attr(attr, peer);
}

static void resource_attr(const struct nlattr *attr, struct ha_state *state)
{
	switch (mnl_attr_get_type(attr)) {
	case HA_A_NAME:
		text(attr, state->name, sizeof(state->name));
		break;
	case HA_A_NODE_ID:
		state->node_id = number(attr);
		break;
	case HA_A_MINOR:
		state->minor = number(attr);
		break;
	case HA_A_ROLE:
		state->role = number(attr);
		break;
	case HA_A_DISK_STATE:
		state->disk = number(attr);
		break;
	case HA_A_SUSPENDED:
		state->suspended = number(attr);
		break;
	case HA_A_SIZE:
		state->size = number(attr);
		break;
	case HA_A_OPEN_COUNT:
		state->open_count = number(attr);
		break;
	case HA_A_DISK:
		text(attr, state->disk_path, sizeof(state->disk_path));
		break;
	case HA_A_META_DISK:
		text(attr, state->meta_path, sizeof(state->meta_path));
		break;
	case HA_A_GENERATION:
		state->generation = number(attr);
		break;
	case HA_A_REASON:
		text(attr, state->reason, sizeof(state->reason));
		break;
	case HA_A_PEER:
		decode_peer(attr, state);
		break;
	default:
		option(attr, 0, HA_OPT_RESOURCE_NR, &state->values);
	}
}

int ha_state_decode(const struct nlmsghdr *nlh, struct ha_state *state)
{
	const struct nlattr *attr;

	memset(state, 0, sizeof(*state));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		resource_attr(attr, state);
	return *state->name ? 0 : -EBADMSG;
}

const struct ha_peer_state *ha_state_peer(const struct ha_state *state,
					  uint32_t node_id)
{
	for (unsigned int i = 0; i < state->n_peers; i++)
		if (state->peers[i].node_id == node_id)
			return &state->peers[i];
	return NULL;
}

bool ha_peer_syncing(const struct ha_peer_state *peer)
{
	return peer->replication >= HA_REPL_STATE_SYNC_SOURCE &&
	       peer->replication <= HA_REPL_STATE_PAUSED_SYNC_T;
}
