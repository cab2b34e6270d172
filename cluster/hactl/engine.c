// SPDX-License-Identifier: GPL-2.0-only
/* The policy engine, asked directly. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "hp_json.h"
#include "policy_facts_json.h"
#include "policy_plan_json.h"
#include "util.h"

json_t *engine_plan_state(json_t *state, char **why)
{
	struct hp_state s = { 0 };
	json_t *result = NULL;
	struct hp_plan plan;

	if (hp_state_read(&s, state)) {
		*why = xstrdup(s.error);
	} else {
		if (hp_plan(&s.in, &plan))
			*why = xstrdup(plan.error);
		else
			result = hp_plan_json(&s.in, &plan);
		hp_plan_free(&plan);
	}
	hp_state_free(&s);
	return result;
}

static char *cause_of(const struct hc_words *events)
{
	char *cause = xstrdup(events->n ? events->word[0] : "now"), *longer;

	for (unsigned int i = 1; i < events->n; i++) {
		longer = xasprintf("%s, %s", cause, events->word[i]);
		free(cause);
		cause = longer;
	}
	return cause;
}

json_t *engine_plan_facts(const struct hc_config *conf, json_t *facts,
			  const struct hc_words *events, char **why)
{
	struct hc_facts_json *read;
	struct hc_policy *policy;
	json_t *result = NULL;
	struct hp_plan plan;
	char *cause;

	for (unsigned int i = 0; i < events->n; i++)
		if (!hc_facts_suppose(facts, conf, events->word[i], why))
			return NULL;
	read = hc_facts_read(facts, why);
	if (!read)
		return NULL;
	policy = hc_to_policy(conf, hc_facts_of(read));
	cause = cause_of(events);
	if (hp_plan(&policy->in, &plan))
		*why = xstrdup(plan.error);
	else
		result = hc_plan_json(policy, &plan, cause);
	hp_plan_free(&plan);
	hc_policy_free(policy);
	hc_facts_free(read);
	free(cause);
	return result;
}

json_t *engine_why(const struct hc_config *conf, json_t *facts,
		   const char *service, const char *node, char **why)
{
	struct hc_facts_json *read = hc_facts_read(facts, why);
	struct hc_policy *policy;
	json_t *result = NULL;
	struct hp_plan plan;

	if (!read)
		return NULL;
	policy = hc_to_policy(conf, hc_facts_of(read));
	if (hp_plan(&policy->in, &plan))
		*why = xstrdup(plan.error);
	else
		result = hc_why_json(conf, policy, &plan, service, node);
	if (!result && !*why)
		*why = xasprintf("there is no service \"%s\"", service);
	hp_plan_free(&plan);
	hc_policy_free(policy);
	hc_facts_free(read);
	return result;
}
