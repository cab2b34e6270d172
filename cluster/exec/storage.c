// SPDX-License-Identifier: GPL-2.0-only
/*
 * Members that are our devices. What waits in the kernel is asked by a child;
 * monitors answer from the mirror of the module's events.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "storage.h"
#include "storage_facts.h"

static void monitor(struct ex_job *job)
{
	const struct ha_state *state;
	struct storage_mirror *mirror;
	char *error = NULL, *reason;
	int code;

	mirror = storage_mirror_get(job->ex, &error);
	if (!mirror) {
		/* Without the module no device can be in use. */
		job_end(job, EX_END_DONE, errno == ENOENT ?
			EX_CODE_INSTALLED : EX_CODE_GENERIC, "%s", error);
		free(error);
		return;
	}
	state = storage_mirror_state(mirror, job->op.agent);
	code = storage_code(state, &reason);
	if (state)
		job->facts = storage_facts(state);
	job_end(job, EX_END_DONE, code, reason ? "%s" : NULL, reason);
	free(reason);
}

static void request(struct ex_job *job, const char *verb, const char *more)
{
	const char *argv[] = {
		job->ex->set.helper, verb, job->op.agent, more, NULL
	};

	job_run(job, argv, NULL, 0, false);
}

static void promote(struct ex_job *job)
{
	const char *fenced = op_param(&job->op, "fenced");

	request(job, fenced ? "take-over" : "primary", fenced);
}

/* hadm knows the configuration of devices. */
static void hadm(struct ex_job *job, const char *verb)
{
	const char *argv[] = { job->ex->set.hadm, verb, job->op.agent, NULL };

	job_run(job, argv, NULL, 0, false);
}

static void start(struct ex_job *job)
{
	switch (job->op.action) {
	case EX_START:
		hadm(job, "up");
		break;
	case EX_STOP:
		hadm(job, "down");
		break;
	case EX_RELOAD:
		hadm(job, "adjust");
		break;
	case EX_MONITOR:
		monitor(job);
		break;
	case EX_PROMOTE:
		promote(job);
		break;
	case EX_DEMOTE:
		request(job, "secondary", NULL);
		break;
	case EX_FORCE_DEMOTE:
		request(job, "force-secondary", NULL);
		break;
	case EX_VALIDATE:
		hadm(job, "dump");
		break;
	default:
		job_end(job, EX_END_DONE, EX_CODE_UNIMPLEMENTED,
			"a device has no %s", ex_action_word(job->op.action));
	}
}

static void listen_storage(struct ex *ex)
{
	char *error = NULL;

	storage_mirror_get(ex, &error);
	free(error);
}

const struct kind_ops storage_kind = {
	.start = start, .listen = listen_storage,
};
