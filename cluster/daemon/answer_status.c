// SPDX-License-Identifier: GPL-2.0-only
/* The state of the cluster as this node knows it. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "corosync_conf.h"
#include "grade.h"
#include "problems.h"
#include "util.h"

static json_t *nodes(const struct picture *p)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct hc_node *node = &p->conf->nodes[i];
		bool here = p->view.members & 1u << (node->id - 1);
		enum core_standing standing = p->standing[node->id - 1];
		json_t *out = json_pack("{s:s, s:s}", "name", node->name,
			"state", here ? "online" : standing == CORE_NODE_OUT ?
			"offline" : "unknown");
		char *key = xasprintf(OP_STANDBY "%s", node->name);
		const char *value = picture_fact(p, key);

		if (value)
			json_object_set_new(out, "standby",
					    json_loads(value, 0, NULL));
		free(key);
		key = xasprintf(OP_MAINTENANCE "%s", node->name);
		if (picture_fact(p, key))
			json_object_set_new(out, "maintenance", json_true());
		free(key);
		json_array_append_new(list, out);
	}
	return list;
}

static const char *busy_word(const struct picture *p, const char *unit,
			     const char *member, uint32_t node)
{
	static const char *const words[] = {
		[CORE_START] = "starting", [CORE_STOP] = "stopping",
		[CORE_PROMOTE] = "promoting", [CORE_DEMOTE] = "demoting",
	};

	for (size_t i = 0; i < p->n_ops; i++)
		if (!strcmp(p->ops[i].unit, unit) &&
		    (!member || !strcmp(p->ops[i].member, member)) &&
		    (!node || p->ops[i].node == node) &&
		    p->ops[i].verb <= CORE_DEMOTE)
			return words[p->ops[i].verb];
	return NULL;
}

static const char *row_word(const struct picture_row *row)
{
	switch (row ? row->state : CORE_UNSURE) {
	case CORE_STOPPED:
		return "stopped";
	case CORE_STARTED:
		return "running";
	case CORE_PROMOTED:
		return "promoted";
	case CORE_FAILED:
		return "failed";
	default:
		return "unknown";
	}
}

static const char *device_role(const char *word)
{
	return word ? word : "";
}

static json_t *member(const struct picture *p, const struct hc_service *service,
		      const struct hc_member *m, uint32_t node)
{
	static const char *const kinds[] = {
		[HC_STORAGE] = "storage", [HC_MOUNT] = "mount", [HC_IP] = "ip",
		[HC_SYSTEMD] = "systemd", [HC_OCF] = "ocf",
	};
	const struct picture_row *row = picture_member(p, node, service, m);
	const char *state = row_word(row);
	const struct picture_device *device;
	json_t *out;

	if (m->kind == HC_STORAGE)
		state = row && row->state == CORE_PROMOTED ? "running" :
			row && row->state == CORE_STARTED ? "secondary" : state;
	out = json_pack("{s:s, s:s, s:s}", "kind", kinds[m->kind], "name",
			m->name, "state", node ? state : "stopped");
	device = m->kind == HC_STORAGE ? picture_device(p, node, m->what) : NULL;
	if (device && json_object_get(device->state, "role")) {
		json_object_set_new(out, "role", json_string(device_role(
			json_string_value(json_object_get(device->state,
							  "role")))));
		json_object_set_new(out, "disk", json_string(device_role(
			json_string_value(json_object_get(device->state,
							  "disk")))));
	}
	return out;
}

static int64_t since(const struct picture *p, const struct hc_service *service,
		     uint32_t node)
{
	int64_t latest = 0;

	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct picture_row *row =
			picture_member(p, node, service, &service->members[i]);
		int64_t ms = row ? json_integer_value(json_object_get(
			row->detail, "since")) : 0;

		latest = ms > latest ? ms : latest;
	}
	return latest;
}

static bool any_failed(const struct picture *p, const struct hc_service *service,
		       uint32_t node)
{
	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct picture_row *row =
			picture_member(p, node, service, &service->members[i]);

		if (row && row->state == CORE_FAILED)
			return true;
	}
	return false;
}

static const char *service_state(const struct picture *p,
				 const struct hc_service *service,
				 uint32_t *node)
{
	const char *busy = busy_word(p, service->name, NULL, 0);
	uint32_t owner = picture_owner(p, service->name);

	*node = picture_where(p, service);
	if (*node && picture_complete(p, service, *node))
		return "running";
	if (busy)
		return busy;
	if (*node)
		return any_failed(p, service, *node) ? "failed" : "starting";
	if (owner && p->standing[owner - 1] == CORE_NODE_UNKNOWN &&
	    owner <= 32) {
		*node = owner;
		return "unknown";
	}
	return "stopped";
}

/* Where it would go if its node were lost now. */
static json_t *failover(struct daemon *d, const struct hc_service *service,
			uint32_t node)
{
	struct picture *p = picture_take(d);
	const struct thought *t;
	const char *to = "";
	bool ready = true;

	picture_node_down(p, node);
	t = picture_think(p);
	for (int i = 0; i < t->plan.n_places; i++) {
		const struct hp_place *place = &t->plan.places[i];
		const struct hc_thing *thing =
			&t->policy->things[place->rsc];

		if (thing->service == service && thing->member &&
		    place->node >= 0)
			to = t->policy->in.nodes[place->node].name;
	}
	for (int i = 0; i < t->plan.n_blocked; i++)
		if (t->plan.blocked[i].rsc >= 0 &&
		    t->policy->things[t->plan.blocked[i].rsc].service == service)
			ready = false;
	picture_free(p);
	return json_pack("{s:s, s:b}", "node", to, "ready", ready && *to);
}

