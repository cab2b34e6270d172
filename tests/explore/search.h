/* SPDX-License-Identifier: GPL-2.0-only */
/* Breadth-first search over the states of the world. */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "world.h"

struct outcome {
	u64 states, steps;
	unsigned int depth;
	bool complete, broken;
	double seconds;
	u64 bytes;
};

/** search - from the present state of the world; prints a trace when broken */
struct outcome search(void);

bool event_advance(struct event *e, bool more);
bool event_is_choice(struct event e);

#endif
