// SPDX-License-Identifier: GPL-2.0-only
/* Taking the values of one statement into the model. */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "util.h"
#include "values.h"

/* A statement being read. */
struct statement {
	struct hc_scope *scope;
	const struct hc_key *key;
	const struct conf_node *node;
};

#define COMPLAIN(st, word, ...) \
	conf_error((st)->scope->errors, &(word)->place, __VA_ARGS__)

static int read_word(struct statement *st, const struct conf_word *word,
		     const char *const *words)
{
	int found = hc_word_find(words, word->text);
	const char *near;
	char *list;

	if (found >= 0)
		return found;
	near = ha_nearest(word->text, words);
	list = hc_words_text(words);
	if (near)
		COMPLAIN(st, word,
			 "unknown value \"%s\" of %s; did you mean \"%s\"?",
			 word->text, st->key->name, near);
	else
		COMPLAIN(st, word, "unknown value \"%s\" of %s: it is %s",
			 word->text, st->key->name, list);
	free(list);
	return -1;
}

static void read_time(struct statement *st, const struct conf_word *word,
		      int64_t *ms)
{
	if (!hc_time_parse(word->text, ms))
		COMPLAIN(st, word,
			 "\"%s\" is no time: write a number with ms, s, m, h or d, as in 10s",
			 word->text);
}

static void read_count(struct statement *st, const struct conf_word *word,
		       int limit, int *count)
{
	if (!hc_number_parse(word->text, limit, count))
		COMPLAIN(st, word, "\"%s\" is no number from 0 to %d",
			 word->text, limit);
}

static void read_list(struct statement *st, struct hc_words *list)
{
	const char *const *words = st->key->words;

	for (const struct conf_word *w = st->node->words->next; w; w = w->next) {
		if (hc_words_have(list, w->text))
			COMPLAIN(st, w, "\"%s\" is there twice", w->text);
		else if (!words || read_word(st, w, words) >= 0)
			hc_words_add(list, w->text);
	}
}

static void read_address(struct statement *st, struct hc_words *list)
{
	const struct conf_word *word = st->node->words->next;
	char address[64];
	int length;

	if (!hc_address_split(word->text, address, &length) || length >= 0)
		COMPLAIN(st, word, "\"%s\" is no IP address", word->text);
	else if (list->n == HC_LINKS_MAX)
		COMPLAIN(st, word, "a node has %d links at most", HC_LINKS_MAX);
	else
		hc_words_add(list, address);
}

static void read_secret(struct statement *st, char **at)
{
	const struct conf_word *word = st->node->words->next;
	struct conf_word name = *word;

	if (*word->text != '@') {
		COMPLAIN(st, word,
			 "a secret is not written here: store it with hactl secret set NAME and write @NAME");
		return;
	}
	name.text++;
	if (!hc_name_is_bad(st->scope->errors, &name, "secret"))
		ha_replace(at, name.text);
}

static void read_pair(struct statement *st, struct hc_pairs *pairs)
{
	const struct conf_word *name = st->node->words->next;

	if (hc_pairs_get(pairs, name->text))
		COMPLAIN(st, name, "\"%s\" is there already", name->text);
	else
		hc_pairs_add(pairs, name->text, name->next->text);
}

/* The value after a little word like "per", if it stands there. */
static const struct conf_word *after(struct statement *st,
				     const struct conf_word **at,
				     const char *little)
{
	const struct conf_word *word = *at, *value;

	if (!word)
		return NULL;
	if (strcmp(word->text, little) || !word->next) {
		COMPLAIN(st, word, "after \"%s\" here only \"%s VALUE\" can follow",
			 st->key->name, little);
		*at = NULL;
		return NULL;
	}
	value = word->next;
	*at = value->next;
	return value;
}

static void read_monitor(struct statement *st, struct hc_monitor *monitor)
{
	const struct conf_word *word = st->node->words->next, *value;

	read_time(st, word, &monitor->interval);
	word = word->next;
	value = after(st, &word, "timeout");
	if (value)
		read_time(st, value, &monitor->timeout);
}

