// SPDX-License-Identifier: GPL-2.0-only
/* Made-up clusters, each from its seed; and the same one said in another order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int pick(int n)
{
	return (int)(next() % (uint64_t)n);
}

static bool chance(int percent)
{
	return pick(100) < percent;
}

static const char *name(struct world *w, char kind, int number)
{
	char *text = w->names[w->n_names++];

	snprintf(text, sizeof(w->names[0]), "%c%d", kind, number);
	return text;
}

static void make_nodes(struct world *w)
{
	struct hp_node *n;
	int i;

	w->in.n_nodes = 2 + pick(MAX_NODES - 1);
	for (i = 0; i < w->in.n_nodes; i++) {
		n = &w->nodes[i];
		n->name = name(w, 'n', i);
		if (chance(8))
			n->state = HP_NODE_DOWN;
		else if (chance(8))
			n->state = HP_NODE_UNKNOWN;
		else if (chance(3))
			n->state = HP_NODE_PENDING;
		n->standby = chance(8);
		n->standby_until_ms = chance(50) ? 900 + pick(200) : 0;
		n->maintenance = chance(3);
		n->shutdown = chance(3);
		n->must_fence = n->state == HP_NODE_ONLINE && chance(3);
	}
}

static struct hp_rsc *make_rsc(struct world *w, enum hp_kind kind, int parent)
{
	struct hp_rsc *r = &w->rscs[w->in.n_rscs];

	*r = (struct hp_rsc){ .name = name(w, 'r', w->in.n_rscs), .kind = kind,
			      .parent = parent, .clone_max = -1, .promoted_max = -1,
			      .promoted_node_max = -1, .restart = { HP_INF, 0, 0 } };
	w->in.n_rscs++;
	return r;
}

static void make_primitive(struct world *w, int parent, int stickiness, bool device)
{
	struct hp_rsc *r = make_rsc(w, HP_PRIMITIVE, parent);

	r->stickiness = stickiness;
	r->unmanaged = chance(3);
	r->limited = chance(4);
	r->restart.limit = chance(20) ? 1 + pick(3) : HP_INF;
	r->storage = device;
	r->needs = device ? HP_NEEDS_STORAGE : chance(10) ? HP_NEEDS_QUORUM : HP_NEEDS_DEFAULT;
}

static void make_group(struct world *w, int parent, int stickiness)
{
	int i, n = 1 + pick(3), at = w->in.n_rscs;

	make_rsc(w, HP_GROUP, parent);
	for (i = 0; i < n; i++)
		make_primitive(w, at, stickiness, false);
}

static void make_clone(struct world *w, int stickiness)
{
	int at = w->in.n_rscs;
	struct hp_rsc *r = make_rsc(w, HP_CLONE, -1);

	r->interleave = chance(50);
	r->promotable = chance(50);
	r->clone_max = chance(30) ? 1 + pick(w->in.n_nodes) : -1;
	r->promoted_max = chance(20) ? pick(3) : -1;
	if (chance(30))
		make_group(w, at, stickiness);
	else
		make_primitive(w, at, stickiness, r->promotable && chance(40));
}

static void make_rscs(struct world *w)
{
	static const int sticky[] = { 0, 0, 10, 100, HP_INF };
	int i, n = 1 + pick(4), stickiness;

	for (i = 0; i < n && w->in.n_rscs < MAX_RSCS - 5; i++) {
		stickiness = sticky[pick(5)];
		switch (pick(3)) {
		case 0:
			make_primitive(w, -1, stickiness, false);
			break;
		case 1:
			make_group(w, -1, stickiness);
			break;
		default:
			make_clone(w, stickiness ? stickiness : 1);
		}
	}
}

static int any_top(struct world *w)
{
	int r = pick(w->in.n_rscs);

	while (w->rscs[r].parent >= 0)
		r = w->rscs[r].parent;
	return r;
}

static enum hp_role some_role(struct world *w, int rsc)
{
	return w->rscs[rsc].promotable && chance(40) ? HP_ROLE_PROMOTED : HP_ROLE_STOPPED;
}

/* Two rules on the same two may contradict each other; then nothing is stable. */
static bool colocated(const struct world *w, int a, int b)
{
	int i;

	for (i = 0; i < w->in.n_colocations; i++)
		if (w->colocations[i].rsc == a && w->colocations[i].with == b)
			return true;
	return false;
}

static void make_rules(struct world *w)
{
	static const int scores[] = { -HP_INF, -HP_INF, HP_INF, HP_INF, 100, -100, 20 };
	int i, a, b;

	for (i = 0; i < pick(4); i++) {
		a = any_top(w);
		w->locations[w->in.n_locations++] = (struct hp_location){
			.id = name(w, 'l', i), .rsc = a, .node = pick(w->in.n_nodes),
			.score = scores[pick(7)], .role = chance(20) ? some_role(w, a) : 0,
			.until_ms = chance(20) ? 900 + pick(200) : 0 };
	}
	for (i = 0; i < pick(4); i++) {
		a = any_top(w);
		b = any_top(w);
		if (a <= b || colocated(w, a, b))
			continue;
		w->colocations[w->in.n_colocations++] = (struct hp_colocation){
			.id = name(w, 'c', i), .rsc = a, .with = b, .score = scores[pick(7)],
			.rsc_role = some_role(w, a), .with_role = some_role(w, b) };
	}
	for (i = 0; i < pick(4); i++) {
		a = any_top(w);
		b = any_top(w);
		if (a <= b)
			continue;
		w->first[i] = b;
		w->orders[w->in.n_orders++] = (struct hp_order){
			.id = name(w, 'o', i), .first = &w->first[i], .n_first = 1, .then = a,
			.first_op = some_role(w, b) ? HP_OP_PROMOTE : HP_OP_START,
			.then_op = some_role(w, a) ? HP_OP_PROMOTE : HP_OP_START,
			.kind = chance(70) ? HP_ORDER_MANDATORY : HP_ORDER_OPTIONAL,
			.asymmetric = chance(15) };
	}
}

