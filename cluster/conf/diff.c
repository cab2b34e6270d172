// SPDX-License-Identifier: GPL-2.0-only
/*
 * What differs between two configurations, statement by statement: of their
 * normal forms, so that layout, comments and spelling are no difference.
 */
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "util.h"

struct diff {
	FILE *out;
	char *path;
};

static struct conf_node *tree_of(const struct hc_config *conf)
{
	struct conf_errors errors = { 0 };
	char *text = hc_normal(conf);
	FILE *in = fmemopen(text, strlen(text), "r");
	struct conf_node *tree = conf_tree_parse(in, "normal", &errors);

	fclose(in);
	free(text);
	conf_errors_free(&errors);
	return tree;
}

/* How many words say which statement it is; the others are its value. */
static unsigned int identity(const struct conf_node *node)
{
	static const char *const many[] = {
		"link", "prefer", "avoid", "only-on", "after", "with",
		"together", "apart", "needs",
	};
	const char *first = node->words->text;

	if (!strcmp(first, "mount") && node->block)
		return 3;
	if (node->block && strcmp(first, "detect"))
		return 2;
	if (!strcmp(first, "param") || !strcmp(first, "attribute"))
		return 2;
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		if (!strcmp(first, many[i]))
			return 32;
	return 1;
}

static bool same_words(const struct conf_node *a, const struct conf_node *b,
		       unsigned int n)
{
	const struct conf_word *wa = a->words, *wb = b->words;

	for (; n && wa && wb; n--, wa = wa->next, wb = wb->next)
		if (strcmp(wa->text, wb->text))
			return false;
	return !n || (!wa && !wb);
}

static const struct conf_node *find(const struct conf_node *list,
				    const struct conf_node *like)
{
	for (; list; list = list->next)
		if (same_words(list, like, identity(like)))
			return list;
	return NULL;
}

static void print_words(FILE *out, const struct conf_word *word)
{
	const char *gap = "";

	for (; word; word = word->next, gap = " ")
		fprintf(out, "%s%s", gap, word->text);
}

static void say(const struct diff *d, char sign, const struct conf_node *node)
{
	fprintf(d->out, "%c %s", sign, d->path);
	print_words(d->out, node->words);
	fputc('\n', d->out);
	for (node = node->block ? node->children : NULL; node;
	     node = node->next) {
		fprintf(d->out, "%c %s  ", sign, d->path);
		print_words(d->out, node->words);
		fputc('\n', d->out);
	}
}

static void say_changed(const struct diff *d, const struct conf_node *from,
			const struct conf_node *to)
{
	unsigned int n = identity(from);
	const struct conf_word *old = from->words, *new = to->words;

	fprintf(d->out, "~ %s", d->path);
	for (; n; n--, old = old->next, new = new->next)
		fprintf(d->out, "%s%s", old->text, n > 1 ? " " : ": ");
	print_words(d->out, old);
	fputs(" -> ", d->out);
	print_words(d->out, new);
	fputc('\n', d->out);
}

static void diff_lists(struct diff *d, const struct conf_node *from,
		       const struct conf_node *to);

static void diff_block(struct diff *d, const struct conf_node *from,
		       const struct conf_node *to)
{
	char *words = NULL, *outer = d->path;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	print_words(out, to->words);
	fclose(out);
	/* What is said of the cluster needs no name: there is one. */
	d->path = strcmp(to->words->text, "cluster") ?
		  xasprintf("%s%s: ", outer, words) : xstrdup("");
	diff_lists(d, from->children, to->children);
	free(d->path);
	d->path = outer;
	free(words);
}

static void diff_lists(struct diff *d, const struct conf_node *from,
		       const struct conf_node *to)
{
	for (const struct conf_node *old = from; old; old = old->next) {
		const struct conf_node *new = find(to, old);

		if (!new)
			say(d, '-', old);
		else if (!same_words(old, new, 32))
			say_changed(d, old, new);
		if (new && new->block)
			diff_block(d, old, new);
	}
	for (; to; to = to->next)
		if (!find(from, to))
			say(d, '+', to);
}

/* The members of a service run in their order: a new order is a change. */
static void say_order(struct diff *d, const struct hc_config *from,
		      const struct hc_config *to)
{
	for (unsigned int i = 0; i < to->n_services; i++) {
		const struct hc_service *new = &to->services[i];
		const struct hc_service *old =
			hc_service_find(from, new->name);
		unsigned int last = 0;

		for (unsigned int j = 0; old && j < new->n_members; j++) {
			const struct hc_member *was =
				hc_member_find(old, new->members[j].name);
			unsigned int at = was ? was - old->members + 1 : last;

			if (at < last) {
				fprintf(d->out, "~ %s %s: order of its members\n",
					new->clone ? "clone" : "service", new->name);
				break;
			}
			last = at;
		}
	}
}

char *hc_diff(const struct hc_config *from, const struct hc_config *to)
{
	struct conf_node *old = tree_of(from), *new = tree_of(to);
	char *text = NULL, none[] = "";
	size_t size;
	struct diff d = { .out = open_memstream(&text, &size), .path = none };

	if (strcmp(from->name, to->name))
		fprintf(d.out, "~ cluster: %s -> %s\n", from->name, to->name);
	diff_block(&d, old, new);
	say_order(&d, from, to);
	fclose(d.out);
	conf_tree_free(old);
	conf_tree_free(new);
	return text;
}