static void read_restart(struct statement *st, struct hc_restart *restart)
{
	const struct conf_word *word = st->node->words->next, *value;

	read_count(st, word, 1000, &restart->count);
	word = word->next;
	if (word && !strcmp(word->text, "per")) {
		value = after(st, &word, "per");
		if (value)
			read_time(st, value, &restart->window);
	}
	value = after(st, &word, "then");
	if (value)
		restart->then = read_word(st, value, hc_then_words);
}

static void read_rule(struct statement *st)
{
	struct hc_service *service = st->scope->service;
	struct hc_rule *rule;

	service->rules = xreallocarray(service->rules, service->n_rules + 1,
				       sizeof(*rule));
	rule = &service->rules[service->n_rules++];
	memset(rule, 0, sizeof(*rule));
	rule->kind = st->key->arg;
	rule->place = st->node->words->place;
	read_list(st, &rule->targets);
}

static void read_block(struct statement *st, enum hc_section section,
		       void *object, struct hc_service *service)
{
	struct hc_scope inner = *st->scope;

	inner.section = section;
	inner.object = object;
	inner.service = service;
	hc_build_block(&inner, st->node->children);
}

/* What a member is called when its block gives no name. */
static char *member_name(const struct hc_member *member)
{
	const char *name = member->what;
	size_t length = strlen(name);

	switch (member->kind) {
	case HC_MOUNT:
		return xstrdup(member->where);
	case HC_IP:
		return xasprintf("%.*s", (int)strcspn(name, "/"), name);
	case HC_SYSTEMD:
		if (length > 8 && !strcmp(name + length - 8, ".service"))
			length -= 8;
		return xasprintf("%.*s", (int)length, name);
	}
	return xstrdup(name);
}

static void read_member(struct statement *st)
{
	static const enum hc_section sections[] = {
		[HC_STORAGE] = HC_S_STORAGE, [HC_MOUNT] = HC_S_MOUNT,
		[HC_IP] = HC_S_IP, [HC_SYSTEMD] = HC_S_SYSTEMD,
		[HC_OCF] = HC_S_OCF,
	};
	const struct conf_word *word = st->node->words->next;
	struct hc_service *service = st->scope->service;
	enum hc_section section = sections[st->key->arg];
	struct hc_member *member;

	service->members = xreallocarray(service->members,
					 service->n_members + 1,
					 sizeof(*member));
	member = &service->members[service->n_members++];
	memset(member, 0, sizeof(*member));
	hc_unset(section, member);
	member->settings.stay = -1;
	member->kind = st->key->arg;
	member->place = word->place;
	if (member->kind == HC_OCF) {
		hc_name_is_bad(st->scope->errors, word, "member");
		ha_replace(&member->name, word->text);
		word = word->next;
	}
	ha_replace(&member->what, word->text);
	if (member->kind == HC_MOUNT) {
		ha_replace(&member->where, word->next->text);
		ha_replace(&member->fstype, word->next->next->text);
	}
	read_block(st, section, member, service);
	if (!member->name)
		member->name = member_name(member);
}

/* The arrays of hc_config: a pointer to the objects, then their number. */
static void *grow(void *array, size_t size)
{
	struct {
		void *objects;
		unsigned int n;
	} a;
	void *object;

	memcpy(&a, array, sizeof(a));
	a.objects = xreallocarray(a.objects, a.n + 1, size);
	object = (char *)a.objects + a.n++ * size;
	memset(object, 0, size);
	memcpy(array, &a, sizeof(a));
	return object;
}

/* Every named object begins with its name and its place. */
static struct conf_place *place_of(const void *object)
{
	static_assert(offsetof(struct hc_node, name) == 0 &&
		      offsetof(struct hc_service, name) == 0, "name first");
	static_assert(offsetof(struct hc_node, place) ==
		      offsetof(struct hc_service, place), "then the place");
	return (void *)((char *)object + offsetof(struct hc_node, place));
}

