/* SPDX-License-Identifier: GPL-2.0-only */
/* States of this node that gave way to the cluster's, as people can read them. */
#ifndef HD_CONFLICTS_H
#define HD_CONFLICTS_H

#include <jansson.h>

struct store;

/**
 * conflicts_list() - what lies below @dir/conflicts, the newest first
 *
 * Each with time_ms, rev, author, host and message of its configuration, decisions
 * (keys and values), and file, which is the configuration's text, or the state.
 */
json_t *conflicts_list(const char *dir);

int conflicts_count(const char *dir);

/** conflicts_as_text() - beside each state its configuration, TIME.conf */
void conflicts_as_text(struct store *store, const char *dir);

#endif
