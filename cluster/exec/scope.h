/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scopes of systemd for what agents leave behind, so that it neither dies with
 * the daemon nor counts as its own. Optional: without systemd, nothing happens.
 */
#ifndef HA_SCOPE_H
#define HA_SCOPE_H

#include <stdbool.h>
#include <sys/types.h>

struct ex;
struct scope_request;

/**
 * scope_possible() - is there a systemd that makes scopes
 */
bool scope_possible(struct ex *ex);

/**
 * scope_request() - put a process into the scope of a member
 * @ready: called once, also when it could not be done
 */
struct scope_request *scope_request(struct ex *ex, const char *member,
				    pid_t pid, void (*ready)(void *arg),
				    void *arg);

/**
 * scope_request_drop() - @ready is not called any more; NULL is fine
 */
void scope_request_drop(struct scope_request *request);

/**
 * scope_kill() - SIGKILL to everything in the scope of a member, if there is one
 */
void scope_kill(struct ex *ex, const char *member);

/**
 * scope_name() - "ha-MEMBER.scope", to be freed
 */
char *scope_name(const char *member);

#endif
