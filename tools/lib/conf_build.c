// SPDX-License-Identifier: GPL-2.0-only
/* From the syntax tree to the model: find each statement in its table. */
#include <stdlib.h>
#include <string.h>

#include "conf_keys.h"
#include "util.h"

#define KNOWN_MAX 32

/*
 * A forgotten ';' joins a statement with the next line's: the word before
 * the line's end is where it is missing.
 */
static const struct conf_word *line_end(const struct conf_node *node)
{
	const struct conf_word *word = node->words;

	for (; word->next; word = word->next)
		if (word->next->place.line != word->place.line)
			return word;
	return NULL;
}

static bool blame_missing_semicolon(struct conf_errors *errors,
				    const struct conf_node *node)
{
	const struct conf_word *last = line_end(node);

	if (last)
		conf_error(errors, &last->place,
			   "a ';' is missing after \"%s\"", last->text);
	return last;
}

static const struct conf_key *find_key(enum conf_section section,
				       const char *name, bool block)
{
	const struct conf_key *key, *other = NULL;

	for (key = conf_keys[section]; key->name; key++) {
		if (strcmp(key->name, name))
			continue;
		if (key->block == block)
			return key;
		other = key;
	}
	return other;
}

/* Another section that knows the word, or CONF_SECTION_NR. */
static enum conf_section find_elsewhere(const char *name)
{
	int section = CONF_TOP;

	while (section < CONF_SECTION_NR && !find_key(section, name, false))
		section++;
	return section;
}

static void unknown_word(struct conf_errors *errors, enum conf_section section,
			 const struct conf_node *node)
{
	const struct conf_word *word = node->words;
	const char *known[KNOWN_MAX] = { NULL };
	const char *near, *instead = conf_legacy(word->text);
	enum conf_section elsewhere = find_elsewhere(word->text);
	unsigned int n = 0;

	for (const struct conf_key *key = conf_keys[section];
	     key->name && n + 1 < KNOWN_MAX; key++)
		known[n++] = key->name;
	near = ha_nearest(word->text, known);
	if (instead)
		conf_error(errors, &word->place, "\"%s\" is a DRBD word: %s",
			   word->text, instead);
	else if (elsewhere < CONF_SECTION_NR)
		conf_error(errors, &word->place,
			   "\"%s\" does not belong into %s, but into %s",
			   word->text, conf_section_names[section],
			   conf_section_names[elsewhere]);
	else if (near)
		conf_error(errors, &word->place,
			   "unknown word \"%s\" in %s; did you mean \"%s\"?",
			   word->text, conf_section_names[section], near);
	else
		conf_error(errors, &word->place, "unknown word \"%s\" in %s",
			   word->text, conf_section_names[section]);
}

static bool shape_is_right(struct conf_errors *errors,
			   const struct conf_key *key,
			   const struct conf_node *node)
{
	const struct conf_word *word = node->words;
	unsigned int n = 0;

	for (word = word->next; word; word = word->next)
		n++;
	if (key->block == node->block && n >= key->min && n <= key->max)
		return true;
	if (blame_missing_semicolon(errors, node))
		return false;
	if (node->block && !key->block)
		conf_error(errors, &node->words->place,
			   "\"%s\" has no block; a ';' must follow its value",
			   key->name);
	else if (key->block && !node->block)
		conf_error(errors, &node->words->place,
			   "\"%s\" must be followed by { ... }", key->name);
	else if (n < key->min)
		conf_error(errors, &node->words->place,
			   "\"%s\" needs a value", key->name);
	else
		conf_error(errors, &node->words->place,
			   "\"%s\" has too many values", key->name);
	return false;
}

static void build_section(struct conf_scope *scope, enum conf_section section,
			  const struct conf_node *node)
{
	for (; node; node = node->next) {
		const struct conf_key *key =
			find_key(section, node->words->text, node->block);

		if (!key) {
			if (!blame_missing_semicolon(scope->errors, node) ||
			    conf_legacy(node->words->text))
				unknown_word(scope->errors, section, node);
		} else if (shape_is_right(scope->errors, key, node) &&
			   key->set) {
			key->set(scope, key, node);
		}
	}
}

void conf_open_section(struct conf_scope *scope, const struct conf_key *key,
		       const struct conf_node *node)
{
	struct conf_scope inner = *scope;

	if (key->arg == CONF_COMMON)
		inner.settings = &scope->conf->common;
	build_section(&inner, key->arg, node->children);
}

static bool name_is_bad(struct conf_errors *errors,
			const struct conf_word *word, const char *what)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
	const char *name = word->text;

	if (!*name || strspn(name, good) != strlen(name) || *name == '-' ||
	    *name == '.' || !strcmp(name, "all")) {
		conf_error(errors, &word->place,
			   "\"%s\" cannot be the name of a %s: use letters, digits, '.', '_', '+' and '-'",
			   name, what);
		return true;
	}
	if (strlen(name) >= HA_NAME_LEN) {
		conf_error(errors, &word->place,
			   "the name of a %s has %d letters at most", what,
			   HA_NAME_LEN - 1);
		return true;
	}
	return false;
}

void conf_open_resource(struct conf_scope *scope, const struct conf_key *key,
			const struct conf_node *node)
{
	const struct conf_word *name = node->words->next;
	struct conf_scope inner = *scope;
	struct ha_conf_resource *res = ha_conf_find(scope->conf, name->text);

	if (res)
		conf_error(scope->errors, &name->place,
			   "resource %s is there already, at %s:%u", name->text,
			   res->place.file, res->place.line);
	if (res || name_is_bad(scope->errors, name, "resource"))
		return;
	scope->conf->resources = xreallocarray(scope->conf->resources,
					       scope->conf->n_resources + 1,
					       sizeof(*res));
	res = &scope->conf->resources[scope->conf->n_resources++];
	memset(res, 0, sizeof(*res));
	res->name = xstrdup(name->text);
	res->place = name->place;
	res->everywhere.minor = -1;
	inner.resource = res;
	inner.settings = &res->settings;
	inner.host = &res->everywhere;
	build_section(&inner, key->arg, node->children);
}

void conf_open_host(struct conf_scope *scope, const struct conf_key *key,
		    const struct conf_node *node)
{
	const struct conf_word *name = node->words->next;
	struct ha_conf_resource *res = scope->resource;
	struct conf_scope inner = *scope;
	struct ha_conf_host *host = ha_conf_host_find(res, name->text);

	if (host)
		conf_error(scope->errors, &name->place,
			   "host %s is there already, at %s:%u", name->text,
			   host->place.file, host->place.line);
	if (host || name_is_bad(scope->errors, name, "host"))
		return;
	if (res->n_hosts == HA_MAX_SLOTS) {
		conf_error(scope->errors, &name->place,
			   "a resource has at most %d hosts", HA_MAX_SLOTS);
		return;
	}
	host = &res->hosts[res->n_hosts++];
	host->name = xstrdup(name->text);
	host->place = name->place;
	host->node_id = -1;
	host->minor = -1;
	inner.host = host;
	build_section(&inner, key->arg, node->children);
}

void ha_conf_build(struct ha_conf *conf, const struct conf_node *tree,
		   struct conf_errors *errors)
{
	struct conf_scope scope = {
		.conf = conf,
		.errors = errors,
	};

	build_section(&scope, CONF_TOP, tree);
}
