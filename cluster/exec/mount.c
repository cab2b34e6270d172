// SPDX-License-Identifier: GPL-2.0-only
/*
 * Members that are mounts. Mounting and unmounting wait for disks, so a child
 * does it; monitors read the kernel's table, which does not.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "job.h"
#include "mount_param.h"
#include "mount_table.h"
#include "mount_watch.h"
#include "util.h"

static bool wants_read_only(const struct mount_param *param)
{
	unsigned long flags;
	char *data;

	free(mount_options(param->options, &flags, &data));
	free(data);
	return flags & MS_RDONLY;
}

static void helper(struct ex_job *job, const char *verb, const char *a,
		   const char *b, const char *c, const char *d)
{
	const char *argv[] = { job->ex->set.helper, verb, a, b, c, d, NULL };

	job_run(job, argv, NULL, 0, false);
}

static void judge_entry(struct ex_job *job, const struct mount_param *param,
			const struct mount_entry *entry)
{
	char depth[16];

	if (!entry || !mount_entry_is(entry, param->device)) {
		/* Someone else's mount there is not this member. */
		job_end(job, EX_END_DONE, EX_CODE_NOT_RUNNING,
			entry ? "%s is mounted on %s" : NULL,
			entry ? entry->source : NULL, param->directory);
	} else if (mount_entry_read_only(entry) && !wants_read_only(param)) {
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"the file system has become read-only");
	} else if (job->op.depth > 0) {
		snprintf(depth, sizeof(depth), "%d", job->op.depth);
		helper(job, "check", param->directory, depth, NULL, NULL);
	} else {
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
	}
}

static void monitor(struct ex_job *job, const struct mount_param *param)
{
	struct mount_table table;
	int ret = mount_table_load(&table);

	if (ret)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"cannot read the table of mounts: %s", strerror(-ret));
	else
		judge_entry(job, param, mount_table_at(&table,
						       param->directory));
	mount_table_free(&table);
}

static void start(struct ex_job *job)
{
	struct mount_param param;
	char *why = mount_param_read(&job->op, &param);

	if (why) {
		job_end(job, EX_END_DONE, EX_CODE_CONFIGURED, "%s", why);
		free(why);
		return;
	}
	switch (job->op.action) {
	case EX_START:
		helper(job, "mount", param.device, param.directory,
		       param.fstype ? param.fstype : "auto",
		       param.options ? param.options : "");
		break;
	case EX_STOP:
		helper(job, "umount", param.device, param.directory, NULL,
		       NULL);
		break;
	case EX_MONITOR:
		monitor(job, &param);
		break;
	case EX_VALIDATE:
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
		break;
	default:
		job_end(job, EX_END_DONE, EX_CODE_UNIMPLEMENTED,
			"a mount has no %s", ex_action_word(job->op.action));
	}
}

const struct kind_ops mount_kind = {
	.start = start, .listen = mount_watch_listen,
};
