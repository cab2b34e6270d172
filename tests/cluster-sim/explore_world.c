// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small world: every inbox, disk, operation and quorum notice moves by itself;
 * rings part and join, daemons and nodes die, as long as there are faults left.
 */
#include <stdio.h>

#include "explore.h"
#include "memory.h"
#include "world.h"

#define PLACES(w, n) for ((n) = 0; (n) < (w)->nodes; (n)++)

static void fail(struct world *w, const char *what, int n)
{
	if (!w->broken[0])
		snprintf(w->broken, sizeof(w->broken), "n%d: %s", n + 1, what);
}

static uint32_t side(const struct world *w, int n)
{
	uint32_t all = (1u << w->nodes) - 1;

	return w->sides & 1u << n ? w->sides : all & ~w->sides;
}

static void put(struct world *w, int n, const struct letter *letter)
{
	struct place *p = &w->place[n];

	if (!p->core)
		return;
	if (p->letters == LONGEST) {
		fail(w, "simulator: inbox is full", n);
		return;
	}
	p->inbox[p->letters] = *letter;
	core_blob_get(letter->bytes);
	p->letters++;
}

/* The token passes only where a ring is whole. */
static bool whole(const struct world *w, int n)
{
	const struct place *p = &w->place[n];
	int m;

	PLACES(w, m)
		if (p->ring_nodes & 1u << m &&
		    (!w->place[m].up || w->place[m].ring.seq != p->ring.seq ||
		     w->place[m].ring.node != p->ring.node))
			return false;
	return true;
}

static void send(struct world *w, int n, const struct core_action *action)
{
	struct letter letter = { .kind = CORE_EV_MESSAGE, .from = n + 1,
				 .pid = w->place[n].pid, .ring = w->place[n].ring };
	int m;

	if (!whole(w, n))
		return;
	letter.bytes = core_blob_new(action->data, action->size);
	PLACES(w, m)
		if (w->place[n].ring_nodes & 1u << m)
			put(w, m, &letter);
	core_blob_put(letter.bytes);
}

static void check(struct world *w, int n)
{
	const struct core *core = w->place[n].core;
	int m, running = 0;

	PLACES(w, m)
		running += w->place[m].up && w->place[m].runs;
	if (running > 1)
		fail(w, "A is active twice", n);
	if (!core || core->phase != PHASE_ACTIVE || core->db.at.rev >= CORE_HISTORY)
		return;
	for (m = 1; m <= (int)core->db.at.rev; m++)
		if (w->sum[m] && w->sum[m] != core->db.history[m])
			fail(w, "another entry than was committed", n);
	w->sum[core->db.at.rev] = core->db.at.sum;
}

static void perform(struct world *w, int n, const struct core_action *a)
{
	struct place *p = &w->place[n];

	if (a->kind == CORE_ACT_SEND) {
		send(w, n, a);
	} else if (a->kind == CORE_ACT_WRITE && p->waiting < 16) {
		p->writes[p->waiting++] = (struct write){ a->id, a->write,
			core_blob_new(a->data, a->size) };
	} else if (a->kind == CORE_ACT_OP) {
		p->op = true;
		p->op_id = a->id;
		p->op_verb = a->verb;
		if (a->verb == CORE_START)
			p->runs = true;
	} else if (a->kind == CORE_ACT_TIMER) {
		p->timer = a->at;
	} else if (a->kind == CORE_ACT_LOG && strstr(a->text, "a bug")) {
		fail(w, a->text, n);
	}
}

static void step(struct world *w, int n, struct core_event *event)
{
	struct core_actions out = { 0 };
	size_t i;

	if (!w->place[n].core)
		return;
	core_step(w->place[n].core, event, w->now, &out);
	check(w, n);
	for (i = 0; i < out.count; i++)
		perform(w, n, &out.list[i]);
	core_actions_clear(&out);
	check(w, n);
}

static void status(struct world *w, int n)
{
	struct core_event event = { .kind = CORE_EV_STATUS };

	event.row = (struct core_row){ "A", "m", w->place[n].state, NULL };
	step(w, n, &event);
}

static void group(struct world *w, int n, struct letter *letter)
{
	int m;

	memset(letter, 0, sizeof(*letter));
	letter->kind = CORE_EV_CPG;
	letter->ring = w->place[n].ring;
	PLACES(w, m)
		if (w->place[n].ring_nodes & 1u << m && w->place[m].core) {
			letter->members |= 1u << m;
			letter->pids[m] = w->place[m].pid;
		}
}

static void put_ring(struct world *w, int n)
{
	struct letter letter = { .kind = CORE_EV_RING, .ring = w->place[n].ring,
				 .nodes = w->place[n].ring_nodes };

	put(w, n, &letter);
}

