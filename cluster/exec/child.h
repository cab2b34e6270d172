/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children: a program in its own process group, its output bounded, ended by
 * SIGTERM and SIGKILL to the group when its time is over. Knows no agents.
 */
#ifndef HA_CHILD_H
#define HA_CHILD_H

#include <sys/types.h>
#include <systemd/sd-event.h>

#include "exec.h"
#include "output.h"

struct child;

/**
 * struct child_pool - what children share
 * @runner: program ha-run, which resets what the daemon has of its own
 * @first: list of all children
 */
struct child_pool {
	sd_event *event;
	const char *runner;
	int64_t grace_ms, stuck_ms;
	struct child *first;
};

/**
 * struct child_spec - what to run
 * @argv: program by absolute path, arguments, NULL
 * @envp: NULL inherits
 * @input: goes to stdin, which then ends; NULL: /dev/null
 * @timeout_ms: 0: none
 * @keep: bytes of the beginning of stdout to keep
 * @gated: runs only after child_open_gate()
 */
struct child_spec {
	const char *const *argv;
	char *const *envp;
	const char *input;
	int64_t timeout_ms;
	size_t keep;
	bool gated;
};

/**
 * struct child_end - how it ended; valid during the callback
 * @end: enum ex_end, never EX_END_NOT_RUN
 * @code: exit status of EX_END_DONE
 * @signal: of EX_END_SIGNAL
 * @stdout_head: see struct child_spec
 * @tail: last lines
 * @reason: "ocf-exit-reason:" it gave, or ""
 */
struct child_end {
	enum ex_end end;
	int code, signal;
	const char *stdout_head;
	const char *tail;
	const char *reason;
};

typedef void child_done(const struct child_end *end, void *arg);

/**
 * child_start() - run it
 *
 * Return: the child, the pool's until @done returns; NULL with errno.
 */
struct child *child_start(struct child_pool *pool,
			  const struct child_spec *spec, child_done *done,
			  void *arg);

pid_t child_pid(const struct child *child);

/**
 * child_open_gate() - let a gated child begin
 */
void child_open_gate(struct child *child);

/**
 * child_cancel() - end it; @done tells EX_END_CANCELLED
 */
void child_cancel(struct child *child);

/**
 * child_forget() - let it go on, @done is not called
 */
void child_forget(struct child *child);

void child_pool_free(struct child_pool *pool);

#endif
