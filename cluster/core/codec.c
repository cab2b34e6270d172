// SPDX-License-Identifier: GPL-2.0-only
/* Messages as bytes, both ways; one table says what each type has. */
#include "codec.h"
#include "memory.h"

static void put_part(struct core_writer *w, const struct core_msg *msg)
{
	core_put_u32(w, msg->part);
	core_put_u32(w, msg->parts);
	core_put_u32(w, msg->size);
	core_put(w, msg->bytes, msg->size);
}

static void get_part(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)sender;
	msg->part = core_get_max(r, CORE_PARTS - 1);
	msg->parts = core_get_max(r, CORE_PARTS);
	msg->size = core_get_max(r, CORE_CHUNK);
	msg->bytes = core_get(r, msg->size);
	if (msg->part >= msg->parts || !msg->size)
		r->bad = true;
}

static void put_hello(struct core_writer *w, const struct core_msg *msg)
{
	const struct core_hello *h = &msg->hello;

	core_put_u32(w, h->proto_min);
	core_put_u32(w, h->proto_max);
	core_put_u64(w, h->seq);
	core_put_u64(w, h->incarnation);
	core_put_u64(w, h->boot);
	core_put_u64(w, h->promised);
	core_put_u64(w, h->lease);
	core_put_u32(w, h->flags);
	core_put_u32(w, h->nodes);
	core_position_put(w, &h->at);
	core_position_put(w, &h->user);
	core_table_put(w, &msg->table);
}

static void get_hello(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	struct core_hello *h = &msg->hello;

	h->proto_min = core_get_u32(r);
	h->proto_max = core_get_u32(r);
	h->seq = core_get_u64(r);
	h->incarnation = core_get_u64(r);
	h->boot = core_get_u64(r);
	h->promised = core_get_u64(r);
	h->lease = core_get_u64(r);
	h->flags = core_get_max(r, 2 * CORE_HELLO_BLANK - 1);
	h->nodes = core_get_u32(r);
	core_position_get(r, &h->at);
	core_position_get(r, &h->user);
	if (h->proto_min > h->proto_max || h->promised >= UINT64_MAX / 2)
		r->bad = true;
	core_table_get(r, sender, &msg->table);
}

static void put_sync(struct core_writer *w, const struct core_msg *msg)
{
	uint32_t i;

	core_put_u64(w, msg->id);
	core_put_u32(w, msg->count);
	for (i = 0; i < msg->count; i++) {
		core_put_u32(w, msg->listed[i].node);
		core_put_u64(w, msg->listed[i].incarnation);
		core_put_u64(w, msg->listed[i].seq);
	}
}

static void get_sync(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	uint32_t i, last = 0;

	(void)sender;
	msg->id = core_get_u64(r);
	msg->count = core_get_max(r, CORE_NODES);
	for (i = 0; i < msg->count; i++) {
		msg->listed[i].node = core_get_max(r, CORE_NODES);
		msg->listed[i].incarnation = core_get_u64(r);
		msg->listed[i].seq = core_get_u64(r);
		if (msg->listed[i].node <= last)
			r->bad = true;
		last = msg->listed[i].node;
	}
}

static void put_snapshot(struct core_writer *w, const struct core_msg *msg)
{
	core_db_put(w, &msg->db);
}

static void get_snapshot(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)sender;
	core_db_get(r, &msg->db);
}

static void put_at(struct core_writer *w, const struct core_msg *msg)
{
	core_position_put(w, &msg->at);
}

static void get_at(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)sender;
	core_position_get(r, &msg->at);
}

static void put_propose(struct core_writer *w, const struct core_msg *msg)
{
	core_put_u64(w, msg->id);
	core_put_u64(w, msg->base);
	core_entry_put(w, &msg->entry);
}

static void get_propose(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)sender;
	msg->id = core_get_u64(r);
	msg->base = core_get_u64(r);
	core_entry_get(r, &msg->entry);
}

static void put_status(struct core_writer *w, const struct core_msg *msg)
{
	core_trow_put(w, &msg->table.rows[0]);
}

static void get_status(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	struct core_trow row;

	core_trow_get(r, &row);
	row.node = sender;
	if (!r->bad)
		core_table_set_row(&msg->table, &row);
	core_blob_put(row.detail);
}

static void put_device(struct core_writer *w, const struct core_msg *msg)
{
	core_put_text(w, msg->table.devices[0].name);
	core_put_blob(w, msg->table.devices[0].state);
}

