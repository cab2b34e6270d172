// SPDX-License-Identifier: GPL-2.0-only
/* A notice as what agents read: OCF_RESKEY_CRM_meta_notify_*. Pure. */
#include <stdlib.h>
#include <string.h>

#include "member_notice.h"
#include "util.h"

static const char *keep(json_t *texts, json_t *text)
{
	json_array_append_new(texts, text);
	return json_string_value(text);
}

static void add(struct member_op *out, const char *name, const char *value)
{
	if (out->op.n_meta < MEMBER_META)
		out->meta[out->op.n_meta++] = (struct ex_param){ name, value };
}

/* One word for each node: its name, or @word. */
static json_t *words(const json_t *nodes, const char *word)
{
	char *text = xstrdup("");
	const json_t *node;
	json_t *value;
	size_t i;

	json_array_foreach(nodes, i, node) {
		char *longer = xasprintf("%s%s%s", text, *text ? " " : "",
					 word ? word : json_string_value(node));

		free(text);
		text = longer;
	}
	value = json_string(text);
	free(text);
	return value;
}

static void add_list(struct member_op *out, json_t *texts, const char *name,
		     const json_t *nodes)
{
	const char *uname = keep(texts, json_sprintf("notify_%s_uname", name));
	const char *resource = keep(texts, json_sprintf("notify_%s_resource", name));

	add(out, uname, keep(texts, words(nodes, NULL)));
	add(out, resource, keep(texts, words(nodes, out->op.member)));
}

/* Those of @all that are not in @some. To be released. */
static json_t *without(const json_t *all, const json_t *some)
{
	json_t *rest = json_array(), *one, *other;
	size_t i, j;

	json_array_foreach(all, i, one) {
		bool found = false;

		json_array_foreach(some, j, other)
			found = found || json_equal(one, other);
		if (!found)
			json_array_append(rest, one);
	}
	return rest;
}

static void add_states(struct member_op *out, json_t *texts, const json_t *notice)
{
	const json_t *active = json_object_get(notice, "active");
	const json_t *promoted = json_object_get(notice, "promoted");
	json_t *inactive = without(json_object_get(notice, "available"), active);
	json_t *unpromoted = without(active, promoted);

	add_list(out, texts, "active", active);
	add_list(out, texts, "inactive", inactive);
	add_list(out, texts, "promoted", promoted);
	add_list(out, texts, "master", promoted);
	add_list(out, texts, "unpromoted", unpromoted);
	add_list(out, texts, "slave", unpromoted);
	json_decref(inactive);
	json_decref(unpromoted);
}

void member_notice(const struct hc_config *conf, const json_t *notice,
		   json_t *texts, struct member_op *out)
{
	static const char *const ops[] = { "start", "stop", "promote", "demote" };
	const char *op = json_string_value(json_object_get(notice, "op"));
	json_t *all = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		add_list(out, texts, ops[i], ha_streq(op, ops[i]) ?
			 json_object_get(notice, "nodes") : NULL);
	add_states(out, texts, notice);
	for (unsigned int i = 0; i < conf->n_nodes; i++)
		json_array_append_new(all, json_string(conf->nodes[i].name));
	add(out, "notify_available_uname", keep(texts, words(
		json_object_get(notice, "available"), NULL)));
	add(out, "notify_all_uname", keep(texts, words(all, NULL)));
	json_decref(all);
	if (out->op.action != EX_NOTIFY)
		return;
	add(out, "notify_type", keep(texts, json_incref(
		json_object_get(notice, "phase"))));
	add(out, "notify_operation", keep(texts, json_incref(
		json_object_get(notice, "op"))));
}
