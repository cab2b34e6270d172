// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: explore [nodes=2|3] [faults=N] [max=STATES] [warm=0|1] [walks=N] [seed=N]
 *
 * Depth first through every order of events of the small world; a state that was
 * seen, by its sum, is not entered again. warm=1 begins when all are in one view.
 * walks=N: no search, N walks at random through the same moves, with seeds from seed.
 * Status 0: clean, 1: broken, with the moves that lead there, 4: clean up to max.
 */
#include <stdio.h>

#include "explore.h"
#include "memory.h"

#define DEEPEST 600

static uint64_t *seen;
static uint64_t seen_room = 1 << 22, states, steps, most = 200000;
static int deepest;
static char path[DEEPEST][48];

static bool visit(uint64_t sum)
{
	uint64_t at;

	if (!sum)
		sum = 1;
	for (at = sum % seen_room; seen[at]; at = (at + 1) % seen_room)
		if (seen[at] == sum)
			return false;
	seen[at] = sum;
	return true;
}

static void tell(const struct world *w, int depth)
{
	int i;

	for (i = 0; i <= depth; i++)
		printf("  %s\n", path[i]);
	printf("BROKEN: %s\n", w->broken);
}

static bool search(const struct world *w, int depth)
{
	int choice, choices = world_choices(w);
	bool good = true;

	if (depth > deepest)
		deepest = depth;
	for (choice = 0; good && choice < choices; choice++) {
		struct world *next;

		if (states >= most || depth == DEEPEST || !world_can(w, choice))
			continue;
		next = world_copy(w);
		world_do(next, choice, path[depth], sizeof(path[0]));
		steps++;
		if (next->broken[0]) {
			tell(next, depth);
			good = false;
		} else if (visit(world_hash(next))) {
			states++;
			good = search(next, depth + 1);
		}
		world_free(next);
	}
	return good;
}

/* Until nothing is left to do: everything in turn, no faults. */
static void warm_up(struct world *w)
{
	int faults = w->faults, choice, done;
	char name[48];

	w->faults = 0;
	do {
		done = 0;
		for (choice = 0; choice < world_choices(w) - 2; choice++) {
			if (!world_can(w, choice))
				continue;
			world_do(w, choice, name, sizeof(name));
			done++;
		}
	} while (done);
	w->faults = faults;
}

/* Natural moves mostly; a fault now and then, until nothing can happen. */
static bool walk(const struct world *start, uint64_t seed)
{
	struct world *w = world_copy(start);
	uint64_t draw = core_sum(seed, "seed", 4);
	int depth, choice, choices = world_choices(w), tried;
	bool good;

	for (depth = 0; depth < DEEPEST && !w->broken[0]; depth++) {
		for (tried = 0; tried < 4000; tried++) {
			draw = core_sum(draw, "next", 4);
			choice = draw % choices;
			if (world_can(w, choice) && ((draw >> 32) % 40 == 0 ||
						     (choice < choices - 2 &&
						      choice % (choices / w->nodes) < 6)))
				break;
		}
		if (tried == 4000)
			break;
		world_do(w, choice, path[depth], sizeof(path[0]));
		steps++;
	}
	good = !w->broken[0];
	if (!good) {
		tell(w, depth - 1);
		printf("seed=%llu\n", (unsigned long long)seed);
	}
	world_free(w);
	return good;
}

int main(int argc, char **argv)
{
	unsigned long long walks = 0, seed = 1, i;
	int nodes = 3, faults = 1, warm = 1, a;
	struct world *w;
	bool good;

	for (a = 1; a < argc; a++) {
		sscanf(argv[a], "nodes=%d", &nodes);
		sscanf(argv[a], "faults=%d", &faults);
		sscanf(argv[a], "warm=%d", &warm);
		sscanf(argv[a], "walks=%llu", &walks);
		sscanf(argv[a], "seed=%llu", &seed);
		sscanf(argv[a], "max=%llu", (unsigned long long *)&most);
	}
	if (nodes < 2 || nodes > N)
		return 2;
	while (seen_room < most * 2)
		seen_room *= 2;
	seen = core_alloc(seen_room * sizeof(*seen));
	w = world_new(nodes, faults);
	if (warm)
		warm_up(w);
	world_wish(w);
	if (walks) {
		for (i = good = 1; good && i <= walks; i++)
			good = walk(w, seed + i - 1);
		printf("%s: nodes=%d faults=%d warm=%d: %llu walks, %llu steps\n",
		       good ? "clean" : "broken", nodes, faults, warm, i - 1,
		       (unsigned long long)steps);
		return !good;
	}
	good = search(w, 0);
	printf("%s: nodes=%d faults=%d warm=%d: %llu states, %llu steps, %d deep\n",
	       !good ? "broken" : states < most ? "clean, all of it" : "clean, up to the limit",
	       nodes, faults, warm, (unsigned long long)states, (unsigned long long)steps,
	       deepest);
	world_free(w);
	free(seen);
	return !good ? 1 : states < most ? 0 : 4;
}
