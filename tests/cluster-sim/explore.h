/* SPDX-License-Identifier: GPL-2.0-only */
/* The small world that is explored: two or three nodes, few faults, every order. */
#ifndef SIM_EXPLORE_H
#define SIM_EXPLORE_H

#include "rules.h"

#define N 3
#define LONGEST 256

struct letter {		/* what lies in an inbox */
	enum core_event_kind kind;
	uint32_t from, pid, nodes;
	uint32_t members;
	uint32_t pids[N];
	struct core_ring ring;
	struct core_blob *bytes;
};

struct write { uint64_t id; enum core_write write; struct core_blob *bytes; };

struct place {
	bool up, told, yes, runs, op;
	uint32_t pid, quorum_nodes;
	uint64_t boot, op_id;
	enum core_verb op_verb;
	enum core_state state;
	struct core_ring ring, quorum_ring;
	uint32_t ring_nodes;
	struct letter inbox[LONGEST];
	struct write writes[16];
	struct core_blob *disk[LONGEST];	/* [0]: the snapshot */
	int letters, waiting, records;
	int64_t timer;
	struct core *core;
};

struct world {
	struct place place[N];
	int nodes, faults, timers;
	uint32_t sides;		/* those of one side; 0: all together */
	uint64_t ids, ring_seq;
	int64_t now;
	uint64_t sum[64];	/* of the chain, by revision; 0: not committed */
	char broken[160];
};

struct world *world_new(int nodes, int faults);
/* A client of the first node asks for two things. */
void world_wish(struct world *world);
struct world *world_copy(const struct world *world);
void world_free(struct world *world);
uint64_t world_hash(const struct world *world);

/* Between the two files of the small world. */
void small_step(struct world *w, int n, struct core_event *event);
void small_status(struct world *w, int n);
void small_put(struct world *w, int n, const struct letter *letter);
void small_group(struct world *w, int n, struct letter *letter);
bool small_whole(const struct world *w, int n);
void small_form_rings(struct world *w);
void small_lose(struct world *w, bool keep);
void small_keep_on_disk(struct place *p, const struct write *write);
void small_daemon_gone(struct world *w, int n, bool written);
void small_start_daemon(struct world *w, int n);

/* Everything that may happen next has a number below world_choices(). */
int world_choices(const struct world *world);
bool world_can(const struct world *world, int choice);
void world_do(struct world *world, int choice, char *name, size_t size);

#endif
