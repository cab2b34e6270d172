/* SPDX-License-Identifier: GPL-2.0-only */
/* The events in memory, for the files of events. */
#ifndef HD_EVENTS_LIST_H
#define HD_EVENTS_LIST_H

#include "daemon.h"

/**
 * struct events - @list: oldest first
 * @plan: id of the last plan, @planned its actions
 * @cause: id of the last event that may be a cause
 */
struct events {
	struct daemon *d;
	json_t *list, *planned;
	char *plan, *cause;
	unsigned int count, plans;
};

#endif
