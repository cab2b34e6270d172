// SPDX-License-Identifier: GPL-2.0-only
/* Changes of a configuration, made on its tree and checked at the end. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "keys.h"
#include "splice.h"
#include "util.h"

struct hc_edit {
	struct hc_config *conf;
	struct conf_errors *errors;
	struct conf_node *cluster;
	char *unit;
};

struct hc_edit *hc_edit_begin(const char *file, const char *text,
			      struct conf_errors *errors)
{
	struct hc_config *conf = hc_load(file, text, errors);
	struct hc_edit *edit;

	if (!conf)
		return NULL;
	edit = xcalloc(1, sizeof(*edit));
	edit->conf = conf;
	edit->errors = errors;
	edit->cluster = conf->tree;
	edit->unit = hc_unit_of(edit->cluster);
	return edit;
}

char *hc_edit_end(struct hc_edit *edit)
{
	char *text = hc_text(edit->conf);
	struct hc_config *changed = NULL;

	if (!edit->errors->count)
		changed = hc_load("(the changed configuration)", text,
				  edit->errors);
	if (!changed) {
		free(text);
		text = NULL;
	}
	hc_free(changed);
	hc_free(edit->conf);
	free(edit->unit);
	free(edit);
	return text;
}

static void complain(struct hc_edit *edit, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* About what was asked, so without a place in a file. */
static void complain(struct hc_edit *edit, const char *fmt, ...)
{
	struct conf_errors *errors = edit->errors;
	va_list ap;

	if (errors->count >= CONF_ERRORS_MAX)
		return;
	va_start(ap, fmt);
	errors->text[errors->count++] = xvasprintf(fmt, ap);
	va_end(ap);
}

static struct conf_node *parse(struct hc_edit *edit, const char *statement)
{
	FILE *in = fmemopen((void *)statement, strlen(statement), "r");
	struct conf_node *node = NULL;
	char *tail = NULL;

	if (in) {
		node = conf_tree_parse_kept(in, statement, edit->errors, &tail);
		fclose(in);
	}
	free(tail);
	if (node && !node->next && !edit->errors->count)
		return node;
	if (!edit->errors->count)
		complain(edit, "\"%s\" is not one statement", statement);
	conf_tree_free(node);
	return NULL;
}

static bool is_block(const struct conf_node *node, const char *kind,
		     const char *name)
{
	return node->block && !strcmp(node->words->text, kind) &&
	       (!name || (node->words->next &&
			  !strcmp(node->words->next->text, name)));
}

static struct conf_node *find_block(struct hc_edit *edit, const char *kind,
				    const char *name)
{
	struct conf_node *node;

	for (node = edit->cluster->children; node; node = node->next)
		if (is_block(node, kind, name))
			return node;
	return NULL;
}

/* A service or a clone: both are named in one space. */
static struct conf_node *find_service(struct hc_edit *edit, const char *name)
{
	struct conf_node *node = find_block(edit, "service", name);

	if (!node)
		node = find_block(edit, "clone", name);
	if (!node)
		complain(edit, "there is no service \"%s\"", name);
	return node;
}

/* Where in its block a statement belongs: after those of this rank or less. */
static int rank(enum hc_section section, const char *word)
{
	const struct hc_key *keys = hc_sections[section].keys;
	int first_member = -1;

	for (int i = 0; keys[i].name; i++) {
		if (keys[i].kind == HC_K_MEMBER && first_member < 0)
			first_member = i;
		if (!strcmp(keys[i].name, word))
			return keys[i].kind == HC_K_MEMBER ? first_member : i;
	}
	return 1000;
}

static void insert(struct hc_edit *edit, struct conf_node *block,
		   enum hc_section section, const char *statement,
		   struct conf_node *before)
{
	const struct hc_spot spot = {
		edit->unit, block == edit->cluster ? 1 : 2,
	};
	struct conf_node *node = parse(edit, statement), *after = NULL;

	if (!node)
		return;
	for (struct conf_node *n = block->children; n && n != before; n = n->next)
		if (before || rank(section, n->words->text) <=
			      rank(section, node->words->text))
			after = n;
	hc_splice(block, after, node, &spot);
}

