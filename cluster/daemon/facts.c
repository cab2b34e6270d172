// SPDX-License-Identifier: GPL-2.0-only
/* Rows, owners and decisions as facts for the policy engine. Pure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "checks.h"
#include "facts.h"
#include "facts_storage.h"
#include "util.h"

#define GROW(f, list, n) \
	((f)->list = xreallocarray((f)->list, (n) + 1, sizeof(*(f)->list)), \
	 memset(&(f)->list[n], 0, sizeof(*(f)->list)), &(f)->list[(n)++])

const struct hc_node *facts_node(const struct hc_config *conf, uint32_t id)
{
	for (unsigned int i = 0; i < conf->n_nodes; i++)
		if (conf->nodes[i].id == (int)id)
			return &conf->nodes[i];
	return NULL;
}

static bool place_of_device(const struct hc_config *conf, const char *device,
			    const struct hc_service **service,
			    const struct hc_member **found)
{
	for (unsigned int i = 0; i < conf->n_services; i++)
		for (unsigned int j = 0; j < conf->services[i].n_members; j++) {
			const struct hc_member *m =
				&conf->services[i].members[j];

			if (m->kind != HC_STORAGE || strcmp(m->what, device))
				continue;
			*service = &conf->services[i];
			*found = m;
			return true;
		}
	return false;
}

bool facts_place(const struct hc_config *conf, const char *unit,
		 const char *member, const struct hc_service **service,
		 const struct hc_member **found)
{
	if (!strncmp(unit, DEVICE_PREFIX, strlen(DEVICE_PREFIX)))
		return place_of_device(conf, unit + strlen(DEVICE_PREFIX),
				       service, found);
	*service = hc_service_find(conf, unit);
	*found = *service ? hc_member_find(*service, member) : NULL;
	return *found;
}

static const char *keep(struct facts *f, json_t *object)
{
	json_array_append_new(f->keep, object);
	return json_is_string(object) ? json_string_value(object) : NULL;
}

static json_t *value_of(const struct core_fact *fact)
{
	json_t *value = json_loadb(fact->value, fact->size, 0, NULL);

	return value ? value : json_object();
}

static const char *after(const char *key, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(key, prefix, length) ? NULL : key + length;
}

/* Members without a row have not been probed there yet. */
static bool all_known(const struct hc_config *conf,
		      const struct core_plan_in *in, uint32_t id)
{
	const struct hc_service *service;
	const struct hc_member *member;
	unsigned int known = 0, members = 0;

	for (unsigned int i = 0; i < conf->n_services; i++)
		for (unsigned int j = 0; j < conf->services[i].n_members; j++)
			members++;
	for (size_t i = 0; i < in->nr_rows; i++) {
		const struct core_row *row = &in->rows[i].row;

		if (in->rows[i].node != id ||
		    !facts_place(conf, row->unit, row->member, &service,
				 &member))
			continue;
		if (row->state == CORE_UNSURE)
			return false;
		known++;
	}
	return known == members;
}

static void add_nodes(struct facts *f, const struct hc_config *conf,
		      const struct core_plan_in *in)
{
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		struct hc_fact_node *node = GROW(f, nodes, f->hc.n_nodes);
		uint32_t id = conf->nodes[i].id;

		node->node = conf->nodes[i].name;
		node->state = in->standing[id - 1] == CORE_NODE_OUT ?
			      HP_NODE_DOWN :
			      in->standing[id - 1] == CORE_NODE_UNKNOWN ?
			      HP_NODE_UNKNOWN :
			      all_known(conf, in, id) ? HP_NODE_ONLINE :
			      HP_NODE_PENDING;
	}
}

static struct hc_fact_node *find_node(struct facts *f, const char *name)
{
	for (int i = 0; i < f->hc.n_nodes; i++)
		if (!strcmp(f->nodes[i].node, name))
			return &f->nodes[i];
	return NULL;
}

static void about_node(struct facts *f, const char *key)
{
	const char *name;
	struct hc_fact_node *node;

	name = after(key, OP_MAINTENANCE);
	if (name && !strcmp(name, OP_ALL))
		f->hc.maintenance = true;
	node = name ? find_node(f, name) : NULL;
	if (node)
		node->maintenance = true;
	name = after(key, OP_STANDBY);
	node = name ? find_node(f, name) : NULL;
	if (node)
		node->standby = true;
	name = after(key, OP_SHUTDOWN);
	node = name ? find_node(f, name) : NULL;
	if (node)
		node->shutdown = true;
}

