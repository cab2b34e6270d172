/* SPDX-License-Identifier: GPL-2.0-only */
/* All resources of the kernel, as a list that events keep current. */
#ifndef HA_VIEW_H
#define HA_VIEW_H

#include "genl.h"
#include "state.h"

/**
 * struct ha_view - the list, in the order of names
 */
struct ha_view {
	struct ha_state *states;
	unsigned int n;
};

/**
 * ha_view_load() - ask the kernel for everything
 *
 * Return: 0, or -errno with ha_genl_error() in words.
 */
int ha_view_load(struct ha_view *view, struct ha_genl *genl);
void ha_view_free(struct ha_view *view);

struct ha_state *ha_view_find(const struct ha_view *view, const char *name);

/**
 * ha_view_put() - add a resource, or replace what is known of it
 */
struct ha_state *ha_view_put(struct ha_view *view,
			     const struct ha_state *state);
void ha_view_remove(struct ha_view *view, const char *name);

/**
 * ha_view_event() - an ha_genl_cb with a view as its argument
 */
void ha_view_event(uint8_t cmd, const struct nlmsghdr *nlh, void *arg);

/**
 * ha_view_wait() - wait for changes and take them in
 * @fd: from ha_genl_subscribe()
 * @timeout_ms: -1 waits for ever
 *
 * Return: 1 when something changed, 0 on timeout, or -errno.
 */
int ha_view_wait(struct ha_view *view, struct ha_genl *genl, int fd,
		 int timeout_ms);

#endif
