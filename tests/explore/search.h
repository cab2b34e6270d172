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

/** search_remember - the present state is what others are told apart from */
void search_remember(void);
u64 search_hash(void);

/* tell.c: how both nodes stand, for who reads a trace */
void tell_nodes(void);

#define SETTLE		255u	/* instead of an event's type: all comes to rest */

/* walk.c, and what it needs of main.c */
int walk_all(u64 count, u64 seed);
int walk_carry_out(struct event e);
bool world_begin(void);
void options_draw(u32 (*below)(u32 n));
void options_print(void);

/** trace_run - the events of a file; the status of the program */
int trace_run(const char *path);

#endif
