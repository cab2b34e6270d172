// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to hawatchd, which holds the watchdog device.
 *
 * The core may promise leases only while hawatchd says that the configured device is
 * open with the configured timeout. It is asked again and again, so each of the two
 * may end and start as it likes; what the core last said of the lease is said again to
 * a hawatchd that has come back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine.h"
#include "to_policy.h"
#include "util.h"
#include "watchd.h"
#include "watchdog.h"

#define AGAIN_MS	500

/**
 * struct watchdog - @said: the core said something about a lease; @until: what
 * @guarded: what the core was told, ms
 */
struct watchdog {
	struct daemon *d;
	int fd;
	sd_event_source *io, *again;
	char *device;
	uint32_t lease_ms;
	bool said, heard;
	uint32_t guarded;
	int64_t until;
	struct watchd_state state;
	char *problem;
};

static bool as_configured(const struct watchdog *w)
{
	return w->fd >= 0 && w->heard && w->device && w->state.open &&
	       w->state.lease_ms == w->lease_ms && !strcmp(w->state.device, w->device);
}

static void set_problem(struct watchdog *w)
{
	const char *why = !w->device || as_configured(w) ? NULL :
			  w->fd < 0 ? "hawatchd does not run" :
			  !w->heard ? "hawatchd does not answer" : w->state.text;

	if (ha_streq(w->problem, why))
		return;
	ha_replace(&w->problem, why);
	if (why)
		say(3, "no watchdog guards this node: %s", why);
	else if (w->device)
		say(5, "%s (%s) guards this node: it lives %u ms without word from the others",
		    w->state.device, w->state.text, w->lease_ms);
}

static void judge(struct watchdog *w)
{
	const uint32_t guarded = as_configured(w) ? w->lease_ms : 0;
	struct core_event event = { .kind = CORE_EV_WATCHDOG, .code = guarded };

	set_problem(w);
	if (guarded == w->guarded)
		return;
	w->guarded = guarded;
	if (w->d->core)
		engine_feed(w->d, &event);
}

static void hang_up(struct watchdog *w)
{
	sd_event_source_disable_unref(w->io);
	w->io = NULL;
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->heard = false;
}

static void ask(struct watchdog *w, enum watchd_type type)
{
	struct watchd_request request = { .version = WATCHD_VERSION, .type = type,
					  .at = w->until, .lease_ms = w->lease_ms };

	if (w->fd < 0)
		return;
	if (w->device)
		snprintf(request.device, sizeof(request.device), "%s", w->device);
	if (send(w->fd, &request, sizeof(request), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		hang_up(w);
}

static int on_message(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct watchdog *w = arg;
	struct watchd_state state;
	ssize_t size = recv(fd, &state, sizeof(state), MSG_DONTWAIT);

	(void)source;
	(void)revents;
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (size == sizeof(state) && state.version == WATCHD_VERSION) {
		state.device[WATCHD_PATH - 1] = state.text[WATCHD_TEXT - 1] = '\0';
		w->state = state;
		w->heard = true;
	} else {
		hang_up(w);
	}
	judge(w);
	return 0;
}

static void meet(struct watchdog *w)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = WATCHD_SOCKET };

	w->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->fd < 0)
		return;
	if (connect(w->fd, (struct sockaddr *)&address, sizeof(address)) ||
	    sd_event_add_io(w->d->event, &w->io, w->fd, EPOLLIN, on_message, w) < 0) {
		hang_up(w);
		return;
	}
	/* The device first: where none is open a lease is not taken. */
	ask(w, WATCHD_CONFIG);
	if (w->said)
		ask(w, WATCHD_LEASE);
}

static int on_again(sd_event_source *source, uint64_t usec, void *arg)
{
	struct watchdog *w = arg;

	(void)usec;
	if (w->fd < 0)
		meet(w);
	else if (w->device && !as_configured(w))
		ask(w, WATCHD_CONFIG);
	judge(w);
	sd_event_source_set_time_relative(source, AGAIN_MS * 1000);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

void watchdog_configure(struct watchdog *w, const struct hc_config *conf)
{
	uint32_t lease_ms = hc_watchdog_ms(conf);

	if (ha_streq(w->device, conf->watchdog.device) && w->lease_ms == lease_ms)
		return;
	ha_replace(&w->device, conf->watchdog.device);
	w->lease_ms = lease_ms;
	/* The core goes on with the old lease until hawatchd has answered. */
	ask(w, WATCHD_CONFIG);
}

void watchdog_lease(struct watchdog *w, int64_t until)
{
	w->said = true;
	w->until = until;
	ask(w, WATCHD_LEASE);
}

void watchdog_reset(struct watchdog *w)
{
	ask(w, WATCHD_RESET);
}

const char *watchdog_problem(const struct watchdog *w)
{
	return w->problem;
}

struct watchdog *watchdog_new(struct daemon *d)
{
	struct watchdog *w = xcalloc(1, sizeof(*w));

	w->d = d;
	w->fd = -1;
	if (sd_event_add_time_relative(d->event, &w->again, CLOCK_MONOTONIC, 0, 1000, on_again,
				       w) < 0)
		abort();
	return w;
}

void watchdog_free(struct watchdog *w)
{
	if (!w)
		return;
	hang_up(w);
	sd_event_source_disable_unref(w->again);
	free(w->device);
	free(w->problem);
	free(w);
}