static void about_service(struct facts *f, const struct core_fact *fact)
{
	struct hc_fact_decision d = { 0 };
	const char *name, *slash;
	json_t *value;

	if ((name = after(fact->key, OP_BAN)))
		d.kind = HC_BAN;
	else if ((name = after(fact->key, OP_MOVE)))
		d.kind = HC_MOVE;
	else if ((name = after(fact->key, OP_STOPPED)))
		d.kind = HC_STOPPED;
	else
		return;
	slash = strchr(name, '/');
	d.service = keep(f, json_stringn(name, slash ? slash - name :
					       (ptrdiff_t)strlen(name)));
	d.node = slash ? keep(f, json_string(slash + 1)) : NULL;
	value = value_of(fact);
	if (d.kind == HC_MOVE) {
		d.node = keep(f, json_incref(json_object_get(value, "node")));
		d.away = json_is_true(json_object_get(value, "away"));
	}
	json_decref(value);
	*GROW(f, decisions, f->hc.n_decisions) = d;
}

static enum hp_role role_of(const struct hc_service *service, bool device,
			    enum core_state state)
{
	if (state == CORE_STOPPED || state == CORE_UNSURE)
		return HP_ROLE_STOPPED;
	if (state == CORE_PROMOTED)
		return HP_ROLE_PROMOTED;
	return device || service->promotable > 0 ? HP_ROLE_UNPROMOTED :
						   HP_ROLE_STARTED;
}

static enum hp_op failed_op(const json_t *detail)
{
	static const char *const words[] = {
		[HP_OP_MONITOR] = "monitor", [HP_OP_START] = "start",
		[HP_OP_STOP] = "stop", [HP_OP_PROMOTE] = "promote",
		[HP_OP_DEMOTE] = "demote",
	};
	const char *word = json_string_value(json_object_get(detail,
							     "failed_op"));

	for (size_t i = 0; word && i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], word))
			return i;
	return HP_OP_MONITOR;
}

static void add_failures(struct facts *f, const struct hc_fact_member *m,
			 const json_t *detail)
{
	int64_t count = json_integer_value(json_object_get(detail, "failures"));
	struct hc_fact_failure *failure;

	if (json_is_true(json_object_get(detail, "hopeless")))
		count = HP_INF;
	if (count <= 0)
		return;
	failure = GROW(f, failures, f->hc.n_failures);
	failure->service = m->service;
	failure->member = m->member;
	failure->node = m->node;
	failure->count = count;
}

/*
 * By the committed state another node of the view has the unit: this one, which
 * was replaced while nobody heard it, stops by itself, and it would be wrong to
 * restart both. One that cannot stop is left to the policy, which has it fenced; if
 * nothing can do that, it is a problem to be told, but none of the other node.
 */
static void replaced(const struct core_plan_in *in,
		     const struct core_node_row *row, struct hc_fact_member *m)
{
	const struct core_fact *owner;
	char key[160];
	uint32_t id;

	snprintf(key, sizeof(key), "owner/%s", row->row.unit);
	owner = brain_fact(in, key);
	id = owner ? strtoul(owner->value, NULL, 10) : 0;
	if (!id || id > ARRAY_SIZE(in->standing) || id == row->node ||
	    in->standing[id - 1] != CORE_NODE_READY ||
	    (m->failed && m->failed_op == HP_OP_STOP && !m->blocked))
		return;
	if (m->role == HP_ROLE_PROMOTED) {
		m->role = HP_ROLE_UNPROMOTED;
	} else if (m->role == HP_ROLE_STARTED) {
		m->role = HP_ROLE_STOPPED;
		m->failed = m->blocked = false;
	}
}

static void add_row(struct facts *f, const struct hc_config *conf,
		    const struct core_plan_in *in,
		    const struct core_node_row *row)
{
	const struct hc_node *node = facts_node(conf, row->node);
	const struct hc_service *service;
	const struct hc_member *member;
	struct hc_fact_member m = { 0 };
	json_t *detail;
	bool device;

	if (!node || !facts_place(conf, row->row.unit, row->row.member,
				  &service, &member))
		return;
	device = member->kind == HC_STORAGE;
	detail = json_loads(row->row.detail ? row->row.detail : "", 0, NULL);
	m.service = service->name;
	m.member = member->name;
	m.node = node->name;
	m.role = role_of(service, device, row->row.state);
	m.changed = json_is_true(json_object_get(detail, "changed"));
	m.failed = row->row.state == CORE_FAILED;
	if (m.failed) {
		m.failed_op = failed_op(detail);
		m.blocked = json_is_true(json_object_get(detail, "blocked"));
		if (json_is_true(json_object_get(detail, "promoted")))
			m.role = HP_ROLE_PROMOTED;
	}
	replaced(in, row, &m);
	*GROW(f, members, f->hc.n_members) = m;
	add_failures(f, &m, detail);
	if (service->promotable > 0 && json_object_get(detail, "score"))
		*GROW(f, promotions, f->hc.n_promotions) =
			(struct hc_fact_promotion){ service->name, node->name,
			json_integer_value(json_object_get(detail, "score")) };
	json_decref(detail);
}