/* What the other side sent and nobody of this one has heard is lost, or it is not. */
static void form_ring(struct world *w, uint32_t nodes)
{
	struct letter cpg;
	int n;

	w->ring_seq += 4;
	PLACES(w, n) {
		struct place *p = &w->place[n];

		if (!(nodes & 1u << n) || !p->up)
			continue;
		p->ring = (struct core_ring){ __builtin_ctz(nodes) + 1, w->ring_seq };
		p->ring_nodes = nodes;
		p->told = false;
	}
	PLACES(w, n) {
		if (!(nodes & 1u << n) || !w->place[n].up)
			continue;
		group(w, n, &cpg);
		put(w, n, &cpg);
		put_ring(w, n);
	}
}

static void form_rings(struct world *w)
{
	uint32_t done = 0, here;
	int n, m;

	PLACES(w, n) {
		here = 0;
		PLACES(w, m)
			if (side(w, n) & 1u << m && w->place[m].up)
				here |= 1u << m;
		if (!w->place[n].up || done & 1u << n)
			continue;
		done |= here;
		if (w->place[n].ring_nodes != here || !whole(w, n))
			form_ring(w, here);
	}
}

/* Of what was under way across the cut, @keep: all is heard, else none. */
static void lose(struct world *w, bool keep)
{
	int n, i, kept;

	PLACES(w, n) {
		struct place *p = &w->place[n];

		for (i = kept = 0; i < p->letters; i++) {
			if (!keep && p->inbox[i].kind == CORE_EV_MESSAGE &&
			    !(side(w, n) & 1u << (p->inbox[i].from - 1)))
				core_blob_put(p->inbox[i].bytes);
			else
				p->inbox[kept++] = p->inbox[i];
		}
		p->letters = kept;
	}
}

static void keep_on_disk(struct place *p, const struct write *write)
{
	int i;

	if (write->write == CORE_WRITE_SNAPSHOT) {
		for (i = 0; i < p->records; i++)
			core_blob_put(p->disk[i]);
		p->records = 0;
	}
	if (write->write != CORE_WRITE_CONFLICT && p->records < LONGEST)
		p->disk[p->records++] = core_blob_get(write->bytes);
}

static void daemon_gone(struct world *w, int n, bool written)
{
	struct place *p = &w->place[n];
	int i;

	for (i = 0; i < p->waiting; i++) {
		if (written)
			keep_on_disk(p, &p->writes[i]);
		core_blob_put(p->writes[i].bytes);
	}
	for (i = 0; i < p->letters; i++)
		core_blob_put(p->inbox[i].bytes);
	p->waiting = p->letters = 0;
	core_free(p->core);
	p->core = NULL;
	(void)w;
}

static void start_daemon(struct world *w, int n)
{
	struct place *p = &w->place[n];
	struct core_params params = { .node = n + 1, .boot = p->boot, .hello_ms = 2000,
				      .margin_ms = 1000, .plan_ms = 100000,
				      .policy = sim_policy };
	struct core_event event = { .kind = CORE_EV_PROBED };
	struct core_bytes snapshot = { 0 }, entries[LONGEST];
	const char *why = "";
	struct letter cpg;
	int i, m;

	params.incarnation = ++w->ids;
	p->pid = 100 + params.incarnation;
	for (i = 1; i < p->records; i++)
		entries[i - 1] = (struct core_bytes){ p->disk[i]->data, p->disk[i]->size };
	snapshot = (struct core_bytes){ p->disk[0]->data, p->disk[0]->size };
	p->core = core_create(&params, snapshot, entries, p->records - 1, &why);
	p->timer = INT64_MAX;
	p->told = false;
	if (!p->core) {
		fail(w, why, n);
		return;
	}
	status(w, n);
	step(w, n, &event);
	if (!p->ring_nodes || !whole(w, n))
		return;
	group(w, n, &cpg);
	PLACES(w, m)
		if (p->ring_nodes & 1u << m)
			put(w, m, &cpg);
	put_ring(w, n);
}

static void seed_disks(struct world *w)
{
	struct sim *sim = core_alloc(sizeof(*sim));
	struct core_bytes config;
	const char *why = "";
	char text[256];
	size_t size;
	void *seed;
	int n;

	sim->set.fence = false;
	planner_config(sim, text, sizeof(text), (1u << w->nodes) - 1);
	free(sim);
	config = (struct core_bytes){ text, strlen(text) };
	seed = core_seed(&sim_policy, config, &size, &why);
	PLACES(w, n)
		w->place[n].disk[w->place[n].records++] = core_blob_new(seed, size);
	free(seed);
}

struct world *world_new(int nodes, int faults)
{
	struct world *w = core_alloc(sizeof(*w));
	int n;

