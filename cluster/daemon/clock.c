// SPDX-License-Identifier: GPL-2.0-only
/* The two clocks, in milliseconds. */
#include <time.h>

#include "daemon.h"

static int64_t read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

int64_t clock_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}
