/* SPDX-License-Identifier: GPL-2.0-only */
/* The only way to the core: an event in, and its actions carried out. */
#ifndef HD_ENGINE_H
#define HD_ENGINE_H

#include "daemon.h"

/**
 * engine_start() - make the core of what the store holds
 *
 * Return: NULL, or what is wrong; to be freed.
 */
char *engine_start(struct daemon *d);

/**
 * engine_feed() - one step
 *
 * Called again from inside an action, the event waits until that is done; it
 * is copied.
 */
void engine_feed(struct daemon *d, const struct core_event *event);

/* Events in short. */
void engine_status(struct daemon *d, const char *unit, const char *member,
		   enum core_state state, const char *detail);
void engine_ended(struct daemon *d, uint64_t id, int code, const char *text);
void engine_disk(struct daemon *d, uint64_t id, bool ok);

/**
 * typedef engine_reply - an answer of the core to a request
 */
typedef void engine_reply(int code, const char *text, void *arg);

/**
 * engine_request() - ask the core for something
 *
 * @reply is called exactly once, perhaps before this returns.
 */
void engine_request(struct daemon *d, const struct core_request *request,
		    engine_reply *reply, void *arg);

/* Set, or with @value NULL clear, a fact; for what nobody waits for. */
void engine_set(struct daemon *d, const char *key, const json_t *value,
		uint64_t base, engine_reply *reply, void *arg);

#endif
