// SPDX-License-Identifier: GPL-2.0-only
/* Stops a member that does not want to stop, step by step. */
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "ladder_step.h"
#include "util.h"

/* Time of a probe after a step, of a kill, of a forced demotion. */
#define PROBE_MS	10000

/**
 * struct ex_ladder - one stop
 * @at: the step under way
 * @job: of a step by the member or its device, or of the probe after it
 * @kill: a step of ladder_kill()
 * @last: answer of the last step, for who is told next
 */
struct ex_ladder {
	struct ex *ex;
	struct ex_ladder *next, **prev;
	struct ex_op op;
	enum ex_step steps[EX_STEP_NR + 1];
	size_t n_steps, at;
	char *storage;
	ex_ladder_step *told;
	ex_ladder_done *done;
	void *arg;
	struct ex_job *job;
	struct child *kill;
	char *reason;
};

static void climb(struct ex_ladder *ladder, const struct ex_result *last);

void ladder_free(struct ex_ladder *ladder)
{
	*ladder->prev = ladder->next;
	if (ladder->next)
		ladder->next->prev = ladder->prev;
	if (ladder->kill)
		child_forget(ladder->kill);
	op_free(&ladder->op);
	free(ladder->storage);
	free(ladder->reason);
	free(ladder);
}

static void end(struct ex_ladder *ladder, const struct ex_result *result)
{
	enum ex_step step = ladder->at < ladder->n_steps ?
		ladder->steps[ladder->at] : EX_STEP_FENCE;

	ladder->done(step, result, ladder->arg);
	ladder_free(ladder);
}

/* A job of the ladder that cannot even begin counts as one that failed. */
static void run(struct ex_ladder *ladder, const struct ex_op *op,
		ex_done *answered)
{
	char *why = NULL;
	struct ex_result result = { .code = EX_CODE_GENERIC,
				    .end = EX_END_NOT_RUN,
				    .verdict = EX_FAILED, .output = "" };

	ladder->job = ex_start(ladder->ex, op, answered, ladder, &why);
	if (!ladder->job) {
		result.reason = why;
		climb(ladder, &result);
		free(why);
	}
}

static void on_probe(const struct ex_result *result, void *arg)
{
	struct ex_ladder *ladder = arg;
	struct ex_result shown = *result;

	ladder->job = NULL;
	if (result->end == EX_END_DONE && result->role == EX_ROLE_STOPPED) {
		end(ladder, result);
		return;
	}
	if (!*shown.reason)
		shown.reason = ladder->reason ? ladder->reason :
						"it still runs";
	climb(ladder, &shown);
}

static void probe(struct ex_ladder *ladder)
{
	struct ex_op op = ladder->op;

	op.action = EX_MONITOR;
	op.role = EX_ROLE_UNKNOWN;
	op.interval_ms = 0;
	op.timeout_ms = PROBE_MS;
	run(ladder, &op, on_probe);
}

static void on_stop(const struct ex_result *result, void *arg)
{
	struct ex_ladder *ladder = arg;

	ladder->job = NULL;
	ha_replace(&ladder->reason, result->reason);
	if (result->verdict == EX_FINE)
		end(ladder, result);
	else
		climb(ladder, result);
}

static void stop(struct ex_ladder *ladder)
{
	run(ladder, &ladder->op, on_stop);
}

static void on_stopped_again(const struct ex_result *result, void *arg)
{
	struct ex_ladder *ladder = arg;

	ladder->job = NULL;
	ha_replace(&ladder->reason, result->reason);
	probe(ladder);
}

/* Without its openers a device is still up; other members have gone with it. */
static void on_killed(const struct child_end *killed, void *arg)
{
	struct ex_ladder *ladder = arg;

	ladder->kill = NULL;
	if (*killed->reason)
		ha_replace(&ladder->reason, killed->reason);
	if (ladder->op.kind == EX_KIND_STORAGE)
		run(ladder, &ladder->op, on_stopped_again);
	else
		probe(ladder);
}

