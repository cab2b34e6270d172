// SPDX-License-Identifier: GPL-2.0-only
/* "plan -f STATE.json": the policy engine itself, without a daemon. */
#include "cmd.h"

int cmd_plan_offline(struct hactl *h)
{
	(void)h;
	return hactl_error("not linked with the policy engine");
}
