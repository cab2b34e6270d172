// SPDX-License-Identifier: GPL-2.0-only
/* The command line: the verb, its options and its words, in any order. */
#include <stdlib.h>
#include <string.h>

#include "hactl.h"
#include "help.h"
#include "util.h"

const char *hactl_opt(const struct hactl *h, enum hactl_option option)
{
	const struct hc_words *values = &h->options[option];

	return values->n ? values->word[values->n - 1] : NULL;
}

int hactl_opt_time(const struct hactl *h, enum hactl_option option,
		   int64_t *ms)
{
	const char *value = hactl_opt(h, option);

	if (!value || hc_time_parse(value, ms))
		return HACTL_OK;
	return hactl_usage("--%s: \"%s\" is no time: write a number with ms, s, m, h or d",
			   hactl_options[option].name, value);
}

static int find_option(const char *name, size_t length)
{
	for (int i = 0; i < OPT_NR; i++)
		if (strlen(hactl_options[i].name) == length &&
		    !strncmp(hactl_options[i].name, name, length))
			return i;
	return -1;
}

static int find_letter(char letter)
{
	for (int i = 0; i < OPT_NR; i++)
		if (hactl_options[i].letter == letter)
			return i;
	return -1;
}

static int unknown_option(const char *text)
{
	const char *known[OPT_NR + 1] = { NULL }, *near;

	for (int i = 0; i < OPT_NR; i++)
		known[i] = hactl_options[i].name;
	near = strncmp(text, "--", 2) ? NULL : ha_nearest(text + 2, known);
	if (near)
		return hactl_usage("unknown option %s; did you mean --%s?", text,
				   near);
	return hactl_usage("unknown option %s; see hactl help", text);
}

/* Takes "--name", "--name=value", "--name value", "-n value". */
static int take_option(struct hactl *h, int argc, char **argv, int *at)
{
	const char *text = argv[*at], *equals = strchr(text, '=');
	const struct hactl_option_info *info;
	const char *value = "";
	int option;

	if (!strncmp(text, "--", 2)) {
		option = find_option(text + 2, equals ? (size_t)(equals - text - 2) :
							strlen(text + 2));
	} else {
		option = text[1] && !text[2] ? find_letter(text[1]) : -1;
		equals = NULL;
	}
	if (option < 0)
		return unknown_option(text);
	info = &hactl_options[option];
	if (!info->value && equals)
		return hactl_usage("--%s takes no value", info->name);
	if (info->value && equals)
		value = equals + 1;
	else if (info->value && *at + 1 == argc)
		return hactl_usage("--%s needs a value: %s", info->name,
				   info->value);
	else if (info->value)
		value = argv[++*at];
	hc_words_add(&h->options[option], value);
	return HACTL_OK;
}

static int check_options(const struct hactl *h)
{
	for (int i = OPT_WATCH; i < OPT_NR; i++)
		if (h->options[i].n && !(h->verb->takes & TAKE(i)))
			return hactl_usage("%s%s%s takes no --%s",
					   h->verb->group ? h->verb->group : "",
					   h->verb->group ? " " : "",
					   h->verb->name,
					   hactl_options[i].name);
	return HACTL_OK;
}

static int find_verb(struct hactl *h)
{
	const char *first = h->words[0], *near;

	if (!h->n_words && h->options[OPT_HELP].n) {
		hactl_help_all();
		return -1;
	}
	if (!h->n_words)
		return hactl_usage("what shall be done? see hactl help");
	if (hactl_is_group(first)) {
		if (h->n_words < 2) {
			if (!h->options[OPT_HELP].n)
				return hactl_usage("%s what? see hactl help %s",
						   first, first);
			hactl_help_group(first);
			return -1;
		}
		h->verb = hactl_verb_find(first, h->words[1]);
		h->words++;
		h->n_words--;
	} else {
		h->verb = hactl_verb_find(NULL, first);
	}
	if (h->verb) {
		h->words++;
		h->n_words--;
		return HACTL_OK;
	}
	near = hactl_help_near(hactl_is_group(first) ? first : NULL,
			       h->words[0]);
	if (near)
		return hactl_usage("unknown verb \"%s\"; did you mean \"%s\"?",
				   h->words[0], near);
	return hactl_usage("unknown verb \"%s\"; see hactl help", h->words[0]);
}

static int check_words(const struct hactl *h)
{
	const struct hactl_verb *v = h->verb;

	if (h->n_words >= v->min && h->n_words <= v->max)
		return HACTL_OK;
	return hactl_usage("usage: hactl %s%s%s%s%s", v->group ? v->group : "",
			   v->group ? " " : "", v->name, *v->args ? " " : "",
			   v->args);
}

int hactl_parse(struct hactl *h, int argc, char **argv)
{
	bool only_words = false;
	int ret = HACTL_OK;

	h->words = argv + 1;
	for (int i = 1; i < argc && !ret; i++) {
		if (!only_words && !strcmp(argv[i], "--"))
			only_words = true;
		else if (!only_words && argv[i][0] == '-' && argv[i][1])
			ret = take_option(h, argc, argv, &i);
		else
			h->words[h->n_words++] = argv[i];
	}
	if (!ret)
		ret = find_verb(h);
	if (!ret && h->options[OPT_HELP].n) {
		hactl_help_verb(h->verb);
		return -1;
	}
	if (!ret)
		ret = check_options(h);
	if (!ret)
		ret = check_words(h);
	h->json = h->options[OPT_JSON].n;
	h->dry_run = h->options[OPT_DRY_RUN].n;
	h->yes = h->options[OPT_YES].n;
	if (hactl_opt(h, OPT_SOCKET))
		h->socket = hactl_opt(h, OPT_SOCKET);
	if (h->json)
		h->colour = false;
	return ret;
}

void hactl_free(struct hactl *h)
{
	for (int i = 0; i < OPT_NR; i++)
		hc_words_free(&h->options[i]);
}
