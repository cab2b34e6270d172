// SPDX-License-Identifier: GPL-2.0-only
/* Entries and snapshots as bytes; what is read back has been checked. */
#include "db.h"
#include "memory.h"

void core_position_put(struct core_writer *w, const struct core_position *at)
{
	core_put_u64(w, at->gen);
	core_put_u64(w, at->term);
	core_put_u64(w, at->rev);
	core_put_u64(w, at->sum);
}

void core_position_get(struct core_reader *r, struct core_position *at)
{
	at->gen = core_get_u64(r);
	at->term = core_get_u64(r);
	at->rev = core_get_u64(r);
	at->sum = core_get_u64(r);
}

static uint32_t get_node(struct core_reader *r)
{
	uint32_t node = core_get_max(r, CORE_NODES);

	if (!node)
		r->bad = true;
	return r->bad ? 1 : node;
}

static void put_exclusion(struct core_writer *w, const struct core_exclusion *e)
{
	core_put_text(w, e->device);
	core_put_u32(w, e->node);
	core_put_u32(w, e->by);
	core_put_u64(w, e->uuid);
}

static void get_exclusion(struct core_reader *r, struct core_exclusion *e)
{
	core_get_text(r, e->device, sizeof(e->device));
	e->node = get_node(r);
	e->by = get_node(r);
	e->uuid = core_get_u64(r);
}

static void put_members(struct core_writer *w, const struct core_entry *entry)
{
	int i;

	core_put_u32(w, entry->members);
	for (i = 0; i < CORE_NODES; i++) {
		if (!(entry->members & 1u << i))
			continue;
		core_put_u64(w, entry->node[i].boot);
		core_put_u64(w, entry->node[i].lease);
	}
}

static void get_members(struct core_reader *r, struct core_entry *entry)
{
	int i;

	entry->members = core_get_u32(r);
	for (i = 0; i < CORE_NODES; i++) {
		if (!(entry->members & 1u << i))
			continue;
		entry->node[i].boot = core_get_u64(r);
		entry->node[i].lease = core_get_u64(r);
	}
}

static void put_proofs(struct core_writer *w, const struct core_proof *proof)
{
	uint32_t mask = 0, i;

	for (i = 0; i < CORE_NODES; i++)
		if (proof[i].how)
			mask |= 1u << i;
	core_put_u32(w, mask);
	for (i = 0; i < CORE_NODES; i++) {
		if (!(mask & 1u << i))
			continue;
		core_put_u32(w, proof[i].how);
		core_put_u64(w, proof[i].boot);
	}
}

static void get_proofs(struct core_reader *r, struct core_proof *proof)
{
	uint32_t mask = core_get_u32(r), i;

	for (i = 0; i < CORE_NODES; i++) {
		if (!(mask & 1u << i))
			continue;
		proof[i].how = core_get_max(r, CORE_HOW_NR - 1);
		proof[i].boot = core_get_u64(r);
		if (!proof[i].how)
			r->bad = true;
	}
}

static void put_claims(struct core_writer *w, const struct core_entry *entry)
{
	uint32_t i;

	core_put_u32(w, entry->claims);
	for (i = 0; i < entry->claims; i++) {
		core_put_text(w, entry->claim[i].unit);
		core_put_u32(w, entry->claim[i].node);
	}
	core_put_u32(w, entry->exclusions);
	for (i = 0; i < entry->exclusions; i++)
		put_exclusion(w, &entry->exclusion[i]);
}

static void get_claims(struct core_reader *r, struct core_entry *entry)
{
	uint32_t i;

	entry->claims = core_get_max(r, CORE_BATCH);
	for (i = 0; i < entry->claims; i++) {
		core_get_text(r, entry->claim[i].unit, CORE_NAME);
		entry->claim[i].node = get_node(r);
	}
	entry->exclusions = core_get_max(r, CORE_BATCH);
	for (i = 0; i < entry->exclusions; i++)
		get_exclusion(r, &entry->exclusion[i]);
}

void core_entry_put(struct core_writer *w, const struct core_entry *entry)
{
	core_put_u32(w, entry->kind);
	core_position_put(w, &entry->at);
	switch (entry->kind) {
	case CORE_ENTRY_VIEW:
		put_members(w, entry);
		put_proofs(w, entry->proof);
		break;
	case CORE_ENTRY_SET:
		core_put_u32(w, entry->nodes);
		core_put_text(w, entry->key);
		core_put_blob(w, entry->value);
		break;
	case CORE_ENTRY_CLEAR:
		core_put_text(w, entry->key);
		break;
	case CORE_ENTRY_OUT:
		put_proofs(w, entry->proof);
		break;
	case CORE_ENTRY_SETTLE:
		break;
	default:
		put_claims(w, entry);
	}
}

