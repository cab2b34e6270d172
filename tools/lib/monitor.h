/* SPDX-License-Identifier: GPL-2.0-only */
/* "events" of both tools: the full state first, then each change. */
#ifndef HA_MONITOR_H
#define HA_MONITOR_H

#include <stdbool.h>

struct ha_genl;

/**
 * struct ha_monitor - what to show
 * @names: resources, NULL-terminated; NULL shows all
 * @json: one object a line instead of words
 */
struct ha_monitor {
	char *const *names;
	bool json;
};

/**
 * ha_monitor_run() - print events until the reader goes away
 *
 * Return: -errno, with ha_genl_error() in words.
 */
int ha_monitor_run(struct ha_genl *genl, const struct ha_monitor *monitor);

#endif
