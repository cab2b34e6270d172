/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * [pure] Questions to the histories of two snapshots; for the verdict only.
 */
#ifndef HA_ANCESTRY_H
#define HA_ANCESTRY_H

#include "generation.h"

/** ha_ancestry_has - is @generation in the history? */
bool ha_ancestry_has(const struct ha_snapshot *s, u64 generation);

/**
 * ha_ancestry_bits_reach - do the bits that @s holds for its peer say all that
 * changed since @generation?
 *
 * They do from the base on: for the base itself and for what is newer than it
 * in the history.  When the base is not in the history, nothing is known to be
 * newer than it.
 */
bool ha_ancestry_bits_reach(const struct ha_snapshot *s, u64 generation);

/** ha_ancestry_bits_meet - do the bits of both reach one common generation? */
bool ha_ancestry_bits_meet(const struct ha_snapshot *a,
			   const struct ha_snapshot *b);

/**
 * ha_ancestry_newest_common - newest generation in both lineages, or 0
 * Newest for the two taken together: the answer does not depend on the order.
 */
u64 ha_ancestry_newest_common(const struct ha_snapshot *a,
			      const struct ha_snapshot *b);

/** ha_ancestry_left_at - when @s replaced @generation, in s since 1970, or 0 */
u64 ha_ancestry_left_at(const struct ha_snapshot *s, u64 generation);

#endif
