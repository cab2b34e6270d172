// SPDX-License-Identifier: GPL-2.0-only
/* A copy of what the core knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "storage_facts.h"
#include "util.h"
#include "watchdog.h"


static char *text_of(const void *data, size_t size)
{
	char *text = xcalloc(size + 1, 1);

	if (size)
		memcpy(text, data, size);
	return text;
}

static void copy_rows(struct picture *p, const struct core_plan_in *in)
{
	p->rows = xcalloc(in->nr_rows + 1, sizeof(*p->rows));
	for (size_t i = 0; i < in->nr_rows; i++) {
		struct picture_row *row = &p->rows[p->n_rows++];
		const char *detail = in->rows[i].row.detail;

		row->node = in->rows[i].node;
		row->state = in->rows[i].row.state;
		snprintf(row->unit, sizeof(row->unit), "%s",
			 in->rows[i].row.unit);
		snprintf(row->member, sizeof(row->member), "%s",
			 in->rows[i].row.member);
		row->detail = json_loads(detail ? detail : "", 0, NULL);
	}
}

static void copy_rest(struct picture *p, const struct core_plan_in *in)
{
	p->facts = xcalloc(in->nr_facts + 1, sizeof(*p->facts));
	for (size_t i = 0; i < in->nr_facts; i++)
		p->facts[p->n_facts++] = (struct picture_fact){
			xstrdup(in->facts[i].key),
			text_of(in->facts[i].value, in->facts[i].size) };
	p->devices = xcalloc(in->nr_devices + 1, sizeof(*p->devices));
	for (size_t i = 0; i < in->nr_devices; i++) {
		struct picture_device *to = &p->devices[p->n_devices++];

		to->node = in->devices[i].node;
		snprintf(to->name, sizeof(to->name), "%s", in->devices[i].name);
		to->text = text_of(in->devices[i].state, in->devices[i].size);
		to->state = json_loads(to->text, 0, NULL);
	}
	p->ops = xcalloc(in->nr_ops + 1, sizeof(*p->ops));
	for (size_t i = 0; i < in->nr_ops; i++) {
		struct core_want *op = &p->ops[p->n_ops++];

		op->verb = in->ops[i].verb;
		op->node = in->ops[i].node;
		snprintf(op->unit, sizeof(op->unit), "%s", in->ops[i].unit);
		snprintf(op->member, sizeof(op->member), "%s",
			 in->ops[i].member);
	}
}

static void take(void *ctx, const struct core_plan_in *in, struct core_plan *out)
{
	struct picture *p = ctx;

	(void)out;
	p->now = in->now;
	memcpy(p->standing, in->standing, sizeof(p->standing));
	copy_rows(p, in);
	copy_rest(p, in);
}

struct picture *picture_take(struct daemon *d)
{
	struct picture *p = xcalloc(1, sizeof(*p));

	p->conf = d->conf;
	p->self = d->id;
	p->watchdog = watchdog_problem(d->watchdog);
	core_look(d->core, &p->view);
	core_show(d->core, clock_boot(), take, p);
	return p;
}

static void forget(struct picture *p)
{
	thought_free(p->thought);
	facts_free(p->made);
	p->thought = NULL;
	p->made = NULL;
}

void picture_free(struct picture *p)
{
	if (!p)
		return;
	forget(p);
	for (size_t i = 0; i < p->n_rows; i++)
		json_decref(p->rows[i].detail);
	for (size_t i = 0; i < p->n_facts; i++) {
		free(p->facts[i].key);
		free(p->facts[i].value);
	}
	for (size_t i = 0; i < p->n_devices; i++) {
		json_decref(p->devices[i].state);
		free(p->devices[i].text);
	}
	free(p->rows);
	free(p->facts);
	free(p->devices);
	free(p->ops);
	hc_free(p->own_conf);
	free(p);
}

static struct picture_fact *find(const struct picture *p, const char *key)
{
	for (size_t i = 0; i < p->n_facts; i++)
		if (!strcmp(p->facts[i].key, key))
			return &p->facts[i];
	return NULL;
}

const char *picture_fact(const struct picture *p, const char *key)
{
	const struct picture_fact *fact = find(p, key);

	return fact ? fact->value : NULL;
}

void picture_set(struct picture *p, const char *key, const char *value)
{
	struct picture_fact *fact = find(p, key);

	forget(p);
	if (!fact && !value)
		return;
	if (!fact) {
		p->facts = xreallocarray(p->facts, p->n_facts + 1,
					 sizeof(*p->facts));
		fact = &p->facts[p->n_facts++];
		*fact = (struct picture_fact){ xstrdup(key), NULL };
	}
	free(fact->value);
	fact->value = value ? xstrdup(value) : NULL;
	if (value)
		return;
	free(fact->key);
	*fact = p->facts[--p->n_facts];
}

/* What it said itself is gone with it. */
static void node_gone(struct picture *p, uint32_t node, enum core_standing standing)
{
	size_t kept = 0;

	forget(p);
	p->standing[node - 1] = standing;
	for (size_t i = 0; i < p->n_rows; i++) {
		if (p->rows[i].node == node)
			json_decref(p->rows[i].detail);
		else
			p->rows[kept++] = p->rows[i];
	}
	p->n_rows = kept;
	kept = 0;
	for (size_t i = 0; i < p->n_devices; i++) {
		if (p->devices[i].node == node) {
			json_decref(p->devices[i].state);
			free(p->devices[i].text);
		} else {
			p->devices[kept++] = p->devices[i];
		}
	}
	p->n_devices = kept;
}

