// SPDX-License-Identifier: GPL-2.0-only
/* Members that OCF agents run. What they start goes into a scope of its own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job.h"
#include "ocf_env.h"
#include "scope.h"
#include "util.h"

#define META_MAX	(1 << 18)

static void scope_ready(void *arg)
{
	struct ex_job *job = arg;

	if (job->child)
		child_open_gate(job->child);
}

static void release(struct ex_job *job)
{
	scope_request_drop(job->priv);
}

/* Start and promote leave processes behind; the others have no time for it. */
static bool wants_scope(const struct ex_job *job)
{
	enum ex_action action = job->op.action;

	return (action == EX_START || action == EX_PROMOTE ||
		action == EX_MIGRATE_FROM) && scope_possible(job->ex);
}

static void start(struct ex_job *job)
{
	const struct ex_settings *set = &job->ex->set;
	struct ocf_site site = {
		.node = set->node, .ocf_root = set->ocf_root,
		.shim_dir = set->shim_dir, .shim_socket = set->shim_socket,
		.rsctmp = set->rsctmp,
	};
	char *path = ocf_path(set->ocf_root, job->op.agent);
	const char *argv[] = { path, ex_action_word(job->op.action), NULL };
	bool scoped = wants_scope(job);
	char **env = ocf_env(&site, &job->op);

	if (access(path, X_OK)) {
		job_end(job, EX_END_DONE, EX_CODE_INSTALLED, "%s: %s", path,
			strerror(errno));
	} else {
		job_run(job, argv, env, job->op.action == EX_META_DATA ?
			META_MAX : 0, scoped);
		if (job->child && scoped)
			job->priv = scope_request(job->ex, job->op.member,
						  child_pid(job->child),
						  scope_ready, job);
	}
	ocf_env_free(env);
	free(path);
}

const struct kind_ops ocf_kind = { .start = start, .release = release };
