// SPDX-License-Identifier: GPL-2.0-only
/* States of units as exit codes. Pure. */
#include <stdbool.h>
#include <string.h>

#include "exec.h"
#include "unit_state.h"

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

int unit_code(const char *load, const char *active, const char *sub)
{
	/* What runs is running, also when its file is gone meanwhile. */
	if (is(active, "active") || is(active, "reloading") ||
	    is(active, "refreshing"))
		return EX_CODE_OK;
	if (is(active, "activating"))
		return is(sub, "auto-restart") ? EX_CODE_NOT_RUNNING :
						 EX_CODE_OK;
	if (is(active, "deactivating"))
		return EX_CODE_GENERIC;	/* not what it was, not yet stopped */
	if (is(load, "not-found"))
		return EX_CODE_INSTALLED;
	if (is(load, "masked") || is(load, "bad-setting") || is(load, "error"))
		return EX_CODE_INSTALLED;
	return EX_CODE_NOT_RUNNING;	/* inactive, failed */
}
