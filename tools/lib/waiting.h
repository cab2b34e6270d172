/* SPDX-License-Identifier: GPL-2.0-only */
/* What "wait-connect" and "wait-sync" still wait for. Pure. */
#ifndef HA_WAITING_H
#define HA_WAITING_H

#include <stdbool.h>

#include "state.h"

/**
 * ha_waiting_for() - what is missing until connected, or in sync
 * @state: of the resource
 * @sync: in sync, not only connected
 * @hopeless: out, it will not come without a command
 *
 * Return: a sentence to be freed, or NULL when nothing is missing.
 */
char *ha_waiting_for(const struct ha_state *state, bool sync, bool *hopeless);

#endif