static json_t *service_out(struct daemon *d, const struct picture *p,
			   const struct hc_service *service)
{
	uint32_t node;
	const char *state = service_state(p, service, &node);
	const struct hc_node *named = node ? facts_node(p->conf, node) : NULL;
	json_t *members = json_array(), *out;

	for (unsigned int i = 0; i < service->n_members; i++)
		json_array_append_new(members, member(p, service,
						      &service->members[i],
						      node));
	out = json_pack("{s:s, s:s, s:s, s:o}", "name", service->name, "state",
			state, "node", named ? named->name : "", "members",
			members);
	if (!strcmp(state, "running")) {
		json_object_set_new(out, "since_ms",
				    json_integer(since(p, service, node)));
		json_object_set_new(out, "failover", failover(d, service, node));
	}
	for (unsigned int i = 0; i < service->n_rules; i++)
		if (service->rules[i].kind == HC_WITH)
			json_object_set_new(out, "with", json_string(
				service->rules[i].targets.word[0]));
	return out;
}

/* Nodes of one state stand together, in the order of the configuration. */
static json_t *clone_out(const struct picture *p, const struct hc_service *clone)
{
	json_t *list = json_array(), *states = json_object(), *nodes;
	const char *state;

	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct hc_node *node = &p->conf->nodes[i];

		state = busy_word(p, clone->name, NULL, node->id);
		if (!state)
			state = row_word(picture_member(p, node->id, clone,
							&clone->members[0]));
		if (!json_object_get(states, state))
			json_object_set_new(states, state, json_array());
		json_array_append_new(json_object_get(states, state),
				      json_pack("{s:s, s:s}", "node",
						node->name, "state", state));
	}
	json_object_foreach(states, state, nodes)
		json_array_extend(list, nodes);
	json_decref(states);
	return json_pack("{s:s, s:o}", "name", clone->name, "nodes", list);
}

static json_t *head(struct daemon *d, const struct picture *p)
{
	bool active = !strcmp(p->view.phase, "active");
	const struct hc_node *coordinator = active && p->view.coordinator ?
		facts_node(p->conf, p->view.coordinator) : NULL;
	struct hc_timing timing;
	struct grade grade;
	char letter[2] = "";

	hc_timing(p->conf, &timing);
	grade_config(p->conf, &grade);
	letter[0] = grade.letter;
	return json_pack("{s:I, s:s, s:I, s:b, s:{s:s, s:i, s:i, s:s}, s:s, s:{s:s, s:I}, s:{s:s, s:s}, s:s}",
		"time_ms", (json_int_t)clock_wall(), "cluster", p->conf->name,
		"rev", (json_int_t)d->rev, "maintenance",
		picture_fact(p, OP_MAINTENANCE OP_ALL) != NULL,
		"quorum", "state", !p->view.quorate ? "inquorate" : active ?
		"quorate" : "pending", "votes",
		__builtin_popcount(p->view.members), "expected",
		(int)p->conf->n_nodes, "witness",
		p->conf->quorum.witness ? p->conf->quorum.witness : "none",
		"coordinator", coordinator ? coordinator->name : "",
		"detect", "profile", hc_profile_name(p->conf), "worst_ms",
		(json_int_t)timing.detect_worst,
		"safety", "grade", letter, "text", grade.text,
		"phase", p->view.phase);
}

void answer_status(struct daemon *d, struct ipc_call *call)
{
	struct picture *p = picture_take(d);
	json_t *out = head(d, p), *services = json_array(), *clones = json_array();
	json_t *problems = problems_find(p);

	for (unsigned int i = 0; i < p->conf->n_services; i++) {
		const struct hc_service *service = &p->conf->services[i];

		if (service->clone)
			json_array_append_new(clones, clone_out(p, service));
		else
			json_array_append_new(services,
					      service_out(d, p, service));
	}
	problems_conflicts(problems, d);
	json_object_set_new(out, "problems", problems);
	json_object_set_new(out, "nodes", nodes(p));
	json_object_set_new(out, "services", services);
	json_object_set_new(out, "clones", clones);
	picture_free(p);
	ipc_ok(call, out);
}
