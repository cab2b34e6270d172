// SPDX-License-Identifier: GPL-2.0-only
/*
 * One step: the event is taken in, then everything that has become possible is
 * done, in a fixed order, and the time is asked for at which to look again.
 */
#include "memory.h"
#include "rules.h"

struct core *core_create(const struct core_params *params, struct core_bytes snapshot,
			 const struct core_bytes *entries, size_t count,
			 const char **why)
{
	struct core *core = core_alloc(sizeof(*core));

	core->params = *params;
	core->lost = core->plan_again = core->leave_by = NEVER;
	core->timer = NEVER;
	if (!core_disk_load(core, snapshot, entries, count, why)) {
		core_free(core);
		return NULL;
	}
	core_log_reshape(core);
	return core;
}

void core_free(struct core *core)
{
	uint32_t i;

	if (!core)
		return;
	core_db_clear(&core->db);
	core_db_clear(&core->next);
	core_entry_clear(&core->pending_entry);
	core_table_clear(&core->table);
	core_table_clear(&core->mine);
	for (i = 0; i < CORE_NODES; i++)
		free(core->peer[i].parts.data);
	for (i = 0; i < core->nr_wishes; i++)
		core_blob_put(core->wishes[i].value);
	free(core->wishes);
	free(core->asks);
	free(core->shape.units);
	core_blob_put(core->shape_of);
	free(core);
}

static void *copy_list(const void *list, size_t size)
{
	return size ? memcpy(core_alloc(size), list, size) : NULL;
}

struct core *core_copy(const struct core *core)
{
	struct core *copy = core_alloc(sizeof(*copy));
	uint32_t i;

	*copy = *core;
	memset(&copy->db, 0, sizeof(copy->db));
	memset(&copy->next, 0, sizeof(copy->next));
	memset(&copy->table, 0, sizeof(copy->table));
	memset(&copy->mine, 0, sizeof(copy->mine));
	core_db_copy(&copy->db, &core->db);
	core_db_copy(&copy->next, &core->next);
	core_table_copy(&copy->table, &core->table);
	core_table_copy(&copy->mine, &core->mine);
	core_blob_get(copy->pending_entry.value);
	core_blob_get(copy->shape_of);
	copy->shape.units = copy_list(core->shape.units,
				      core->shape.count * sizeof(*core->shape.units));
	for (i = 0; i < CORE_NODES; i++) {
		struct core_writer *parts = &copy->peer[i].parts;

		parts->data = copy_list(core->peer[i].parts.data, parts->size);
		parts->room = parts->size;
	}
	copy->asks = copy_list(core->asks, core->nr_asks * sizeof(*core->asks));
	copy->wishes = copy_list(core->wishes, core->nr_wishes * sizeof(*core->wishes));
	for (i = 0; i < copy->nr_wishes; i++)
		core_blob_get(copy->wishes[i].value);
	return copy;
}

/** core_seed() - the first snapshot of a new cluster; the same on all its nodes */
void *core_seed(const struct core_policy *policy, struct core_bytes config, size_t *size,
		const char **why)
{
	struct core *core = core_alloc(sizeof(*core));
	struct core_entry *entry = core_alloc(sizeof(*entry));
	struct core_actions out = { 0 };
	struct core_shape shape = { 0 };
	void *data = NULL;
	uint64_t id;

	core->params.policy = *policy;
	if (policy->shape(policy->ctx, config.data, config.size, &shape, why)) {
		entry->kind = CORE_ENTRY_SET;
		entry->at.gen = entry->at.rev = 1;
		strcpy(entry->key, "config");
		entry->value = core_blob_new(config.data, config.size);
		entry->nodes = shape.nodes;
		core_db_apply(&core->db, entry);
		core->db.old_nodes = core->db.group = core->db.nodes;
		core_disk_write(core, &out, &id, CORE_WRITE_SNAPSHOT, &core->db, NULL);
		data = out.list[0].data;
		*size = out.list[0].size;
		out.list[0].data = NULL;
	}
	free(shape.units);
	core_actions_clear(&out);
	core_entry_clear(entry);
	free(entry);
	core_free(core);
	return data;
}

static void take(struct core *core, const struct core_event *event, int64_t now,
		 struct core_actions *out)
{
	switch (event->kind) {
	case CORE_EV_CPG:
		core_view_cpg(core, event, now);
		break;
	case CORE_EV_RING:
		core_view_ring(core, event, now);
		break;
	case CORE_EV_QUORUM:
		core_view_quorum(core, event, now);
		break;
	case CORE_EV_MESSAGE:
		core_view_message(core, event, now, out);
		break;
	case CORE_EV_DISK:
		core_log_disk(core, event->id, event->yes, now, out);
		break;
	case CORE_EV_STATUS:
		core_local_status(core, &event->row, out);
		break;
	case CORE_EV_PROBED:
		core->probed = true;
		break;
	case CORE_EV_OP:
		core_local_ended(core, event->id, event->code, now, out);
		break;
	case CORE_EV_REQUEST:
		core_request(core, event, now, out);
		break;
	case CORE_EV_FENCE:
		core_proof_fenced(core, event->id, event->yes, event->text, now, out);
		break;
	case CORE_EV_DEVICE:
		if (event->device.kind == CORE_DEV_STATE)
			core_local_device(core, &event->device, out);
		else
			core_ask_event(core, &event->device);
		break;
	case CORE_EV_WATCHDOG:
		core->guarded = event->code;
		break;
	case CORE_EV_LEAVE:
		core->leaving = core->leave_session = true;
		break;
	default:
		break;
	}
}

static void ask_for_time(struct core *core, int64_t now, struct core_actions *out)
{
	int64_t at = core_sooner(NEVER, core->plan_again, now);

	at = core_sooner(at, core_view_deadline(core, now), now);
	at = core_sooner(at, core_local_deadline(core, now), now);
	at = core_sooner(at, core_proof_deadline(core, now), now);
	at = core_sooner(at, core_request_deadline(core, now), now);
	if (at == core->timer)
		return;
	core->timer = at;
	core_act(out, CORE_ACT_TIMER)->at = at;
}

void core_step(struct core *core, const struct core_event *event, int64_t now,
	       struct core_actions *out)
{
	if (core->left)
		return;
	if (event->kind == CORE_EV_TIMER)
		core->timer = NEVER;
	take(core, event, now, out);
	core_log_repair(core, now, out);
	core_proof_promise(core);
	core_view_try(core, now, out);
	core_local_try(core, now, out);
	core_proof_try(core, now, out);
	core_ask_try(core, out);
	core_request_try(core, now, out);
	core_work_try(core, now, out);
	ask_for_time(core, now, out);
}