static void get_device(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	struct core_tdevice device = { .node = sender };

	core_get_text(r, device.name, CORE_NAME);
	device.state = core_get_blob(r, CORE_DETAIL);
	if (!r->bad)
		core_table_set_device(&msg->table, &device);
	core_blob_put(device.state);
}

static void put_tick(struct core_writer *w, const struct core_msg *msg)
{
	core_put_u64(w, msg->id);
	core_put_u64(w, msg->now);
}

static void get_tick(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)sender;
	msg->id = core_get_u64(r);
	msg->now = core_get_u64(r);
	if (msg->now < 0)
		r->bad = true;
}

static void put_plan(struct core_writer *w, const struct core_msg *msg)
{
	uint32_t i;

	core_put_u64(w, msg->id);
	core_put_u64(w, msg->sum);
	core_put_u32(w, msg->table.nr_orders);
	for (i = 0; i < msg->table.nr_orders; i++)
		core_order_put(w, &msg->table.orders[i]);
}

static void get_plan(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	struct core_torder order;
	uint32_t i, count;

	(void)sender;
	msg->id = core_get_u64(r);
	msg->sum = core_get_u64(r);
	count = core_get_max(r, CORE_ORDERS);
	for (i = 0; i < count && !r->bad; i++) {
		core_order_get(r, &order);
		if (!r->bad)
			core_table_add_order(&msg->table, &order);
	}
}

static void put_result(struct core_writer *w, const struct core_msg *msg)
{
	core_put_u64(w, msg->id);
	core_put_u32(w, msg->code);
}

static void get_result(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)sender;
	msg->id = core_get_u64(r);
	msg->code = core_get_u32(r);
}

static void put_nothing(struct core_writer *w, const struct core_msg *msg)
{
	(void)w;
	(void)msg;
}

static void get_nothing(struct core_reader *r, uint32_t sender, struct core_msg *msg)
{
	(void)r;
	(void)sender;
	(void)msg;
}

static const struct {
	void (*put)(struct core_writer *w, const struct core_msg *msg);
	void (*get)(struct core_reader *r, uint32_t sender, struct core_msg *msg);
} forms[CORE_MSG_NR] = {
	[CORE_MSG_PART]     = { put_part, get_part },
	[CORE_MSG_HELLO]    = { put_hello, get_hello },
	[CORE_MSG_SYNC]     = { put_sync, get_sync },
	[CORE_MSG_SNAPSHOT] = { put_snapshot, get_snapshot },
	[CORE_MSG_READY]    = { put_at, get_at },
	[CORE_MSG_PROPOSE]  = { put_propose, get_propose },
	[CORE_MSG_ACK]      = { put_at, get_at },
	[CORE_MSG_STATUS]   = { put_status, get_status },
	[CORE_MSG_DEVICE]   = { put_device, get_device },
	[CORE_MSG_TICK]     = { put_tick, get_tick },
	[CORE_MSG_PLAN]     = { put_plan, get_plan },
	[CORE_MSG_RESULT]   = { put_result, get_result },
	[CORE_MSG_GOODBYE]  = { put_nothing, get_nothing },
	[CORE_MSG_PING]     = { put_tick, get_tick },
};

void core_msg_put(struct core_writer *w, const struct core_msg *msg)
{
	core_put(w, "HC", 2);
	core_put_u8(w, CORE_VERSION);
	core_put_u8(w, msg->type);
	core_put_u32(w, msg->sid.ring.node);
	core_put_u64(w, msg->sid.ring.seq);
	core_put_u32(w, msg->sid.node);
	core_put_u64(w, msg->sid.seq);
	forms[msg->type].put(w, msg);
}

bool core_msg_get(const void *data, size_t size, uint32_t sender, struct core_msg *msg)
{
	struct core_reader r = { data, size, false };
	const uint8_t *magic = core_get(&r, 2);

	memset(msg, 0, sizeof(*msg));
	if (!magic || memcmp(magic, "HC", 2) || core_get_u8(&r) != CORE_VERSION ||
	    !sender || sender > CORE_NODES)
		return false;
	msg->type = core_get_u8(&r);
	msg->sid.ring.node = core_get_u32(&r);
	msg->sid.ring.seq = core_get_u64(&r);
	msg->sid.node = core_get_u32(&r);
	msg->sid.seq = core_get_u64(&r);
	if (r.bad || msg->type >= CORE_MSG_NR)
		return false;
	forms[msg->type].get(&r, sender, msg);
	if (core_got_all(&r))
		return true;
	core_msg_clear(msg);
	return false;
}

void core_msg_clear(struct core_msg *msg)
{
	core_table_clear(&msg->table);
	core_db_clear(&msg->db);
	core_entry_clear(&msg->entry);
}
