// SPDX-License-Identifier: GPL-2.0-only
/* STATE.json is read into the engine's input; what is wrong is said by place. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "hp_arena.h"
#include "hp_json.h"
#include "hp_json_fields.h"

__attribute__((format(printf, 3, 4)))
static bool refuse(struct hp_state *s, const char *where, const char *format, ...)
{
	va_list args;
	int n = snprintf(s->error, sizeof(s->error), "%s: ", where);

	va_start(args, format);
	vsnprintf(s->error + n, sizeof(s->error) - (size_t)n, format, args);
	va_end(args);
	return false;
}

static int find_node(const struct hp_input *in, const char *name)
{
	int i;

	for (i = 0; i < in->n_nodes; i++)
		if (in->nodes[i].name && !strcmp(in->nodes[i].name, name))
			return i;
	return -1;
}

static int find_rsc(const struct hp_input *in, const char *name)
{
	int i;

	for (i = 0; i < in->n_rscs; i++)
		if (in->rscs[i].name && !strcmp(in->rscs[i].name, name))
			return i;
	return -1;
}

static bool read_score(json_t *value, int64_t *score)
{
	const char *text = json_string_value(value);

	if (json_is_integer(value)) {
		*score = json_integer_value(value);
		if (*score > HP_INF)
			*score = HP_INF;
		if (*score < -HP_INF)
			*score = -HP_INF;
		return true;
	}
	if (!text || (strcmp(text, "inf") && strcmp(text, "-inf")))
		return false;
	*score = *text == '-' ? -HP_INF : HP_INF;
	return true;
}

static bool read_word(json_t *value, const char *const *words, int *index)
{
	const char *text = json_string_value(value);

	for (*index = 0; text && words[*index]; ++*index)
		if (!strcmp(words[*index], text))
			return true;
	return false;
}

static bool read_name(struct hp_state *s, enum field_type type, json_t *value, int *index)
{
	const char *text = json_string_value(value);

	*index = -1;
	if (!text)
		return false;
	*index = type == F_NODE ? find_node(&s->in, text) : find_rsc(&s->in, text);
	return *index >= 0;
}

static bool read_value(struct hp_state *s, const struct field *f, json_t *value, void *to)
{
	switch (f->type) {
	case F_BOOL:
		*(bool *)to = json_is_true(value);
		return json_is_boolean(value);
	case F_INT:
		*(int *)to = (int)json_integer_value(value);
		return json_is_integer(value) && json_integer_value(value) == *(int *)to;
	case F_INT64:
		*(int64_t *)to = json_integer_value(value);
		return json_is_integer(value);
	case F_SCORE:
		return read_score(value, to);
	case F_TEXT:
		*(const char **)to = json_string_value(value);
		return json_is_string(value);
	case F_WORD:
		return read_word(value, f->words, to);
	case F_NODE:
	case F_RSC:
		return read_name(s, f->type, value, to);
	default:
		return true;
	}
}

static const struct field *find_field(const struct field *fields, const char *key)
{
	for (; fields->key; fields++)
		if (!strcmp(fields->key, key))
			return fields;
	return NULL;
}

static bool read_object(struct hp_state *s, const char *where, json_t *object,
			const struct field *fields, void *to)
{
	const struct field *f;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return refuse(s, where, "not an object");
	json_object_foreach(object, key, value) {
		f = find_field(fields, key);
		if (!f)
			return refuse(s, where, "unknown key \"%s\"", key);
		if (!read_value(s, f, value, (char *)to + f->offset))
			return refuse(s, where, "\"%s\" has no valid value", key);
	}
	for (f = fields; f->key; f++)
		if (f->required && !json_object_get(object, f->key))
			return refuse(s, where, "\"%s\" is missing", f->key);
	return true;
}

static bool read_attrs(struct hp_state *s, json_t *object, struct hp_node *node)
{
	struct hp_attr *attrs = hp_alloc(s->arena, json_object_size(object), sizeof(*attrs));
	const char *key;
	json_t *value;

	node->attrs = attrs;
	json_object_foreach(object, key, value) {
		if (!json_is_string(value))
			return refuse(s, node->name, "attribute \"%s\" is no text", key);
		attrs[node->n_attrs++] = (struct hp_attr){ key, json_string_value(value) };
	}
	return true;
}

static bool read_nodes(struct hp_state *s, json_t *array)
{
	struct hp_node *nodes = hp_alloc(s->arena, json_array_size(array), sizeof(*nodes));
	size_t i;
	json_t *object;

	s->in.nodes = nodes;
	json_array_foreach(array, i, object) {
		if (!read_object(s, "nodes", object, hp_node_fields, &nodes[i]) ||
		    !read_attrs(s, json_object_get(object, "attrs"), &nodes[i]))
			return false;
		s->in.n_nodes++;
	}
	return true;
}

static size_t count_rscs(json_t *array)
{
	size_t i, n = json_array_size(array);
	json_t *object;

	json_array_foreach(array, i, object)
		n += count_rscs(json_object_get(object, "children"));
	return n;
}

static bool read_rscs(struct hp_state *s, json_t *array, struct hp_rsc *rscs, int parent)
{
	struct hp_rsc *r;
	json_t *object;
	size_t i;

	json_array_foreach(array, i, object) {
		r = &rscs[s->in.n_rscs];
		r->clone_max = r->promoted_max = r->promoted_node_max = -1;
		r->parent = parent;
		if (!read_object(s, "resources", object, hp_rsc_fields, r))
			return false;
		r->limited = json_object_get(object, "target");
		r->own_loss = json_object_get(object, "on_quorum_loss");
		s->in.n_rscs++;
		if (!read_rscs(s, json_object_get(object, "children"), rscs, (int)(r - rscs)))
			return false;
	}
	return true;
}

static bool read_cond(struct hp_state *s, json_t *object, struct hp_cond *cond)
{
	json_t *and = json_object_get(object, "and"), *or = json_object_get(object, "or"), *one;
	struct hp_cond *sub;
	size_t i;

	if (!and && !or)
		return read_object(s, "when", object, hp_cond_fields, cond);
	if (json_object_size(object) != 1 || !json_is_array(and ? and : or))
		return refuse(s, "when", "\"and\" or \"or\" stands alone with a list");
	cond->cmp = and ? HP_CMP_AND : HP_CMP_OR;
	sub = hp_alloc(s->arena, json_array_size(and ? and : or), sizeof(*sub));
	cond->sub = sub;
	json_array_foreach(and ? and : or, i, one)
		if (!read_cond(s, one, &sub[cond->n_sub++]))
			return false;
	return true;
}

static bool location(struct hp_state *s, json_t *object, void *to)
{
	struct hp_location *l = to;
	json_t *when = json_object_get(object, "when");
	struct hp_cond *cond;

	if (!json_object_get(object, "node"))
		l->node = -1;
	if (!when)
		return true;
	cond = hp_alloc(s->arena, 1, sizeof(*cond));
	l->cond = cond;
	return read_cond(s, when, cond);
}

static bool order(struct hp_state *s, json_t *object, void *to)
{
	struct hp_order *o = to;
	json_t *array = json_object_get(object, "first"), *name;
	int *first = hp_alloc(s->arena, json_array_size(array), sizeof(*first));
	size_t i;

	if (!json_object_get(object, "first_action"))
		o->first_op = HP_OP_START;
	if (!json_object_get(object, "then_action"))
		o->then_op = HP_OP_START;
	o->first = first;
	if (!json_is_array(array))
		return refuse(s, "orders", "\"first\" is no list");
	json_array_foreach(array, i, name)
		if (!read_name(s, F_RSC, name, &first[o->n_first++]))
			return refuse(s, "orders", "\"first\" names nothing there is");
	return true;
}

static bool failure(struct hp_state *s, json_t *object, void *to)
{
	struct hp_failure *f = to;
	json_t *array = json_object_get(object, "times_ms"), *time;
	int64_t *times = hp_alloc(s->arena, json_array_size(array), sizeof(*times));
	size_t i;

	f->times_ms = times;
	json_array_foreach(array, i, time)
		times[f->n_times++] = json_integer_value(time);
	return true;
}

static bool plain(struct hp_state *s, json_t *object, void *to)
{
	(void)s;
	(void)object;
	(void)to;
	return true;
}

#define LIST(key, member, fields, rest)						\
	{ key, fields, sizeof(*((struct hp_input *)0)->member),			\
	  offsetof(struct hp_input, member), offsetof(struct hp_input, n_##member), rest }

static const struct {
	const char *key;
	const struct field *fields;
	size_t	size, array, count;
	bool	(*rest)(struct hp_state *s, json_t *object, void *to);
} lists[] = {
	LIST("locations", locations, hp_location_fields, location),
	LIST("colocations", colocations, hp_colocation_fields, plain),
	LIST("orders", orders, hp_order_fields, order),
	LIST("status", status, hp_status_fields, plain),
	LIST("failures", failures, hp_failure_fields, failure),
	LIST("promotions", promotions, hp_promotion_fields, plain),
	LIST("storage", storage, hp_storage_fields, plain),
};

static bool read_list(struct hp_state *s, size_t list)
{
	json_t *array = json_object_get(s->json, lists[list].key), *object;
	int *count = (int *)((char *)&s->in + lists[list].count);
	char *to = hp_alloc(s->arena, json_array_size(array), lists[list].size);
	size_t i;

	if (array && !json_is_array(array))
		return refuse(s, lists[list].key, "not a list");
	*(void **)((char *)&s->in + lists[list].array) = to;
	json_array_foreach(array, i, object) {
		if (!read_object(s, lists[list].key, object, lists[list].fields, to) ||
		    !lists[list].rest(s, object, to))
			return false;
		to += lists[list].size;
		++*count;
	}
	return true;
}

static bool read_state(struct hp_state *s)
{
	json_t *rscs = json_object_get(s->json, "resources");
	size_t i;
	void *to;

	s->in.quorate = true;
	s->in.self = -1;
	if (!read_nodes(s, json_object_get(s->json, "nodes")))
		return false;
	if (!read_object(s, "state", s->json, hp_top_fields, &s->in))
		return false;
	to = hp_alloc(s->arena, count_rscs(rscs), sizeof(struct hp_rsc));
	s->in.rscs = to;
	if (!read_rscs(s, rscs, to, -1))
		return false;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!read_list(s, i))
			return false;
	return true;
}

/**
 * hp_state_read() - make the engine's input of a STATE.json
 * @state: the result; give it to hp_state_free(), also after a failure
 * @json: the parsed file; taken
 *
 * Return: 0, -EINVAL with state->error, -ENOMEM.
 */
int hp_state_read(struct hp_state *state, json_t *json)
{
	memset(state, 0, sizeof(*state));
	state->json = json;
	state->arena = calloc(1, sizeof(*state->arena));
	if (!state->arena || setjmp(state->arena->no_memory))
		return -ENOMEM;
	return read_state(state) ? 0 : -EINVAL;
}

void hp_state_free(struct hp_state *state)
{
	if (state->arena)
		hp_arena_free(state->arena);
	free(state->arena);
	json_decref(state->json);
	memset(state, 0, sizeof(*state));
}
