/* SPDX-License-Identifier: GPL-2.0-only */
/* A made-up cluster for tests: the arrays behind an input, and what becomes of it. */
#ifndef WORLD_H
#define WORLD_H

#include "hapolicy.h"

enum { MAX_NODES = 5, MAX_RSCS = 24, MAX_RULES = 16, MAX_FACTS = 64 };

struct world {
	struct hp_input in;
	struct hp_node nodes[MAX_NODES];
	struct hp_rsc rscs[MAX_RSCS];
	struct hp_location locations[MAX_RULES];
	struct hp_colocation colocations[MAX_RULES];
	struct hp_order orders[MAX_RULES];
	int	first[MAX_RULES];
	struct hp_status status[MAX_FACTS];
	struct hp_failure failures[MAX_FACTS];
	struct hp_promotion promotions[MAX_FACTS];
	struct hp_storage storage[MAX_FACTS];
	char	names[MAX_RSCS + 3 * MAX_RULES][8];
	int	n_names;
};

/* random.c */
void world_random(struct world *w, uint64_t seed);
void world_shuffle(struct world *to, const struct world *from, uint64_t seed);

/* world_print.c */
void world_print(const struct world *w, const struct hp_plan *p);

/* apply.c: what the cluster looks like when the plan was carried out */
void world_apply(struct world *w, const struct hp_plan *plan);

/* invariants.c: NULL, or which of our own rules the plan breaks */
const char *broken(const struct hp_input *in, const struct hp_plan *plan);

#endif
