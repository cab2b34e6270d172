// SPDX-License-Identifier: GPL-2.0-only
/* Fencing: levels, who waits for an end, confirmation by hand. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fence_input.h"
#include "fence_job.h"
#include "job.h"
#include "util.h"

static void next_device(struct fence_job *job);

static int64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void job_release(struct fence_job *job)
{
	struct fence_waiter *waiter;

	fence_try_stop(job);
	sd_event_source_disable_unref(job->ending);
	while ((waiter = job->waiters)) {
		job->waiters = waiter->next;
		free(waiter);
	}
	*job->prev = job->next;
	if (job->next)
		job->next->prev = job->prev;
	fence_levels_free(job->levels, job->n_levels);
	free(job->target);
	free(job->cause);
	free(job->reasons);
	free(job->by);
	free(job);
}

static int on_ending(sd_event_source *source, void *arg)
{
	struct fence_job *job = arg;
	bool by_device = job->outcome == FENCE_OK;
	const struct fence_level *level = &job->levels[by_device ? job->level : 0];
	struct fence_result result = {
		.outcome = job->outcome, .power = job->power,
		.level = by_device ? (int)job->level + 1 : 0,
		.device = by_device ?
			level->devices[level->n_devices - 1].name : "",
		.reason = job->reasons ? job->reasons : "",
		.duration_ms = now_ms() - job->started_ms,
	};

	(void)source;
	fence_remember(job->fence, fence_entry(job, result.duration_ms));
	for (struct fence_waiter *one = job->waiters; one; one = one->next)
		one->done(&result, one->arg);
	job_release(job);
	return 0;
}

static void end(struct fence_job *job, enum fence_outcome outcome)
{
	if (job->ended)
		return;
	job->ended = true;
	job->outcome = outcome;
	fence_try_stop(job);
	if (sd_event_add_defer(job->fence->ex->event, &job->ending, on_ending,
			       job) < 0)
		abort();
}

static void add_reason(struct fence_job *job, const char *device,
		       const char *text)
{
	char *longer = xasprintf("%s%s%s: %s", job->reasons ? job->reasons : "",
				 job->reasons ? "; " : "", device, text);

	free(job->reasons);
	job->reasons = longer;
}

static const struct fence_device *device_now(const struct fence_job *job)
{
	return &job->levels[job->level].devices[job->device];
}

static void on_tried(struct fence_job *job, bool good, enum fence_power power,
		     const char *reason)
{
	const struct fence_device *device = device_now(job);

	if (!good && !job->turning_on) {
		add_reason(job, device->name, reason);
		job->device = 0;
		job->power = FENCE_POWER_UNKNOWN;
		if (++job->level == job->n_levels)
			end(job, FENCE_FAILED);
		else
			next_device(job);
		return;
	}
	/* It was off, and that is what counts; on again is a courtesy. */
	if (!good)
		add_reason(job, device->name, reason);
	/* One supply that is on keeps the node on. */
	if (job->device == 0 || power != FENCE_POWER_OFF)
		job->power = power;
	job->device++;
	if (job->device < job->levels[job->level].n_devices) {
		next_device(job);
	} else if (job->action == FENCE_REBOOT && !job->turning_on) {
		job->turning_on = true;
		job->device = 0;
		next_device(job);
	} else {
		end(job, FENCE_OK);
	}
}

static void next_device(struct fence_job *job)
{
	const struct fence_device *device = device_now(job);
	enum fence_action action = job->action;
	int64_t delay = 0;

	if (action == FENCE_REBOOT)
		action = job->turning_on ? FENCE_ON : FENCE_OFF;
	if (action == FENCE_OFF)
		delay = device->delay_ms;
	fence_try(job, device, action, delay, on_tried);
}

static int on_delay(sd_event_source *source, uint64_t usec, void *arg)
{
	struct fence_job *job = arg;

	(void)source;
	(void)usec;
	job->clock = sd_event_source_disable_unref(job->clock);
	next_device(job);
	return 0;
}

static bool kills(enum fence_action action)
{
	return action == FENCE_OFF || action == FENCE_REBOOT;
}

static void add_waiter(struct fence_job *job, fence_done *done, void *arg)
{
	struct fence_waiter *waiter = xcalloc(1, sizeof(*waiter));
	struct fence_waiter **last = &job->waiters;

	*waiter = (struct fence_waiter){ .done = done, .arg = arg };
	while (*last)
		last = &(*last)->next;
	*last = waiter;
}

static struct fence_job *job_to_join(struct fence *fence,
				     const struct fence_op *op)
{
	for (struct fence_job *job = fence->jobs; job; job = job->next)
		if (!job->ended && kills(op->action) && kills(job->action) &&
		    !strcmp(job->target, op->target))
			return job;
	return NULL;
}

static struct fence_job *job_new(struct fence *fence, const struct fence_op *op)
{
	struct fence_job *job = xcalloc(1, sizeof(*job));

	*job = (struct fence_job){
		.fence = fence, .next = fence->jobs, .prev = &fence->jobs,
		.target = xstrdup(op->target),
		.cause = xstrdup(op->cause ? op->cause : ""),
		.action = op->action, .n_levels = op->n_levels,
		.levels = fence_levels_copy(op->levels, op->n_levels),
		.started_ms = now_ms(), .started_wall_ms = wall_ms(),
	};
	if (job->next)
		job->next->prev = &job->next;
	fence->jobs = job;
	return job;
}

struct fence_job *fence_start(struct fence *fence, const struct fence_op *op,
			      fence_done *done, void *arg, char **why)
{
	struct fence_job *job;

	*why = fence_check(op);
	if (*why)
		return NULL;
	job = job_to_join(fence, op);
	if (!job) {
		job = job_new(fence, op);
		if (sd_event_add_time_relative(fence->ex->event, &job->clock,
					       CLOCK_MONOTONIC,
					       op->delay_ms * 1000, 1000,
					       on_delay, job) < 0)
			abort();
	}
	add_waiter(job, done, arg);
	return job;
}

void fence_cancel(struct fence_job *job)
{
	end(job, FENCE_CANCELLED);
}

static void remember_confirmation(struct fence *fence, const char *target,
				  const char *who)
{
	json_t *entry = json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:I, s:i}",
				  "target", target, "action", "off",
				  "outcome", "confirmed", "level", 0,
				  "device", "", "cause", "", "reason", "",
				  "by", who, "started", (json_int_t)wall_ms(),
				  "duration_ms", 0);

	if (entry)
		fence_remember(fence, entry);
}

int fence_confirm(struct fence *fence, const char *target, const char *who)
{
	int count = 0;

	for (struct fence_job *job = fence->jobs; job; job = job->next) {
		if (job->ended || !kills(job->action) ||
		    strcmp(job->target, target))
			continue;
		ha_replace(&job->by, who);
		job->power = FENCE_POWER_UNKNOWN;
		end(job, FENCE_CONFIRMED);
		count++;
	}
	if (!count)
		remember_confirmation(fence, target, who);
	return count;
}

int fence_new(const struct fence_config *config, struct fence **out)
{
	struct fence *fence = xcalloc(1, sizeof(*fence));

	*fence = (struct fence){
		.ex = config->ex,
		.agents = xstrdup(config->agents ? config->agents :
						   "/usr/sbin"),
		.history_max = config->history ? config->history : 128,
		.ended = json_array(),
	};
	*out = fence;
	return 0;
}

void fence_free(struct fence *fence)
{
	if (!fence)
		return;
	while (fence->jobs)
		job_release(fence->jobs);
	json_decref(fence->ended);
	free(fence->agents);
	free(fence);
}
