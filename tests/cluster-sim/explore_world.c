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

void small_put(struct world *w, int n, const struct letter *letter)
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
bool small_whole(const struct world *w, int n)
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

	if (!small_whole(w, n))
		return;
	letter.bytes = core_blob_new(action->data, action->size);
	PLACES(w, m)
		if (w->place[n].ring_nodes & 1u << m)
			small_put(w, m, &letter);
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

void small_step(struct world *w, int n, struct core_event *event)
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

void small_status(struct world *w, int n)
{
	struct core_event event = { .kind = CORE_EV_STATUS };

	event.row = (struct core_row){ "A", "m", w->place[n].state, NULL };
	small_step(w, n, &event);
}

void small_group(struct world *w, int n, struct letter *letter)
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

	small_put(w, n, &letter);
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
		small_group(w, n, &cpg);
		small_put(w, n, &cpg);
		put_ring(w, n);
	}
}

void small_form_rings(struct world *w)
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
		if (w->place[n].ring_nodes != here || !small_whole(w, n))
			form_ring(w, here);
	}
}

/* Of what was under way across the cut, @keep: all is heard, else none. */
void small_lose(struct world *w, bool keep)
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

void small_keep_on_disk(struct place *p, const struct write *write)
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

void small_daemon_gone(struct world *w, int n, bool written)
{
	struct place *p = &w->place[n];
	int i;

	for (i = 0; i < p->waiting; i++) {
		if (written)
			small_keep_on_disk(p, &p->writes[i]);
		core_blob_put(p->writes[i].bytes);
	}
	for (i = 0; i < p->letters; i++)
		core_blob_put(p->inbox[i].bytes);
	p->waiting = p->letters = 0;
	core_free(p->core);
	p->core = NULL;
	(void)w;
}

void small_start_daemon(struct world *w, int n)
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
	small_status(w, n);
	small_step(w, n, &event);
	if (!p->ring_nodes || !small_whole(w, n))
		return;
	small_group(w, n, &cpg);
	PLACES(w, m)
		if (p->ring_nodes & 1u << m)
			small_put(w, m, &cpg);
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
	sim->set.loss = -1;
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
		small_start_daemon(w, n);
	}
	small_form_rings(w);
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
		small_daemon_gone(w, n, false);
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
