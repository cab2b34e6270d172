// SPDX-License-Identifier: GPL-2.0-only
/* Why a service is where it is; the explanation is the policy engine's. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "util.h"

static void append_once(json_t *list, char *text)
{
	const json_t *old;
	size_t i;

	json_array_foreach(list, i, old)
		if (!strcmp(json_string_value(old), text)) {
			free(text);
			return;
		}
	json_array_append_new(list, json_string(text));
	free(text);
}

/* Does a resource decide where the service is? Its members, and its device. */
static bool belongs(const struct thought *t, int rsc,
		    const struct hc_service *service)
{
	const struct hc_thing *thing;

	if (rsc < 0)
		return false;
	thing = &t->policy->things[rsc];
	if (!thing->device)
		return thing->service == service;
	for (unsigned int i = 0; i < service->n_members; i++)
		if (service->members[i].kind == HC_STORAGE &&
		    !strcmp(service->members[i].what, thing->device->name))
			return true;
	return false;
}

static void gather(const struct thought *t, const struct hc_service *service,
		   int node, bool impossible_only, json_t *out)
{
	for (int i = 0; i < t->plan.n_explain; i++) {
		const struct hp_explain *e = &t->plan.explain[i];

		if (e->node != node || (e->rsc >= 0 && !belongs(t, e->rsc, service)) ||
		    e->why == HP_WHY_NONE ||
		    (impossible_only && e->verdict != HP_IMPOSSIBLE) ||
		    (!impossible_only && e->verdict == HP_IMPOSSIBLE &&
		     t->policy->things[e->rsc < 0 ? 0 : e->rsc].device))
			continue;
		append_once(out, wants_why(t, e->why, e->other));
	}
}

static bool impossible(const struct thought *t, const struct hc_service *service,
		       int node)
{
	for (int i = 0; i < t->plan.n_explain; i++) {
		const struct hp_explain *e = &t->plan.explain[i];

		if (e->node == node && e->verdict == HP_IMPOSSIBLE &&
		    (e->rsc < 0 || belongs(t, e->rsc, service)))
			return true;
	}
	return false;
}

/* What moving it there would take. */
static json_t *needs(struct daemon *d, const struct hc_service *service,
		     const struct hc_node *node)
{
	struct picture *p = picture_take(d);
	char *key = xasprintf(OP_MOVE "%s", service->name);
	char *value = xasprintf("{\"node\":\"%s\"}", node->name);
	json_t *list = json_array();
	const struct thought *t;

	picture_set(p, key, value);
	t = picture_think(p);
	for (int i = 0; i < t->plan.n_actions; i++) {
		const struct hp_action *a = &t->plan.actions[i];

		if (belongs(t, a->rsc, service))
			append_once(list, wants_text(t, a->act, a->rsc, a->node));
	}
	free(value);
	free(key);
	picture_free(p);
	return list;
}

static json_t *one_node(struct daemon *d, const struct thought *t,
			const struct hc_service *service, int node)
{
	bool no = impossible(t, service, node);
	json_t *reasons = json_array(), *out;

	gather(t, service, node, no, reasons);
	out = json_pack("{s:s, s:s, s:o}", "node",
			t->conf->nodes[node].name, "verdict",
			no ? "impossible" : "possible", "reasons", reasons);
	if (!no)
		json_object_set_new(out, "needs",
				    needs(d, service, &t->conf->nodes[node]));
	return out;
}

static void blocked(const struct thought *t, const struct hc_service *service,
		    json_t *because)
{
	for (int i = 0; i < t->plan.n_blocked; i++)
		if (belongs(t, t->plan.blocked[i].rsc, service))
			append_once(because, wants_why(t, t->plan.blocked[i].why,
						       t->plan.blocked[i].other));
}

static json_t *explain(struct daemon *d, struct picture *p,
		       const struct hc_service *service, const char *only)
{
	const struct thought *t = picture_think(p);
	uint32_t where = picture_where(p, service);
	json_t *because = json_array(), *nodes = json_array();
	const char *name = "";

	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct hc_node *node = &p->conf->nodes[i];

		if ((uint32_t)node->id == where) {
			name = node->name;
			gather(t, service, i, false, because);
		} else if (!only || !strcmp(only, node->name)) {
			json_array_append_new(nodes, one_node(d, t, service, i));
		}
	}
	blocked(t, service, because);
	if (!where && !json_array_size(because))
		gather(t, service, -1, false, because);
	if (!json_array_size(because))
		json_array_append_new(because, json_string(where ?
			"nothing forbids it" : "no node can run it"));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "service", service->name,
			 "state", where ? "running" : "stopped", "node", name,
			 "because", because, "nodes", nodes);
}

void answer_why(struct daemon *d, struct ipc_call *call)
{
	const char *name = ipc_text(call, "service");
	const char *node = ipc_text(call, "node");
	const struct hc_service *service =
		name ? hc_service_find(d->conf, name) : NULL;
	struct picture *p;

	if (!service) {
		ipc_fail(call, "failed", "there is no service \"%s\"",
			 name ? name : "");
		return;
	}
	if (node && !hc_node_find(d->conf, node)) {
		ipc_fail(call, "failed", "there is no node \"%s\"", node);
		return;
	}
	p = picture_take(d);
	ipc_ok(call, explain(d, p, service, node));
	picture_free(p);
}
