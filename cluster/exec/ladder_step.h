/* SPDX-License-Identifier: GPL-2.0-only */
/* What "kill" means for each kind of member. */
#ifndef HA_LADDER_STEP_H
#define HA_LADDER_STEP_H

#include "job.h"

/**
 * ladder_kill() - kill what keeps a member up
 *
 * Return: the child that does it, or NULL when there is nothing to kill.
 */
struct child *ladder_kill(struct ex *ex, const struct ex_op *op,
			  child_done *done, void *arg);

#endif
