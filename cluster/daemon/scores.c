// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes that agents set. Promotion scores become part of a member's row
 * and thus known to all; the others are kept on this node.
 */
#include <stdlib.h>
#include <string.h>

#include "members.h"
#include "scores.h"

#define SCORE "master-"

static struct shim_memory *memory;

static void on_request(struct shim_call *call, const struct shim_ask *ask,
		       void *arg)
{
	struct daemon *d = arg;
	size_t length = strlen(SCORE);

	if (ask->name && !strncmp(ask->name, SCORE, length) &&
	    (ask->verb == SHIM_SET || ask->verb == SHIM_DELETE) &&
	    (!ask->node || !strcmp(ask->node, d->places.name)))
		members_score(d->members, ask->name + length,
			      ask->value ? strtoll(ask->value, NULL, 10) : 0,
			      ask->verb == SHIM_DELETE);
	shim_memory_request(call, ask, memory);
}

int scores_start(struct daemon *d)
{
	memory = shim_memory_new(d->places.name);
	return shim_new(d->event, d->places.shim_socket, d->places.name,
			on_request, d, &d->shim);
}
