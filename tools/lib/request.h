/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request to the kernel as data: hasetup makes it of its arguments, hadm of
 * its plan; it can be sent, and printed as a call of hasetup.
 */
#ifndef HA_TOOLS_REQUEST_H
#define HA_TOOLS_REQUEST_H

#include <linux/ha.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

#include "option.h"

struct ha_genl;

/* What a request takes, besides the name of the resource. */
enum {
	HA_TAKES_PEER		= 1 << 0,	/* a node id */
	HA_TAKES_ANY_PEER	= 1 << 1,	/* a node id, or all peers */
	HA_TAKES_DISK		= 1 << 2,
	HA_TAKES_NODE		= 1 << 3,	/* --node-id, --minor */
	HA_TAKES_LINK		= 1 << 4,	/* --name, --local, --remote */
	HA_TAKES_SECRET		= 1 << 5,
	HA_TAKES_RESOURCE_OPTS	= 1 << 6,
	HA_TAKES_PEER_OPTS	= 1 << 7,
	HA_TAKES_FORCE		= 1 << 8,
	HA_TAKES_DISCARD	= 1 << 9,
};

/**
 * struct ha_request_kind - what is known about one request
 * @verb: name in hasetup
 * @cmd: HA_CMD_*
 * @takes: HA_TAKES_*
 * @help: one line
 */
struct ha_request_kind {
	const char *verb;
	uint8_t cmd;
	unsigned int takes;
	const char *help;
};

/* Ends with a verb of NULL. */
extern const struct ha_request_kind ha_request_kinds[];

const struct ha_request_kind *ha_request_kind(uint8_t cmd);

/**
 * struct ha_request - one request
 * @node_id: own slot, or -1
 * @minor: of the device, or -1
 * @peer: slot of the peer, or -1 for all
 */
struct ha_request {
	const struct ha_request_kind *kind;
	char *name;
	int node_id, minor;
	int peer;
	char *peer_name, *secret;
	struct sockaddr_storage local, remote;
	char *disk, *meta_disk;
	bool force, discard_my_data;
	struct ha_values values;
};

void ha_request_init(struct ha_request *req,
		     const struct ha_request_kind *kind, const char *name);
void ha_request_free(struct ha_request *req);

/**
 * ha_request_print() - write it as a call of hasetup, without its secret
 */
void ha_request_print(const struct ha_request *req, FILE *out);

/**
 * ha_request_send() - send it
 *
 * Return: 0, or -errno with ha_genl_error() in words.
 */
int ha_request_send(const struct ha_request *req, struct ha_genl *genl);

#endif
