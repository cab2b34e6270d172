// SPDX-License-Identifier: GPL-2.0-only
/*
 * A disk with fsync: a write takes its time, may fail and be there nevertheless; a
 * crash leaves a part of what was under way, in its order.
 */
#include "memory.h"
#include "world.h"

static void apply(struct disk *disk, const struct disk_write *write)
{
	size_t i;

	if (write->write == CORE_WRITE_CONFLICT) {
		disk->conflicts++;
		return;
	}
	if (write->write == CORE_WRITE_ENTRY) {
		if (disk->count < 1024)
			disk->entries[disk->count++] = core_blob_get(write->bytes);
		return;
	}
	core_blob_put(disk->snapshot);
	disk->snapshot = core_blob_get(write->bytes);
	for (i = 0; i < disk->count; i++)
		core_blob_put(disk->entries[i]);
	disk->count = 0;
	disk->broken = false;
}

void store_write(struct sim *sim, int n, const struct core_action *action)
{
	struct disk *disk = &sim->node[n].disk;
	struct disk_write *write = &disk->queue[disk->waiting];
	int64_t time = sim->now + 1 + sim_random(sim, sim->set.rough && !sim->healing &&
						  sim_chance(sim, 25) ? 900 : 8);

	if (disk->waiting == 64) {
		sim_break(sim, "simulator: too many writes");
		return;
	}
	disk->waiting++;
	if (disk->slow_until > time)
		time = disk->slow_until;
	if (time < disk->last)
		time = disk->last;
	disk->last = time;
	write->id = action->id;
	write->write = action->write;
	write->bytes = core_blob_new(action->data, action->size);
	write->fails = sim->now < disk->fail_until;
	sim_add(sim, time - sim->now, SIM_DISK, n)->id = action->id;
}

/** store_done() - the oldest write is on the disk, or has failed; then it is reported */
void store_done(struct sim *sim, const struct sim_event *event)
{
	struct disk *disk = &sim->node[event->node].disk;
	struct core_event report = { .kind = CORE_EV_DISK };
	struct disk_write write = disk->queue[0];
	bool fails = write.fails ||
		     (disk->broken && write.write == CORE_WRITE_ENTRY);

	if (!disk->waiting)
		return;
	disk->waiting--;
	memmove(disk->queue, disk->queue + 1, disk->waiting * sizeof(write));
	if (!fails || (!disk->broken && sim_chance(sim, 50))) {
		check_adopted(sim, event->node, write.id);
		apply(disk, &write);
	}
	if (fails && write.write == CORE_WRITE_ENTRY)
		disk->broken = true;
	report.id = write.id;
	report.yes = !fails;
	core_blob_put(write.bytes);
	daemon_step(sim, event->node, &report);
}

void store_crash(struct sim *sim, int n)
{
	struct disk *disk = &sim->node[n].disk;
	size_t i, kept = sim_random(sim, disk->waiting + 1);

	for (i = 0; i < disk->waiting; i++) {
		if (i < kept && !disk->broken && !disk->queue[i].fails)
			apply(disk, &disk->queue[i]);
		else
			kept = 0;
		core_blob_put(disk->queue[i].bytes);
	}
	disk->waiting = 0;
	disk->broken = false;
	disk->last = 0;
}

struct core *store_load(struct sim *sim, int n, const struct core_params *params)
{
	struct disk *disk = &sim->node[n].disk;
	struct core_bytes snapshot = { 0 }, entries[1024];
	struct core_bytes config = { sim->config, strlen(sim->config) };
	const char *why = "";
	struct core *core;
	size_t i, size;
	void *seed;

	if (!disk->snapshot) {
		seed = core_seed(&sim_policy, config, &size, &why);
		disk->snapshot = core_blob_new(seed, size);
		free(seed);
	}
	snapshot.data = disk->snapshot->data;
	snapshot.size = disk->snapshot->size;
	for (i = 0; i < disk->count; i++) {
		entries[i].data = disk->entries[i]->data;
		entries[i].size = disk->entries[i]->size;
	}
	core = core_create(params, snapshot, entries, disk->count, &why);
	if (!core)
		sim_break(sim, "n%d cannot read its disk: %s", n + 1, why);
	return core;
}