void picture_node_down(struct picture *p, uint32_t node)
{
	node_gone(p, node, CORE_NODE_OUT);
}

/* What the module says of a device whose peer it does not hear any more. */
static void peer_lost(struct picture_device *device, const char *peer)
{
	const char *fencing = json_string_value(
		json_object_get(device->state, "fencing"));
	const char *role = json_string_value(json_object_get(device->state, "role"));
	bool waits = fencing && strcmp(fencing, "dont-care") &&
		     role && strcmp(role, "Primary");

	if (json_integer_value(json_object_get(device->state, "grade")) !=
	    STORAGE_BEST)
		return;
	json_object_set_new(device->state, "grade", json_integer(
		waits ? STORAGE_CONSISTENT : STORAGE_ALONE));
	json_array_append_new(json_object_get(device->state, "unknown"),
			      json_string(peer));
	free(device->text);
	device->text = json_dumps(device->state, JSON_COMPACT);
}

static bool has_peer(const struct picture_device *device, const char *name)
{
	const json_t *peer;
	size_t i;

	json_array_foreach(json_object_get(device->state, "peers"), i, peer)
		if (ha_streq(json_string_value(json_object_get(peer, "name")),
			     name))
			return true;
	return false;
}

void picture_node_lost(struct picture *p, uint32_t node)
{
	const struct hc_node *lost = facts_node(p->conf, node);

	node_gone(p, node, CORE_NODE_UNKNOWN);
	for (size_t i = 0; lost && i < p->n_devices; i++)
		if (has_peer(&p->devices[i], lost->name))
			peer_lost(&p->devices[i], lost->name);
}

const struct thought *picture_think(struct picture *p)
{
	struct core_plan_in in = { .now = p->now };
	struct core_node_row *rows;
	struct core_node_device *devices;
	struct core_fact *facts;
	json_t *texts;

	if (p->thought)
		return p->thought;
	texts = json_array();
	memcpy(in.standing, p->standing, sizeof(in.standing));
	in.rows = rows = xcalloc(p->n_rows + 1, sizeof(*rows));
	in.facts = facts = xcalloc(p->n_facts + 1, sizeof(*facts));
	in.devices = devices = xcalloc(p->n_devices + 1, sizeof(*devices));
	for (size_t i = 0; i < p->n_rows; i++) {
		char *text = json_dumps(p->rows[i].detail, JSON_COMPACT);
		json_t *kept = json_string(text ? text : "");

		json_array_append_new(texts, kept);
		free(text);
		rows[in.nr_rows++] = (struct core_node_row){ p->rows[i].node, {
			p->rows[i].unit, p->rows[i].member, p->rows[i].state,
			json_string_value(kept) } };
	}
	for (size_t i = 0; i < p->n_facts; i++)
		facts[in.nr_facts++] = (struct core_fact){ p->facts[i].key,
			p->facts[i].value, strlen(p->facts[i].value) };
	for (size_t i = 0; i < p->n_devices; i++)
		devices[in.nr_devices++] = (struct core_node_device){
			p->devices[i].node, p->devices[i].name,
			p->devices[i].text, strlen(p->devices[i].text) };
	p->made = facts_make(p->conf, &in);
	p->made->hc.quorate = p->view.quorate;
	p->made->hc.view_pending = strcmp(p->view.phase, "active");
	p->thought = thought_new(p->conf, &p->made->hc);
	free(rows);
	free(facts);
	free(devices);
	json_decref(texts);
	return p->thought;
}

