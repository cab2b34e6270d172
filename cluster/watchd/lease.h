/* SPDX-License-Identifier: GPL-2.0-only */
/* When a device may be fed, so that it bites before a lease is over. Pure. */
#ifndef WATCHD_LEASE_H
#define WATCHD_LEASE_H

#include <stdbool.h>
#include <stdint.h>

/* The device's last bite is so much before the end: timers are not exact. */
#define LEASE_SLACK_MS	100

/**
 * struct lease - one device and what was promised for it
 * @timeout_ms: the device bites so long after it was last fed
 * @until: the machine must be dead then; 0: nothing was promised
 * @fed: when it was fed last
 */
struct lease {
	int64_t timeout_ms, until, fed;
};

enum lease_deed { LEASE_WAIT, LEASE_FEED, LEASE_RESET };

/**
 * lease_timeout() - the longest timeout of a device, in whole seconds
 *
 * Half of the lease: the other half is for the way from the ring to here.
 */
unsigned int lease_timeout(int64_t lease_ms);

/** lease_deed() - what is to be done now */
enum lease_deed lease_deed(const struct lease *lease, int64_t now);

/** lease_next() - when to ask again, if nothing comes before */
int64_t lease_next(const struct lease *lease, int64_t now);

#endif
