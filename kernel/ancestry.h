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

/**
 * ha_ancestry_is_ahead - did @peer forget the last session?
 * The last session of @s has begun, and @peer has forgotten just that one.
 */
bool ha_ancestry_is_ahead(const struct ha_snapshot *s,
			  const struct ha_snapshot *peer);

/**
 * ha_ancestry_is_replaced - was a replica replaced by an old copy of itself?
 * The last sessions differ by more than one handshake that did not end.
 */
bool ha_ancestry_is_replaced(const struct ha_snapshot *a,
			     const struct ha_snapshot *b);

#endif
