// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a service is where it is. The engine explains each member on each node;
 * people ask about the service: its members' reasons are put together, each
 * said once, and those of devices first.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hp_json.h"
#include "policy_plan_json.h"
#include "util.h"
#include "values.h"

struct question {
	const struct hc_config *conf;
	const struct hc_policy *policy;
	const struct hp_plan *plan;
	const struct hc_service *service;
};

/* The device of a service's storage member, or the member itself. */
static bool is_part(const struct question *q, int rsc)
{
	const struct hc_thing *thing = &q->policy->things[rsc];

	if (thing->service == q->service)
		return true;
	for (unsigned int i = 0; thing->device && i < q->service->n_members; i++)
		if (q->service->members[i].kind == HC_STORAGE &&
		    !strcmp(q->service->members[i].what, thing->device->name))
			return true;
	return false;
}

static bool is_running(const struct question *q, int node)
{
	const struct hp_input *in = &q->policy->in;

	for (int i = 0; i < in->n_status; i++) {
		const struct hp_status *status = &in->status[i];
		const struct hc_thing *thing = &q->policy->things[status->rsc];

		if (status->node == node && is_part(q, status->rsc) &&
		    (!thing->device || status->role == HP_ROLE_PROMOTED))
			return true;
	}
	return false;
}

static void add_once(json_t *list, const char *text)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(item), text))
			return;
	json_array_append_new(list, json_string(text));
}

static const char *stay_word(const struct question *q)
{
	int stay = q->service->settings.stay;

	if (stay < 0)
		stay = q->conf->defaults.stay;
	return hc_stay_words[stay < 0 ? HC_STAY_STRONG : stay];
}

static bool is_preferred(const struct question *q, const char *node)
{
	for (unsigned int i = 0; i < q->service->n_rules; i++)
		if (q->service->rules[i].kind == HC_PREFER &&
		    hc_words_have(&q->service->rules[i].targets, node))
			return true;
	return false;
}

/* "the node is in standby until 14:20" */
static char *reason_text(const struct question *q, const struct hp_explain *x)
{
	time_t seconds = x->until_ms / 1000;
	char text[200], until[32];
	struct tm tm;

	hp_why_print(&q->policy->in, x->why, x->other, text, sizeof(text));
	if (!x->until_ms)
		return xstrdup(text);
	localtime_r(&seconds, &tm);
	strftime(until, sizeof(until), "%H:%M", &tm);
	return xasprintf("%s, until %s", text, until);
}

static char *here_text(const struct question *q, const struct hp_explain *x)
{
	if (x->why == HP_WHY_ALREADY_THERE)
		return xasprintf("it was already there (stay %s) and nothing forbids it",
				 stay_word(q));
	return reason_text(q, x);
}

static json_t *because(const struct question *q, int node)
{
	const char *name = q->policy->in.nodes[node].name;
	json_t *list = json_array();

	for (int i = 0; i < q->plan->n_explain; i++) {
		const struct hp_explain *x = &q->plan->explain[i];
		char *text;

		if (x->rsc < 0 || x->node != node || !is_part(q, x->rsc) ||
		    x->why == HP_WHY_PREFERRED)
			continue;
		text = here_text(q, x);
		add_once(list, text);
		free(text);
	}
	if (is_preferred(q, name)) {
		char *text = xasprintf("you prefer %s", name);

		add_once(list, text);
		free(text);
	}
	return list;
}

/* Of a device that is not known there: it may be up, of a node that is not heard. */
static const char *unknown_text(const struct hp_input *in, int node)
{
	return in->nodes[node].state == HP_NODE_UNKNOWN ? "is not known" :
							  "is not up (E0)";
}

/* A tiebreaker that has a device up, to vote, has a fact of it, and no disk. */
static void add_lacking(const struct question *q, int node, json_t *list)
{
	const struct hp_input *in = &q->policy->in;

	if (q->conf->nodes[node].role != HC_TIEBREAKER)
		return;
	for (unsigned int i = 0; i < q->service->n_members; i++) {
		const struct hc_member *member = &q->service->members[i];
		bool known = member->kind != HC_STORAGE;

		for (int j = 0; j < in->n_storage && !known; j++)
			known = in->storage[j].node == node && !strcmp(member->what,
				q->policy->things[in->storage[j].rsc].device->name);
		if (!known)
			json_array_append_new(list, json_sprintf(
				"a tiebreaker has no copy of %s (E0)", member->what));
	}
}

/* What is known of the service's devices there: "r0 UpToDate (E4)". */
static void add_storage(const struct question *q, int node, json_t *list)
{
	static const char *const data[] = {
		[HP_DATA_NEVER] = "is out of date (E0)", [HP_DATA_REMOTE] = "has no local data (E1)",
		[HP_DATA_CONSISTENT] = "Consistent (E2)",
		[HP_DATA_PEER_UNKNOWN] = "UpToDate, its peer is not known (E3)",
		[HP_DATA_UPTODATE] = "UpToDate (E4)",
	};
	const struct hp_input *in = &q->policy->in;

	for (int i = 0; i < in->n_storage; i++) {
		const struct hp_storage *s = &in->storage[i];
		char *text;

		if (s->node != node || !is_part(q, s->rsc))
			continue;
		text = xasprintf("%s %s%s", q->policy->things[s->rsc].device->name,
				 data[s->data] ? data[s->data] : unknown_text(in, node),
				 s->excluded ? ", excluded" : "");
		add_once(list, text);
		free(text);
	}
}

