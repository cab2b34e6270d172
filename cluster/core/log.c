// SPDX-License-Identifier: GPL-2.0-only
/*
 * One entry at a time: proposed, found good by every member at the same place in
 * the order, written, acknowledged by all; then, and not before, it counts.
 */
#include "memory.h"
#include "rules.h"

#define COMPACT 64	/* records behind a snapshot */

void core_log_reshape(struct core *core)
{
	struct core_blob *config = (struct core_blob *)core_db_value(&core->db, "config");
	const char *why;

	if (core_blob_equal(config, core->shape_of))
		return;
	core_blob_put(core->shape_of);
	core->shape_of = core_blob_get(config);
	free(core->shape.units);
	memset(&core->shape, 0, sizeof(core->shape));
	if (config)
		core->params.policy.shape(core->params.policy.ctx, config->data,
					  config->size, &core->shape, &why);
}

/* The state with the pending entry is the state now. */
static void fold(struct core *core)
{
	core_db_clear(&core->db);
	core->db = core->next;
	memset(&core->next, 0, sizeof(core->next));
	core->has_next = false;
	core_log_reshape(core);
	core->dirty = true;
}

static void drop_next(struct core *core)
{
	core_db_clear(&core->next);
	core->has_next = false;
}

bool core_log_idle(const struct core *core)
{
	const struct core_disk *d = &core->disk;

	return !d->promise && !d->conflict && !d->adopt && !d->entry && !d->repair &&
	       !d->bad;
}

/* Its entry may yet count, or not: who has it on disk brings it along. */
void core_log_session_over(struct core *core)
{
	bool writing = core->disk.entry || core->disk.adopt || core->disk.conflict;

	if (core->has_next && !writing) {
		if (core->pending.written)
			fold(core);
		else
			drop_next(core);
	}
	memset(&core->pending, 0, sizeof(core->pending));
	core->proposing = 0;
}

/** core_log_new() - an entry to fill; the caller frees it */
struct core_entry *core_log_new(const struct core *core, enum core_entry_kind kind)
{
	struct core_entry *entry = core_alloc(sizeof(*entry));

	entry->kind = kind;
	entry->at.gen = core->db.at.gen;
	entry->at.term = kind == CORE_ENTRY_VIEW ? core->session.term : core->db.at.term;
	entry->at.rev = core->db.at.rev + 1;
	entry->at.sum = core->db.at.sum;
	return entry;
}

/** core_log_propose() - takes @entry; false: not now, another one is under way */
bool core_log_propose(struct core *core, struct core_entry *entry, uint64_t base,
		      struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_PROPOSE, .base = base };
	bool free_now = !core->proposing && !core->pending.on && !core->hello_sent;

	if (free_now) {
		core->proposing = msg.id = core_new_id(core);
		msg.entry = *entry;
		core_send(core, out, &msg);
	}
	core_entry_clear(entry);
	free(entry);
	return free_now;
}

static bool accept(struct core *core, struct core_msg *msg, uint32_t from)
{
	const struct core_entry *entry = &msg->entry;

	if (core->pending.on || core->has_next || core->phase < PHASE_READY ||
	    entry->at.rev != core->db.at.rev + 1 || entry->at.sum != core->db.at.sum ||
	    !rule_entry(core, entry, msg->base, from))
		return false;
	core_db_copy(&core->next, &core->db);
	if (!core_db_apply(&core->next, entry)) {
		drop_next(core);
		return false;
	}
	core->has_next = true;
	return true;
}

static void write_entry(struct core *core, const struct core_entry *entry,
			struct core_actions *out)
{
	if (core->disk.entries < COMPACT)
		core_disk_write(core, out, &core->disk.entry, CORE_WRITE_ENTRY, NULL, entry);
	else
		core_disk_write(core, out, &core->disk.entry, CORE_WRITE_SNAPSHOT,
				&core->next, NULL);
}

void core_log_delivered(struct core *core, struct core_msg *msg, uint32_t from,
			int64_t now, struct core_actions *out)
{
	bool mine = from == ME(core) && msg->id == core->proposing;
	bool accepted = accept(core, msg, from);

	if (mine) {
		core->proposing = 0;
		core->dirty = true;
		core_request_delivered(core, msg->id, accepted, out);
	}
	if (!accepted)
		return;
	memset(&core->pending, 0, sizeof(core->pending));
	core->pending.on = true;
	core->pending.from = from;
	core->pending.id = msg->id;
	core->pending.kind = msg->entry.kind;
	memcpy(core->pending.key, msg->entry.key, CORE_KEY);
	core->pending.since = now;
	core_entry_clear(&core->pending_entry);
	core->pending_entry = msg->entry;
	core_blob_get(core->pending_entry.value);
	/* Who has said HELLO has said what its state is: it stays that. */
	if (!core->hello_sent && core_log_idle(core))
		write_entry(core, &msg->entry, out);
}

static void announce(const struct core *core, const char *key, struct core_actions *out)
{
	const struct core_blob *value = core_db_value(&core->db, key);
	struct core_action *action = core_act(out, CORE_ACT_COMMITTED);

	action->text = core_text(key);
	action->id = core->db.user.rev;
	if (!value)
		return;
	action->data = memcpy(core_alloc(value->size + 1), value->data, value->size);
	action->size = value->size;
}