static void kill_processes(struct ex_ladder *ladder)
{
	ladder->kill = ladder_kill(ladder->ex, &ladder->op, on_killed, ladder);
	if (!ladder->kill)
		probe(ladder);	/* there is nothing to kill */
}

/*
 * After a forced demotion all I/O of the device fails: processes that slept in
 * it wake up, and a mount can be unmounted. So the member is stopped again.
 */
static void on_again(const struct ex_result *result, void *arg)
{
	struct ex_ladder *ladder = arg;

	ladder->job = NULL;
	ha_replace(&ladder->reason, result->reason);
	kill_processes(ladder);
}

static void on_demoted(const struct ex_result *result, void *arg)
{
	struct ex_ladder *ladder = arg;

	ladder->job = NULL;
	if (result->verdict != EX_FINE)
		climb(ladder, result);
	else
		run(ladder, &ladder->op, on_again);
}

static struct ex_op force_demote(const char *member, const char *storage)
{
	return (struct ex_op){
		.member = member, .kind = EX_KIND_STORAGE, .agent = storage,
		.action = EX_FORCE_DEMOTE, .timeout_ms = PROBE_MS,
	};
}

static void demote_by_force(struct ex_ladder *ladder)
{
	struct ex_op op = force_demote(ladder->op.member, ladder->storage);

	run(ladder, &op, on_demoted);
}

static void begin(struct ex_ladder *ladder)
{
	switch (ladder->steps[ladder->at]) {
	case EX_STEP_AGENT:
		stop(ladder);
		break;
	case EX_STEP_KILL:
		kill_processes(ladder);
		break;
	default:
		demote_by_force(ladder);
	}
}

/* The step failed: the next one, or the end. */
static void climb(struct ex_ladder *ladder, const struct ex_result *last)
{
	do
		ladder->at++;
	while (ladder->at < ladder->n_steps && !ladder->storage &&
	       ladder->steps[ladder->at] == EX_STEP_DEMOTE_FORCE);
	if (ladder->at >= ladder->n_steps ||
	    ladder->steps[ladder->at] == EX_STEP_FENCE) {
		end(ladder, last);
		return;
	}
	if (ladder->told)
		ladder->told(ladder->steps[ladder->at], last, ladder->arg);
	begin(ladder);
}

static char *check(const struct ex_ladder_op *op)
{
	struct ex_op demote = force_demote(op->op.member, op->storage);
	char *why = op_check(&op->op);

	if (!why && op->storage)
		why = op_check(&demote);

	if (!why && op->op.action != EX_STOP)
		why = xstrdup("only a stop has a ladder");
	if (!why && (!op->n_steps || op->n_steps > EX_STEP_NR))
		why = xstrdup("a ladder has one to four steps");
	for (size_t i = 0; !why && i < op->n_steps; i++)
		if (!ex_step_word(op->steps[i]))
			why = xasprintf("%d is no step", op->steps[i]);
	if (!why && op->steps[0] != EX_STEP_AGENT)
		why = xstrdup("the first step is the agent");
	return why;
}

struct ex_ladder *ex_ladder_start(struct ex *ex, const struct ex_ladder_op *op,
				  ex_ladder_step *told, ex_ladder_done *done,
				  void *arg, char **why)
{
	struct ex_ladder *ladder;

	*why = check(op);
	if (*why)
		return NULL;
	ladder = xcalloc(1, sizeof(*ladder));
	*ladder = (struct ex_ladder){ .ex = ex, .told = told, .done = done,
				      .arg = arg, .n_steps = op->n_steps,
				      .next = ex->ladders,
				      .prev = &ex->ladders };
	memcpy(ladder->steps, op->steps, op->n_steps * sizeof(*op->steps));
	ladder->storage = op->storage ? xstrdup(op->storage) : NULL;
	if (ladder->next)
		ladder->next->prev = &ladder->next;
	ex->ladders = ladder;
	op_copy(&ladder->op, &op->op);
	stop(ladder);
	return ladder;
}
