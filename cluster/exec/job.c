// SPDX-License-Identifier: GPL-2.0-only
/* Life of an operation: from its start to its one answer. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "job.h"
#include "late.h"
#include "unit_bus.h"
#include "util.h"

static const struct kind_ops *const kind_ops[EX_KIND_NR] = {
	[EX_KIND_OCF] = &ocf_kind,
	[EX_KIND_SYSTEMD] = &unit_kind,
	[EX_KIND_IP] = &ip_kind,
	[EX_KIND_MOUNT] = &mount_kind,
	[EX_KIND_STORAGE] = &storage_kind,
};

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void job_free(struct ex_job *job)
{
	if (job->child)
		child_forget(job->child);
	if (job->ops->release)
		job->ops->release(job);
	sd_event_source_disable_unref(job->clock);
	sd_event_source_disable_unref(job->ending);
	*job->prev = job->next;
	if (job->next)
		job->next->prev = job->prev;
	op_free(&job->op);
	free(job->reason);
	free(job->output);
	json_decref(job->facts);
	free(job);
}

static void fill_result(const struct ex_job *job, struct ex_result *result)
{
	bool done = job->end == EX_END_DONE;

	*result = (struct ex_result){
		.code = done ? job->code : EX_CODE_GENERIC,
		.end = job->end,
		.reason = job->reason ? job->reason : "",
		.output = job->output ? job->output : "",
		.duration_ms = now_ms() - job->started_ms,
		.facts = job->facts,
	};
	result->verdict = done ? ex_judge(job->op.action, job->op.role,
					  job->code) : EX_FAILED;
	result->role = done ? ex_observed(job->op.action, job->code) :
			      EX_ROLE_UNKNOWN;
}

static int on_ending(sd_event_source *source, void *arg)
{
	struct ex_job *job = arg;
	struct ex_result result;

	(void)source;
	fill_result(job, &result);
	job->done(&result, job->arg);
	job_free(job);
	return 0;
}

void job_end(struct ex_job *job, enum ex_end end, int code,
	     const char *reason, ...)
{
	va_list args;

	if (job->ended)
		return;
	job->ended = true;
	job->end = end;
	job->code = code;
	if (reason) {
		va_start(args, reason);
		job->reason = xvasprintf(reason, args);
		va_end(args);
		output_clean(job->reason);
	}
	job->clock = sd_event_source_disable_unref(job->clock);
	if (sd_event_add_defer(job->ex->event, &job->ending, on_ending,
			       job) < 0)
		abort();	/* out of memory, as xcalloc() */
}

void job_output(struct ex_job *job, const char *output)
{
	ha_replace(&job->output, output);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct ex_job *job = arg;

	if (!job->granted && rang_late(job->ex->event, usec)) {
		job->granted = true;
		sd_event_source_set_time_relative(
			source, op_timeout(&job->op) * 1000);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
		return 0;
	}
	job_end(job, EX_END_TIMEOUT, 0, "%s took longer than %lld ms",
		job->what, (long long)op_timeout(&job->op));
	return 0;
}

void job_arm(struct ex_job *job, const char *what)
{
	job->what = what;
	if (sd_event_add_time_relative(job->ex->event, &job->clock,
				       CLOCK_MONOTONIC,
				       op_timeout(&job->op) * 1000, 1000,
				       on_clock, job) < 0)
		abort();
}

/* What people are told when the agent gives no reason. */
static void end_of_child(struct ex_job *job, const struct child_end *end)
{
	char *last = output_last_line(end->tail);
	const char *reason = *end->reason ? end->reason : last;
	long long timeout = op_timeout(&job->op);

	switch (end->end) {
	case EX_END_TIMEOUT:
		job_end(job, end->end, 0, "no answer within %lld ms%s%s",
			timeout, *reason ? "; last words: " : "", reason);
		break;
	case EX_END_STUCK:
		job_end(job, end->end, 0,
			"no answer within %lld ms, and process %d cannot be killed",
			timeout, (int)child_pid(job->child));
		break;
	case EX_END_SIGNAL:
		job_end(job, end->end, 0, "died of signal %d (%s)%s%s",
			end->signal, strsignal(end->signal),
			*reason ? ": " : "", reason);
		break;
	case EX_END_CANCELLED:
		job_end(job, end->end, 0, "cancelled");
		break;
	default:
		if (!*end->reason &&
		    ex_judge(job->op.action, job->op.role, end->code) < EX_FAILED)
			reason = "";
		job_end(job, EX_END_DONE, end->code, "%s", reason);
	}
	free(last);
}

void job_child_done(const struct child_end *end, void *arg)
{
	struct ex_job *job = arg;

	job_output(job, *end->stdout_head ? end->stdout_head : end->tail);
	end_of_child(job, end);
	job->child = NULL;
}

void job_run(struct ex_job *job, const char *const *argv, char *const *envp,
	     size_t keep, bool gated)
{
	struct child_spec spec = {
		.argv = argv,
		.envp = envp,
		.timeout_ms = op_timeout(&job->op),
		.keep = keep,
		.gated = gated,
	};

	job->child = child_start(&job->ex->pool, &spec, job_child_done, job);
	if (!job->child)
		job_end(job, EX_END_NOT_RUN, 0, "cannot run %s: %s", argv[0],
			strerror(errno));
}

struct ex_job *ex_start(struct ex *ex, const struct ex_op *op, ex_done *done,
			void *arg, char **why)
{
	struct ex_job *job;

	*why = op_check(op);
	if (*why)
		return NULL;
	job = xcalloc(1, sizeof(*job));
	*job = (struct ex_job){ .ex = ex, .done = done, .arg = arg,
				.ops = kind_ops[op->kind],
				.started_ms = now_ms(),
				.next = ex->jobs, .prev = &ex->jobs };
	if (job->next)
		job->next->prev = &job->next;
	ex->jobs = job;
	op_copy(&job->op, op);
	job->ops->start(job);
	return job;
}

void ex_forget(struct ex *ex, const struct ex_op *op)
{
	char *why = op_check(op);

	if (!why && op->kind == EX_KIND_SYSTEMD)
		unit_forget(ex, op->agent);
	free(why);
}

void ex_cancel(struct ex_job *job)
{
	if (job->ended)
		return;
	if (job->ops->cancel)
		job->ops->cancel(job);
	else if (job->child)
		child_cancel(job->child);
}
