// SPDX-License-Identifier: GPL-2.0-only
/* What each resource thinks of each node by itself: rules, failures, staying. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hp_engine.h"

static int64_t rule_score(const struct engine *e, const struct hp_location *l, int node)
{
	const char *text;
	char *end;
	long long value;

	if (!l->score_attr)
		return l->score;
	text = hp_node_attr(e, node, l->score_attr);
	if (!text)
		return 0;
	if (!strcasecmp(text, "inf") || !strcasecmp(text, "infinity") ||
	    !strcasecmp(text, "+infinity"))
		return HP_INF;
	if (!strcasecmp(text, "-inf") || !strcasecmp(text, "-infinity"))
		return -HP_INF;
	value = strtoll(text, &end, 10);
	if (end == text)
		return 0;
	return hp_add(0, value > HP_INF ? HP_INF : value < -HP_INF ? -HP_INF : value);
}

/*
 * Members after the first of a service follow it, so its rules are not counted
 * again for them; in an opt-in cluster they may be on the node all the same.
 * But they must not follow a member that stays where they are forbidden.
 */
static void prefer(struct engine *e, struct res *r, int node, int64_t score, int rule)
{
	int64_t until = e->in->locations[rule].until_ms, next = score;
	int i;

	for (i = 0; i < r->n_kids; i++) {
		prefer(e, r->kids[i], node, next, rule);
		if (r->kind == HP_GROUP && !r->cfg->apart)
			next = score <= -HP_INF && !r->kids[i]->managed ? score : 0;
	}
	r->listed[node] = true;
	r->score[node] = hp_add(r->score[node], score);
	if (r->score[node] <= -HP_INF && !r->ban[node].why)
		r->ban[node] = (struct ban){ HP_WHY_BANNED, rule, until };
}

static bool in_force(struct engine *e, const struct hp_location *l)
{
	hp_wakeup(e, l->until_ms);
	return !l->until_ms || l->until_ms > e->in->now_ms;
}

static void apply_location(struct engine *e, int rule)
{
	const struct hp_location *l = &e->in->locations[rule];
	int i, node;

	if (l->role == HP_ROLE_PROMOTED || l->role == HP_ROLE_UNPROMOTED)
		return;
	for (node = 0; node < e->n_nodes; node++) {
		if (l->node >= 0 && l->node != node)
			continue;
		if (!hp_cond_holds(e, l->cond, node))
			continue;
		for (i = 0; i < e->n_all; i++)
			if (e->all[i]->rsc == l->rsc)
				prefer(e, e->all[i], node, rule_score(e, l, node), rule);
	}
}

/* In the order of their names, as sums of what overflows depend on the order. */
static void locations(struct engine *e)
{
	const struct hp_location *l = e->in->locations;
	int n = e->in->n_locations, i, j;
	int *order = hp_alloc(e->arena, n, sizeof(*order));

	for (i = 0; i < n; i++) {
		for (j = i; j > 0 && strcmp(l[order[j - 1]].id, l[i].id) > 0; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	for (i = 0; i < n; i++)
		if (in_force(e, &l[order[i]]))
			apply_location(e, order[i]);
}

/* The failures in the window that ends at @end. */
static int64_t failures(const struct engine *e, const struct hp_failure *f, int64_t end)
{
	int64_t from = end - e->in->rscs[f->rsc].restart.window_ms, count = 0;
	int i;

	for (i = 0; i < f->n_times; i++)
		count += f->times_ms[i] > from && f->times_ms[i] <= end;
	return count;
}

/*
 * The window alone would let a resource come back as soon as its oldest failure
 * has left it. If failures are forgotten some day, it stays away until then.
 */
static bool too_often(const struct engine *e, const struct hp_failure *f, int64_t *until_ms)
{
	const struct hp_restart *r = &e->in->rscs[f->rsc].restart;
	int i;

	*until_ms = 0;
	if (r->forget_ms && f->last_ms) {
		*until_ms = f->last_ms + r->forget_ms;
		if (*until_ms <= e->in->now_ms)
			return false;
	}
	if (!r->limit || f->count <= 0)
		return false;
	if (!r->window_ms || !f->n_times || f->count >= HP_INF)
		return f->count >= r->limit;
	if (failures(e, f, e->in->now_ms) >= r->limit)
		return true;
	for (i = 0; r->forget_ms && i < f->n_times; i++)
		if (failures(e, f, f->times_ms[i]) >= r->limit)
			return true;
	return false;
}

static void failure(struct engine *e, const struct hp_failure *f)
{
	struct res *r = e->of[f->rsc], *clone;
	int64_t until;

	if (!r || !too_often(e, f, &until))
		return;
	hp_wakeup(e, until);
	clone = hp_clone_of(r);
	if (clone)
		r = clone;
	hp_node_score(e, r, f->node, -HP_INF, HP_WHY_FAILED_TOO_OFTEN, f->rsc, until);
	r->failed_here[f->node] = true;
}

static void stay(struct engine *e, struct res *r)
{
	int i;

	if (r->kind != HP_PRIMITIVE)
		return;
	for (i = 0; i < r->n_on && !r->managed && r->held != HP_WHY_BLOCKED; i++)
		hp_node_score(e, r, r->on[i], HP_INF, HP_WHY_NONE, -1, 0);
	if (r->managed && r->n_on == 1 && r->stickiness && r->listed[r->on[0]])
		hp_node_score(e, r, r->on[0], r->stickiness, HP_WHY_BANNED, -1, 0);
}

void hp_scores(struct engine *e)
{
	int i, node;

	for (node = 0; node < e->n_nodes; node++)
		for (i = 0; e->nodes[node].cfg->health && i < e->n_top; i++)
			hp_node_score(e, e->top[i], node, e->nodes[node].cfg->health,
				      HP_WHY_HEALTH, -1, 0);
	locations(e);
	for (i = 0; i < e->n_all; i++)
		stay(e, e->all[i]);
	for (i = 0; i < e->in->n_failures; i++)
		failure(e, &e->in->failures[i]);
}
