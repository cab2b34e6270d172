// SPDX-License-Identifier: GPL-2.0-only
/* Recurring monitors: by interval, and at once when an event says so. */
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "util.h"

/**
 * struct ex_watch - one member that is watched
 * @job: the run under way, or NULL
 * @again: an event came during it
 * @clock: next run
 * @known: @code, @end and @facts hold what was told last
 */
struct ex_watch {
	struct ex *ex;
	struct ex_watch *next, **prev;
	struct ex_op op;
	ex_done *told;
	void *arg;
	struct ex_job *job;
	sd_event_source *clock;
	bool again, known, telling, dead;
	int code;
	enum ex_end end;
	json_t *facts;
};

static void run(struct ex_watch *watch);

void watch_free(struct ex_watch *watch)
{
	sd_event_source_disable_unref(watch->clock);
	*watch->prev = watch->next;
	if (watch->next)
		watch->next->prev = watch->prev;
	op_free(&watch->op);
	json_decref(watch->facts);
	free(watch);
}

static void arm(struct ex_watch *watch)
{
	if (watch->again) {
		watch->again = false;
		run(watch);
	} else if (watch->op.interval_ms) {
		sd_event_source_set_time_relative(watch->clock,
						  watch->op.interval_ms * 1000);
		sd_event_source_set_enabled(watch->clock, SD_EVENT_ONESHOT);
	}
}

/* Return: whether it differs from what was told last; then it is kept. */
static bool is_news(struct ex_watch *watch, const struct ex_result *result)
{
	if (watch->known && watch->code == result->code &&
	    watch->end == result->end &&
	    (watch->facts == result->facts ||
	     json_equal(watch->facts, result->facts)))
		return false;
	watch->known = true;
	watch->code = result->code;
	watch->end = result->end;
	json_decref(watch->facts);
	watch->facts = json_incref(result->facts);
	return true;
}

static void on_answer(const struct ex_result *result, void *arg)
{
	struct ex_watch *watch = arg;
	bool news = is_news(watch, result);

	watch->job = NULL;
	watch->telling = true;
	if (!watch->dead && news)
		watch->told(result, watch->arg);
	watch->telling = false;
	if (watch->dead)
		watch_free(watch);
	else
		arm(watch);
}

/* An operation that was accepted once is accepted again. */
static void run(struct ex_watch *watch)
{
	char *why = NULL;

	sd_event_source_set_enabled(watch->clock, SD_EVENT_OFF);
	watch->job = ex_start(watch->ex, &watch->op, on_answer, watch, &why);
	free(why);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	run(arg);
	return 0;
}

struct ex_watch *ex_watch_start(struct ex *ex, const struct ex_op *op,
				ex_done *told, void *arg, char **why)
{
	struct ex_watch *watch;

	*why = op_check(op);
	if (!*why && op->action != EX_MONITOR)
		*why = xstrdup("only a monitor can be repeated");
	if (*why)
		return NULL;
	watch = xcalloc(1, sizeof(*watch));
	*watch = (struct ex_watch){ .ex = ex, .told = told, .arg = arg,
				    .next = ex->watches,
				    .prev = &ex->watches };
	if (watch->next)
		watch->next->prev = &watch->next;
	ex->watches = watch;
	op_copy(&watch->op, op);
	if (sd_event_add_time_relative(ex->event, &watch->clock,
				       CLOCK_MONOTONIC, 0, 1000, on_clock,
				       watch) < 0)
		abort();
	run(watch);
	if (watch->job->ops->listen)
		watch->job->ops->listen(ex);
	return watch;
}

void ex_watch_now(struct ex_watch *watch)
{
	if (watch->job || watch->telling)
		watch->again = true;
	else
		run(watch);
}

void ex_watch_stop(struct ex_watch *watch)
{
	watch->dead = true;
	if (watch->telling)
		return;
	if (watch->job) {
		ex_cancel(watch->job);
		return;
	}
	watch_free(watch);
}

void ex_poke(struct ex *ex, enum ex_kind kind,
	     bool (*matches)(const struct ex_op *op, const void *arg),
	     const void *arg)
{
	for (struct ex_watch *watch = ex->watches; watch; watch = watch->next)
		if (watch->op.kind == kind && !watch->dead &&
		    (!matches || matches(&watch->op, arg)))
			ex_watch_now(watch);
}
