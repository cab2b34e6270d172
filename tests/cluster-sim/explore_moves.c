// SPDX-License-Identifier: GPL-2.0-only
/* The moves of the small world: by themselves, faults, and the passing of time. */
#include <stdio.h>

#include "explore.h"
#include "memory.h"

#define PLACES(w, n) for ((n) = 0; (n) < (w)->nodes; (n)++)

static void deliver(struct world *w, int n)
{
	struct place *p = &w->place[n];
	struct letter letter = p->inbox[0];
	struct core_member members[N];
	struct core_event event = { .kind = letter.kind, .ring = letter.ring,
				    .nodes = letter.nodes, .members = members,
				    .from = { letter.from, letter.pid } };
	int m;

	p->letters--;
	memmove(p->inbox, p->inbox + 1, p->letters * sizeof(letter));
	PLACES(w, m)
		if (letter.members & 1u << m)
			members[event.count++] = (struct core_member){ m + 1,
								      letter.pids[m] };
	if (letter.bytes)
		event.bytes = (struct core_bytes){ letter.bytes->data, letter.bytes->size };
	small_step(w, n, &event);
	core_blob_put(letter.bytes);
}

static void quorum(struct world *w, int n)
{
	struct place *p = &w->place[n];
	struct core_event event = { .kind = CORE_EV_QUORUM, .ring = p->ring,
				    .nodes = p->ring_nodes };

	event.yes = w->nodes == 2 || 2 * __builtin_popcount(p->ring_nodes) > w->nodes;
	p->told = true;
	small_step(w, n, &event);
}

static void disk(struct world *w, int n, bool good)
{
	struct place *p = &w->place[n];
	struct write write = p->writes[0];
	struct core_event event = { .kind = CORE_EV_DISK, .id = write.id, .yes = good };

	p->waiting--;
	memmove(p->writes, p->writes + 1, p->waiting * sizeof(write));
	if (good)
		small_keep_on_disk(p, &write);
	core_blob_put(write.bytes);
	small_step(w, n, &event);
}

static void op(struct world *w, int n)
{
	struct place *p = &w->place[n];
	struct core_event event = { .kind = CORE_EV_OP, .id = p->op_id };

	p->op = false;
	p->state = p->op_verb == CORE_START ? CORE_STARTED : CORE_STOPPED;
	p->runs = p->state == CORE_STARTED;
	small_status(w, n);
	small_step(w, n, &event);
}

static bool quiet(const struct world *w)
{
	int n;

	PLACES(w, n) {
		const struct place *p = &w->place[n];

		if (p->up && (!p->core || p->letters || p->waiting || p->op || !p->told))
			return false;
	}
	return true;
}

static void timer(struct world *w)
{
	struct core_event event = { .kind = CORE_EV_TIMER };
	int n, first = -1;

	PLACES(w, n)
		if (w->place[n].core && (first < 0 ||
					 w->place[n].timer < w->place[first].timer))
			first = n;
	if (first < 0 || w->place[first].timer == INT64_MAX)
		return;
	if (w->place[first].timer > w->now)
		w->now = w->place[first].timer;
	w->timers--;
	small_step(w, first, &event);
}

static void crash(struct world *w, int n, bool written)
{
	struct place *p = &w->place[n];

	small_daemon_gone(w, n, written);
	p->up = p->runs = p->op = false;
	p->state = CORE_STOPPED;
	p->ring_nodes = 0;
	small_form_rings(w);
}

static void daemon_dies(struct world *w, int n, bool written)
{
	struct place *p = &w->place[n];
	struct letter cpg;
	int m;

	small_daemon_gone(w, n, written);
	if (p->op)
		op(w, n);
	if (!small_whole(w, n))
		return;
	small_group(w, n, &cpg);
	PLACES(w, m)
		if (p->ring_nodes & 1u << m)
			small_put(w, m, &cpg);
}

static void boot(struct world *w, int n)
{
	w->place[n].up = true;
	w->place[n].boot = ++w->ids;
	small_start_daemon(w, n);
	small_form_rings(w);
}

static void part(struct world *w, uint32_t sides, bool keep)
{
	w->sides = sides;
	small_lose(w, keep);
	small_form_rings(w);
}

enum move {
	HEARS, DISK, OP, QUORUM, STARTS, BOOTS,		/* by themselves */
	DIES, DIES_KEPT, DAEMON_DIES, DAEMON_DIES_KEPT, WRITE_FAILS, CUT, CUT_HEARD, MOVES,
};

static bool can_move(const struct world *w, int n, enum move move)
{
	const struct place *p = &w->place[n];

	switch (move) {
	case HEARS:
		return p->core && p->letters;
	case DISK:
		return p->core && p->waiting;
	case OP:
		return p->core && p->op;
	case QUORUM:
		return p->core && !p->told && p->ring_nodes;
	case STARTS:
		return p->up && !p->core;
	case BOOTS:
		return !p->up;
	case DIES:
	case DIES_KEPT:
		return w->faults && p->up && (move == DIES || p->waiting);
	case DAEMON_DIES:
	case DAEMON_DIES_KEPT:
		return w->faults && p->core && (move == DAEMON_DIES || p->waiting);
	case WRITE_FAILS:
		return w->faults && p->core && p->waiting;
	default:
		return w->faults && !w->sides && (w->nodes > 2 || !n);
	}
}

static void make_move(struct world *w, int n, enum move move)
{
	static void (*const by_itself[])(struct world *w, int n) = {
		[HEARS] = deliver, [OP] = op, [QUORUM] = quorum, [STARTS] = small_start_daemon,
		[BOOTS] = boot,
	};

	w->faults -= move > BOOTS;
	if (move == DISK || move == WRITE_FAILS)
		disk(w, n, move == DISK);
	else if (move <= BOOTS)
		by_itself[move](w, n);
	else if (move <= DIES_KEPT)
		crash(w, n, move == DIES_KEPT);
	else if (move <= DAEMON_DIES_KEPT)
		daemon_dies(w, n, move == DAEMON_DIES_KEPT);
	else
		part(w, 1u << n, move == CUT_HEARD);
}

void world_wish(struct world *w)
{
	struct core_event event = { .kind = CORE_EV_REQUEST };
	int n;

	/* Of one node, so that in a view without it nothing more is written. */
	for (n = 0; n < 2; n++) {
		event.id = ++w->ids;
		event.request.key = n ? "op/other" : "op/move/A";
		event.request.value = (struct core_bytes){ "2", 1 };
		small_step(w, 0, &event);
	}
}

int world_choices(const struct world *w)
{
	return w->nodes * MOVES + 2;
}

bool world_can(const struct world *w, int choice)
{
	int n = choice / MOVES, move = choice % MOVES;

	if (n < w->nodes)
		return can_move(w, n, move);
	return move ? w->sides != 0 : quiet(w) && w->timers;
}

void world_do(struct world *w, int choice, char *name, size_t size)
{
	static const char *const moves[] = { "hears", "disk", "op", "quorum", "starts",
		"boots", "dies", "dies, writes kept", "daemon dies",
		"daemon dies, writes kept", "write fails", "is cut off",
		"is cut off, all heard" };
	int n = choice / MOVES, move = choice % MOVES;

	if (n < w->nodes) {
		snprintf(name, size, "n%d %s", n + 1, moves[move]);
		make_move(w, n, move);
	} else if (move) {
		snprintf(name, size, "the network is whole");
		part(w, 0, true);
	} else {
		snprintf(name, size, "time passes");
		timer(w);
	}
}
