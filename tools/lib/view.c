// SPDX-License-Identifier: GPL-2.0-only
/* Keeping a list of resource states: load, replace, remove, wait. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"
#include "view.h"

#define DUMP_TRIES	100

static void take_state(uint8_t cmd, const struct nlmsghdr *nlh, void *arg)
{
	struct ha_view *view = arg;
	struct ha_state state;

	(void)cmd;
	if (!ha_state_decode(nlh, &state))
		ha_view_put(view, &state);
}

int ha_view_load(struct ha_view *view, struct ha_genl *genl)
{
	int ret = -EINTR;

	for (int i = 0; i < DUMP_TRIES && ret == -EINTR; i++) {
		ha_view_free(view);
		ret = ha_genl_dump(genl, take_state, view);
	}
	return ret;
}

void ha_view_free(struct ha_view *view)
{
	free(view->states);
	view->states = NULL;
	view->n = 0;
}

struct ha_state *ha_view_find(const struct ha_view *view, const char *name)
{
	for (unsigned int i = 0; i < view->n; i++)
		if (!strcmp(view->states[i].name, name))
			return &view->states[i];
	return NULL;
}

struct ha_state *ha_view_put(struct ha_view *view, const struct ha_state *state)
{
	struct ha_state *known = ha_view_find(view, state->name);
	unsigned int at = 0;

	if (known) {
		*known = *state;
		return known;
	}
	view->states = xreallocarray(view->states, view->n + 1,
				     sizeof(*view->states));
	while (at < view->n && strcmp(view->states[at].name, state->name) < 0)
		at++;
	memmove(&view->states[at + 1], &view->states[at],
		(view->n - at) * sizeof(*view->states));
	view->states[at] = *state;
	view->n++;
	return &view->states[at];
}

void ha_view_remove(struct ha_view *view, const char *name)
{
	struct ha_state *known = ha_view_find(view, name);

	if (!known)
		return;
	view->n--;
	memmove(known, known + 1,
		(view->states + view->n - known) * sizeof(*known));
}

void ha_view_event(uint8_t cmd, const struct nlmsghdr *nlh, void *arg)
{
	struct ha_view *view = arg;
	struct ha_state state;

	if (ha_state_decode(nlh, &state))
		return;
	if (cmd == HA_CMD_REMOVED)
		ha_view_remove(view, state.name);
	else
		ha_view_put(view, &state);
}

int ha_view_wait(struct ha_view *view, struct ha_genl *genl, int fd,
		 int timeout_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	int ret = poll(&pollfd, 1, timeout_ms);

	if (ret <= 0)
		return ret < 0 ? -errno : 0;
	ret = ha_genl_events(genl, ha_view_event, view);
	if (ret == -ENOBUFS)
		ret = ha_view_load(view, genl);
	return ret < 0 ? ret : 1;
}
