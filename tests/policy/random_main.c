// SPDX-License-Identifier: GPL-2.0-only
/*
 * Thousands of made-up clusters: our own rules hold in every plan, the order in
 * which facts are listed does not matter, and after a plan nothing is left to do.
 *
 * usage: random COUNT [FIRST-SEED]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static bool verbose;	/* one cluster only: print it */

enum { REST = 4 };	/* plans after which a cluster must be at rest */

static int places(const struct world *w, const struct hp_plan *p, const struct hp_place *x)
{
	int i, n = 0;

	for (i = 0; i < p->n_places; i++)
		n += p->places[i].node >= 0 && p->places[i].rsc == x->rsc &&
		     p->places[i].role == x->role &&
		     !strcmp(w->nodes[p->places[i].node].name, w->nodes[x->node].name);
	return n;
}

static bool same(const struct world *a, const struct hp_plan *p, const struct world *b,
		 const struct hp_plan *q)
{
	struct hp_place x;
	int i, k;

	for (i = 0; i < p->n_places; i++) {
		x = p->places[i];
		if (x.node < 0)
			continue;
		for (k = 0; strcmp(b->nodes[k].name, a->nodes[x.node].name); k++)
			;
		x.node = k;
		if (places(a, p, &p->places[i]) != places(b, q, &x))
			return false;
	}
	return p->n_actions == q->n_actions && p->n_edges == q->n_edges &&
	       p->n_blocked == q->n_blocked;
}

static int fail(uint64_t seed, const char *what)
{
	printf("seed %llu: %s\n", (unsigned long long)seed, what);
	return 1;
}

static int other_order(const struct world *w, const struct hp_plan *plan, uint64_t seed)
{
	struct world other;
	struct hp_plan again;
	int bad = 0;

	world_shuffle(&other, w, seed);
	if (hp_plan(&other.in, &again))
		bad = fail(seed, again.error);
	else if (!same(w, plan, &other, &again) && verbose)
		world_print(&other, &again);
	if (!bad && !same(w, plan, &other, &again))
		bad = fail(seed, "another order of the same facts, another plan");
	hp_plan_free(&again);
	return bad;
}

/* Plan by plan, until nothing is left to do. Return: how many plans it took. */
static int to_rest(struct world *w, uint64_t seed, int *bad)
{
	struct hp_plan plan;
	const char *what;
	int n, left = 1;

	for (n = 0; n < REST && left; n++) {
		if (hp_plan(&w->in, &plan)) {
			*bad += fail(seed, plan.error);
			left = 0;
		} else {
			if (verbose)
				world_print(w, &plan);
			what = broken(&w->in, &plan);
			if (what)
				*bad += fail(seed, what);
			if (n == 0)
				*bad += other_order(w, &plan, seed);
			left = plan.n_actions;
			world_apply(w, &plan);
		}
		hp_plan_free(&plan);
	}
	if (left)
		*bad += fail(seed, "never at rest");
	return left ? REST + 1 : n - 1;
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : 1000;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, seed;
	int took[REST + 2] = { 0 }, bad = 0, n;
	struct world w;

	verbose = count == 1;
	for (seed = first; seed < first + count; seed++) {
		world_random(&w, seed);
		n = to_rest(&w, seed, &bad);
		took[n < 0 ? 0 : n]++;
	}
	printf("random clusters: %llu, plans until rest:", (unsigned long long)count);
	for (n = 0; n <= REST + 1; n++)
		printf(" %d:%d", n, took[n]);
	printf(", %d bad\n", bad);
	return bad != 0;
}
