// SPDX-License-Identifier: GPL-2.0-only
/* Life of the model: load, find, text as written, free. */
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "util.h"
#include "values.h"

/* Line ends of other systems become ours; the rest stays. */
static char *without_returns(const char *text)
{
	char *copy = xstrdup(text), *to = copy;

	for (const char *from = copy; *from; from++)
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
	return copy;
}

struct hc_config *hc_load(const char *file, const char *text,
			  struct conf_errors *errors)
{
	struct hc_config *conf = xcalloc(1, sizeof(*conf));
	char *copy = without_returns(text);
	size_t length = strlen(copy);
	/* fmemopen() of nothing fails. */
	FILE *in = length ? fmemopen(copy, length, "r") : fopen("/dev/null", "re");

	conf->file = xstrdup(file);
	if (!in) {
		fputs("out of memory\n", stderr);
		exit(HA_EXIT_FAILED);
	}
	conf->tree = conf_tree_parse_kept(in, conf->file, errors, &conf->tail);
	fclose(in);
	free(copy);
	if (!errors->count)
		hc_build(conf, errors);
	if (!errors->count)
		hc_check(conf, errors);
	if (errors->count) {
		hc_free(conf);
		return NULL;
	}
	return conf;
}

static void settings_free(struct hc_settings *settings)
{
	hc_words_free(&settings->on_stop_fail);
}

static void service_free(struct hc_service *service)
{
	for (unsigned int i = 0; i < service->n_members; i++) {
		struct hc_member *member = &service->members[i];

		free(member->name);
		free(member->what);
		free(member->where);
		free(member->fstype);
		free(member->options);
		free(member->dev);
		hc_pairs_free(&member->params);
		settings_free(&member->settings);
	}
	for (unsigned int i = 0; i < service->n_rules; i++)
		hc_words_free(&service->rules[i].targets);
	free(service->members);
	free(service->rules);
	settings_free(&service->settings);
	free(service->name);
}

static void nodes_free(struct hc_config *conf)
{
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		free(conf->nodes[i].name);
		hc_words_free(&conf->nodes[i].links);
		hc_pairs_free(&conf->nodes[i].attributes);
	}
	for (unsigned int i = 0; i < conf->n_fences; i++) {
		free(conf->fences[i].name);
		free(conf->fences[i].agent);
		free(conf->fences[i].secret);
		hc_words_free(&conf->fences[i].nodes);
		hc_pairs_free(&conf->fences[i].params);
	}
	free(conf->nodes);
	free(conf->fences);
}

static void others_free(struct hc_config *conf)
{
	for (unsigned int i = 0; i < conf->n_devices; i++) {
		free(conf->devices[i].name);
		free(conf->devices[i].hadm);
	}
	for (unsigned int i = 0; i < conf->n_checks; i++) {
		free(conf->checks[i].name);
		free(conf->checks[i].exec);
		hc_words_free(&conf->checks[i].ping);
	}
	for (unsigned int i = 0; i < conf->n_alerts; i++) {
		free(conf->alerts[i].name);
		free(conf->alerts[i].exec);
		hc_words_free(&conf->alerts[i].on);
	}
	free(conf->devices);
	free(conf->checks);
	free(conf->alerts);
}

void hc_free(struct hc_config *conf)
{
	if (!conf)
		return;
	nodes_free(conf);
	others_free(conf);
	for (unsigned int i = 0; i < conf->n_services; i++)
		service_free(&conf->services[i]);
	free(conf->services);
	settings_free(&conf->defaults);
	hc_words_free(&conf->accept);
	free(conf->quorum.witness);
	free(conf->watchdog.device);
	free(conf->name);
	conf_tree_free(conf->tree);
	free(conf->tail);
	free(conf->file);
	free(conf);
}

/* No blanks at the ends of lines, one newline at the end of the text. */
static void tidy(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from == '\n')
			while (to > text && strchr(" \t\r", to[-1]))
				to--;
		*to++ = *from;
	}
	while (to > text && strchr(" \t\r\n", to[-1]))
		to--;
	*to = '\0';
}

char *hc_text(const struct hc_config *conf)
{
	char *text = NULL, *whole;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	conf_tree_print(conf->tree, out);
	if (conf->tail)
		fputs(conf->tail, out);
	fclose(out);
	tidy(text);
	whole = xasprintf("%s\n", text);
	free(text);
	return whole;
}

#define FIND(type, function, array) \
	struct type *function(const struct hc_config *conf, const char *name) \
	{ \
		for (unsigned int i = 0; i < conf->n_##array; i++) \
			if (!strcmp(conf->array[i].name, name)) \
				return &conf->array[i]; \
		return NULL; \
	}

FIND(hc_node, hc_node_find, nodes)
FIND(hc_fence, hc_fence_find, fences)
FIND(hc_device, hc_device_find, devices)
FIND(hc_service, hc_service_find, services)
FIND(hc_probe, hc_check_find, checks)

struct hc_member *hc_member_find(const struct hc_service *service,
				 const char *name)
{
	for (unsigned int i = 0; i < service->n_members; i++)
		if (ha_streq(service->members[i].name, name))
			return &service->members[i];
	return NULL;
}
