// SPDX-License-Identifier: GPL-2.0-only
/* A sum of everything that decides what a core does next; for tests that explore. */
#include "memory.h"
#include "types.h"

static void forget_pointers(struct core *core)
{
	int i;

	core->db.kv = core->next.kv = NULL;
	core->pending_entry.value = NULL;
	core->shape.units = NULL;
	core->shape_of = NULL;
	memset(&core->table, 0, sizeof(core->table));
	memset(&core->mine, 0, sizeof(core->mine));
	core->asks = NULL;
	core->wishes = NULL;
	for (i = 0; i < CORE_NODES; i++)
		core->peer[i].parts.data = NULL;
}

uint64_t core_hash(const struct core *core)
{
	struct core *flat = core_alloc(sizeof(*flat));
	struct core_writer w = { 0 };
	uint64_t sum;
	uint32_t i;

	memcpy(flat, core, sizeof(*flat));
	forget_pointers(flat);
	sum = core_sum(0, flat, sizeof(*flat));
	free(flat);
	core_db_put(&w, &core->db);
	core_db_put(&w, &core->next);
	core_table_put(&w, &core->table);
	core_table_put(&w, &core->mine);
	core_put(&w, core->asks, core->nr_asks * sizeof(*core->asks));
	for (i = 0; i < core->nr_wishes; i++) {
		core_put_u64(&w, core->wishes[i].id);
		core_put_u64(&w, core->wishes[i].proposal);
		core_position_put(&w, &core->wishes[i].at);
	}
	sum = core_sum(sum, w.data, w.size);
	free(w.data);
	return sum;
}
