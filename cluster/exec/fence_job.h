/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside fencing: one operation under way, and its device. */
#ifndef HA_FENCE_JOB_H
#define HA_FENCE_JOB_H

#include "child.h"
#include "fence.h"

/**
 * struct fence - all fencing of one executor
 * @ended: history, oldest first
 */
struct fence {
	struct ex *ex;
	char *agents;
	size_t history_max;
	struct fence_job *jobs;
	json_t *ended;
};

struct fence_waiter {
	struct fence_waiter *next;
	fence_done *done;
	void *arg;
};

/**
 * typedef fence_tried - a device did what was asked, or did not
 * @power: what its status said, if it was asked
 * @reason: why not, or NULL
 */
typedef void fence_tried(struct fence_job *job, bool good,
			 enum fence_power power, const char *reason);

/**
 * struct fence_try - one action on one device, with its attempts
 * @verifying: the status after it is being asked
 * @attempt: from 1
 * @backoff_ms: before the next
 */
struct fence_try {
	const struct fence_device *device;
	enum fence_action action;
	bool verify, verifying;
	int attempt, attempts;
	int64_t backoff_ms;
	char *why;
	struct child *child;
	fence_tried *tried;
};

/**
 * struct fence_job - one operation
 * @level: ..., @device: under way, from 0
 * @turning_on: second half of a reboot
 * @clock: a delay, or a backoff
 * @reasons: of what failed
 * @by: who confirmed
 */
struct fence_job {
	struct fence *fence;
	struct fence_job *next, **prev;
	struct fence_waiter *waiters;
	char *target, *cause;
	enum fence_action action;
	struct fence_level *levels;
	size_t n_levels, level, device;
	bool turning_on, ended;
	enum fence_power power;
	struct fence_try now;
	sd_event_source *clock, *ending;
	int64_t started_ms, started_wall_ms;
	enum fence_outcome outcome;
	char *reasons, *by;
};

/**
 * fence_try() - let a device do it, after its delay
 */
void fence_try(struct fence_job *job, const struct fence_device *device,
	       enum fence_action action, int64_t delay_ms, fence_tried *tried);

/**
 * fence_try_stop() - what is under way is ended, nothing is told
 */
void fence_try_stop(struct fence_job *job);

/**
 * fence_remember() - put an end into the history
 */
void fence_remember(struct fence *fence, json_t *entry);
json_t *fence_entry(const struct fence_job *job, int64_t duration_ms);

#endif
