// SPDX-License-Identifier: GPL-2.0-only
/* Facts as JSON, by names. */
#include <stdlib.h>
#include <string.h>

#include "policy_facts_json.h"
#include "util.h"
#include "values.h"

static const char *const state_words[] = { "online", "pending", "down",
					   "unknown", NULL };
static const char *const role_words[] = { "stopped", "started", "unpromoted",
					  "promoted", NULL };
static const char *const op_words[] = { "monitor", "start", "stop", "promote",
					"demote", NULL };
static const char *const data_words[] = { "unknown", "never", "remote",
	"consistent", "peer-unknown", "uptodate", NULL };
static const char *const kind_words[] = { "ban", "move", "stopped", NULL };

struct hc_facts_json {
	struct hc_facts facts;
	json_t *json;
	void **owned;
	unsigned int n_owned;
	char *why;
};

static void *own(struct hc_facts_json *f, size_t n, size_t size)
{
	void *memory = xcalloc(n + 1, size);

	f->owned = xreallocarray(f->owned, f->n_owned + 1, sizeof(*f->owned));
	f->owned[f->n_owned++] = memory;
	return memory;
}

static const char *text(struct hc_facts_json *f, const json_t *object,
			const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	if (!value && !f->why)
		f->why = xasprintf("\"%s\" is missing", key);
	return value ? value : "";
}

static int64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static int word(struct hc_facts_json *f, const json_t *object, const char *key,
		const char *const *words)
{
	const char *value = json_string_value(json_object_get(object, key));
	int found = value ? hc_word_find(words, value) : 0;

	if (found < 0 && !f->why)
		f->why = xasprintf("\"%s\" is no %s", value, key);
	return found < 0 ? 0 : found;
}

static void read_attributes(struct hc_facts_json *f, const json_t *object,
			    struct hc_fact_node *node)
{
	json_t *attributes = json_object_get(object, "attributes"), *value;
	struct hp_attr *attrs = own(f, json_object_size(attributes),
				    sizeof(*attrs));
	const char *key;

	json_object_foreach(attributes, key, value) {
		if (!json_is_string(value))
			continue;
		attrs[node->n_attrs].name = key;
		attrs[node->n_attrs++].value = json_string_value(value);
	}
	node->attrs = attrs;
}

static void read_node(struct hc_facts_json *f, const json_t *o, void *to)
{
	struct hc_fact_node *node = to;

	node->node = text(f, o, "node");
	node->state = word(f, o, "state", state_words);
	node->standby = flag(o, "standby");
	node->standby_until_ms = number(o, "standby_until_ms");
	node->maintenance = flag(o, "maintenance");
	node->shutdown = flag(o, "shutdown");
	node->must_fence = flag(o, "must_fence");
	read_attributes(f, o, node);
}

static void read_member(struct hc_facts_json *f, const json_t *o, void *to)
{
	struct hc_fact_member *member = to;

	member->service = text(f, o, "service");
	member->member = text(f, o, "member");
	member->node = text(f, o, "node");
	member->role = word(f, o, "role", role_words);
	member->failed = flag(o, "failed");
	member->failed_op = word(f, o, "failed_op", op_words);
	member->blocked = flag(o, "blocked");
	member->changed = flag(o, "changed");
}

static void read_failure(struct hc_facts_json *f, const json_t *o, void *to)
{
	const json_t *times = json_object_get(o, "times_ms");
	struct hc_fact_failure *failure = to;
	int64_t *list = own(f, json_array_size(times), sizeof(*list));

	failure->service = text(f, o, "service");
	failure->member = text(f, o, "member");
	failure->node = text(f, o, "node");
	failure->count = number(o, "count");
	failure->last_ms = number(o, "last_ms");
	failure->n_times = json_array_size(times);
	for (int i = 0; i < failure->n_times; i++)
		list[i] = json_integer_value(json_array_get(times, i));
	failure->times_ms = failure->n_times ? list : NULL;
}

static void read_promotion(struct hc_facts_json *f, const json_t *o, void *to)
{
	struct hc_fact_promotion *promotion = to;

	promotion->clone = text(f, o, "clone");
	promotion->node = text(f, o, "node");
	promotion->score = number(o, "score");
}

static void read_storage(struct hc_facts_json *f, const json_t *o, void *to)
{
	struct hc_fact_storage *storage = to;

	storage->device = text(f, o, "device");
	storage->node = text(f, o, "node");
	storage->data = word(f, o, "data", data_words);
	storage->excluded = flag(o, "excluded");
	storage->split_brain = flag(o, "split_brain");
}

static void read_decision(struct hc_facts_json *f, const json_t *o, void *to)
{
	struct hc_fact_decision *decision = to;

	decision->kind = word(f, o, "kind", kind_words);
	decision->service = text(f, o, "service");
	decision->node = json_string_value(json_object_get(o, "node"));
	decision->away = flag(o, "away");
	decision->until_ms = number(o, "until_ms");
}

static const void *read_list(struct hc_facts_json *f, const char *key, int *n,
			     size_t size,
			     void (*read)(struct hc_facts_json *f,
					  const json_t *o, void *to))
{
	const json_t *list = json_object_get(f->json, key);
	char *array = own(f, json_array_size(list), size);

	*n = json_array_size(list);
	for (int i = 0; i < *n; i++)
		read(f, json_array_get(list, i), array + i * size);
	return array;
}

#define LIST(field, read) \
	(facts->field = read_list(f, #field, &facts->n_##field, \
				  sizeof(*facts->field), read))

struct hc_facts_json *hc_facts_read(json_t *json, char **why)
{
	struct hc_facts_json *f = xcalloc(1, sizeof(*f));
	struct hc_facts *facts = &f->facts;

	f->json = json_incref(json);
	facts->now_ms = number(json, "now_ms");
	facts->quorate = !json_is_false(json_object_get(json, "quorate"));
	facts->view_pending = flag(json, "view_pending");
	facts->maintenance = flag(json, "maintenance");
	facts->self = json_string_value(json_object_get(json, "self"));
	LIST(nodes, read_node);
	LIST(members, read_member);
	LIST(failures, read_failure);
	LIST(promotions, read_promotion);
	LIST(storage, read_storage);
	LIST(decisions, read_decision);
	if (!json_is_object(json) && !f->why)
		f->why = xstrdup("facts are an object");
	if (!f->why)
		return f;
	*why = f->why;
	hc_facts_free(f);
	return NULL;
}

const struct hc_facts *hc_facts_of(const struct hc_facts_json *facts)
{
	return &facts->facts;
}

void hc_facts_free(struct hc_facts_json *f)
{
	if (!f)
		return;
	for (unsigned int i = 0; i < f->n_owned; i++)
		free(f->owned[i]);
	free(f->owned);
	json_decref(f->json);
	free(f);
}
