// SPDX-License-Identifier: GPL-2.0-only
/* When a device may be fed, so that it bites before a lease is over. Pure. */
#include "lease.h"

/* So often per timeout, where nothing forbids it. */
#define FEEDS	4

unsigned int lease_timeout(int64_t lease_ms)
{
	return lease_ms < 2000 ? 0 : lease_ms / 2000;
}

/* The last moment at which the device may be fed. */
static int64_t last_feed(const struct lease *lease)
{
	return lease->until - lease->timeout_ms - LEASE_SLACK_MS;
}

enum lease_deed lease_deed(const struct lease *lease, int64_t now)
{
	if (lease->until && now >= lease->until)
		return LEASE_RESET;
	if (lease->until && now > last_feed(lease))
		return LEASE_WAIT;
	if (now >= lease->fed + lease->timeout_ms / FEEDS)
		return LEASE_FEED;
	return lease->until && now == last_feed(lease) && now > lease->fed ?
	       LEASE_FEED : LEASE_WAIT;
}

int64_t lease_next(const struct lease *lease, int64_t now)
{
	int64_t feed = lease->fed + lease->timeout_ms / FEEDS;

	if (!lease->until)
		return feed;
	if (now >= last_feed(lease))
		return lease->until;
	return feed < last_feed(lease) ? feed : last_feed(lease);
}