const struct picture_row *picture_row(const struct picture *p, uint32_t node,
				      const char *unit, const char *member)
{
	for (size_t i = 0; i < p->n_rows; i++)
		if (p->rows[i].node == node && !strcmp(p->rows[i].unit, unit) &&
		    !strcmp(p->rows[i].member, member))
			return &p->rows[i];
	return NULL;
}

const struct picture_device *picture_device(const struct picture *p,
					    uint32_t node, const char *name)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].node == node &&
		    !strcmp(p->devices[i].name, name))
			return &p->devices[i];
	return NULL;
}

const struct picture_row *picture_member(const struct picture *p, uint32_t node,
					 const struct hc_service *service,
					 const struct hc_member *member)
{
	char unit[128];

	if (member->kind != HC_STORAGE)
		return picture_row(p, node, service->name, member->name);
	snprintf(unit, sizeof(unit), DEVICE_PREFIX "%s", member->what);
	return picture_row(p, node, unit, DEVICE_MEMBER);
}

void picture_assume(struct picture *p, uint32_t node,
		    const struct hc_service *service)
{
	forget(p);
	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct hc_member *m = &service->members[i];
		bool storage = m->kind == HC_STORAGE;
		struct picture_row *row;

		if (picture_member(p, node, service, m))
			continue;
		p->rows = xreallocarray(p->rows, p->n_rows + 1,
					sizeof(*p->rows));
		row = &p->rows[p->n_rows++];
		memset(row, 0, sizeof(*row));
		row->node = node;
		row->state = CORE_STOPPED;
		row->detail = json_object();
		snprintf(row->unit, sizeof(row->unit), "%s%.50s",
			 storage ? DEVICE_PREFIX : "",
			 storage ? m->what : service->name);
		snprintf(row->member, sizeof(row->member), "%s",
			 storage ? DEVICE_MEMBER : m->name);
	}
}

/* A replica runs on every node; only the promoted one is where the service is. */
static bool is_there(const struct picture_row *row, const struct hc_member *m)
{
	if (!row || row->state == CORE_UNSURE)
		return false;
	if (m->kind != HC_STORAGE)
		return row->state != CORE_STOPPED;
	return row->state == CORE_PROMOTED ||
	       json_is_true(json_object_get(row->detail, "promoted"));
}

uint32_t picture_where(const struct picture *p, const struct hc_service *service)
{
	uint32_t best = 0;
	unsigned int most = 0;

	for (unsigned int n = 0; n < p->conf->n_nodes; n++) {
		uint32_t id = p->conf->nodes[n].id;
		unsigned int count = 0;

		for (unsigned int i = 0; i < service->n_members; i++)
			count += is_there(picture_member(p, id, service,
							 &service->members[i]),
					  &service->members[i]);
		if (count > most) {
			most = count;
			best = id;
		}
	}
	return best;
}

bool picture_complete(const struct picture *p, const struct hc_service *service,
		      uint32_t node)
{
	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct picture_row *row =
			picture_member(p, node, service, &service->members[i]);

		if (!is_there(row, &service->members[i]) ||
		    row->state == CORE_FAILED)
			return false;
	}
	return node;
}

uint32_t picture_owner(const struct picture *p, const char *unit)
{
	char key[128];
	const char *value;

	snprintf(key, sizeof(key), "owner/%s", unit);
	value = picture_fact(p, key);
	return value ? strtoul(value, NULL, 10) : 0;
}
