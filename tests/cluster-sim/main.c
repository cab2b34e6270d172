// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: sim [seed=N] [runs=N] [nodes=2..5] [fence=0|1] [device=0|1] [watchdog=0|1]
 *	      [storage=0|1] [steady=0|1] [rough=0|1] [wild=0|1] [seconds=N] [only=LETTERS]
 *	      [loss=stop|freeze|demote|ignore|suicide] [v=1]
 *
 * Runs with seeds from seed on; ends with status 1 at the first that breaks
 * something, and says how to repeat it.
 */
#include <stdio.h>

#include "memory.h"
#include "world.h"

struct total {
	uint64_t runs, steps, actions, committed, views, done, refused, unknown, fences,
		 resets, conflicts, writes;
};

static void option(struct settings *set, uint64_t *seed, uint64_t *runs, const char *text)
{
	static const char *const bools[] = { "fence=", "device=", "watchdog=", "storage=",
					     "steady=", "rough=", "wild=" };
	bool *fields[] = { &set->fence, &set->device, &set->watchdog, &set->storage,
			   &set->steady, &set->rough, &set->wild };
	int i;

	for (i = 0; i < 7; i++)
		if (!strncmp(text, bools[i], strlen(bools[i])))
			*fields[i] = atoi(text + strlen(bools[i]));
	if (!strncmp(text, "seed=", 5))
		*seed = strtoull(text + 5, NULL, 10);
	if (!strncmp(text, "runs=", 5))
		*runs = strtoull(text + 5, NULL, 10);
	if (!strncmp(text, "nodes=", 6))
		set->nodes = atoi(text + 6);
	if (!strncmp(text, "seconds=", 8))
		set->duration = atoll(text + 8) * 1000;
	for (i = 0; i < 5 && !strncmp(text, "loss=", 5); i++)
		if (!strcmp(text + 5, sim_losses[i]))
			set->loss = i;
	if (!strncmp(text, "only=", 5))
		set->only = text + 5;
	if (!strcmp(text, "v=1"))
		set->verbose = true;
}

static void free_sim(struct sim *sim)
{
	size_t i, k;
	int n;

	FOR_NODES(sim, n) {
		struct node *node = &sim->node[n];

		core_free(node->core);
		ring_drop_inbox(sim, n);
		core_blob_put(node->disk.snapshot);
		for (k = 0; k < node->disk.count; k++)
			core_blob_put(node->disk.entries[k]);
		for (k = 0; k < node->disk.waiting; k++)
			core_blob_put(node->disk.queue[k].bytes);
	}
	for (i = 0; i < sim->nr_rings; i++)
		free(sim->rings[i]);
	core_db_clear(&sim->latest);
	free(sim->heap);
	free(sim);
}

static bool run(const struct settings *set, uint64_t seed, struct total *total)
{
	struct sim *sim = core_alloc(sizeof(*sim));
	bool good;
	int i;

	sim->set = *set;
	sim->seed = seed;
	sim->random = seed * 0x9e3779b97f4a7c15ull + 1;
	for (i = 0; i < 8; i++)
		sim_random(sim, 1);
	sim_run(sim);
	total->runs++;
	total->steps += sim->steps;
	for (i = 0; i <= CORE_ACT_EXIT; i++)
		total->actions += sim->actions[i];
	total->committed += sim->last_rev;
	total->views += sim->views;
	total->done += sim->done;
	total->refused += sim->refused;
	total->unknown += sim->unknown;
	total->fences += sim->fences;
	total->resets += sim->resets;
	total->writes += sim->acked;
	for (i = 0; i < set->nodes; i++)
		total->conflicts += sim->node[i].disk.conflicts;
	good = !sim->broken[0];
	if (!good)
		printf("BROKEN: seed=%llu nodes=%d fence=%d device=%d watchdog=%d storage=%d "
		       "rough=%d wild=%d seconds=%lld%s%s: at %.3f: %s\n", (unsigned long long)seed, set->nodes,
		       set->fence, set->device, set->watchdog, set->storage, set->rough, set->wild,
		       (long long)set->duration / 1000, set->loss < 0 ? "" : " loss=",
		       set->loss < 0 ? "" : sim_losses[set->loss], sim->now / 1000.0, sim->broken);
	free_sim(sim);
	return good;
}

int main(int argc, char **argv)
{
	struct settings set = { .nodes = 3, .fence = true, .storage = true,
				.duration = 120000, .lease = 5000, .loss = -1 };
	uint64_t seed = 1, runs = 1, i;
	struct total t = { 0 };
	bool good = true;
	int a;

	for (a = 1; a < argc; a++)
		option(&set, &seed, &runs, argv[a]);
	if (set.nodes < 2 || set.nodes > NODES)
		return 2;
	for (i = 0; i < runs && good; i++)
		good = run(&set, seed + i, &t);
	printf("%s: %llu runs, %llu steps, %llu actions, %llu entries committed, %llu views, "
	       "clients %llu done %llu refused %llu unknown, %llu fencings, %llu resets, "
	       "%llu conflict files, %llu writes\n", good ? "clean" : "broken",
	       (unsigned long long)t.runs, (unsigned long long)t.steps,
	       (unsigned long long)t.actions, (unsigned long long)t.committed,
	       (unsigned long long)t.views, (unsigned long long)t.done,
	       (unsigned long long)t.refused, (unsigned long long)t.unknown,
	       (unsigned long long)t.fences, (unsigned long long)t.resets,
	       (unsigned long long)t.conflicts, (unsigned long long)t.writes);
	return good ? 0 : 1;
}