bool core_entry_get(struct core_reader *r, struct core_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->kind = core_get_max(r, CORE_ENTRY_NR - 1);
	core_position_get(r, &entry->at);
	switch (entry->kind) {
	case CORE_ENTRY_VIEW:
		get_members(r, entry);
		get_proofs(r, entry->proof);
		break;
	case CORE_ENTRY_SET:
		entry->nodes = core_get_u32(r);
		core_get_text(r, entry->key, sizeof(entry->key));
		entry->value = core_get_blob(r, CORE_VALUE);
		break;
	case CORE_ENTRY_CLEAR:
		core_get_text(r, entry->key, sizeof(entry->key));
		break;
	case CORE_ENTRY_OUT:
		get_proofs(r, entry->proof);
		break;
	case CORE_ENTRY_SETTLE:
		break;
	default:
		get_claims(r, entry);
	}
	if (entry->kind == CORE_ENTRY_INCLUDE && entry->exclusions != 1)
		r->bad = true;
	if (r->bad)
		core_entry_clear(entry);
	return !r->bad;
}

void core_entry_clear(struct core_entry *entry)
{
	core_blob_put(entry->value);
	entry->value = NULL;
}

static void put_nodes(struct core_writer *w, const struct core_db *db)
{
	uint32_t i;

	core_put_u32(w, db->group);
	core_put_u64(w, db->group_term);
	core_put_u32(w, db->nodes);
	core_put_u32(w, db->old_nodes);
	for (i = 0; i < CORE_NODES; i++) {
		const struct core_db_node *node = &db->node[i];

		core_put_u32(w, node->status);
		if (!node->status)
			continue;
		core_put_u32(w, node->how);
		core_put_u64(w, node->boot);
		core_put_u64(w, node->lease);
	}
}

static void get_nodes(struct core_reader *r, struct core_db *db)
{
	uint32_t i;

	db->group = core_get_u32(r);
	db->group_term = core_get_u64(r);
	db->nodes = core_get_u32(r);
	db->old_nodes = core_get_u32(r);
	for (i = 0; i < CORE_NODES; i++) {
		struct core_db_node *node = &db->node[i];

		node->status = core_get_max(r, CORE_OUT);
		if (!node->status)
			continue;
		node->how = core_get_max(r, CORE_HOW_NR - 1);
		node->boot = core_get_u64(r);
		node->lease = core_get_u64(r);
	}
}

void core_db_put(struct core_writer *w, const struct core_db *db)
{
	uint32_t i;

	core_position_put(w, &db->at);
	core_position_put(w, &db->user);
	put_nodes(w, db);
	core_put_u32(w, db->owners);
	for (i = 0; i < db->owners; i++) {
		core_put_text(w, db->owner[i].unit);
		core_put_u32(w, db->owner[i].node);
		core_put_u64(w, db->owner[i].boot);
	}
	core_put_u32(w, db->exclusions);
	for (i = 0; i < db->exclusions; i++)
		put_exclusion(w, &db->exclusion[i]);
	core_put_u32(w, db->kvs);
	for (i = 0; i < db->kvs; i++) {
		core_put_text(w, db->kv[i].key);
		core_put_blob(w, db->kv[i].value);
	}
	for (i = 0; i < CORE_HISTORY; i++)
		core_put_u64(w, db->history[i]);
}

static void get_lists(struct core_reader *r, struct core_db *db)
{
	uint32_t i;

	db->owners = core_get_max(r, CORE_UNITS);
	for (i = 0; i < db->owners; i++) {
		core_get_text(r, db->owner[i].unit, CORE_NAME);
		db->owner[i].node = get_node(r);
		db->owner[i].boot = core_get_u64(r);
	}
	db->exclusions = core_get_max(r, CORE_UNITS);
	for (i = 0; i < db->exclusions; i++)
		get_exclusion(r, &db->exclusion[i]);
}

static void get_facts(struct core_reader *r, struct core_db *db)
{
	uint32_t i, count = core_get_max(r, CORE_FACTS);

	db->kv = count ? core_alloc(count * sizeof(*db->kv)) : NULL;
	for (i = 0; i < count && !r->bad; i++) {
		core_get_text(r, db->kv[i].key, CORE_KEY);
		db->kv[i].value = core_get_blob(r, CORE_VALUE);
		db->kvs = i + 1;
		if (i && strcmp(db->kv[i - 1].key, db->kv[i].key) >= 0)
			r->bad = true;
	}
}

bool core_db_get(struct core_reader *r, struct core_db *db)
{
	uint32_t i;

	memset(db, 0, sizeof(*db));
	core_position_get(r, &db->at);
	core_position_get(r, &db->user);
	get_nodes(r, db);
	get_lists(r, db);
	get_facts(r, db);
	for (i = 0; i < CORE_HISTORY; i++)
		db->history[i] = core_get_u64(r);
	if (r->bad)
		core_db_clear(db);
	return !r->bad;
}
