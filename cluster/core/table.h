/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nodes do, as announced: rows of members, devices, operations that were
 * ordered and have not ended. Volatile: each node is the authority for itself.
 */
#ifndef CORE_TABLE_H
#define CORE_TABLE_H

#include "bytes.h"
#include "core_plan.h"

#define CORE_ROWS 4096		/* of one node at most, on the wire */
#define CORE_DETAIL (64u << 10)

struct core_trow {
	uint32_t node;
	enum core_state state;
	char unit[CORE_NAME], member[CORE_NAME];
	struct core_blob *detail;
};

struct core_tdevice {
	uint32_t node;
	char name[CORE_NAME];
	struct core_blob *state;
};

struct core_torder {
	uint64_t id;
	uint32_t node;
	enum core_verb verb;
	char unit[CORE_NAME], member[CORE_NAME];
};

struct core_table {
	struct core_trow *rows;
	struct core_tdevice *devices;
	struct core_torder *orders;
	uint32_t nr_rows, nr_devices, nr_orders;
};

void core_table_clear(struct core_table *table);
void core_table_copy(struct core_table *to, const struct core_table *from);
/* Takes over everything of @from, which is empty then, for @node. */
void core_table_replace(struct core_table *table, uint32_t node,
			struct core_table *from);
void core_table_drop(struct core_table *table, uint32_t node);
void core_table_set_row(struct core_table *table, const struct core_trow *row);
void core_table_set_device(struct core_table *table, const struct core_tdevice *device);
void core_table_add_order(struct core_table *table, const struct core_torder *order);
bool core_table_end_order(struct core_table *table, uint64_t id);

/* For HELLO; a table read back belongs to @node whatever it says. */
void core_table_put(struct core_writer *w, const struct core_table *table);
bool core_table_get(struct core_reader *r, uint32_t node, struct core_table *table);
void core_order_put(struct core_writer *w, const struct core_torder *order);
void core_order_get(struct core_reader *r, struct core_torder *order);
void core_trow_put(struct core_writer *w, const struct core_trow *row);
void core_trow_get(struct core_reader *r, struct core_trow *row);

#endif