static const struct conf_place *find_named(const struct hc_config *conf,
					   enum hc_section section,
					   const char *name)
{
	const void *found = NULL;

	switch (section) {
	case HC_S_NODE:
		found = hc_node_find(conf, name);
		break;
	case HC_S_FENCE:
		found = hc_fence_find(conf, name);
		break;
	case HC_S_DEVICE:
		found = hc_device_find(conf, name);
		break;
	case HC_S_SERVICE:
	case HC_S_CLONE:
		found = hc_service_find(conf, name);
		break;
	case HC_S_CHECK:
		found = hc_check_find(conf, name);
		break;
	default:
		for (unsigned int i = 0; i < conf->n_alerts; i++)
			if (!strcmp(conf->alerts[i].name, name))
				found = &conf->alerts[i];
	}
	return found ? place_of(found) : NULL;
}

static void read_named(struct statement *st, void *at)
{
	static const size_t sizes[HC_S_NR] = {
		[HC_S_NODE] = sizeof(struct hc_node),
		[HC_S_FENCE] = sizeof(struct hc_fence),
		[HC_S_DEVICE] = sizeof(struct hc_device),
		[HC_S_SERVICE] = sizeof(struct hc_service),
		[HC_S_CLONE] = sizeof(struct hc_service),
		[HC_S_CHECK] = sizeof(struct hc_probe),
		[HC_S_ALERT] = sizeof(struct hc_alert),
	};
	const struct conf_word *word = st->node->words->next;
	enum hc_section section = st->key->arg;
	const struct conf_place *there;
	struct hc_service *service = NULL;
	void *object;

	if (hc_name_is_bad(st->scope->errors, word, st->key->name))
		return;
	there = find_named(st->scope->conf, section, word->text);
	if (there) {
		COMPLAIN(st, word, "%s %s is there already, in line %u",
			 st->key->name, word->text, there->line);
		return;
	}
	object = grow(at, sizes[section]);
	*(char **)object = xstrdup(word->text);
	*place_of(object) = word->place;
	hc_unset(section, object);
	if (section == HC_S_SERVICE || section == HC_S_CLONE) {
		service = object;
		hc_unset(HC_S_CLONE, service);
		service->clone = section == HC_S_CLONE;
	}
	read_block(st, section, object, service);
}

static void read_detect(struct statement *st, struct hc_detect *detect)
{
	const struct conf_word *word = st->node->words->next;

	if (st->node->block)
		read_block(st, HC_S_DETECT, detect, NULL);
	if (word)
		detect->profile = read_word(st, word, hc_profile_words);
	else if (!st->node->block)
		COMPLAIN(st, st->node->words,
			 "\"detect\" needs fast, balanced, relaxed or a block");
}

static void read_cluster(struct statement *st)
{
	struct hc_config *conf = st->scope->conf;

	if (hc_name_is_bad(st->scope->errors, st->node->words->next, "cluster"))
		return;
	ha_replace(&conf->name, st->node->words->next->text);
	read_block(st, HC_S_CLUSTER, conf, NULL);
}

void hc_set(struct hc_scope *scope, const struct hc_key *key,
	    const struct conf_node *node)
{
	struct statement st = { .scope = scope, .key = key, .node = node };
	const struct conf_word *word = node->words->next;
	void *at = hc_at(key, scope->object);

	switch (key->kind) {
	case HC_K_WORD:
		*(int *)at = read_word(&st, word, key->words);
		break;
	case HC_K_COUNT:
		read_count(&st, word, key->arg, at);
		break;
	case HC_K_TIME:
		read_time(&st, word, at);
		break;
	case HC_K_TEXT:
		ha_replace(at, word->text);
		break;
	case HC_K_SECRET:
		read_secret(&st, at);
		break;
	case HC_K_LIST:
		read_list(&st, at);
		break;
	case HC_K_ADDRESS:
		read_address(&st, at);
		break;
	case HC_K_PAIR:
		read_pair(&st, at);
		break;
	case HC_K_MONITOR:
		read_monitor(&st, at);
		break;
	case HC_K_RESTART:
		read_restart(&st, at);
		break;
	case HC_K_RULE:
		read_rule(&st);
		break;
	case HC_K_MEMBER:
		read_member(&st);
		break;
	case HC_K_BLOCK:
		read_block(&st, key->arg, at, scope->service);
		break;
	case HC_K_NAMED:
		read_named(&st, at);
		break;
	case HC_K_CLUSTER:
		read_cluster(&st);
		break;
	case HC_K_DETECT:
		read_detect(&st, at);
		break;
	}
}
