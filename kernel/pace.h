/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much of a resync goes beside application writes: pure.
 *
 * What counts is what the application feels: how many of its writes take longer
 * than they would without the resync.  Without one the time that 99 of 100 writes
 * keep is learned; beside one, windows of writes are held against it, and the
 * resync gets a step more or a step less.
 */
#ifndef HA_PACE_H
#define HA_PACE_H

#include "../include/ha_pure.h"

/**
 * struct ha_pace - what was seen of an application's writes
 * @calm_ns: what about 99 of 100 writes keep without a resync; 0: not known
 * @learned: writes behind that, up to HA_PACE_ENOUGH
 * @seen, @slow: of the window under way: all, those slower than they may be
 * @since: writes beside a resync since the calm was last looked at
 * @rested: writes since the resync began to wait for that
 * @level: of the steps a resync may take; see pace.c
 * @hold: windows until it may climb again
 * @patience: how long that is after the next descent
 * @resting: the resync waits so that the calm can be looked at
 */
struct ha_pace {
	u64	calm_ns;
	u32	learned;
	u32	seen;
	u32	slow;
	u32	since;
	u32	rested;
	u32	level;
	u32	hold;
	u32	patience;
	bool	resting;
};

/**
 * struct ha_pace_step - what a resync may do now
 * @bytes: of a chunk
 * @out: chunks at once; 0: none, look again soon
 * @rest_ms: from the start of one chunk to that of the next
 */
struct ha_pace_step {
	u32	bytes;
	u32	out;
	u32	rest_ms;
};

#define HA_PACE_ENOUGH	64u	/* writes to know the calm */

/**
 * ha_pace_write - a write ended
 * @ns: from its decision to its end
 * @beside: a resync was under way
 */
void ha_pace_write(struct ha_pace *p, u64 ns, bool beside);

/**
 * ha_pace_step - how the resync goes on
 * @busy: the application has written lately; else everything is allowed
 */
struct ha_pace_step ha_pace_step(const struct ha_pace *p, bool busy);

#endif
