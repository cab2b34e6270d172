// SPDX-License-Identifier: GPL-2.0-only
/* Kills what keeps a member up. */
#include <signal.h>
#include <string.h>

#include "ladder_step.h"
#include "scope.h"
#include "unit_bus.h"

#define KILL_MS 15000

static struct child *helper(struct ex *ex, const char *verb, const char *a,
			    const char *b, child_done *done, void *arg)
{
	const char *argv[] = { ex->set.helper, verb, a, b, NULL };
	struct child_spec spec = { .argv = argv, .timeout_ms = KILL_MS };

	return child_start(&ex->pool, &spec, done, arg);
}

static void kill_unit(struct ex *ex, const char *unit)
{
	sd_bus *bus;

	if (!unit_bus_get(ex, &bus))
		sd_bus_call_method_async(bus, NULL, SYSTEMD_NAME, SYSTEMD_PATH,
					 SYSTEMD_MANAGER, "KillUnit", NULL,
					 NULL, "ssi", unit, "all", SIGKILL);
}

struct child *ladder_kill(struct ex *ex, const struct ex_op *op,
			  child_done *done, void *arg)
{
	switch (op->kind) {
	case EX_KIND_OCF:
		scope_kill(ex, op->member);
		return helper(ex, "kill-member", op->member, NULL, done, arg);
	case EX_KIND_SYSTEMD:
		kill_unit(ex, op->agent);
		/* Its end takes a moment; the helper waits until it is there. */
		return helper(ex, "pause", "1000", NULL, done, arg);
	case EX_KIND_MOUNT:
		return helper(ex, "kill-umount", op_param(op, "device"),
			      op_param(op, "directory"), done, arg);
	case EX_KIND_STORAGE:
		return helper(ex, "kill-openers", op->agent, NULL, done, arg);
	default:
		return NULL;
	}
}
