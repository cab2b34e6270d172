/* SPDX-License-Identifier: GPL-2.0-only */
/* The way to hawatchd, which holds the watchdog device. */
#ifndef HD_WATCHDOG_H
#define HD_WATCHDOG_H

#include "daemon.h"

struct watchdog;

/** watchdog_new() - begins to look for hawatchd; it need not be there */
struct watchdog *watchdog_new(struct daemon *d);
void watchdog_free(struct watchdog *w);

/** watchdog_configure() - a configuration came into force */
void watchdog_configure(struct watchdog *w, const struct hc_config *conf);

/** watchdog_lease() - the core lets this node live until then; 0: it is not counted on */
void watchdog_lease(struct watchdog *w, int64_t until);

/** watchdog_reset() - the machine is to end at once; returns when nobody is there */
void watchdog_reset(struct watchdog *w);

/**
 * watchdog_problem() - why this node is not guarded as configured
 *
 * Return: NULL: it is, or nothing is configured. Else borrowed.
 */
const char *watchdog_problem(const struct watchdog *w);

#endif
