/* SPDX-License-Identifier: GPL-2.0-only */
/* A plan of the policy engine, with what its indices mean. Pure. */
#ifndef HD_WANTS_H
#define HD_WANTS_H

#include "core.h"
#include "to_policy.h"

struct thought {
	const struct hc_config *conf;
	struct hc_policy *policy;
	struct hp_plan plan;
	int ret;		/* of hp_plan() */
};

/**
 * thought_new() - have the policy engine plan; @conf and @facts must live as long
 */
struct thought *thought_new(const struct hc_config *conf,
			    const struct hc_facts *facts);
void thought_free(struct thought *thought);

/**
 * wants_make() - the actions that wait for no other, in the core's words
 */
void wants_make(const struct thought *thought, struct core_plan *out);

/**
 * wants_name() - the unit and member of the core that a resource is
 */
bool wants_name(const struct thought *thought, int rsc, char unit[64],
		char member[64]);

/**
 * wants_text() - an action as a sentence has it: "start httpd n2"; to be freed
 */
char *wants_text(const struct thought *thought, enum hp_act act, int rsc,
		 int node);

/**
 * wants_why() - a reason as a sentence; to be freed
 */
char *wants_why(const struct thought *thought, enum hp_why why, int other);

#endif
