// SPDX-License-Identifier: GPL-2.0-only
/* Small questions that several stages ask of scores, nodes and resources. */
#include <string.h>
#include <strings.h>

#include "hp_engine.h"

/* Forbidden wins over everything, then +HP_INF over every finite sum. */
int64_t hp_add(int64_t a, int64_t b)
{
	if (a <= -HP_INF || b <= -HP_INF)
		return -HP_INF;
	if (a >= HP_INF || b >= HP_INF || a + b >= HP_INF)
		return HP_INF;
	return a + b <= -HP_INF ? -HP_INF : a + b;
}

const char *hp_node_attr(const struct engine *e, int node, const char *name)
{
	const struct hp_node *n = e->nodes[node].cfg;
	int i;

	if (!strcmp(name, "#uname") || !strcmp(name, "#id"))
		return n->name;
	for (i = 0; i < n->n_attrs; i++)
		if (!strcmp(n->attrs[i].name, name))
			return n->attrs[i].value;
	return NULL;
}

bool hp_same_place(const struct engine *e, int a, int b, const char *attr)
{
	const char *x, *y;

	if (!attr)
		return a == b;
	x = hp_node_attr(e, a, attr);
	y = hp_node_attr(e, b, attr);
	return x && y ? !strcasecmp(x, y) : x == y;
}

bool hp_usable(const struct engine *e, int node)
{
	return node >= 0 && e->nodes[node].usable;
}

bool hp_any_usable(const struct engine *e, const int64_t *score, const bool *listed)
{
	int i;

	for (i = 0; i < e->n_nodes; i++)
		if (listed[i] && score[i] >= 0 && e->nodes[i].usable)
			return true;
	return false;
}

/* Add a score, to what is below too; remember why it became forbidden. */
void hp_node_score(struct engine *e, struct res *r, int node, int64_t score,
		   enum hp_why why, int other, int64_t until_ms)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		hp_node_score(e, r->kids[i], node, score, why, other, until_ms);
	r->listed[node] = true;
	r->score[node] = hp_add(r->score[node], score);
	if (r->score[node] <= -HP_INF && r->ban[node].why == HP_WHY_NONE)
		r->ban[node] = (struct ban){ why, other, until_ms };
}

void hp_forbid_all(struct engine *e, struct res *r, enum hp_why why, int other)
{
	int i;

	for (i = 0; i < e->n_nodes; i++)
		hp_node_score(e, r, i, -HP_INF, why, other, 0);
}

struct res *hp_top(struct res *r)
{
	while (r->parent)
		r = r->parent;
	return r;
}

struct res *hp_clone_of(struct res *r)
{
	r = hp_top(r);
	return r->kind == HP_CLONE ? r : NULL;
}

bool hp_in(const int *list, int n, int value)
{
	int i;

	for (i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return false;
}

bool hp_active(const struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (hp_active(r->kids[i]))
			return true;
	return r->n_on > 0;
}

/* The node it counts as being on: the first usable of those where it is. */
int hp_current(const struct engine *e, const struct res *r)
{
	int i, node = -1;

	for (i = 0; i < r->n_kids && node < 0; i++)
		node = hp_current(e, r->kids[i]);
	for (i = 0; i < r->n_on; i++)
		if (hp_usable(e, r->on[i]))
			return r->on[i];
	return node < 0 && r->n_on ? r->on[0] : node;
}

/* Where it was placed; of a group, where its first placed member was. */
int hp_node_of(const struct res *r)
{
	int i, node = -1;

	if (r->kind == HP_PRIMITIVE)
		return r->node;
	for (i = 0; i < r->n_kids && node < 0; i++)
		node = hp_node_of(r->kids[i]);
	return node;
}

enum hp_role hp_next_role(const struct res *r)
{
	enum hp_role role, most = r->kind == HP_PRIMITIVE ? r->next : HP_ROLE_STOPPED;
	int i;

	for (i = 0; i < r->n_kids; i++) {
		role = hp_next_role(r->kids[i]);
		if (role > most)
			most = role;
	}
	return most;
}

enum hp_role hp_role_now(const struct res *r)
{
	enum hp_role role, most = r->role;
	int i;

	for (i = 0; i < r->n_kids; i++) {
		role = hp_role_now(r->kids[i]);
		if (role > most)
			most = role;
	}
	return most;
}

/* The plan may be another one from then on. */
void hp_wakeup(struct engine *e, int64_t at_ms)
{
	if (at_ms > e->in->now_ms && (!e->plan->next_ms || at_ms < e->plan->next_ms))
		e->plan->next_ms = at_ms;
}

static bool better(const struct engine *e, const struct res *r, int active, int a, int b)
{
	int64_t x = hp_usable(e, a) ? r->score[a] : -HP_INF;
	int64_t y = hp_usable(e, b) ? r->score[b] : -HP_INF;

	if (x != y)
		return x > y;
	if (e->nodes[a].n_placed != e->nodes[b].n_placed)
		return e->nodes[a].n_placed < e->nodes[b].n_placed;
	if (active >= 0 && (a == active || b == active))
		return a == active;
	return strcmp(e->nodes[a].cfg->name, e->nodes[b].cfg->name) < 0;
}

/* Best first: score, fewest placed there, where it is, name. -1: no more. */
void hp_sort_nodes(const struct engine *e, const struct res *r, int active, int *order)
{
	int i, j, n = 0;

	for (i = 0; i < e->n_nodes; i++) {
		if (!r->listed[i])
			continue;
		for (j = n++; j > 0 && better(e, r, active, i, order[j - 1]); j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	for (; n < e->n_nodes; n++)
		order[n] = -1;
}
