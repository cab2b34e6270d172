/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module says about our devices, kept current by its events. */
#ifndef HA_EX_STORAGE_H
#define HA_EX_STORAGE_H

#include "state.h"

struct ex;
struct storage_mirror;

/**
 * storage_mirror_get() - made when first needed, again when the module is back
 * @error: out, a sentence to be freed
 *
 * Return: the mirror, or NULL.
 */
struct storage_mirror *storage_mirror_get(struct ex *ex, char **error);
void storage_mirror_free(struct storage_mirror *mirror);

/**
 * storage_mirror_state() - one resource, events that wait taken in
 *
 * Return: NULL when the module does not have it.
 */
const struct ha_state *storage_mirror_state(struct storage_mirror *mirror,
					    const char *name);

#endif