static void view_committed(struct core *core, struct core_actions *out)
{
	uint32_t i;

	core->phase = PHASE_ACTIVE;
	core->parted = false;
	core->disk.known = core->db.group_term;
	core->continuous = core->quorum_yes ? core->db.group_term : 0;
	core->rings = 0;
	core_disk_write(core, out, &core->disk.meta, CORE_WRITE_ENTRY, NULL, NULL);
	for (i = 0; i < CORE_NODES; i++)
		if (rule_proved(&core->db, i + 1, core->proof[i].boot))
			memset(&core->proof[i], 0, sizeof(core->proof[i]));
	for (i = 0; i < core->db.kvs; i++)
		announce(core, core->db.kv[i].key, out);
	core_log(out, 6, "view %llu: nodes %#x are the writers",
		 (unsigned long long)core->db.group_term, core->db.group);
}

static void commit(struct core *core, struct core_actions *out)
{
	struct core_pending done = core->pending;
	uint32_t nodes = core->db.nodes;

	memset(&core->pending, 0, sizeof(core->pending));
	fold(core);
	if (done.kind == CORE_ENTRY_VIEW)
		view_committed(core, out);
	if (done.kind == CORE_ENTRY_SET || done.kind == CORE_ENTRY_CLEAR)
		announce(core, done.key, out);
	core_ask_committed(core, &core->pending_entry, out);
	if (done.from == ME(core))
		core_request_committed(core, done.id, out);
	if (nodes != core->db.nodes)
		core->leave_session = rule_coordinator(core) == ME(core);
}

void core_log_ack(struct core *core, const struct core_msg *msg, uint32_t from,
		  struct core_actions *out)
{
	if (!core->pending.on || !core->has_next || msg->at.rev != core->next.at.rev ||
	    msg->at.sum != core->next.at.sum)
		return;
	core->pending.acks |= NODE_BIT(from);
	if (core->pending.acks == core->session.members && core->pending.written)
		commit(core, out);
}

void core_log_promise(struct core *core, struct core_actions *out)
{
	core->disk.promising = core->session.term;
	core_disk_write(core, out, &core->disk.promise, CORE_WRITE_ENTRY, NULL, NULL);
}

/** core_log_part() - before the goodbye: the others may go on, this one not alone */
void core_log_part(struct core *core, struct core_actions *out)
{
	core->disk.known = 0;
	core->continuous = 0;
	core_disk_write(core, out, &core->disk.part, CORE_WRITE_ENTRY, NULL, NULL);
}

void core_log_adopt(struct core *core, struct core_actions *out)
{
	core->disk.promising = core->session.term;
	core->disk.known = 0;
	core_disk_write(core, out, &core->disk.adopt, CORE_WRITE_SNAPSHOT, &core->next, NULL);
}

void core_log_keep_conflict(struct core *core, struct core_actions *out)
{
	core_disk_write(core, out, &core->disk.conflict, CORE_WRITE_CONFLICT, &core->db, NULL);
}

static void entry_written(struct core *core, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_ACK };

	if (!core->pending.on) {
		fold(core);
		return;
	}
	core->pending.written = true;
	msg.at = core->next.at;
	if (!core->hello_sent)
		core_send(core, out, &msg);
}

static void written(struct core *core, uint64_t id, struct core_actions *out)
{
	struct core_disk *d = &core->disk;

	if (id == d->entry) {
		d->entry = 0;
		entry_written(core, out);
	} else if (id == d->promise) {
		d->promise = 0;
		d->promised = d->promising;
		core_sync_send_ready(core, out);
	} else if (id == d->conflict) {
		d->conflict = 0;
		if (core->phase == PHASE_SYNC)
			core_log_adopt(core, out);
		else
			drop_next(core);
	} else if (id == d->adopt) {
		d->adopt = 0;
		d->promised = d->promising;
		fold(core);
		core_sync_send_ready(core, out);
	} else if (id == d->part) {
		d->part = 0;
		core->parted = true;
	} else if (id == d->repair) {
		d->repair = 0;
		d->bad = false;
	}
}

void core_log_disk(struct core *core, uint64_t id, bool ok, int64_t now,
		   struct core_actions *out)
{
	struct core_disk *d = &core->disk;

	if (id == d->meta)
		d->meta = 0;
	else if (id != d->entry && id != d->promise && id != d->conflict &&
		 id != d->adopt && id != d->repair && id != d->part)
		return;
	if (ok) {
		written(core, id, out);
		return;
	}
	core_log(out, 3, "a write of the state failed");
	if (id == d->entry || id == d->adopt || id == d->conflict)
		drop_next(core);
	d->entry = d->promise = d->conflict = d->adopt = d->repair = d->part = 0;
	d->bad = true;
	d->retry = now;
	core->leave_session = true;
}

/* What a failed write left is unknown: everything is written anew. */
void core_log_repair(struct core *core, int64_t now, struct core_actions *out)
{
	struct core_disk *d = &core->disk;

	if (!d->bad || d->repair || d->meta || now < d->retry)
		return;
	d->retry = now + core->params.hello_ms / 2;
	core_disk_write(core, out, &d->repair, CORE_WRITE_SNAPSHOT, &core->db, NULL);
}
