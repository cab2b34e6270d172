// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of what nodes do. Rows are kept in order of node, then of arrival, so
 * that equal announcements give equal tables.
 */
#include "memory.h"
#include "table.h"

void core_table_clear(struct core_table *table)
{
	uint32_t i;

	for (i = 0; i < table->nr_rows; i++)
		core_blob_put(table->rows[i].detail);
	for (i = 0; i < table->nr_devices; i++)
		core_blob_put(table->devices[i].state);
	free(table->rows);
	free(table->devices);
	free(table->orders);
	memset(table, 0, sizeof(*table));
}

static void *copy_list(const void *list, size_t size)
{
	return size ? memcpy(core_alloc(size), list, size) : NULL;
}

void core_table_copy(struct core_table *to, const struct core_table *from)
{
	uint32_t i;

	core_table_clear(to);
	*to = *from;
	to->rows = copy_list(from->rows, from->nr_rows * sizeof(*to->rows));
	to->devices = copy_list(from->devices, from->nr_devices * sizeof(*to->devices));
	to->orders = copy_list(from->orders, from->nr_orders * sizeof(*to->orders));
	for (i = 0; i < to->nr_rows; i++)
		core_blob_get(to->rows[i].detail);
	for (i = 0; i < to->nr_devices; i++)
		core_blob_get(to->devices[i].state);
}

void core_table_drop(struct core_table *table, uint32_t node)
{
	uint32_t i, kept;

	for (i = kept = 0; i < table->nr_rows; i++) {
		if (table->rows[i].node == node)
			core_blob_put(table->rows[i].detail);
		else
			table->rows[kept++] = table->rows[i];
	}
	table->nr_rows = kept;
	for (i = kept = 0; i < table->nr_devices; i++) {
		if (table->devices[i].node == node)
			core_blob_put(table->devices[i].state);
		else
			table->devices[kept++] = table->devices[i];
	}
	table->nr_devices = kept;
	for (i = kept = 0; i < table->nr_orders; i++)
		if (table->orders[i].node != node)
			table->orders[kept++] = table->orders[i];
	table->nr_orders = kept;
}

void core_table_replace(struct core_table *table, uint32_t node,
			struct core_table *from)
{
	uint32_t i;

	core_table_drop(table, node);
	for (i = 0; i < from->nr_rows; i++)
		core_table_set_row(table, &from->rows[i]);
	for (i = 0; i < from->nr_devices; i++)
		core_table_set_device(table, &from->devices[i]);
	for (i = 0; i < from->nr_orders; i++)
		core_table_add_order(table, &from->orders[i]);
	core_table_clear(from);
}

/* Where a thing of @node goes: behind the last one of a node not above it. */
#define PLACE(list, nr, of) ({						\
	uint32_t at = (nr);						\
									\
	while (at && (list)[at - 1].node > (of))			\
		at--;							\
	(list) = core_realloc(list, ((nr) + 1) * sizeof(*(list)));	\
	memmove(&(list)[at + 1], &(list)[at], ((nr) - at) * sizeof(*(list))); \
	(nr)++;								\
	&(list)[at];							\
})

void core_table_set_row(struct core_table *table, const struct core_trow *row)
{
	struct core_trow *new;
	uint32_t i;

	for (i = 0; i < table->nr_rows; i++) {
		new = &table->rows[i];
		if (new->node != row->node || strcmp(new->member, row->member) ||
		    strcmp(new->unit, row->unit))
			continue;
		new->state = row->state;
		core_blob_get(row->detail);
		core_blob_put(new->detail);
		new->detail = row->detail;
		return;
	}
	new = PLACE(table->rows, table->nr_rows, row->node);
	*new = *row;
	core_blob_get(new->detail);
}

void core_table_set_device(struct core_table *table, const struct core_tdevice *device)
{
	struct core_tdevice *new;
	uint32_t i;

	for (i = 0; i < table->nr_devices; i++) {
		new = &table->devices[i];
		if (new->node != device->node || strcmp(new->name, device->name))
			continue;
		core_blob_get(device->state);
		core_blob_put(new->state);
		new->state = device->state;
		return;
	}
	new = PLACE(table->devices, table->nr_devices, device->node);
	*new = *device;
	core_blob_get(new->state);
}

