/* SPDX-License-Identifier: GPL-2.0-only */
/* The policy engine, where hactl is linked with it. */
#ifndef HACTL_ENGINE_H
#define HACTL_ENGINE_H

#include <jansson.h>

#include "conf.h"

/**
 * engine_plan_state() - plan for an input of the engine, see hp_json.h
 * @why: out, on failure a sentence to be freed
 */
json_t *engine_plan_state(json_t *state, char **why);

/**
 * engine_plan_facts() - plan for a configuration and facts
 * @facts: see policy_facts_json.h; events change it
 * @events: what is supposed
 *
 * Return: as the reply to "plan".
 */
json_t *engine_plan_facts(const struct hc_config *conf, json_t *facts,
			  const struct hc_words *events, char **why);

/**
 * engine_why() - why a service is where it is, with a configuration and facts
 * @node: only of that one, or NULL
 *
 * Return: as the reply to "why".
 */
json_t *engine_why(const struct hc_config *conf, json_t *facts,
		   const char *service, const char *node, char **why);

#endif