	w->nodes = nodes;
	w->faults = faults;
	w->timers = 4;
	seed_disks(w);
	PLACES(w, n) {
		w->place[n].up = true;
		w->place[n].boot = ++w->ids;
		start_daemon(w, n);
	}
	form_rings(w);
	return w;
}

struct world *world_copy(const struct world *from)
{
	struct world *w = core_alloc(sizeof(*w));
	int n, i;

	memcpy(w, from, sizeof(*w));
	PLACES(w, n) {
		struct place *p = &w->place[n];

		for (i = 0; i < p->letters; i++)
			core_blob_get(p->inbox[i].bytes);
		for (i = 0; i < p->waiting; i++)
			core_blob_get(p->writes[i].bytes);
		for (i = 0; i < p->records; i++)
			core_blob_get(p->disk[i]);
		if (p->core)
			p->core = core_copy(p->core);
	}
	return w;
}

void world_free(struct world *w)
{
	int n, i;

	PLACES(w, n) {
		daemon_gone(w, n, false);
		for (i = 0; i < w->place[n].records; i++)
			core_blob_put(w->place[n].disk[i]);
	}
	free(w);
}

static uint64_t sum_blob(uint64_t sum, const struct core_blob *blob)
{
	return blob ? core_sum(sum, blob->data, blob->size) : sum;
}

uint64_t world_hash(const struct world *w)
{
	uint64_t sum = core_sum(w->faults * 16 + w->timers, &w->sides, sizeof(w->sides));
	int n, i;

	sum = core_sum(sum + w->now, w->sum, sizeof(w->sum));
	PLACES(w, n) {
		const struct place *p = &w->place[n];
		uint64_t bits[] = { p->up, p->told, p->runs, p->op, p->pid, p->state,
				    p->op_id, p->ring.seq, p->ring_nodes, p->timer,
				    p->waiting, p->letters };

		sum = core_sum(sum, bits, sizeof(bits));
		for (i = 0; i < p->letters; i++)
			sum = sum_blob(core_sum(sum, &p->inbox[i].ring, 16) +
				       p->inbox[i].members + p->inbox[i].kind,
				       p->inbox[i].bytes);
		for (i = 0; i < p->records; i++)
			sum = sum_blob(sum, p->disk[i]);
		if (p->core)
			sum += core_hash(p->core) * (n + 3);
	}
	return sum;
}

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
	step(w, n, &event);
	core_blob_put(letter.bytes);
}

static void quorum(struct world *w, int n)
{
	struct place *p = &w->place[n];
	struct core_event event = { .kind = CORE_EV_QUORUM, .ring = p->ring,
				    .nodes = p->ring_nodes };

	event.yes = w->nodes == 2 || 2 * __builtin_popcount(p->ring_nodes) > w->nodes;
	p->told = true;
	step(w, n, &event);
}

static void disk(struct world *w, int n, bool good)
{
	struct place *p = &w->place[n];
	struct write write = p->writes[0];
	struct core_event event = { .kind = CORE_EV_DISK, .id = write.id, .yes = good };

	p->waiting--;
	memmove(p->writes, p->writes + 1, p->waiting * sizeof(write));
	if (good)
		keep_on_disk(p, &write);
	core_blob_put(write.bytes);
	step(w, n, &event);
}

static void op(struct world *w, int n)
{
	struct place *p = &w->place[n];
	struct core_event event = { .kind = CORE_EV_OP, .id = p->op_id };

	p->op = false;
	p->state = p->op_verb == CORE_START ? CORE_STARTED : CORE_STOPPED;
	p->runs = p->state == CORE_STARTED;
	status(w, n);
	step(w, n, &event);
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
	step(w, first, &event);
}

static void crash(struct world *w, int n, bool written)
{
	struct place *p = &w->place[n];

	daemon_gone(w, n, written);
	p->up = p->runs = p->op = false;
	p->state = CORE_STOPPED;
	p->ring_nodes = 0;
	form_rings(w);
}

static void daemon_dies(struct world *w, int n, bool written)
{
	struct place *p = &w->place[n];
	struct letter cpg;
	int m;

	daemon_gone(w, n, written);
	if (p->op)
		op(w, n);
	if (!whole(w, n))
		return;
	group(w, n, &cpg);
	PLACES(w, m)
		if (p->ring_nodes & 1u << m)
			put(w, m, &cpg);
}

static void boot(struct world *w, int n)
{
	w->place[n].up = true;
	w->place[n].boot = ++w->ids;
	start_daemon(w, n);
	form_rings(w);
}

static void part(struct world *w, uint32_t sides, bool keep)
{
	w->sides = sides;
	lose(w, keep);
	form_rings(w);
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
		[HEARS] = deliver, [OP] = op, [QUORUM] = quorum, [STARTS] = start_daemon,
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
		step(w, 0, &event);
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
