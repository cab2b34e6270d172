/* SPDX-License-Identifier: GPL-2.0-only */
/* A plan of the policy engine as the reply to "plan" and "why". */
#ifndef HC_POLICY_PLAN_JSON_H
#define HC_POLICY_PLAN_JSON_H

#include <jansson.h>

#include "to_policy.h"

/**
 * hc_action_text() - an action as people read it: "mount /srv/www n2"
 *
 * Return: to be freed.
 */
char *hc_action_text(const struct hc_policy *policy,
		     const struct hp_action *action);

/**
 * hc_plan_json() - actions in an order that can be followed, what is blocked,
 * which services are disturbed
 * @cause: what the plan is for
 */
json_t *hc_plan_json(const struct hc_policy *policy, const struct hp_plan *plan,
		     const char *cause);

/**
 * hc_why_json() - why a service is where it is, and what keeps it from others
 * @node: only of that one, or NULL
 *
 * Return: as the reply to "why", without the times that only history knows;
 * NULL when there is no such service.
 */
json_t *hc_why_json(const struct hc_config *conf, const struct hc_policy *policy,
		    const struct hp_plan *plan, const char *service,
		    const char *node);

#endif
