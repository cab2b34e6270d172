/* SPDX-License-Identifier: GPL-2.0-only */
/* The one device that is guarded with, and the lease that runs. */
#ifndef WATCHD_GUARD_H
#define WATCHD_GUARD_H

#include <stdbool.h>

#include "keep.h"
#include "lease.h"

/**
 * struct guard - what is open, and for whom
 * @fd: -1: none is open
 * @good: it bites in time for leases of @lease_ms
 * @off: it is to be disarmed as soon as no lease runs
 * @reset: ends the machine; a test has another
 */
struct guard {
	int fd;
	bool good, off;
	uint32_t lease_ms;
	struct lease lease;
	struct keep *keep;
	char device[WATCHD_PATH], text[WATCHD_TEXT];
	void (*reset)(const char *why);
};

/** guard_start() - go on where the last process of this boot ended */
void guard_start(struct guard *g, struct keep *keep, int64_t now);

/** guard_configure() - open the device, or change what is open, or disarm */
void guard_configure(struct guard *g, const struct watchd_request *request, int64_t now);

/** guard_lease() - the machine may live until then; 0: as long as this process */
void guard_lease(struct guard *g, int64_t until, int64_t now);

/** guard_disarm() - false: a lease runs, or the driver cannot be stopped */
bool guard_disarm(struct guard *g);

/** guard_step() - do what is due; when there is something to do again, or -1 */
int64_t guard_step(struct guard *g, int64_t now);

void guard_state(const struct guard *g, struct watchd_state *state);

#endif
