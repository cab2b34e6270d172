// SPDX-License-Identifier: GPL-2.0-only
/* One action on one fence device: attempts, backoff, verification. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fence_input.h"
#include "fence_job.h"
#include "job.h"
#include "util.h"

#define TIMEOUT_MS	60000
#define ATTEMPTS	2
#define BACKOFF_MS	1000
#define BACKOFF_MAX_MS	30000

static void attempt(struct fence_job *job);

static void stop_clock(struct fence_job *job)
{
	job->clock = sd_event_source_disable_unref(job->clock);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct fence_job *job = arg;

	(void)source;
	(void)usec;
	stop_clock(job);
	attempt(job);
	return 0;
}

static void later(struct fence_job *job, int64_t ms)
{
	if (sd_event_add_time_relative(job->fence->ex->event, &job->clock,
				       CLOCK_MONOTONIC, ms * 1000, 1000,
				       on_clock, job) < 0)
		abort();
}

static void tell(struct fence_job *job, bool good, enum fence_power power)
{
	char *why = job->now.why;

	job->now.why = NULL;
	job->now.tried(job, good, power, good ? NULL : why);
	free(why);
}

static void attempt_failed(struct fence_job *job, char *why)
{
	struct fence_try *now = &job->now;

	free(now->why);
	now->why = why;
	if (now->attempt >= now->attempts) {
		tell(job, false, FENCE_POWER_UNKNOWN);
		return;
	}
	later(job, now->backoff_ms);
	now->backoff_ms *= 2;
	if (now->backoff_ms > BACKOFF_MAX_MS)
		now->backoff_ms = BACKOFF_MAX_MS;
}

static char *describe(const struct fence_try *now, const struct child_end *end)
{
	const char *action = now->verifying ? "status" :
			     fence_action_word(now->action);
	char *last = output_last_line(end->tail), *text;

	switch (end->end) {
	case EX_END_DONE:
		text = xasprintf("%s ended with %d%s%s", action, end->code,
				 *last ? ": " : "", last);
		break;
	case EX_END_SIGNAL:
		text = xasprintf("%s died of signal %d", action, end->signal);
		break;
	case EX_END_STUCK:
		text = xasprintf("%s does not answer and cannot be killed",
				 action);
		break;
	default:
		text = xasprintf("%s does not answer", action);
	}
	free(last);
	return text;
}

static void run(struct fence_job *job, const char *action);

static void judge_status(struct fence_job *job, const struct child_end *end)
{
	struct fence_try *now = &job->now;
	enum fence_power power = end->end == EX_END_DONE ?
		fence_status(end->code) : FENCE_POWER_UNKNOWN;

	if (power == FENCE_POWER_UNKNOWN)
		attempt_failed(job, describe(now, end));
	else if (now->verifying && power == FENCE_POWER_ON)
		attempt_failed(job, xstrdup("it says done, but the status is on"));
	else
		tell(job, true, power);
}

static void on_end(const struct child_end *end, void *arg)
{
	struct fence_job *job = arg;
	struct fence_try *now = &job->now;

	now->child = NULL;
	if (now->verifying || now->action == FENCE_STATUS) {
		judge_status(job, end);
	} else if (end->end != EX_END_DONE || end->code) {
		attempt_failed(job, describe(now, end));
	} else if (now->verify) {
		now->verifying = true;
		run(job, "status");
	} else {
		tell(job, true, FENCE_POWER_UNKNOWN);
	}
}

static void run(struct fence_job *job, const char *action)
{
	const struct fence_device *device = job->now.device;
	static char *const environment[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"LC_ALL=C.UTF-8", "HOME=/root", NULL
	};
	char *path = xasprintf("%s/%s", job->fence->agents, device->agent);
	char *input = fence_input(device, action, job->target);
	const char *argv[] = { path, NULL };
	struct child_spec spec = {
		.argv = argv, .envp = environment, .input = input,
		.timeout_ms = device->timeout_ms ? device->timeout_ms :
						   TIMEOUT_MS,
	};

	if (access(path, X_OK))
		attempt_failed(job, xasprintf("%s: %s", path, strerror(errno)));
	else if (!(job->now.child = child_start(&job->fence->ex->pool, &spec,
						on_end, job)))
		attempt_failed(job, xasprintf("cannot run %s: %s", path,
					      strerror(errno)));
	explicit_bzero(input, strlen(input));
	free(input);
	free(path);
}

static void attempt(struct fence_job *job)
{
	job->now.attempt++;
	job->now.verifying = false;
	run(job, fence_action_word(job->now.action));
}

void fence_try(struct fence_job *job, const struct fence_device *device,
	       enum fence_action action, int64_t delay_ms, fence_tried *tried)
{
	free(job->now.why);
	job->now = (struct fence_try){
		.device = device, .action = action, .tried = tried,
		.verify = device->verify && action == FENCE_OFF,
		.attempts = device->attempts ? device->attempts : ATTEMPTS,
		.backoff_ms = device->backoff_ms ? device->backoff_ms :
						   BACKOFF_MS,
	};
	/* By the clock also without a delay: nothing is told from in here. */
	later(job, delay_ms);
}

void fence_try_stop(struct fence_job *job)
{
	stop_clock(job);
	if (job->now.child) {
		child_cancel(job->now.child);
		child_forget(job->now.child);
	}
	job->now.child = NULL;
	free(job->now.why);
	job->now.why = NULL;
}
