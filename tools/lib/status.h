/* SPDX-License-Identifier: GPL-2.0-only */
/* Printing resource states, for people and as JSON. */
#ifndef HA_STATUS_H
#define HA_STATUS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "state.h"

/**
 * ha_status_text() - one block for people
 * @colour: use terminal colours
 */
void ha_status_text(const struct ha_state *state, bool colour, FILE *out);

/**
 * ha_status_json() - one object, the documented interface
 */
json_t *ha_status_json(const struct ha_state *state);

/**
 * ha_status_json_list() - print a list of them
 */
void ha_status_json_list(const struct ha_state *states, unsigned int n,
			 FILE *out);

/**
 * ha_resync_percent() - how much of a resync is done, 0 to 100
 */
double ha_resync_percent(const struct ha_peer_state *peer);

#endif
