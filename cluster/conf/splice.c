// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layout of statements that come and go. Blanks and comments hang on the token
 * they precede, so what ends the line of one statement hangs on the next.
 */
#include <stdlib.h>
#include <string.h>

#include "splice.h"
#include "util.h"

#define LINE_LENGTH	78

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void give(char **where, char *text)
{
	free(*where);
	*where = text;
}

static char *new_line(const struct hc_spot *spot, unsigned int more)
{
	char *text = xstrdup("\n");

	for (unsigned int i = 0; i < spot->depth + more; i++) {
		char *longer = xasprintf("%s%s", text, spot->unit);

		free(text);
		text = longer;
	}
	return text;
}

static void layout_words(struct conf_node *node, char *first)
{
	for (struct conf_word *word = node->words; word; word = word->next) {
		give(&word->before, first ? first : xstrdup(" "));
		first = NULL;
	}
	give(&node->before_end, node->block ? xstrdup(" ") : NULL);
}

/* All on one line, after a blank. */
static void layout_flat(struct conf_node *node)
{
	layout_words(node, xstrdup(" "));
	for (struct conf_node *child = node->children; child;
	     child = child->next)
		layout_flat(child);
	give(&node->before_close, node->block ? xstrdup(" ") : NULL);
}

static size_t flat_length(struct conf_node *node)
{
	struct conf_node *next = node->next;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	node->next = NULL;
	conf_tree_print(node, out);
	node->next = next;
	fclose(out);
	free(text);
	return size;
}

/* A block in a block, or many statements, want lines of their own. */
static bool is_simple(const struct conf_node *node)
{
	unsigned int n = 0;

	for (node = node->children; node; node = node->next)
		if (node->block || ++n > 5)
			return false;
	return true;
}

void hc_layout(struct conf_node *node, const struct hc_spot *spot)
{
	const struct hc_spot inner = { spot->unit, spot->depth + 1 };
	/* A tab is a byte of the text and eight columns. */
	size_t wider = *spot->unit == '\t' ? 7 * spot->depth : 0;

	layout_flat(node);
	give(&node->words->before, new_line(spot, 0));
	if (!node->block || (is_simple(node) &&
			     wider + flat_length(node) <= LINE_LENGTH))
		return;
	for (struct conf_node *child = node->children; child;
	     child = child->next)
		hc_layout(child, &inner);
	give(&node->before_close, new_line(spot, 0));
}

/* What hangs on the token that follows @after in the block, or is first. */
static char **blank_after(struct conf_node *block, struct conf_node *after)
{
	struct conf_node *next = after ? after->next : block->children;

	return next ? &next->words->before : &block->before_close;
}

void hc_splice(struct conf_node *block, struct conf_node *after,
	       struct conf_node *node, const struct hc_spot *spot)
{
	char **blank = blank_after(block, after);
	const char *text = or_empty(*blank), *line = strchr(text, '\n');
	struct conf_node **link = after ? &after->next : &block->children;

	hc_layout(node, spot);
	if (line) {
		/* The end of the line above stays there. */
		give(&node->words->before,
		     xasprintf("%.*s%s", (int)(line - text), text,
			       node->words->before));
		give(blank, xstrdup(line));
	} else if (!after && !block->children) {
		give(&block->before_close,
		     new_line(&(struct hc_spot){ spot->unit,
						 spot->depth - 1 }, 0));
	} else if (!node->block || is_simple(node)) {
		layout_flat(node);
	}
	node->next = *link;
	*link = node;
}

/* An empty line follows this end of a line. */
static bool ends_paragraph(const char *line)
{
	return line[1 + strspn(line + 1, " \t")] == '\n';
}

/* Of what precedes a statement, the part that belongs to what is above. */
static size_t not_its_own(const char *text)
{
	size_t kept = strcspn(text, "\n");

	for (const char *line = strchr(text, '\n'); line;
	     line = strchr(line + 1, '\n'))
		if (ends_paragraph(line))
			kept = line + 1 - text;
	return kept;
}

void hc_unsplice(struct conf_node *block, struct conf_node *node)
{
	struct conf_node **link = &block->children;
	const char *own = or_empty(node->words->before), *rest;
	char **blank = blank_after(block, node);
	size_t kept = not_its_own(own);

	rest = strchr(or_empty(*blank), '\n');
	if (rest && kept && own[kept - 1] == '\n' && ends_paragraph(rest))
		kept--;
	if (rest)
		give(blank, xasprintf("%.*s%s", (int)kept, own, rest));
	else if (strchr(own, '\n') && node->next)
		give(blank, xstrdup(own));
	while (*link != node)
		link = &(*link)->next;
	*link = node->next;
	node->next = NULL;
	conf_tree_free(node);
}

char *hc_unit_of(const struct conf_node *cluster)
{
	const struct conf_node *node;

	for (node = cluster->children; node; node = node->next) {
		const char *before = or_empty(node->words->before);
		const char *line = strrchr(before, '\n');

		if (line && line[1])
			return xstrdup(line + 1);
	}
	return xstrdup("  ");
}
