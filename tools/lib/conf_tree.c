// SPDX-License-Identifier: GPL-2.0-only
/* Building, printing, freeing and complaining for the syntax tree. */
#include <stdarg.h>
#include <stdlib.h>

#include "conf_tree.h"
#include "util.h"

void conf_error(struct conf_errors *errors, const struct conf_place *place,
		const char *fmt, ...)
{
	va_list ap;
	char *what;

	if (errors->count >= CONF_ERRORS_MAX)
		return;
	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	errors->text[errors->count++] =
		xasprintf("%s:%u:%u: %s", place->file, place->line,
			  place->column, what);
	free(what);
}

void conf_errors_print(const struct conf_errors *errors, FILE *out)
{
	for (unsigned int i = 0; i < errors->count; i++)
		fprintf(out, "%s\n", errors->text[i]);
	if (errors->count == CONF_ERRORS_MAX)
		fprintf(out, "(the first %d errors; there may be more)\n",
			CONF_ERRORS_MAX);
}

void conf_errors_free(struct conf_errors *errors)
{
	while (errors->count)
		free(errors->text[--errors->count]);
}

struct conf_word *conf_word_append(struct conf_word *list,
				   struct conf_word *word)
{
	struct conf_word **end = &list;

	while (*end)
		end = &(*end)->next;
	*end = word;
	return list;
}

struct conf_node *conf_node_append(struct conf_node *list,
				   struct conf_node *node)
{
	struct conf_node **end = &list;

	while (*end)
		end = &(*end)->next;
	*end = node;
	return list;
}

struct conf_node *conf_node_new(struct conf_word *words, bool block,
				struct conf_node *children)
{
	struct conf_node *node = xcalloc(1, sizeof(*node));

	node->words = words;
	node->block = block;
	node->children = children;
	return node;
}

struct conf_node *conf_node_close(struct conf_node *node, char *before_end,
				  char *before_close)
{
	node->before_end = before_end;
	node->before_close = before_close;
	return node;
}

void conf_words_free(struct conf_word *word)
{
	while (word) {
		struct conf_word *next = word->next;

		free(word->text);
		free(word->before);
		free(word);
		word = next;
	}
}

void conf_tree_free(struct conf_node *node)
{
	while (node) {
		struct conf_node *next = node->next;

		conf_words_free(node->words);
		conf_tree_free(node->children);
		free(node->before_end);
		free(node->before_close);
		free(node);
		node = next;
	}
}

static void print_kept(const char *text, FILE *out)
{
	if (text)
		fputs(text, out);
}

static void print_word(const struct conf_word *word, FILE *out)
{
	print_kept(word->before, out);
	if (!word->quoted) {
		fputs(word->text, out);
		return;
	}
	fputc('"', out);
	for (const char *c = word->text; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

void conf_tree_print(const struct conf_node *node, FILE *out)
{
	for (; node; node = node->next) {
		for (const struct conf_word *w = node->words; w; w = w->next)
			print_word(w, out);
		print_kept(node->before_end, out);
		fputc(node->block ? '{' : ';', out);
		if (!node->block)
			continue;
		conf_tree_print(node->children, out);
		print_kept(node->before_close, out);
		fputc('}', out);
	}
}
