// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion: "hactl complete -- WORDS" prints what may stand in the place of
 * the last word, one a line; bash does the rest. Names come from this node's
 * copy of the configuration: pressing a key must not wait for a daemon.
 */
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "files.h"
#include "help.h"
#include "util.h"

#define CLUSTER_CONF	"/etc/hacluster/cluster.conf"
#define CONF_VARIABLE	"HACTL_CONF"

static void print_options(const struct hactl_verb *verb)
{
	for (int i = 0; i < OPT_NR; i++)
		if (i < OPT_WATCH || (verb && (verb->takes & TAKE(i))))
			printf("--%s\n", hactl_options[i].name);
}

/* The first words: verbs and groups, each once. */
static void print_verbs(const char *group)
{
	const char *last = NULL;

	for (const struct hactl_verb *v = hactl_verbs; v->name; v++) {
		const char *word = v->group && !group ? v->group : v->name;

		if (!*v->help || (group && !ha_streq(v->group, group)) ||
		    ha_streq(word, last))
			continue;
		puts(word);
		last = word;
	}
}

static struct hc_config *load(void)
{
	const char *path = getenv(CONF_VARIABLE);
	struct conf_errors errors = { 0 };
	struct hc_config *conf = NULL;
	char *text = file_read(path ? path : CLUSTER_CONF);

	if (text)
		conf = hc_load("", text, &errors);
	conf_errors_free(&errors);
	free(text);
	return conf;
}

static void print_names(enum hactl_word kind)
{
	struct hc_config *conf = load();

	for (unsigned int i = 0; conf && kind == W_NODE && i < conf->n_nodes;
	     i++)
		puts(conf->nodes[i].name);
	for (unsigned int i = 0; conf && kind == W_FENCE && i < conf->n_fences;
	     i++)
		puts(conf->fences[i].name);
	for (unsigned int i = 0; conf && i < conf->n_services; i++)
		if (kind == W_SERVICE ||
		    (kind == W_CLONE && conf->services[i].clone))
			puts(conf->services[i].name);
	hc_free(conf);
}

static void print_words(const char *const *words)
{
	for (; *words; words++)
		puts(*words);
}

static void print_for(const struct hactl_verb *verb, unsigned int at)
{
	static const char *const on_off[] = { "on", "off", NULL };
	enum hactl_word kind = verb->words[at < 2 ? at : 2];

	switch (kind) {
	case W_VERB:
		print_verbs(NULL);
		break;
	case W_RULE:
		print_words(hc_rule_words);
		break;
	case W_ON_OFF:
		print_words(on_off);
		break;
	case W_NODE:
	case W_SERVICE:
	case W_CLONE:
	case W_FENCE:
		print_names(kind);
		break;
	default:
		break;
	}
}

/* A value of an option, where it is a name. */
static bool print_value(const char *option)
{
	static const char *const nodes[] = { "--prefer", "--avoid", "--node",
					     "--tiebreaker", NULL };
	static const char *const services[] = { "--with", "--after", NULL };

	if (hc_word_find(nodes, option) >= 0)
		print_names(W_NODE);
	else if (hc_word_find(services, option) >= 0)
		print_names(W_SERVICE);
	else if (!strcmp(option, "--detect"))
		print_words(hc_profile_words);
	else if (!strcmp(option, "--stay"))
		print_words(hc_stay_words);
	else
		return false;
	return true;
}

/* Words that are no options and no values of options, before the last one. */
static unsigned int plain_words(struct hactl *h, const char **plain)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i + 1 < h->n_words; i++) {
		const char *word = h->words[i];
		bool value = false;

		if (*word != '-') {
			plain[n++] = word;
			continue;
		}
		for (int j = 0; j < OPT_NR; j++)
			value |= !strncmp(word, "--", 2) &&
				 !strcmp(word + 2, hactl_options[j].name) &&
				 hactl_options[j].value;
		i += value;
	}
	return n;
}

int hactl_complete(struct hactl *h)
{
	const char *current = h->n_words ? h->words[h->n_words - 1] : "";
	const char **plain = xcalloc(h->n_words + 1, sizeof(*plain));
	unsigned int n = plain_words(h, plain);
	const struct hactl_verb *verb = NULL;
	unsigned int used = 1;

	if (n && hactl_is_group(plain[0])) {
		verb = n > 1 ? hactl_verb_find(plain[0], plain[1]) : NULL;
		used = 2;
	} else if (n) {
		verb = hactl_verb_find(NULL, plain[0]);
	}
	if (h->n_words > 1 && print_value(h->words[h->n_words - 2]))
		;
	else if (*current == '-')
		print_options(verb);
	else if (!n)
		print_verbs(NULL);
	else if (used == 2 && n == 1)
		print_verbs(plain[0]);
	else if (verb)
		print_for(verb, n - used);
	free(plain);
	return HACTL_OK;
}
