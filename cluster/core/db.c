// SPDX-License-Identifier: GPL-2.0-only
/* The replicated state and what each kind of entry changes in it. */
#include "db.h"
#include "memory.h"

void core_db_clear(struct core_db *db)
{
	uint32_t i;

	for (i = 0; i < db->kvs; i++)
		core_blob_put(db->kv[i].value);
	free(db->kv);
	memset(db, 0, sizeof(*db));
}

void core_db_copy(struct core_db *to, const struct core_db *from)
{
	uint32_t i;

	core_db_clear(to);
	*to = *from;
	to->kv = NULL;
	if (!from->kvs)
		return;
	to->kv = core_alloc(from->kvs * sizeof(*to->kv));
	memcpy(to->kv, from->kv, from->kvs * sizeof(*to->kv));
	for (i = 0; i < to->kvs; i++)
		core_blob_get(to->kv[i].value);
}

const struct core_owner *core_db_owner(const struct core_db *db, const char *unit)
{
	uint32_t i;

	for (i = 0; i < db->owners; i++)
		if (!strcmp(db->owner[i].unit, unit))
			return &db->owner[i];
	return NULL;
}

struct core_exclusion *core_db_exclusion(struct core_db *db, const char *device,
					 uint32_t node)
{
	uint32_t i;

	for (i = 0; i < db->exclusions; i++)
		if (db->exclusion[i].node == node &&
		    !strcmp(db->exclusion[i].device, device))
			return &db->exclusion[i];
	return NULL;
}

