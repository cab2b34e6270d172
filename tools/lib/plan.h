/* SPDX-License-Identifier: GPL-2.0-only */
/* Which requests lead from what the kernel has to what the file says. Pure. */
#ifndef HA_PLAN_H
#define HA_PLAN_H

#include <stdio.h>

#include "conf.h"
#include "request.h"
#include "state.h"

/**
 * struct ha_plan - requests in the order they are sent
 */
struct ha_plan {
	struct ha_request *steps;
	unsigned int n;
};

/**
 * struct ha_plan_want - one resource as this node shall have it
 * @res: its configuration
 * @self: this node's section of it
 * @have: what the kernel has, or NULL
 */
struct ha_plan_want {
	const struct ha_conf_resource *res;
	const struct ha_conf_host *self;
	const struct ha_state *have;
};

/**
 * struct ha_plan_options - of a single request
 * @peer: restricts it to one peer, or NULL
 */
struct ha_plan_options {
	bool force, discard_my_data;
	const struct ha_conf_host *peer;
};

/**
 * ha_plan_adjust() - bring the kernel to what the file says
 *
 * From nothing this is "up"; an empty plan means that all is as it shall be.
 */
void ha_plan_adjust(struct ha_plan *plan, const struct ha_plan_want *want);

/**
 * ha_plan_attach() - only the disk
 */
void ha_plan_attach(struct ha_plan *plan, const struct ha_plan_want *want);

/**
 * ha_plan_single() - one request by its command
 */
void ha_plan_single(struct ha_plan *plan, uint8_t cmd, const char *name,
		    const struct ha_plan_options *options);

void ha_plan_print(const struct ha_plan *plan, FILE *out);
void ha_plan_free(struct ha_plan *plan);

#endif