static void add_status(struct world *w, int rsc, int node, bool promotable)
{
	struct hp_status *s = &w->status[w->in.n_status];

	if (w->in.n_status == MAX_FACTS)
		return;
	*s = (struct hp_status){ .rsc = rsc, .node = node, .role = HP_ROLE_STARTED };
	if (promotable)
		s->role = chance(30) ? HP_ROLE_PROMOTED : HP_ROLE_UNPROMOTED;
	s->failed = chance(6);
	s->failed_op = chance(20) ? HP_OP_STOP : HP_OP_MONITOR;
	s->blocked = chance(2);
	w->in.n_status++;
}

static void make_facts(struct world *w)
{
	int i, node, home = 0, up;

	for (i = 0; i < w->in.n_rscs; i++) {
		for (up = i; w->rscs[up].parent >= 0; up = w->rscs[up].parent)
			;
		if (up == i)
			home = pick(w->in.n_nodes);
		if (w->rscs[i].kind != HP_PRIMITIVE)
			continue;
		if (w->rscs[up].kind != HP_CLONE && chance(65))
			add_status(w, i, home, false);
		for (node = 0; node < w->in.n_nodes; node++) {
			if (w->rscs[up].kind == HP_CLONE && chance(60))
				add_status(w, i, node, w->rscs[up].promotable);
			if (w->rscs[up].promotable && chance(60))
				w->promotions[w->in.n_promotions++] = (struct hp_promotion){
					i, node, 5 * (1 + pick(3)) };
			if (w->rscs[i].storage && chance(85))
				w->storage[w->in.n_storage++] = (struct hp_storage){
					i, node, pick(6), chance(10), chance(5) };
			if (chance(4))
				w->failures[w->in.n_failures++] = (struct hp_failure){
					i, node, chance(30) ? HP_INF : 1 + pick(3), 500, NULL, 0 };
		}
	}
}

static void point(struct world *w)
{
	struct hp_input *in = &w->in;
	int i;

	in->nodes = w->nodes;
	in->rscs = w->rscs;
	in->locations = w->locations;
	in->colocations = w->colocations;
	in->orders = w->orders;
	in->status = w->status;
	in->failures = w->failures;
	in->promotions = w->promotions;
	in->storage = w->storage;
	for (i = 0; i < in->n_orders; i++)
		w->orders[i].first = &w->first[i];
}

void world_random(struct world *w, uint64_t seed)
{
	struct hp_input *in = &w->in;
	int i;

	memset(w, 0, sizeof(*w));
	state = seed;
	in->now_ms = 1000;
	in->self = -1;
	in->quorate = chance(88);
	in->view_pending = chance(4);
	in->opt_in = chance(5);
	in->fencing = chance(50);
	in->fence_device = chance(85);
	in->no_takeover = chance(5);
	in->maintenance = chance(2);
	in->stop_all = chance(2);
	in->loss = chance(20) ? pick(5) : HP_LOSS_STOP;
	make_nodes(w);
	make_rscs(w);
	make_rules(w);
	make_facts(w);
	for (i = 0; i < in->n_orders; i++)
		w->first[i] = *w->orders[i].first;
	point(w);
}

static void swap(void *a, void *b, size_t size)
{
	char spare[256];

	memcpy(spare, a, size);
	memcpy(a, b, size);
	memcpy(b, spare, size);
}

#define SHUFFLE(array, n) do {							\
	for (int i_ = (n) - 1; i_ > 0; i_--)					\
		swap(&(array)[i_], &(array)[pick(i_ + 1)], sizeof((array)[0]));	\
} while (0)

static int node_named(const struct world *w, const char *text)
{
	int i;

	for (i = 0; strcmp(w->nodes[i].name, text); i++)
		;
	return i;
}

/* The same cluster, said in another order; nodes get other numbers too. */
void world_shuffle(struct world *to, const struct world *from, uint64_t seed)
{
	int i;

	*to = *from;
	state = seed;
	point(to);
	SHUFFLE(to->nodes, to->in.n_nodes);
	for (i = 0; i < to->in.n_locations; i++)
		to->locations[i].node = node_named(to, from->nodes[from->locations[i].node].name);
	for (i = 0; i < to->in.n_status; i++)
		to->status[i].node = node_named(to, from->nodes[from->status[i].node].name);
	for (i = 0; i < to->in.n_failures; i++)
		to->failures[i].node = node_named(to, from->nodes[from->failures[i].node].name);
	for (i = 0; i < to->in.n_promotions; i++)
		to->promotions[i].node =
			node_named(to, from->nodes[from->promotions[i].node].name);
	for (i = 0; i < to->in.n_storage; i++)
		to->storage[i].node = node_named(to, from->nodes[from->storage[i].node].name);
	SHUFFLE(to->locations, to->in.n_locations);
	SHUFFLE(to->colocations, to->in.n_colocations);
	SHUFFLE(to->status, to->in.n_status);
	SHUFFLE(to->failures, to->in.n_failures);
	SHUFFLE(to->promotions, to->in.n_promotions);
	SHUFFLE(to->storage, to->in.n_storage);
}