void core_table_add_order(struct core_table *table, const struct core_torder *order)
{
	*PLACE(table->orders, table->nr_orders, order->node) = *order;
}

bool core_table_end_order(struct core_table *table, uint64_t id)
{
	uint32_t i;

	for (i = 0; i < table->nr_orders; i++) {
		if (table->orders[i].id != id)
			continue;
		table->nr_orders--;
		memmove(&table->orders[i], &table->orders[i + 1],
			(table->nr_orders - i) * sizeof(*table->orders));
		return true;
	}
	return false;
}

void core_order_put(struct core_writer *w, const struct core_torder *order)
{
	core_put_u64(w, order->id);
	core_put_u32(w, order->node);
	core_put_u32(w, order->verb);
	core_put_text(w, order->unit);
	core_put_text(w, order->member);
}

void core_order_get(struct core_reader *r, struct core_torder *order)
{
	memset(order, 0, sizeof(*order));
	order->id = core_get_u64(r);
	order->node = core_get_max(r, 32);
	order->verb = core_get_max(r, CORE_NOTIFY);
	core_get_text(r, order->unit, CORE_NAME);
	core_get_text(r, order->member, CORE_NAME);
	if (!order->node)
		r->bad = true;
}

void core_trow_put(struct core_writer *w, const struct core_trow *row)
{
	core_put_u32(w, row->state);
	core_put_text(w, row->unit);
	core_put_text(w, row->member);
	core_put_blob(w, row->detail);
}

void core_trow_get(struct core_reader *r, struct core_trow *row)
{
	memset(row, 0, sizeof(*row));
	row->state = core_get_max(r, CORE_UNSURE);
	core_get_text(r, row->unit, CORE_NAME);
	core_get_text(r, row->member, CORE_NAME);
	row->detail = core_get_blob(r, CORE_DETAIL);
}

void core_table_put(struct core_writer *w, const struct core_table *table)
{
	uint32_t i;

	core_put_u32(w, table->nr_rows);
	for (i = 0; i < table->nr_rows; i++)
		core_trow_put(w, &table->rows[i]);
	core_put_u32(w, table->nr_devices);
	for (i = 0; i < table->nr_devices; i++) {
		core_put_text(w, table->devices[i].name);
		core_put_blob(w, table->devices[i].state);
	}
	core_put_u32(w, table->nr_orders);
	for (i = 0; i < table->nr_orders; i++)
		core_order_put(w, &table->orders[i]);
}

static void get_row(struct core_reader *r, uint32_t node, struct core_table *table)
{
	struct core_trow row;

	core_trow_get(r, &row);
	row.node = node;
	if (!r->bad)
		core_table_set_row(table, &row);
	core_blob_put(row.detail);
}

static void get_device(struct core_reader *r, uint32_t node, struct core_table *table)
{
	struct core_tdevice device = { .node = node };

	core_get_text(r, device.name, CORE_NAME);
	device.state = core_get_blob(r, CORE_DETAIL);
	if (!r->bad)
		core_table_set_device(table, &device);
	core_blob_put(device.state);
}

bool core_table_get(struct core_reader *r, uint32_t node, struct core_table *table)
{
	struct core_torder order;
	uint32_t i, count;

	memset(table, 0, sizeof(*table));
	count = core_get_max(r, CORE_ROWS);
	for (i = 0; i < count && !r->bad; i++)
		get_row(r, node, table);
	count = core_get_max(r, CORE_ROWS);
	for (i = 0; i < count && !r->bad; i++)
		get_device(r, node, table);
	count = core_get_max(r, CORE_ROWS);
	for (i = 0; i < count && !r->bad; i++) {
		core_order_get(r, &order);
		order.node = node;
		if (!r->bad)
			core_table_add_order(table, &order);
	}
	if (r->bad)
		core_table_clear(table);
	return !r->bad;
}