/* What a node that is not heard owned may still run there, all of it. */
static void add_owner(struct facts *f, const struct hc_config *conf,
		      const struct core_plan_in *in,
		      const struct core_fact *fact)
{
	const char *unit = after(fact->key, "owner/");
	uint32_t id = unit ? strtoul(fact->value, NULL, 10) : 0;
	const struct hc_node *node = facts_node(conf, id);

	if (!node || in->standing[id - 1] != CORE_NODE_UNKNOWN)
		return;
	for (unsigned int i = 0; i < conf->n_services; i++) {
		const struct hc_service *service = &conf->services[i];

		for (unsigned int j = 0; j < service->n_members; j++) {
			const struct hc_member *member = &service->members[j];
			const char *device = after(unit, DEVICE_PREFIX);
			bool storage = member->kind == HC_STORAGE;

			if (storage ? !device || strcmp(device, member->what) :
				      strcmp(unit, service->name))
				continue;
			*GROW(f, members, f->hc.n_members) =
				(struct hc_fact_member){
				.service = service->name,
				.member = member->name, .node = node->name,
				.role = storage || service->promotable > 0 ?
				HP_ROLE_PROMOTED : HP_ROLE_STARTED };
		}
	}
}

/*
 * The copy of a device that its owner, who is not here, has: who takes the device over excludes it,
 * in the claim. Nothing more is known of that copy.
 */
static void add_lost_copy(struct facts *f, const struct hc_config *conf,
			  const struct core_plan_in *in,
			  const struct core_fact *fact)
{
	const char *name = after(fact->key, "owner/" DEVICE_PREFIX);
	uint32_t id = name ? strtoul(fact->value, NULL, 10) : 0;
	const struct hc_device *device = name ? hc_device_find(conf, name) : NULL;
	const struct hc_node *node = facts_node(conf, id);

	if (!device || !node || in->standing[id - 1] == CORE_NODE_READY)
		return;
	for (size_t i = 0; i < in->nr_devices; i++)
		if (in->devices[i].node == id &&
		    !strcmp(in->devices[i].name, name))
			return;
	*GROW(f, storage, f->hc.n_storage) = (struct hc_fact_storage){
		.device = device->name, .node = node->name,
		.excluded = facts_excluded(in, name, id),
	};
}

/* Of one node after the other, so that each has its own together. */
static void add_checks(struct facts *f, const struct hc_config *conf,
		       const struct core_plan_in *in)
{
	int n = 0, *from = xcalloc(f->hc.n_nodes + 1, sizeof(*from));

	for (int i = 0; i < f->hc.n_nodes; i++) {
		from[i] = n;
		for (size_t r = 0; r < in->nr_rows; r++) {
			const struct core_node_row *row = &in->rows[r];
			json_t *detail;

			if (strcmp(row->row.unit, CHECK_UNIT) ||
			    row->node != (uint32_t)conf->nodes[i].id)
				continue;
			detail = json_loads(row->row.detail, 0, NULL);
			if (json_is_true(json_object_get(detail, "failed")))
				*GROW(f, attrs, n) = (struct hp_attr){
					keep(f, json_sprintf("check-%s",
							     row->row.member)),
					"failed" };
			json_decref(detail);
		}
		f->nodes[i].n_attrs = n - from[i];
	}
	for (int i = 0; i < f->hc.n_nodes; i++)
		f->nodes[i].attrs = f->attrs + from[i];
	free(from);
}

static void point(struct facts *f)
{
	f->hc.nodes = f->nodes;
	f->hc.members = f->members;
	f->hc.failures = f->failures;
	f->hc.promotions = f->promotions;
	f->hc.storage = f->storage;
	f->hc.decisions = f->decisions;
}

struct facts *facts_make(const struct hc_config *conf,
			 const struct core_plan_in *in)
{
	struct facts *f = xcalloc(1, sizeof(*f));

	f->keep = json_array();
	f->hc.now_ms = in->now;
	add_nodes(f, conf, in);
	for (size_t i = 0; i < in->nr_facts; i++) {
		about_node(f, in->facts[i].key);
		about_service(f, &in->facts[i]);
		add_owner(f, conf, in, &in->facts[i]);
		add_lost_copy(f, conf, in, &in->facts[i]);
	}
	for (size_t i = 0; i < in->nr_rows; i++)
		add_row(f, conf, in, &in->rows[i]);
	add_checks(f, conf, in);
	for (size_t i = 0; i < in->nr_devices; i++) {
		struct hc_fact_storage s;

		if (facts_storage(conf, in, &in->devices[i], &s))
			*GROW(f, storage, f->hc.n_storage) = s;
	}
	point(f);
	return f;
}

void facts_free(struct facts *f)
{
	if (!f)
		return;
	free(f->nodes);
	free(f->members);
	free(f->failures);
	free(f->promotions);
	free(f->storage);
	free(f->decisions);
	free(f->attrs);
	json_decref(f->keep);
	free(f);
}
