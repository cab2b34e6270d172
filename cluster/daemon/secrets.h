/* SPDX-License-Identifier: GPL-2.0-only */
/* Passwords of fence devices: files of their own, never shown. */
#ifndef HD_SECRETS_H
#define HD_SECRETS_H

#include "daemon.h"

/* To be stored on all nodes that are here; false: no such name is allowed. */
bool secrets_set(struct daemon *d, const char *name, const char *value);
void secrets_take(struct daemon *d, const json_t *secret);

/* Wipe and free it; NULL: there is none. */
char *secrets_get(const struct daemon *d, const char *name);
void secrets_free(char *secret);

#endif
