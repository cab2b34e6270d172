/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks at the core after its steps: tells those who wait, and on the
 * coordinator takes away decisions that are done or have run out.
 */
#ifndef HD_WATCHER_H
#define HD_WATCHER_H

#include "daemon.h"

int watcher_start(struct daemon *d, struct watcher **out);
void watcher_stop(struct watcher *watcher);

#endif
