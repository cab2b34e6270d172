/* SPDX-License-Identifier: GPL-2.0-only */
/* Timers that ring late: this node stood still, and so did what they are about. */
#ifndef HA_EXEC_LATE_H
#define HA_EXEC_LATE_H

#include <systemd/sd-event.h>

#define LATE_USEC 200000

/**
 * rang_late() - could nobody here do anything when this timer was due?
 * @due: the time the timer was set to, CLOCK_MONOTONIC, as its handler is told
 *
 * A machine that was frozen (SIGSTOP, migration, suspend) has timers due on its
 * return that measured no time in which anybody ran: who they watch gets its time
 * once more.
 */
static inline bool rang_late(sd_event *event, uint64_t due)
{
	uint64_t now;

	return sd_event_now(event, CLOCK_MONOTONIC, &now) >= 0 &&
	       now > due + LATE_USEC;
}

#endif
