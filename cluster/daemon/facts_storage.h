/* SPDX-License-Identifier: GPL-2.0-only */
/* What a device's own facts mean for a promotion, given who is excluded. Pure. */
#ifndef HD_FACTS_STORAGE_H
#define HD_FACTS_STORAGE_H

#include "facts.h"

/* May that node not promote the device, by a committed exclusion? */
bool facts_excluded(const struct core_plan_in *in, const char *device,
		    uint32_t node);

/**
 * facts_storage() - of one device on one node
 *
 * Return: false when the configuration has no such device or node, or the
 * node, a tiebreaker, has no copy of it.
 */
bool facts_storage(const struct hc_config *conf, const struct core_plan_in *in,
		   const struct core_node_device *device,
		   struct hc_fact_storage *out);

#endif
