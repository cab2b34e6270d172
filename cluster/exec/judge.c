// SPDX-License-Identifier: GPL-2.0-only
/* What an exit code means for what was asked. Pure. */
#include "exec.h"

/* What a failure says about other attempts, for everything but monitors. */
static enum ex_verdict failure(int code)
{
	switch (code) {
	case EX_CODE_ARGS:
	case EX_CODE_UNIMPLEMENTED:
	case EX_CODE_PERM:
	case EX_CODE_INSTALLED:
		return EX_HARD;
	case EX_CODE_CONFIGURED:
		return EX_FATAL;
	}
	return EX_FAILED;
}

static enum ex_verdict judge_monitor(enum ex_role expected, int code)
{
	enum ex_role role = ex_observed(EX_MONITOR, code);
	bool degraded = code == EX_CODE_DEGRADED ||
			code == EX_CODE_DEGRADED_PROMOTED;

	if (role == EX_ROLE_UNKNOWN || code == EX_CODE_INSTALLED)
		return failure(code);
	if (code == EX_CODE_FAILED_PROMOTED)
		return EX_FAILED;
	if (expected != EX_ROLE_UNKNOWN && expected != role)
		return EX_FAILED;
	return degraded ? EX_DEGRADED : EX_FINE;
}

enum ex_verdict ex_judge(enum ex_action action, enum ex_role role, int code)
{
	if (action == EX_MONITOR)
		return judge_monitor(role, code);
	if (code == EX_CODE_OK)
		return EX_FINE;
	if (action == EX_NOTIFY && code == EX_CODE_UNIMPLEMENTED)
		return EX_FINE;
	/* It still runs here: no other place or configuration helps. */
	if (action == EX_STOP || action == EX_DEMOTE ||
	    action == EX_FORCE_DEMOTE)
		return EX_FAILED;
	return failure(code);
}

static enum ex_role monitored(int code)
{
	switch (code) {
	case EX_CODE_OK:
	case EX_CODE_DEGRADED:
		return EX_ROLE_STARTED;
	case EX_CODE_PROMOTED:
	case EX_CODE_FAILED_PROMOTED:
	case EX_CODE_DEGRADED_PROMOTED:
		return EX_ROLE_PROMOTED;
	case EX_CODE_NOT_RUNNING:
	case EX_CODE_INSTALLED:	/* what is not there does not run */
		return EX_ROLE_STOPPED;
	}
	return EX_ROLE_UNKNOWN;
}

enum ex_role ex_observed(enum ex_action action, int code)
{
	if (action == EX_MONITOR)
		return monitored(code);
	if (code != EX_CODE_OK)
		return EX_ROLE_UNKNOWN;
	switch (action) {
	case EX_START:
	case EX_DEMOTE:
	case EX_FORCE_DEMOTE:
	case EX_MIGRATE_FROM:
		return EX_ROLE_STARTED;
	case EX_PROMOTE:
		return EX_ROLE_PROMOTED;
	case EX_STOP:
		return EX_ROLE_STOPPED;
	default:
		return EX_ROLE_UNKNOWN;
	}
}
