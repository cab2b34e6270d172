// SPDX-License-Identifier: GPL-2.0-only
/* Attributes that agents set and read, promotion scores among them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "engine.h"
#include "member_op.h"
#include "members.h"
#include "picture.h"
#include "ring.h"
#include "util.h"

#define SCORE "master-"

/* @value NULL: removed. */
static void set_own(struct daemon *d, const char *name, const char *value)
{
	size_t length = strlen(SCORE);
	json_t *detail = json_object();
	char *text;

	if (value)
		json_object_set_new(detail, "value", json_string(value));
	text = json_dumps(detail, JSON_COMPACT);
	engine_status(d, ATTRIBUTE_UNIT, name, CORE_STOPPED, text);
	free(text);
	json_decref(detail);
	if (!strncmp(name, SCORE, length))
		members_score(d->members, name + length,
			      value ? strtoll(value, NULL, 10) : 0, !value);
}

void attributes_asked(struct daemon *d, const json_t *ask)
{
	const char *what = json_string_value(json_object_get(ask, "what"));
	const char *node = json_string_value(json_object_get(ask, "of"));
	const char *name = json_string_value(json_object_get(ask, "name"));

	if (ha_streq(what, "attribute") && ha_streq(node, d->places.name) && name)
		set_own(d, name,
			json_string_value(json_object_get(ask, "value")));
}

static void on_reply(int code, const char *text, void *arg)
{
	if (code)
		shim_refuse(arg, code, text);
	else
		shim_answer(arg, NULL);
}

static char *key_of(const struct shim_ask *ask)
{
	return xasprintf(OP_ATTRIBUTE "%s/%s", ask->scope == SHIM_CLUSTER ?
			 "*" : ask->node, ask->name);
}

static void set(struct daemon *d, struct shim_call *call,
		const struct shim_ask *ask, const char *value)
{
	json_t *json = value ? json_pack("{s:s}", "value", value) : NULL;
	char *key = key_of(ask);

	if (strlen(ask->name) > 63 || strlen(key) > 127) {
		shim_refuse(call, -ENAMETOOLONG, "the name is too long");
	} else if (ask->scope != SHIM_TRANSIENT) {
		engine_set(d, key, json, 0, on_reply, call);
	} else {
		if (!strcmp(ask->node, d->places.name)) {
			set_own(d, ask->name, value);
		} else {
			json_t *far = json_pack("{s:s, s:s, s:s, s:s?}", "what",
						"attribute", "of", ask->node,
						"name", ask->name, "value",
						value);

			ring_send_json(d->ring, RING_ASK, far);
			json_decref(far);
		}
		shim_answer(call, NULL);
	}
	json_decref(json);
	free(key);
}

/* Of one node; a copy, or NULL. */
static json_t *value_of(const struct picture *p, const struct shim_ask *ask,
			const struct hc_node *node)
{
	struct shim_ask of = *ask;
	const struct picture_row *row;
	json_t *fact, *value = NULL;
	const char *text;
	char *key;

	if (ask->scope == SHIM_TRANSIENT) {
		row = node ? picture_row(p, node->id, ATTRIBUTE_UNIT, ask->name) :
			     NULL;
		return row ? json_incref(json_object_get(row->detail, "value")) :
			     NULL;
	}
	if (node)
		of.node = node->name;
	key = key_of(&of);
	text = picture_fact(p, key);
	fact = text ? json_loads(text, 0, NULL) : NULL;
	value = json_incref(json_object_get(fact, "value"));
	json_decref(fact);
	free(key);
	return value;
}

static json_t *of_all(const struct picture *p, const struct shim_ask *ask)
{
	json_t *out = json_object(), *value;

	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		value = value_of(p, ask, &p->conf->nodes[i]);
		if (value)
			json_object_set_new(out, p->conf->nodes[i].name, value);
	}
	return out;
}

static json_t *nodes(const struct daemon *d, const struct picture *p)
{
	json_t *out = json_array();

	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct hc_node *node = &p->conf->nodes[i];

		json_array_append_new(out, json_pack("{s:s, s:i, s:b, s:b}",
			"name", node->name, "id", node->id, "member",
			(p->view.members >> (node->id - 1) & 1) != 0, "local",
			(uint32_t)node->id == d->id));
	}
	return out;
}

static void add_places(const struct picture *p, const struct hc_service *service,
		       const struct hc_member *member, json_t *out)
{
	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct picture_row *row = picture_member(p,
			p->conf->nodes[i].id, service, member);

		if (row && (row->state == CORE_STARTED ||
			    row->state == CORE_PROMOTED))
			json_array_append_new(out, json_pack("{s:s, s:s}",
				"node", p->conf->nodes[i].name, "role",
				row->state == CORE_PROMOTED ? "promoted" :
							      "started"));
	}
}

/* Where a member runs that agents know by this name; NULL: there is none. */
static json_t *places(const struct picture *p, const char *name)
{
	json_t *out = NULL;

	for (unsigned int i = 0; i < p->conf->n_services; i++)
		for (unsigned int j = 0; j < p->conf->services[i].n_members; j++) {
			const struct hc_service *service = &p->conf->services[i];
			char *instance = member_instance(service->name,
				service->members[j].name);

			if (name && !strcmp(instance, name)) {
				out = out ? out : json_array();
				add_places(p, service, &service->members[j], out);
			}
			free(instance);
		}
	return out;
}

static void look(struct daemon *d, struct shim_call *call,
		 const struct shim_ask *ask)
{
	struct picture *p = picture_take(d);
	json_t *value = NULL;

	switch (ask->verb) {
	case SHIM_GET:
		value = value_of(p, ask, ask->node ?
				 hc_node_find(p->conf, ask->node) : NULL);
		break;
	case SHIM_QUERY_ALL:
		value = of_all(p, ask);
		break;
	case SHIM_NODES:
		value = nodes(d, p);
		break;
	case SHIM_QUORUM:
		value = json_boolean(p->view.quorate);
		break;
	default:
		value = places(p, ask->name ? ask->name : ask->member);
	}
	if (value)
		shim_answer(call, value);
	else
		shim_refuse(call, -ENXIO, "there is no such thing");
	picture_free(p);
}

static void on_request(struct shim_call *call, const struct shim_ask *ask,
		       void *arg)
{
	struct daemon *d = arg;

	if (!d->conf)
		shim_refuse(call, -EAGAIN, "there is no configuration yet");
	else if (ask->verb == SHIM_SET || ask->verb == SHIM_DELETE)
		set(d, call, ask, ask->verb == SHIM_SET ? ask->value : NULL);
	else
		look(d, call, ask);
}

int attributes_start(struct daemon *d)
{
	return shim_new(d->event, d->places.shim_socket, d->places.name,
			on_request, d, &d->shim);
}
