// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the policy engine is shown, and what it answers. All of it comes from the
 * committed state and from what was delivered, nothing from this node alone.
 */
#include <stdio.h>

#include "memory.h"
#include "rules.h"

struct page {	/* of facts made from the core's own part of the state */
	struct core_fact *facts;
	size_t count;
	char *text;
	size_t used;
};

#define LINE 160

static void add_text(struct page *page, const char *key, const char *value)
{
	struct core_fact *fact = &page->facts[page->count++];
	char *line = page->text + page->used;

	page->used += 2 * LINE;
	snprintf(line, LINE, "%s", key);
	snprintf(line + LINE, LINE, "%s", value);
	fact->key = line;
	fact->value = line + LINE;
	fact->size = strlen(line + LINE);
}

static void gather_facts(const struct core *core, struct page *page)
{
	const struct core_db *db = &core->db;
	size_t most = db->kvs + db->owners + db->exclusions;
	char key[LINE], value[LINE];
	uint32_t i;

	page->facts = core_alloc((most + 1) * sizeof(*page->facts));
	page->text = core_alloc((most + 1) * 2 * LINE);
	for (i = 0; i < db->kvs; i++) {
		struct core_fact *fact = &page->facts[page->count++];

		fact->key = db->kv[i].key;
		fact->value = db->kv[i].value->data;
		fact->size = db->kv[i].value->size;
	}
	for (i = 0; i < db->owners; i++) {
		snprintf(key, LINE, "owner/%s", db->owner[i].unit);
		snprintf(value, LINE, "%u", db->owner[i].node);
		add_text(page, key, value);
	}
	for (i = 0; i < db->exclusions; i++) {
		snprintf(key, LINE, "exclude/%s/%u", db->exclusion[i].device,
			 db->exclusion[i].node);
		snprintf(value, LINE, "%u %016llx", db->exclusion[i].by,
			 (unsigned long long)db->exclusion[i].uuid);
		add_text(page, key, value);
	}
}

static void gather_table(const struct core *core, struct core_plan_in *in)
{
	const struct core_table *t = &core->table;
	struct core_node_row *rows = core_alloc((t->nr_rows + 1) * sizeof(*rows));
	struct core_node_device *devices =
		core_alloc((t->nr_devices + 1) * sizeof(*devices));
	struct core_op *ops = core_alloc((t->nr_orders + 1) * sizeof(*ops));
	uint32_t i;

	for (i = 0; i < t->nr_rows; i++) {
		rows[i].node = t->rows[i].node;
		rows[i].row.unit = t->rows[i].unit;
		rows[i].row.member = t->rows[i].member;
		rows[i].row.state = t->rows[i].state;
		rows[i].row.detail = (const char *)t->rows[i].detail->data;
	}
	for (i = 0; i < t->nr_devices; i++) {
		devices[i].node = t->devices[i].node;
		devices[i].name = t->devices[i].name;
		devices[i].state = t->devices[i].state->data;
		devices[i].size = t->devices[i].state->size;
	}
	for (i = 0; i < t->nr_orders; i++)
		ops[i] = (struct core_op){ t->orders[i].id, t->orders[i].node,
					   t->orders[i].verb, t->orders[i].unit,
					   t->orders[i].member };
	in->rows = rows;
	in->devices = devices;
	in->ops = ops;
	in->nr_rows = t->nr_rows;
	in->nr_devices = t->nr_devices;
	in->nr_ops = t->nr_orders;
}

static void gather_nodes(const struct core *core, struct core_plan_in *in)
{
	uint32_t i;

	in->nodes = core->db.nodes;
	in->ready = core->session.members & ~core->session.goodbye;
	for (i = 0; i < CORE_NODES; i++) {
		bool leaving = core->peer[i].h.flags & CORE_HELLO_LEAVING;

		if (in->ready & 1u << i && leaving)
			in->ready &= ~(1u << i);
		in->standing[i] = in->ready & 1u << i ? CORE_NODE_READY :
			core->session.members & 1u << i ||
			core->db.node[i].status == CORE_IN ? CORE_NODE_UNKNOWN :
			CORE_NODE_OUT;
	}
}

/** core_plan_make() - a plan; returns a sum of it */
uint64_t core_plan_make(const struct core *core, int64_t now, struct core_plan *plan)
{
	struct core_plan_in in = { .now = now };
	struct page page = { 0 };
	uint64_t sum = 0;
	size_t i;

	memset(plan, 0, sizeof(*plan));
	plan->again = NEVER;
	gather_nodes(core, &in);
	gather_facts(core, &page);
	gather_table(core, &in);
	in.facts = page.facts;
	in.nr_facts = page.count;
	core->params.policy.plan(core->params.policy.ctx, &in, plan);
	for (i = 0; i < plan->count; i++) {
		const struct core_want *want = &plan->want[i];

		sum = core_sum(sum + want->verb * 64 + want->node, want->unit,
			       strlen(want->unit));
		sum = core_sum(sum, want->member, strlen(want->member));
	}
	free(page.facts);
	free(page.text);
	free((void *)in.rows);
	free((void *)in.devices);
	free((void *)in.ops);
	return sum;
}