/* That the service is to be where its own device is says nothing of a node. */
static bool is_own_rule(const struct question *q, const struct hp_explain *x)
{
	const struct hp_input *in = &q->policy->in;
	const struct hp_colocation *rule;

	if (x->why != HP_WHY_TOGETHER || x->other < 0 ||
	    x->other >= in->n_colocations)
		return false;
	rule = &in->colocations[x->other];
	return q->policy->things[rule->with].device && is_part(q, rule->with);
}

/* The device could run there, which is no help: the service needs it promoted. */
static bool no_promotion(const struct question *q, const struct hp_explain *x)
{
	return x->rsc >= 0 && q->policy->things[x->rsc].device &&
	       (x->why == HP_WHY_OUTDATED || x->why == HP_WHY_EXCLUDED ||
		x->why == HP_WHY_SPLIT_BRAIN || x->why == HP_WHY_NO_DATA);
}

/* Reasons against the node; whether there is one. */
static bool add_obstacles(const struct question *q, int node, json_t *list)
{
	bool found = false;

	for (int i = 0; i < q->plan->n_explain; i++) {
		const struct hp_explain *x = &q->plan->explain[i];
		char *text;

		if (x->node != node ||
		    (x->verdict != HP_IMPOSSIBLE && !no_promotion(q, x)) ||
		    (x->rsc >= 0 && !is_part(q, x->rsc)))
			continue;
		/* Nor does what follows from another member's reason. */
		if (x->why == HP_WHY_MEMBER || is_own_rule(q, x) ||
		    (found && x->why == HP_WHY_LOWER_SCORE))
			continue;
		text = reason_text(q, x);
		add_once(list, text);
		free(text);
		found = true;
	}
	return found;
}

static json_t *needs(const struct question *q, int node)
{
	const char *name = q->policy->in.nodes[node].name;
	json_t *list = json_array();

	for (unsigned int i = 0; i < q->service->n_members; i++) {
		const char *device = q->service->members[i].what;

		if (q->service->members[i].kind != HC_STORAGE)
			continue;
		for (int j = 0; j < q->policy->in.n_nodes; j++)
			if (is_running(q, j))
				json_array_append_new(list, json_sprintf(
					"demote %s %s", device,
					q->policy->in.nodes[j].name));
		json_array_append_new(list, json_sprintf("promote %s %s",
							 device, name));
	}
	return list;
}

static json_t *node_json(const struct question *q, int node)
{
	json_t *reasons = json_array(), *json;
	bool impossible = add_obstacles(q, node, reasons);

	add_storage(q, node, reasons);
	add_lacking(q, node, reasons);
	json = json_pack("{s:s, s:s, s:o}", "node",
			 q->policy->in.nodes[node].name, "verdict",
			 impossible ? "impossible" : "possible", "reasons",
			 reasons);
	if (!impossible)
		json_object_set_new(json, "needs", needs(q, node));
	return json;
}

/* Of what runs nowhere: what the engine says of it where it came nearest. */
static json_t *why_nowhere(const struct question *q)
{
	json_t *list = json_array();

	for (int i = 0; i < q->plan->n_blocked; i++) {
		const struct hp_blocked *b = &q->plan->blocked[i];
		char text[200];

		if (b->rsc < 0 || !is_part(q, b->rsc))
			continue;
		hp_why_print(&q->policy->in, b->why, b->other, text,
			     sizeof(text));
		add_once(list, text);
	}
	for (int i = 0; i < q->policy->in.n_rscs; i++)
		if (is_part(q, i) && q->policy->in.rscs[i].limited)
			add_once(list, "it is to be stopped");
	if (!json_array_size(list))
		add_once(list, "no node is possible");
	return list;
}

json_t *hc_why_json(const struct hc_config *conf, const struct hc_policy *policy,
		    const struct hp_plan *plan, const char *service,
		    const char *node)
{
	struct question q = { conf, policy, plan, hc_service_find(conf, service) };
	json_t *nodes = json_array(), *json, *reasons = NULL;
	char *where = xstrdup("");

	if (!q.service) {
		free(where);
		json_decref(nodes);
		return NULL;
	}
	for (int i = 0; i < policy->in.n_nodes; i++) {
		const char *name = policy->in.nodes[i].name;

		if (is_running(&q, i)) {
			char *longer = xasprintf("%s%s%s", where,
						 *where ? " " : "", name);

			free(where);
			where = longer;
			if (!reasons)
				reasons = because(&q, i);
		} else if (!node || !strcmp(node, name)) {
			json_array_append_new(nodes, node_json(&q, i));
		}
	}
	json = json_pack("{s:s, s:s, s:s, s:o, s:o}", "service", service,
			 "state", *where ? "running" : "stopped", "node", where,
			 "because", reasons ? reasons : why_nowhere(&q),
			 "nodes", nodes);
	free(where);
	return json;
}
