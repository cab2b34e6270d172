/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says about resources, as plain data. */
#ifndef HA_STATE_H
#define HA_STATE_H

#include <linux/ha.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "option.h"

#define HA_REASON_LEN	256

struct nlmsghdr;

/**
 * struct ha_peer_state - one peer of a resource
 * @values: options of its connection, those the kernel told
 * @resyncing: the fields resync_* are told
 * @resync_eta: seconds; meaningless while resync_rate is 0
 * @resync_moved: bytes the latest resync sent over the link
 * @reason: why it is not connected or not syncing; may be empty
 */
struct ha_peer_state {
	uint32_t node_id;
	char name[HA_NAME_LEN];
	struct sockaddr_storage local, remote;
	struct ha_values values;
	uint32_t connection, role, disk, replication;
	uint64_t out_of_sync;
	bool resyncing;
	uint64_t resync_total, resync_done, resync_rate;
	uint32_t resync_eta;
	uint64_t resync_moved;
	uint64_t sent, received;
	bool paused;
	char reason[HA_REASON_LEN];
};

/**
 * struct ha_state - one resource
 * @down: known from the configuration only, not to the kernel
 * @suspended: enum ha_suspended, several may be set
 * @values: options of the resource, those the kernel told
 * @reason: of an event, what happened
 */
struct ha_state {
	char name[HA_NAME_LEN];
	bool down;
	uint32_t node_id, minor;
	uint32_t role, disk, suspended;
	uint64_t size;
	uint32_t open_count;
	char disk_path[HA_PATH_LEN], meta_path[HA_PATH_LEN];
	struct ha_values values;
	uint64_t generation;
	unsigned int n_peers;
	struct ha_peer_state peers[HA_MAX_SLOTS];
	char reason[HA_REASON_LEN];
};

/**
 * ha_state_decode() - read a message of HA_CMD_GET, _CHANGED or _REMOVED
 *
 * Attributes of a newer kernel are passed over.
 *
 * Return: 0, or -EBADMSG.
 */
int ha_state_decode(const struct nlmsghdr *nlh, struct ha_state *state);

const struct ha_peer_state *ha_state_peer(const struct ha_state *state,
					  uint32_t node_id);

/**
 * ha_peer_syncing() - whether a resync with this peer is under way or paused
 */
bool ha_peer_syncing(const struct ha_peer_state *peer);

#endif
