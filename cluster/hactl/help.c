// SPDX-License-Identifier: GPL-2.0-only
/* Help, made of the table of verbs. */
#include <string.h>

#include "help.h"
#include "util.h"

static bool is_hidden(const struct hactl_verb *verb)
{
	return !*verb->help;
}

static bool same_group(const struct hactl_verb *verb, const char *group)
{
	return ha_streq(verb->group, group);
}

static void print_line(const struct hactl_verb *verb)
{
	char head[80];

	snprintf(head, sizeof(head), "%s%s%s%s%s",
		 verb->group ? verb->group : "", verb->group ? " " : "",
		 verb->name, *verb->args ? " " : "", verb->args);
	if (strlen(head) > 38)
		printf("  %s\n  %38s %s\n", head, "", verb->help);
	else
		printf("  %-38s %s\n", head, verb->help);
}

void hactl_help_group(const char *group)
{
	for (const struct hactl_verb *v = hactl_verbs; v->name; v++)
		if (same_group(v, group) && !is_hidden(v))
			print_line(v);
}

static void print_option(int i)
{
	const struct hactl_option_info *info = &hactl_options[i];
	char head[80];
	char letter[] = { '-', info->letter, ',', ' ', '\0' };

	snprintf(head, sizeof(head), "%s--%s%s%s",
		 info->letter ? letter : "    ", info->name,
		 info->value ? " " : "", info->value ? info->value : "");
	printf("  %-36s %s\n", head, info->help);
}

void hactl_help_all(void)
{
	puts("usage: hactl VERB [OPTIONS] [WORDS]\n");
	for (const struct hactl_verb *v = hactl_verbs; v->name; v++)
		if (!is_hidden(v))
			print_line(v);
	puts("\nOptions of every verb:");
	for (int i = 0; i < OPT_WATCH; i++)
		print_option(i);
	puts("\n\"hactl help VERB\" says more. Exit status: 0 done, 1 failed, 2 usage,\n"
	     "3 no quorum, 4 conflict, 5 it would be unsafe.");
}

void hactl_help_verb(const struct hactl_verb *verb)
{
	printf("hactl %s%s%s%s%s\n\n%s\n", verb->group ? verb->group : "",
	       verb->group ? " " : "", verb->name, *verb->args ? " " : "",
	       verb->args, verb->help);
	if (verb->more)
		puts(verb->more);
	if (!(verb->takes & ~TAKE_COMMON))
		return;
	putchar('\n');
	for (int i = OPT_WATCH; i < OPT_NR; i++)
		if (verb->takes & TAKE(i))
			print_option(i);
}

const char *hactl_help_near(const char *group, const char *word)
{
	const char *known[128] = { NULL };
	unsigned int n = 0;

	for (const struct hactl_verb *v = hactl_verbs; v->name && n < 127; v++)
		if (group ? same_group(v, group) : !is_hidden(v))
			known[n++] = group || !v->group ? v->name : v->group;
	return ha_nearest(word, known);
}

int hactl_help(struct hactl *h)
{
	const char *first = h->words[0];
	const struct hactl_verb *verb;

	if (!h->n_words) {
		hactl_help_all();
		return HACTL_OK;
	}
	if (hactl_is_group(first) && h->n_words == 1) {
		hactl_help_group(first);
		return HACTL_OK;
	}
	verb = hactl_is_group(first) ? hactl_verb_find(first, h->words[1]) :
				       hactl_verb_find(NULL, first);
	if (!verb)
		return hactl_usage("unknown verb \"%s\"; see hactl help",
				   h->words[h->n_words - 1]);
	hactl_help_verb(verb);
	return HACTL_OK;
}
