/* SPDX-License-Identifier: GPL-2.0-only */
/* States as a kernel could tell them, for the tests. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "conf.h"
#include "state.h"

/**
 * sample_in_sync() - "r0" of tests/config/good/tutorial.conf on node1, in sync
 */
struct ha_state sample_in_sync(void);

/**
 * sample_syncing() - the same, Primary and source of a resync
 */
struct ha_state sample_syncing(void);

/**
 * sample_split() - Secondary, StandAlone, suspended, without a disk
 */
struct ha_state sample_split(void);

#endif
