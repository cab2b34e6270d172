// SPDX-License-Identifier: GPL-2.0-only
/* In the place of engine.c where the policy engine is not there. */
#include "engine.h"
#include "util.h"

static json_t *none(char **why)
{
	*why = xstrdup("this hactl is not linked with the policy engine");
	return NULL;
}

json_t *engine_plan_state(json_t *state, char **why)
{
	(void)state;
	return none(why);
}

json_t *engine_plan_facts(const struct hc_config *conf, json_t *facts,
			  const struct hc_words *events, char **why)
{
	(void)conf;
	(void)facts;
	(void)events;
	return none(why);
}

json_t *engine_why(const struct hc_config *conf, json_t *facts,
		   const char *service, const char *node, char **why)
{
	(void)conf;
	(void)facts;
	(void)service;
	(void)node;
	return none(why);
}
