/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fencing, the mechanism: runs fence agents by levels, with retries, verifies
 * by status, keeps a history. Who is fenced, when, and what its success means
 * is the core's.
 */
#ifndef HA_FENCE_H
#define HA_FENCE_H

#include <jansson.h>

#include "exec.h"

struct fence;
struct fence_job;

enum fence_action {
	FENCE_OFF,
	FENCE_REBOOT,		/* off, verified; then on, which may fail */
	FENCE_ON,
	FENCE_STATUS,
	FENCE_MONITOR,		/* does the device answer */
	FENCE_ACTION_NR,
};

enum fence_outcome {
	FENCE_OK,		/* off, and where it can be asked, seen off */
	FENCE_FAILED,		/* every level failed */
	FENCE_CONFIRMED,	/* an administrator says it is off */
	FENCE_CANCELLED,
	FENCE_REFUSED,		/* could not be begun */
};

/* Of FENCE_STATUS. */
enum fence_power {
	FENCE_POWER_UNKNOWN,
	FENCE_POWER_ON,
	FENCE_POWER_OFF,
};

/**
 * struct fence_device - one device for one target; strings are copied
 * @name: in the configuration
 * @agent: "fence_ipmilan"; found in the directory of struct fence_config
 * @params: go to the agent's stdin as key=value, secrets too
 * @n_params: number of them
 * @delay_ms: before the first attempt to switch off
 * @timeout_ms: of one call of the agent; 0: 60 s
 * @attempts: calls of one action before the device failed; 0: 2
 * @backoff_ms: before the second attempt, doubled for each further; 0: 1000
 * @verify: ask for the status after switching off; fails unless it says off
 */
struct fence_device {
	const char *name, *agent;
	const struct ex_param *params;
	size_t n_params;
	int64_t delay_ms, timeout_ms, backoff_ms;
	int attempts;
	bool verify;
};

/* All devices of a level must switch off (two power supplies). */
struct fence_level {
	const struct fence_device *devices;
	size_t n_devices;
};

/**
 * struct fence_op - what to do
 * @target: name of the node
 * @cause: for the history
 * @delay_ms: before anything, the core's (the other side shoots first)
 */
struct fence_op {
	const char *target, *cause;
	enum fence_action action;
	const struct fence_level *levels;
	size_t n_levels;
	int64_t delay_ms;
};

/**
 * struct fence_result - valid during the callback
 * @level: number of the level that did it, from 1; 0 when none
 * @device: its last device, or ""
 * @reason: a sentence; of failures, one for each device
 */
struct fence_result {
	enum fence_outcome outcome;
	enum fence_power power;
	int level;
	const char *device;
	const char *reason;
	int64_t duration_ms;
};

typedef void fence_done(const struct fence_result *result, void *arg);

/**
 * struct fence_config - @history: how many ends are kept, 0: 128;
 * @agents: directory, NULL: /usr/sbin
 */
struct fence_config {
	struct ex *ex;
	const char *agents;
	size_t history;
};

int fence_new(const struct fence_config *config, struct fence **out);
void fence_free(struct fence *fence);

/**
 * fence_start() - begin
 *
 * While an operation on the same target is under way that is at least as
 * strong (off and reboot are), the caller joins it instead: one end for both.
 *
 * Return: the job, the fence's until @done returns; NULL, @why to be freed.
 */
struct fence_job *fence_start(struct fence *fence, const struct fence_op *op,
			      fence_done *done, void *arg, char **why);

/**
 * fence_cancel() - give up; everybody who joined is told
 */
void fence_cancel(struct fence_job *job);

/**
 * fence_confirm() - an administrator says that the target is off
 * @who: name of the administrator, for the history
 *
 * What is under way on that target ends as FENCE_CONFIRMED.
 *
 * Return: how many operations that ended; 0 is no error.
 */
int fence_confirm(struct fence *fence, const char *target, const char *who);

/**
 * fence_history() - what ended, oldest first: array of objects
 * @target: NULL: all
 *
 * Members: target, action, outcome, level, device, cause, reason, by,
 * started (wall clock ms), duration_ms. No parameter of a device is in it.
 */
json_t *fence_history(const struct fence *fence, const char *target);

const char *fence_action_word(enum fence_action action);
const char *fence_outcome_word(enum fence_outcome outcome);
const char *fence_power_word(enum fence_power power);
int fence_action_find(const char *word);

#endif
