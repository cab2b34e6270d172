// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lies on the disk: one snapshot, and records behind it. Each carries the
 * promise of the node (no part in a view of a lower term) and the term of the last
 * view record that it saw committed.
 */
#include "memory.h"
#include "types.h"

static void put_head(struct core_writer *w, const struct core *core, const char *magic,
		     uint8_t kind)
{
	core_put(w, magic, 3);
	core_put_u8(w, CORE_VERSION);
	core_put_u8(w, kind);
	core_put_u64(w, core->disk.promising > core->disk.promised ?
		     core->disk.promising : core->disk.promised);
	core_put_u64(w, core->disk.known);
}

static bool get_head(struct core_reader *r, struct core *core, const char *magic,
		     uint8_t *kind)
{
	const uint8_t *found = core_get(r, 3);
	uint64_t promised;

	if (!found || memcmp(found, magic, 3) || core_get_u8(r) != CORE_VERSION)
		return false;
	*kind = core_get_u8(r);
	promised = core_get_u64(r);
	if (promised > core->disk.promised)
		core->disk.promised = promised;
	core->disk.known = core_get_u64(r);
	return !r->bad;
}

/**
 * core_disk_write() - a snapshot of @db, or a record of @entry; neither: the head alone
 * @id: set to the id of the write
 */
void core_disk_write(struct core *core, struct core_actions *out, uint64_t *id,
		     enum core_write write, const struct core_db *db,
		     const struct core_entry *entry)
{
	struct core_writer w = { 0 };
	struct core_action *action;

	if (write == CORE_WRITE_ENTRY) {
		put_head(&w, core, "HCE", entry != NULL);
		if (entry)
			core_entry_put(&w, entry);
		core->disk.entries++;
	} else {
		put_head(&w, core, "HCS", 0);
		core_db_put(&w, db);
		if (write == CORE_WRITE_SNAPSHOT)
			core->disk.entries = 0;
	}
	*id = core_new_id(core);
	action = core_act(out, CORE_ACT_WRITE);
	action->id = *id;
	action->write = write;
	action->data = w.data;
	action->size = w.size;
}

static bool load_entry(struct core *core, const struct core_bytes *bytes)
{
	struct core_reader r = { bytes->data, bytes->size, false };
	struct core_entry entry;
	uint8_t kind;
	bool good;

	if (!get_head(&r, core, "HCE", &kind))
		return false;
	if (!kind)
		return core_got_all(&r);
	if (!core_entry_get(&r, &entry))
		return false;
	good = core_got_all(&r) && core_db_apply(&core->db, &entry);
	core_entry_clear(&entry);
	return good;
}

bool core_disk_load(struct core *core, struct core_bytes snapshot,
		    const struct core_bytes *entries, size_t count, const char **why)
{
	struct core_reader r = { snapshot.data, snapshot.size, false };
	uint8_t kind;
	size_t i;

	if (snapshot.size && (!get_head(&r, core, "HCS", &kind) ||
			      !core_db_get(&r, &core->db) || !core_got_all(&r))) {
		*why = "the snapshot of the state is damaged";
		return false;
	}
	for (i = 0; i < count; i++) {
		if (load_entry(core, &entries[i]))
			continue;
		*why = "the log of the state is damaged";
		return false;
	}
	core->disk.entries = count;
	return true;
}

bool core_read_state(struct core_bytes snapshot,
		     void (*each)(void *ctx, const struct core_fact *fact), void *ctx)
{
	struct core *core = core_alloc(sizeof(*core));
	const char *why;
	bool good = snapshot.size && core_disk_load(core, snapshot, NULL, 0, &why);
	uint32_t i;

	for (i = 0; good && i < core->db.kvs; i++) {
		const struct core_kv *kv = &core->db.kv[i];
		struct core_fact fact = { kv->key, kv->value->data, kv->value->size };

		each(ctx, &fact);
	}
	core_free(core);
	return good;
}
