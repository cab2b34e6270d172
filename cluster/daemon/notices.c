// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has been told is in the rows of the members: each has the notice that it had
 * last. So every node knows the same, and whoever coordinates next goes on with it.
 *
 * An operation begins when all that are active have had its "pre". Who does it has the
 * notice thereby. When nothing of it is wanted any more, all that have its "pre" get
 * its "post". Whatever else is wanted of the member waits for that.
 */
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "notices.h"
#include "util.h"

/* One instance of a member, on a node that is here. */
struct instance {
	uint32_t node;
	const char *name;
	enum core_state state;
	json_t *notice;
};

/**
 * struct group - the instances of one member
 * @wanted: nodes on which @verb is wanted
 */
struct group {
	const char *unit, *member;
	struct instance *all;
	size_t n;
	enum core_verb verb;
	uint32_t wanted;
	bool busy;
};

static const char *const ops[] = {
	[CORE_START] = "start", [CORE_STOP] = "stop", [CORE_PROMOTE] = "promote",
	[CORE_DEMOTE] = "demote",
};

static bool is_of(const struct group *g, const char *unit, const char *member)
{
	return !strcmp(unit, g->unit) && !strcmp(member, g->member);
}

static bool active(const struct instance *one)
{
	return one->state == CORE_STARTED || one->state == CORE_PROMOTED;
}

static bool is_wanted(const struct group *g, const struct core_want *want)
{
	return want->verb < ARRAY_SIZE(ops) && is_of(g, want->unit, want->member);
}

/* What stops goes before what starts. */
static void find_wanted(struct group *g, const struct core_plan *out)
{
	static const enum core_verb order[] = { CORE_DEMOTE, CORE_STOP, CORE_START,
						CORE_PROMOTE };

	for (size_t v = 0; v < ARRAY_SIZE(order) && !g->wanted; v++) {
		g->verb = order[v];
		for (size_t i = 0; i < out->count; i++)
			if (is_wanted(g, &out->want[i]) &&
			    out->want[i].verb == g->verb)
				g->wanted |= 1u << (out->want[i].node - 1);
	}
}

static void gather(struct group *g, const struct hc_config *conf,
		   const struct core_plan_in *in)
{
	g->all = xcalloc(in->nr_rows + 1, sizeof(*g->all));
	for (size_t i = 0; i < in->nr_rows; i++) {
		const struct core_node_row *row = &in->rows[i];
		const struct hc_node *node = facts_node(conf, row->node);
		json_t *detail;

		if (!node || !is_of(g, row->row.unit, row->row.member) ||
		    in->standing[row->node - 1] != CORE_NODE_READY)
			continue;
		detail = json_loads(row->row.detail ? row->row.detail : "", 0, NULL);
		g->all[g->n++] = (struct instance){ row->node, node->name,
			row->row.state,
			json_incref(json_object_get(detail, "notice")) };
		json_decref(detail);
	}
	for (size_t i = 0; i < in->nr_ops; i++)
		g->busy = g->busy || (in->ops[i].verb < ARRAY_SIZE(ops) &&
				      is_of(g, in->ops[i].unit, in->ops[i].member));
}

bool notices_same(const json_t *a, const json_t *b)
{
	return a && b && json_equal(json_object_get(a, "op"), json_object_get(b, "op")) &&
	       json_equal(json_object_get(a, "nodes"), json_object_get(b, "nodes"));
}

static bool in_phase(const json_t *notice, const char *phase)
{
	return ha_streq(json_string_value(json_object_get(notice, "phase")), phase);
}

/* The operation that not all have been told the end of. */
static json_t *open_notice(const struct group *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (active(&g->all[i]) && in_phase(g->all[i].notice, "pre"))
			return g->all[i].notice;
	return NULL;
}

static bool has_name(const json_t *list, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(item), name))
			return true;
	return false;
}

/* Something of it is still to be done, and nothing else. */
static bool goes_on(const struct group *g, const json_t *notice)
{
	if (!g->wanted ||
	    !ha_streq(json_string_value(json_object_get(notice, "op")), ops[g->verb]))
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (g->wanted & 1u << (g->all[i].node - 1) &&
		    !has_name(json_object_get(notice, "nodes"), g->all[i].name))
			return false;
	return true;
}

static json_t *new_notice(const struct group *g)
{
	json_t *nodes = json_array(), *were = json_array(), *promoted = json_array();
	json_t *available = json_array();

	for (size_t i = 0; i < g->n; i++) {
		const struct instance *one = &g->all[i];

		json_array_append_new(available, json_string(one->name));
		if (g->wanted & 1u << (one->node - 1))
			json_array_append_new(nodes, json_string(one->name));
		if (active(one))
			json_array_append_new(were, json_string(one->name));
		if (one->state == CORE_PROMOTED)
			json_array_append_new(promoted, json_string(one->name));
	}
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "op", ops[g->verb], "nodes",
			 nodes, "active", were, "promoted", promoted, "available",
			 available);
}

/* Only @verb of it stays in the plan; CORE_VERB_NR: nothing. */
static void hold_back(const struct group *g, struct core_plan *out,
		      enum core_verb verb)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->count; i++)
		if (!is_wanted(g, &out->want[i]) || out->want[i].verb == verb)
			out->want[kept++] = out->want[i];
	out->count = kept;
}

static void tell(const struct group *g, const struct instance *one,
		 struct core_plan *out)
{
	struct core_want *want = &out->want[out->count];

	if (out->count == ARRAY_SIZE(out->want))
		return;
	out->count++;
	memset(want, 0, sizeof(*want));
	want->verb = CORE_NOTIFY;
	want->node = one->node;
	strcpy(want->unit, g->unit);
	strcpy(want->member, g->member);
}

/* Return: what is done now, or NULL: nothing, or it waits. */
static json_t *decide(struct group *g, struct core_plan *out)
{
	json_t *open = open_notice(g), *notice;
	const char *phase = "run";
	bool after = open && !goes_on(g, open);

	if (g->busy || (!open && !g->wanted)) {
		hold_back(g, out, CORE_VERB_NR);
		return NULL;
	}
	notice = open ? json_deep_copy(open) : new_notice(g);
	for (size_t i = 0; i < g->n; i++) {
		const struct instance *one = &g->all[i];
		bool told = in_phase(one->notice, "pre") &&
			    notices_same(one->notice, notice);

		if (!active(one) || told != after)
			continue;
		phase = after ? "post" : "pre";
		tell(g, one, out);
	}
	hold_back(g, out, !strcmp(phase, "run") ? g->verb : CORE_VERB_NR);
	json_object_set_new(notice, "phase", json_string(phase));
	return notice;
}

json_t *notices_make(const struct hc_config *conf, const struct core_plan_in *in,
		     struct core_plan *out)
{
	json_t *all = json_object();

	for (unsigned int i = 0; i < conf->n_services; i++) {
		const struct hc_service *service = &conf->services[i];

		for (unsigned int j = 0; service->notify > 0 &&
		     j < service->n_members; j++) {
			struct group g = { .unit = service->name,
					   .member = service->members[j].name };
			json_t *notice;
			char *key;

			if (service->members[j].kind != HC_OCF)
				continue;
			gather(&g, conf, in);
			find_wanted(&g, out);
			notice = decide(&g, out);
			key = xasprintf("%s/%s", g.unit, g.member);
			if (notice)
				json_object_set_new(all, key, notice);
			free(key);
			for (size_t k = 0; k < g.n; k++)
				json_decref(g.all[k].notice);
			free(g.all);
		}
	}
	return all;
}
