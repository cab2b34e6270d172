// SPDX-License-Identifier: GPL-2.0-only
/* From the syntax tree to the model: find each statement in its table. */
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "util.h"
#include "values.h"

#define KNOWN_MAX 48

/*
 * A forgotten ';' joins a statement with the next line's: the word before
 * the line's end is where it is missing.
 */
static bool blame_missing_semicolon(struct conf_errors *errors,
				    const struct conf_node *node)
{
	const struct conf_word *word = node->words;

	for (; word->next; word = word->next) {
		if (word->next->place.line == word->place.line)
			continue;
		conf_error(errors, &word->place, "a ';' is missing after \"%s\"",
			   word->text);
		return true;
	}
	return false;
}

static const char *find_elsewhere(const char *name)
{
	for (int section = HC_S_TOP; section < HC_S_NR; section++)
		if (hc_key_find(section, name))
			return hc_sections[section].name;
	return NULL;
}

static void unknown_word(struct hc_scope *scope, const struct conf_node *node)
{
	const struct hc_section_info *info = &hc_sections[scope->section];
	const struct conf_word *word = node->words;
	const char *known[KNOWN_MAX] = { NULL };
	const char *near, *elsewhere = find_elsewhere(word->text);
	unsigned int n = 0;

	if (blame_missing_semicolon(scope->errors, node))
		return;
	for (const struct hc_key *key = info->keys;
	     key->name && n + 1 < KNOWN_MAX; key++)
		known[n++] = key->name;
	near = ha_nearest(word->text, known);
	if (elsewhere)
		conf_error(scope->errors, &word->place,
			   "\"%s\" does not belong into %s, but into %s",
			   word->text, info->name, elsewhere);
	else if (near)
		conf_error(scope->errors, &word->place,
			   "unknown word \"%s\" in %s; did you mean \"%s\"?",
			   word->text, info->name, near);
	else
		conf_error(scope->errors, &word->place,
			   "unknown word \"%s\" in %s", word->text, info->name);
}

static unsigned int count_values(const struct conf_node *node)
{
	unsigned int n = 0;

	for (const struct conf_word *w = node->words->next; w; w = w->next)
		n++;
	return n;
}

static bool shape_is_right(struct hc_scope *scope, const struct hc_key *key,
			   const struct conf_node *node)
{
	const struct conf_place *place = &node->words->place;
	unsigned int n = count_values(node);
	bool block_wrong = (key->block < 0 && node->block) ||
			   (key->block > 0 && !node->block);

	if (!block_wrong && n >= key->min && n <= key->max)
		return true;
	if (blame_missing_semicolon(scope->errors, node))
		return false;
	if (key->block > 0 && !node->block)
		conf_error(scope->errors, place,
			   "\"%s\" must be followed by { ... }", key->name);
	else if (block_wrong)
		conf_error(scope->errors, place,
			   "\"%s\" has no block; a ';' must follow its value",
			   key->name);
	else if (n > key->max)
		conf_error(scope->errors, place, "\"%s\" has too many values",
			   key->name);
	else if (key->kind == HC_K_NAMED || key->kind == HC_K_CLUSTER)
		conf_error(scope->errors, place, "\"%s\" needs a name",
			   key->name);
	else
		conf_error(scope->errors, place, "\"%s\" needs %s", key->name,
			   key->min > 1 ? "more values" : "a value");
	return false;
}

/* In a fence block other words are parameters of the agent. */
static bool take_parameter(struct hc_scope *scope, const struct conf_node *node)
{
	const struct hc_section_info *info = &hc_sections[scope->section];
	struct hc_pairs *pairs = (void *)((char *)scope->object + info->free);
	const struct conf_word *name = node->words;

	if (!info->has_free || node->block || count_values(node) != 1)
		return false;
	if (hc_pairs_get(pairs, name->text))
		conf_error(scope->errors, &name->place,
			   "\"%s\" is there already", name->text);
	else
		hc_pairs_add(pairs, name->text, name->next->text);
	return true;
}

/* Statements that may be written more than once. */
static bool may_repeat(const struct hc_key *key)
{
	switch (key->kind) {
	case HC_K_ADDRESS:
	case HC_K_PAIR:
	case HC_K_RULE:
	case HC_K_MEMBER:
	case HC_K_NAMED:
		return true;
	default:
		return false;
	}
}

static bool is_repeated(const struct conf_node *first,
			const struct conf_node *node,
			struct conf_errors *errors)
{
	for (; first != node; first = first->next) {
		if (strcmp(first->words->text, node->words->text))
			continue;
		conf_error(errors, &node->words->place,
			   "\"%s\" is there already, in line %u",
			   node->words->text, first->words->place.line);
		return true;
	}
	return false;
}

void hc_build_block(struct hc_scope *scope, const struct conf_node *node)
{
	const struct conf_node *first = node;

	for (; node; node = node->next) {
		const struct hc_key *key =
			hc_key_find(scope->section, node->words->text);

		if (!key) {
			if (!take_parameter(scope, node))
				unknown_word(scope, node);
		} else if (shape_is_right(scope, key, node) &&
			   (may_repeat(key) ||
			    !is_repeated(first, node, scope->errors))) {
			hc_set(scope, key, node);
		}
	}
}

bool hc_name_is_bad(struct conf_errors *errors, const struct conf_word *word,
		    const char *what)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *name = word->text;

	if (!*name || strspn(name, good) != strlen(name) || *name == '-' ||
	    *name == '.' || !strcmp(name, "all")) {
		conf_error(errors, &word->place,
			   "\"%s\" cannot be the name of a %s: use letters, digits, '.', '_' and '-'",
			   name, what);
		return true;
	}
	if (strlen(name) > HC_NAME_MAX) {
		conf_error(errors, &word->place,
			   "the name of a %s has %d letters at most", what,
			   HC_NAME_MAX);
		return true;
	}
	return false;
}

void hc_build(struct hc_config *conf, struct conf_errors *errors)
{
	struct conf_place start = { .file = conf->file, .line = 1, .column = 1 };
	struct hc_scope scope = {
		.conf = conf,
		.errors = errors,
		.section = HC_S_TOP,
		.object = conf,
	};

	hc_unset(HC_S_CLUSTER, conf);
	hc_build_block(&scope, conf->tree);
	if (!errors->count && !conf->name)
		conf_error(errors, &start, "there is no cluster in it");
}