void hc_edit_block(struct hc_edit *edit, const char *kind, const char *name,
		   char *const *statements, unsigned int n)
{
	char *text = xasprintf("%s %s {", kind, name), *longer;

	if (strpbrk(name, " \t\n;{}\"#"))
		complain(edit, "\"%s\" cannot be a name", name);
	else if (find_block(edit, kind, name))
		complain(edit, "%s %s is there already", kind, name);
	for (unsigned int i = 0; i <= n; i++) {
		longer = xasprintf("%s %s", text, i < n ? statements[i] : "}");
		free(text);
		text = longer;
	}
	if (!edit->errors->count)
		insert(edit, edit->cluster, HC_S_CLUSTER, text, NULL);
	free(text);
}

void hc_edit_remove(struct hc_edit *edit, const char *kind, const char *name)
{
	struct conf_node *node = find_block(edit, kind, name);

	if (node)
		hc_unsplice(edit->cluster, node);
	else
		complain(edit, "there is no %s \"%s\"", kind, name);
}

void hc_edit_device(struct hc_edit *edit, const char *name)
{
	char *hadm = xasprintf("hadm %s;", name);

	if (!find_block(edit, "device", name))
		hc_edit_block(edit, "device", name, &hadm, 1);
	free(hadm);
}

static int free_id(const struct hc_config *conf)
{
	int id = 1;

	for (unsigned int i = 0; i < conf->n_nodes; i++)
		if (conf->nodes[i].id >= id)
			id = conf->nodes[i].id + 1;
	return id;
}

void hc_edit_node(struct hc_edit *edit, const char *name,
		  const struct hc_words *links, bool tiebreaker)
{
	char *statements[HC_LINKS_MAX + 2];
	unsigned int n = 0;

	if (links->n > HC_LINKS_MAX) {
		complain(edit, "a node has %d links at most", HC_LINKS_MAX);
		return;
	}
	statements[n++] = xasprintf("id %d;", free_id(edit->conf));
	for (unsigned int i = 0; i < links->n; i++)
		statements[n++] = xasprintf("link %s;", links->word[i]);
	if (tiebreaker)
		statements[n++] = xstrdup("role tiebreaker;");
	hc_edit_block(edit, "node", name, statements, n);
	while (n)
		free(statements[--n]);
}

/* The statement of a member, which the tree has in the order of the model. */
static struct conf_node *find_member(struct hc_edit *edit,
				     struct conf_node *block,
				     const char *member)
{
	const struct hc_service *service =
		hc_service_find(edit->conf, block->words->next->text);
	const struct hc_member *found =
		service ? hc_member_find(service, member) : NULL;
	unsigned int at = found ? found - service->members : 0;
	struct conf_node *node = found ? block->children : NULL;

	for (; node; node = node->next) {
		const struct hc_key *key =
			hc_key_find(HC_S_SERVICE, node->words->text);

		if (key && key->kind == HC_K_MEMBER && !at--)
			return node;
	}
	complain(edit, "there is no member \"%s\" in %s", member,
		 block->words->next->text);
	return NULL;
}

void hc_edit_member(struct hc_edit *edit, const char *service,
		    const char *statement, const char *before)
{
	struct conf_node *block = find_service(edit, service), *at = NULL;

	if (block && before)
		at = find_member(edit, block, before);
	if (!edit->errors->count)
		insert(edit, block, HC_S_CLONE, statement, at);
}

void hc_edit_member_remove(struct hc_edit *edit, const char *service,
			   const char *member)
{
	struct conf_node *block = find_service(edit, service), *at = NULL;

	if (block)
		at = find_member(edit, block, member);
	if (at)
		hc_unsplice(block, at);
}

static struct conf_node *find_key(struct conf_node *block, const char *kind)
{
	struct conf_node *node = block->children;

	while (node && strcmp(node->words->text, kind))
		node = node->next;
	return node;
}

void hc_edit_rule(struct hc_edit *edit, const char *service, const char *kind,
		  const char *target)
{
	struct conf_node *block = find_service(edit, service), *rule;
	char *text;

	if (!block)
		return;
	for (rule = block->children; rule; rule = rule->next)
		for (struct conf_word *word = rule->words->next; word;
		     word = word->next)
			if (!strcmp(rule->words->text, kind) &&
			    !strcmp(word->text, target))
				return complain(edit,
						"%s has the rule \"%s %s\" already",
						service, kind, target);
	text = xasprintf("%s %s;", kind, target);
	insert(edit, block, HC_S_CLONE, text, NULL);
	free(text);
}

