// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one device that is guarded with, and the lease that runs.
 *
 * What was promised is written down before the device is fed for it, so that the next
 * process, if this one dies, does not feed for longer.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dog.h"
#include "guard.h"

static void __attribute__((format(printf, 2, 3))) tell(struct guard *g, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(g->text, sizeof(g->text), fmt, args);
	va_end(args);
}

/* Opened, or given another timeout, a device counts from the beginning. */
static bool may_touch(const struct guard *g, unsigned int seconds, int64_t now)
{
	return !g->lease.until ||
	       now + seconds * 1000 + LEASE_SLACK_MS <= g->lease.until;
}

static void open_device(struct guard *g, const char *device, unsigned int seconds, int64_t now)
{
	unsigned int have = 0;

	/* If this process dies in the middle, the next one takes it up again. */
	g->keep->seconds = seconds;
	strcpy(g->keep->device, device);
	g->fd = dog_open(device, seconds, &have, g->text, sizeof(g->text));
	g->good = g->fd >= 0 && have && have <= seconds;
	if (g->fd < 0) {
		g->keep->device[0] = g->device[0] = '\0';
		return;
	}
	strcpy(g->device, device);
	g->lease.timeout_ms = have ? have * INT64_C(1000) : seconds * INT64_C(1000);
	g->lease.fed = now - g->lease.timeout_ms;
}

/* Never longer while a lease runs: it was promised with the shorter one. */
static void change_timeout(struct guard *g, unsigned int seconds, int64_t now)
{
	unsigned int have;

	g->good = g->lease.timeout_ms <= seconds * INT64_C(1000);
	if (g->lease.timeout_ms == seconds * INT64_C(1000) || (g->good && g->lease.until))
		return;
	if (!may_touch(g, seconds, now)) {
		tell(g, "the lease that runs is nearly over");
		return;
	}
	have = dog_timeout(g->fd, seconds);
	if (have)
		g->lease.timeout_ms = have * INT64_C(1000);
	g->good = have && have <= seconds;
	g->keep->seconds = g->lease.timeout_ms / 1000;
	if (!g->good)
		tell(g, "the device has a timeout of %u s and does not take %u s", have, seconds);
}

bool guard_disarm(struct guard *g)
{
	if (g->lease.until) {
		tell(g, "a lease runs: it is not disarmed");
		return false;
	}
	if (g->fd >= 0 && !dog_disarm(g->fd)) {
		tell(g, "the driver of %s cannot be stopped", g->device);
		return false;
	}
	g->fd = -1;
	g->good = false;
	g->device[0] = g->keep->device[0] = '\0';
	tell(g, "no device is open");
	return true;
}

void guard_start(struct guard *g, struct keep *keep, int64_t now)
{
	char device[WATCHD_PATH];

	g->fd = -1;
	g->keep = keep;
	tell(g, "no device is open");
	if (!keep->device[0])
		return;
	g->lease.until = keep->until;
	g->lease_ms = keep->lease_ms;
	g->lease.timeout_ms = keep->seconds * INT64_C(1000);
	g->lease.fed = now;
	strcpy(device, keep->device);
	if (may_touch(g, keep->seconds, now))
		open_device(g, device, keep->seconds, now);
	else
		tell(g, "what was promised before is over");
}

void guard_configure(struct guard *g, const struct watchd_request *request, int64_t now)
{
	unsigned int seconds = lease_timeout(request->lease_ms);
	char device[WATCHD_PATH];

	memcpy(device, request->device, sizeof(device));
	device[sizeof(device) - 1] = '\0';
	g->off = !device[0];
	if (g->off) {
		guard_disarm(g);
		return;
	}
	if (!seconds) {
		g->good = false;
		tell(g, "the watchdog's timeout must be 2 s or more");
		return;
	}
	if (g->fd >= 0 && strcmp(device, g->device)) {
		g->good = false;
		if (!guard_disarm(g))
			return;
	}
	if (g->fd >= 0)
		change_timeout(g, seconds, now);
	else if (!g->lease.until)
		open_device(g, device, seconds, now);
	if (g->good)
		g->lease_ms = g->keep->lease_ms = request->lease_ms;
}

void guard_lease(struct guard *g, int64_t until, int64_t now)
{
	/* Without a device nothing can be kept, so nothing is promised. */
	if (g->fd < 0)
		return;
	g->lease.until = g->keep->until = until > 0 ? until : 0;
	if (g->off)
		guard_disarm(g);
	guard_step(g, now);
}

int64_t guard_step(struct guard *g, int64_t now)
{
	if (g->fd < 0 && !g->lease.until)
		return -1;
	switch (lease_deed(&g->lease, now)) {
	case LEASE_RESET:
		g->reset("the lease is over");
		break;
	case LEASE_FEED:
		if (g->fd >= 0)
			dog_feed(g->fd);
		g->lease.fed = now;
		break;
	default:
		break;
	}
	return lease_next(&g->lease, now);
}

void guard_state(const struct guard *g, struct watchd_state *state)
{
	memset(state, 0, sizeof(*state));
	state->version = WATCHD_VERSION;
	state->open = g->fd >= 0 && g->good;
	state->lease_ms = g->lease_ms;
	state->timeout_ms = g->lease.timeout_ms;
	state->until = g->lease.until;
	strcpy(state->device, g->device);
	strcpy(state->text, g->text);
}