const struct core_blob *core_db_value(const struct core_db *db, const char *key)
{
	uint32_t i;

	for (i = 0; i < db->kvs; i++)
		if (!strcmp(db->kv[i].key, key))
			return db->kv[i].value;
	return NULL;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int core_position_compare(const struct core_position *a, const struct core_position *b)
{
	int order = compare(a->gen, b->gen);

	if (!order)
		order = compare(a->term, b->term);
	return order ? order : compare(a->rev, b->rev);
}

bool core_db_contains(const struct core_db *db, const struct core_position *at)
{
	if (!at->rev || at->rev + CORE_HISTORY <= db->at.rev)
		return at->gen <= db->at.gen;
	return at->rev <= db->at.rev && db->history[at->rev % CORE_HISTORY] == at->sum;
}

static bool set_owner(struct core_db *db, const struct core_claim *claim)
{
	struct core_owner *owner = (struct core_owner *)core_db_owner(db, claim->unit);

	if (!owner) {
		if (db->owners == CORE_UNITS)
			return false;
		owner = &db->owner[db->owners++];
		memset(owner, 0, sizeof(*owner));
		strcpy(owner->unit, claim->unit);
	}
	owner->node = claim->node;
	owner->boot = db->node[claim->node - 1].boot;
	return true;
}

static bool set_exclusion(struct core_db *db, const struct core_exclusion *new)
{
	struct core_exclusion *old = core_db_exclusion(db, new->device, new->node);

	if (!old) {
		if (db->exclusions == CORE_UNITS)
			return false;
		old = &db->exclusion[db->exclusions++];
	}
	*old = *new;
	return true;
}

static void clear_exclusion(struct core_db *db, const struct core_exclusion *gone)
{
	struct core_exclusion *old = core_db_exclusion(db, gone->device, gone->node);

	if (!old)
		return;
	*old = db->exclusion[--db->exclusions];
	memset(&db->exclusion[db->exclusions], 0, sizeof(*old));
}

static bool apply_claim(struct core_db *db, const struct core_entry *entry)
{
	uint32_t i;

	for (i = 0; i < entry->claims; i++)
		if (!set_owner(db, &entry->claim[i]))
			return false;
	for (i = 0; i < entry->exclusions; i++)
		if (!set_exclusion(db, &entry->exclusion[i]))
			return false;
	return true;
}

/* Keys stay in order, so that equal states are equal in every byte. */
static bool apply_set(struct core_db *db, const struct core_entry *entry)
{
	uint32_t i;

	for (i = 0; i < db->kvs && strcmp(db->kv[i].key, entry->key) < 0; i++)
		;
	if (i == db->kvs || strcmp(db->kv[i].key, entry->key)) {
		if (db->kvs == CORE_FACTS)
			return false;
		db->kv = core_realloc(db->kv, (db->kvs + 1) * sizeof(*db->kv));
		memmove(&db->kv[i + 1], &db->kv[i], (db->kvs - i) * sizeof(*db->kv));
		memset(&db->kv[i], 0, sizeof(*db->kv));
		strcpy(db->kv[i].key, entry->key);
		db->kvs++;
	} else {
		core_blob_put(db->kv[i].value);
	}
	db->kv[i].value = core_blob_get(entry->value);
	if (!strcmp(entry->key, "config"))
		db->nodes = entry->nodes;
	return true;
}

static void apply_clear(struct core_db *db, const char *key)
{
	uint32_t i;

	for (i = 0; i < db->kvs; i++) {
		if (strcmp(db->kv[i].key, key))
			continue;
		core_blob_put(db->kv[i].value);
		db->kvs--;
		memmove(&db->kv[i], &db->kv[i + 1], (db->kvs - i) * sizeof(*db->kv));
		return;
	}
}

/* A proof is about a boot: that of a later one does not end with it. */
static void apply_proofs(struct core_db *db, const struct core_proof *proof)
{
	uint32_t i;

	for (i = 0; i < CORE_NODES; i++) {
		struct core_db_node *node = &db->node[i];

		if (!proof[i].how || node->status != CORE_IN ||
		    node->boot != proof[i].boot)
			continue;
		node->status = CORE_OUT;
		node->how = proof[i].how;
	}
}

static void apply_view(struct core_db *db, const struct core_entry *entry)
{
	uint32_t i;

	apply_proofs(db, entry->proof);
	for (i = 0; i < CORE_NODES; i++) {
		if (!(entry->members & 1u << i))
			continue;
		db->node[i].status = CORE_IN;
		db->node[i].how = CORE_HOW_NONE;
		db->node[i].boot = entry->node[i].boot;
		db->node[i].lease = entry->node[i].lease;
	}
	db->group = entry->members;
	db->group_term = entry->at.term;
}

static bool apply_kind(struct core_db *db, const struct core_entry *entry)
{
	switch (entry->kind) {
	case CORE_ENTRY_VIEW:
		apply_view(db, entry);
		return true;
	case CORE_ENTRY_SET:
		return apply_set(db, entry);
	case CORE_ENTRY_CLEAR:
		apply_clear(db, entry->key);
		return true;
	case CORE_ENTRY_CLAIM:
	case CORE_ENTRY_EXCLUDE:
		return apply_claim(db, entry);
	case CORE_ENTRY_INCLUDE:
		clear_exclusion(db, &entry->exclusion[0]);
		return true;
	case CORE_ENTRY_OUT:
		apply_proofs(db, entry->proof);
		return true;
	case CORE_ENTRY_SETTLE:
		db->old_nodes = db->nodes;
		return true;
	default:
		return false;
	}
}

bool core_db_apply(struct core_db *db, const struct core_entry *entry)
{
	struct core_writer w = { 0 };
	uint64_t sum;

	if (entry->at.rev != db->at.rev + 1 || entry->at.sum != db->at.sum ||
	    entry->at.gen < db->at.gen || entry->at.term < db->at.term)
		return false;
	if (!apply_kind(db, entry))
		return false;
	core_entry_put(&w, entry);
	sum = core_sum(db->at.sum, w.data, w.size);
	free(w.data);
	db->at = entry->at;
	db->at.sum = sum;
	db->history[db->at.rev % CORE_HISTORY] = sum;
	if (entry->kind == CORE_ENTRY_SET || entry->kind == CORE_ENTRY_CLEAR)
		db->user = db->at;
	return true;
}
