// SPDX-License-Identifier: GPL-2.0-only
/* The policy of the core: configuration and facts in, wants out. */
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "facts.h"
#include "notices.h"
#include "util.h"
#include "wants.h"

struct brain {
	char *text;
	size_t size;
	struct hc_config *conf;
	char *why;
	json_t *planned, *notices;
};

struct brain *brain_new(void)
{
	return xcalloc(1, sizeof(struct brain));
}

static void forget(struct brain *brain)
{
	hc_free(brain->conf);
	free(brain->text);
	free(brain->why);
	brain->conf = NULL;
	brain->text = brain->why = NULL;
}

void brain_free(struct brain *brain)
{
	if (!brain)
		return;
	forget(brain);
	json_decref(brain->planned);
	json_decref(brain->notices);
	free(brain);
}

static char *first_error(const struct conf_errors *errors)
{
	char *text = NULL, *end;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	conf_errors_print(errors, out);
	fclose(out);
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	return text;
}

const struct hc_config *brain_config(struct brain *brain, const void *text,
				     size_t size, const char **why)
{
	struct conf_errors errors = { 0 };

	if (!brain->text || brain->size != size ||
	    memcmp(brain->text, text, size)) {
		forget(brain);
		brain->text = xcalloc(size + 1, 1);
		memcpy(brain->text, text, size);
		brain->size = size;
		brain->conf = hc_load("cluster.conf", brain->text, &errors);
		if (!brain->conf)
			brain->why = first_error(&errors);
		conf_errors_free(&errors);
	}
	*why = brain->why;
	return brain->conf;
}

const struct core_fact *brain_fact(const struct core_plan_in *in,
				   const char *key)
{
	for (size_t i = 0; i < in->nr_facts; i++)
		if (!strcmp(in->facts[i].key, key))
			return &in->facts[i];
	return NULL;
}

static bool shape(void *ctx, const void *config, size_t size,
		  struct core_shape *out, const char **why)
{
	const struct hc_config *conf = brain_config(ctx, config, size, why);

	memset(out, 0, sizeof(*out));
	return conf && brain_shape(conf, out, why);
}

static void note(struct brain *brain, const struct thought *t)
{
	json_decref(brain->planned);
	brain->planned = json_array();
	for (int i = 0; i < t->plan.n_actions; i++) {
		const struct hp_action *a = &t->plan.actions[i];
		char *text = wants_text(t, a->act, a->rsc, a->node);

		json_array_append_new(brain->planned, json_string(text));
		free(text);
	}
}

json_t *brain_planned(struct brain *brain)
{
	json_t *planned = brain->planned;

	brain->planned = NULL;
	return planned;
}

const json_t *brain_notice(const struct brain *brain, const char *unit,
			   const char *member)
{
	char *key = xasprintf("%s/%s", unit, member);
	const json_t *notice = json_object_get(brain->notices, key);

	free(key);
	return notice;
}

static void plan(void *ctx, const struct core_plan_in *in,
		 struct core_plan *out)
{
	const struct core_fact *config = brain_fact(in, CONFIG_KEY);
	const struct hc_config *conf;
	struct facts *facts;
	struct thought *thought;
	struct brain *brain = ctx;
	const char *why;

	conf = config ? brain_config(ctx, config->value, config->size, &why) :
			NULL;
	if (!conf)
		return;
	facts = facts_make(conf, in);
	facts->hc.quorate = true;
	thought = thought_new(conf, &facts->hc);
	wants_make(thought, out);
	json_decref(brain->notices);
	brain->notices = notices_make(conf, in, out);
	note(brain, thought);
	thought_free(thought);
	facts_free(facts);
}

struct core_policy brain_policy(struct brain *brain)
{
	return (struct core_policy){ .ctx = brain, .shape = shape, .plan = plan };
}
