/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened, for people: an event is said to all daemons, and each keeps
 * it, in memory and in events/DATE.jsonl. Nothing is decided by them.
 */
#ifndef HD_EVENTS_H
#define HD_EVENTS_H

#include "daemon.h"

struct events;

struct events *events_open(struct daemon *d);
void events_close(struct events *events);

/**
 * events_say() - something happened
 * @event: stolen; "kind" and "text" are in it; time and, with @cause, an id
 *	are added
 * @cause: other events may name it as their cause
 */
void events_say(struct daemon *d, json_t *event, bool cause);

/* An event was delivered; borrowed. */
void events_take(struct daemon *d, json_t *event);

/* Those of a service (NULL: all) since a time, the last @limit of them. */
json_t *events_find(const struct events *events, const char *service,
		    int64_t since_ms, int limit);

/* An operation on a member of this node ended; @failure NULL: well. */
void events_action(struct daemon *d, const char *service,
		   const struct hc_member *member, enum ex_action action,
		   int64_t begun_ms, const char *failure);
void events_failed(struct daemon *d, const char *service, const char *member,
		   const char *why);
/* Says that a service runs, if the last of its members just came up. */
void events_maybe_running(struct daemon *d, const char *service);

/* The state of this node gave way to the cluster's; is it kept? */
void events_conflict(struct daemon *d, bool kept);

/**
 * events_plan() - the plan that was made in the last step, if it is a new one
 */
void events_plan(struct daemon *d);

#endif