static bool drop_word(struct conf_node *node, const char *text)
{
	struct conf_word **link = &node->words->next, *word;

	while (*link && strcmp((*link)->text, text))
		link = &(*link)->next;
	word = *link;
	if (!word)
		return false;
	*link = word->next;
	word->next = NULL;
	conf_words_free(word);
	return true;
}

void hc_edit_rule_remove(struct hc_edit *edit, const char *service,
			 const char *kind, const char *target)
{
	struct conf_node *block = find_service(edit, service), *node, *next;
	bool found = false;

	for (node = block ? block->children : NULL; node; node = next) {
		next = node->next;
		if (strcmp(node->words->text, kind))
			continue;
		if (target && !drop_word(node, target))
			continue;
		found = true;
		if (!target || !node->words->next)
			hc_unsplice(block, node);
	}
	if (block && !found)
		complain(edit, "%s has no rule \"%s%s%s\"", service, kind,
			 target ? " " : "", target ? target : "");
}

/*
 * Takes the name of a block of this kind off a path. Names may have dots, so
 * it is the longest one that there is.
 */
static struct conf_node *take_name(struct hc_edit *edit, const char *kind,
				   char **path)
{
	char *end = *path + strlen(*path);

	for (; end > *path; end--) {
		char kept = *end;
		struct conf_node *found;

		if (kept && kept != '.')
			continue;
		*end = '\0';
		found = find_block(edit, kind, *path);
		*end = kept;
		if (found) {
			*path = kept ? end + 1 : NULL;
			return found;
		}
	}
	return NULL;
}

/* Takes a block without a name off a path; made if there is none. */
static struct conf_node *take_block(struct hc_edit *edit, const char *kind)
{
	struct conf_node *found = find_block(edit, kind, NULL);
	char *text;

	if (found)
		return found;
	text = xasprintf("%s { }", kind);
	insert(edit, edit->cluster, HC_S_CLUSTER, text, NULL);
	free(text);
	return find_block(edit, kind, NULL);
}

/*
 * The block that a path leads to, and the key of its last part: "format",
 * "quorum.on-loss", "service.web.stay".
 */
static struct conf_node *follow(struct hc_edit *edit, char *path, char **last,
				enum hc_section *section)
{
	struct conf_node *block = edit->cluster;
	const struct hc_key *key;

	*section = HC_S_CLUSTER;
	*last = strsep(&path, ".");
	if (!path)
		return block;
	key = hc_key_find(HC_S_CLUSTER, *last);
	if (key && key->kind == HC_K_NAMED)
		block = take_name(edit, *last, &path);
	else if (key && key->kind == HC_K_BLOCK)
		block = take_block(edit, *last);
	else
		return NULL;
	if (!block || !path)
		return NULL;
	*section = key->arg;
	*last = path;
	return block;
}

/* Other words for a statement that stays where it is. */
static void replace_words(struct hc_edit *edit, struct conf_node *node,
			  const char *statement)
{
	struct conf_node *new = parse(edit, statement);

	if (!new)
		return;
	conf_words_free(node->words->next);
	node->words->next = new->words->next;
	new->words->next = NULL;
	conf_tree_free(new);
}

void hc_edit_set(struct hc_edit *edit, const char *path, const char *value)
{
	char *copy = xstrdup(path), *last, *text;
	enum hc_section section;
	struct conf_node *block = follow(edit, copy, &last, &section), *node;
	const struct hc_key *key = block ? hc_key_find(section, last) : NULL;

	node = key ? find_key(block, last) : NULL;
	if (!key || key->kind == HC_K_NAMED || key->kind == HC_K_MEMBER ||
	    key->kind == HC_K_BLOCK || (node && node->block)) {
		complain(edit, "there is no value \"%s\" to set", path);
	} else if (!value && node) {
		hc_unsplice(block, node);
	} else if (value) {
		text = xasprintf("%s %s;", last, value);
		if (node)
			replace_words(edit, node, text);
		else
			insert(edit, block, section, text, NULL);
		free(text);
	}
	free(copy);
}
