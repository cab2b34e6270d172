// SPDX-License-Identifier: GPL-2.0-only
/*
 * "plan -f FILE" and "why -f FILE": the policy engine itself, without a daemon. With a
 * configuration, the file has facts by name; without, the engine's own input.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "engine.h"
#include "files.h"
#include "show.h"
#include "util.h"

static struct hc_config *load(const char *path)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = NULL;
	char *text = file_read(path);

	if (text)
		conf = hc_load(path, text, &errors);
	else
		hactl_error("cannot read %s: %s", path, strerror(errno));
	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	free(text);
	return conf;
}

static json_t *plan(const struct hactl *h, json_t *state, char **why)
{
	const char *path = hactl_opt(h, OPT_CONFIG);
	struct hc_config *conf;
	json_t *result;

	if (!path)
		return engine_plan_state(state, why);
	conf = load(path);
	if (!conf) {
		*why = xstrdup("there is no configuration to plan for");
		return NULL;
	}
	result = engine_plan_facts(conf, state, &h->options[OPT_IF], why);
	hc_free(conf);
	return result;
}

int cmd_plan_offline(struct hactl *h)
{
	const char *path = hactl_opt(h, OPT_FILE);
	json_error_t error;
	json_t *state = json_load_file(path, 0, &error), *result;
	char *why = NULL;
	int ret = HACTL_OK;

	if (!state)
		return hactl_error("%s:%d: %s", path, error.line, error.text);
	result = plan(h, state, &why);
	if (!result)
		ret = hactl_error("%s: %s", path, why);
	else if (h->json || !hactl_opt(h, OPT_CONFIG))
		hactl_print_json(json_incref(result));
	else
		show_plan(result, h->colour, stdout);
	json_decref(result);
	json_decref(state);
	free(why);
	return ret;
}

int cmd_why_offline(struct hactl *h)
{
	const char *path = hactl_opt(h, OPT_FILE);
	const char *config = hactl_opt(h, OPT_CONFIG);
	struct hc_config *conf = config ? load(config) : NULL;
	json_error_t error;
	json_t *facts = json_load_file(path, 0, &error), *result = NULL;
	char *why = NULL;
	int ret = HACTL_OK;

	if (!config)
		ret = hactl_usage("facts alone say nothing: --config FILE");
	else if (!facts)
		ret = hactl_error("%s:%d: %s", path, error.line, error.text);
	else if (conf)
		result = engine_why(conf, facts, h->words[0],
				    h->n_words > 1 ? h->words[1] : NULL, &why);
	if (why)
		ret = hactl_error("%s", why);
	else if (!ret && !result)
		ret = HACTL_FAILED;
	else if (result && h->json)
		hactl_print_json(json_incref(result));
	else if (result)
		show_why(result, h->colour, stdout);
	json_decref(result);
	json_decref(facts);
	hc_free(conf);
	free(why);
	return ret;
}
