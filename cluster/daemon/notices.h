/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications of clones: before and after members of a clone with "notify yes"
 * start, stop, are promoted or demoted, all that are active are told. Pure.
 */
#ifndef HD_NOTICES_H
#define HD_NOTICES_H

#include <jansson.h>

#include "conf.h"
#include "core.h"

/**
 * notices_make() - have the plan wait for notifications, and order them
 * @out: wants of such clones are held back until all have been told
 *
 * Return: object by "UNIT/MEMBER" of what is told or done there now::
 *
 *	phase		"pre", "run" (the operation itself), "post"
 *	op		"start", "stop", "promote", "demote"
 *	nodes		where it is done
 *	active, promoted	where it was so before
 *	available	nodes that are here
 *
 * To be released.
 */
json_t *notices_make(const struct hc_config *conf, const struct core_plan_in *in,
		     struct core_plan *out);

/* Both are of one operation: the same, on the same nodes. */
bool notices_same(const json_t *a, const json_t *b);

#endif
