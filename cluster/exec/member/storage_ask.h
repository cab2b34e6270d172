/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the module for one resource. */
#ifndef HA_STORAGE_ASK_H
#define HA_STORAGE_ASK_H

#include "state.h"

/**
 * storage_ask() - its state
 *
 * Return: 0, or a code, the reason being told.
 */
int storage_ask(const char *name, struct ha_state *state);

#endif
