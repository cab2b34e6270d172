// SPDX-License-Identifier: GPL-2.0-only
/* For every node, and every primitive on it: why, or why not. */
#include "hp_engine.h"

static void add(struct engine *e, struct hp_explain x)
{
	HP_PUSH(e->arena, e->plan->explain, e->plan->n_explain, x);
}

static void explain_node(struct engine *e, int node)
{
	const struct node *n = &e->nodes[node];

	add(e, (struct hp_explain){ -1, node, n->usable ? HP_POSSIBLE : HP_IMPOSSIBLE,
				    n->why, -1, 0, n->until_ms });
}

static bool possible(const struct engine *e, const struct res *r, int node)
{
	return r->listed[node] && r->score[node] >= 0 && hp_usable(e, node);
}

static int preferring(const struct engine *e, const struct res *r, int node)
{
	const struct res *up;
	int i;

	for (up = r; up; up = up->parent)
		for (i = 0; i < e->in->n_locations; i++)
			if (e->in->locations[i].rsc == up->rsc &&
			    e->in->locations[i].node == node &&
			    e->in->locations[i].score > 0)
				return i;
	return -1;
}

static void why_here(const struct engine *e, const struct res *r, struct hp_explain *x)
{
	int i, choices = 0;

	x->verdict = HP_CHOSEN;
	for (i = 0; i < e->n_nodes; i++)
		choices += possible(e, r, i);
	x->other = preferring(e, r, x->node);
	if (r->held)
		x->why = r->held;
	else if (r->op[HP_OP_STOP].need && !r->op[HP_OP_STOP].can)
		*x = (struct hp_explain){ x->rsc, x->node, HP_CHOSEN, r->op[HP_OP_STOP].why,
					  r->op[HP_OP_STOP].other, x->score, 0 };
	else if (hp_in(r->on, r->n_on, x->node))
		x->why = HP_WHY_ALREADY_THERE;
	else if (choices < 2)
		x->why = HP_WHY_ONLY_CHOICE;
	else
		x->why = x->other >= 0 ? HP_WHY_PREFERRED : HP_WHY_BEST;
}

static void set(struct hp_explain *x, enum hp_verdict verdict, enum hp_why why, int other,
		int64_t until_ms)
{
	x->verdict = verdict;
	x->why = why;
	x->other = other;
	x->until_ms = until_ms;
}

static void why_not(const struct engine *e, const struct res *r, struct hp_explain *x)
{
	const struct node *n = &e->nodes[x->node];
	const struct ban *ban = &r->ban[x->node];
	const struct op *start = &r->op[HP_OP_START];

	if (!n->usable)
		set(x, HP_IMPOSSIBLE, n->why, -1, n->until_ms);
	else if (!r->listed[x->node])
		set(x, HP_IMPOSSIBLE, HP_WHY_NOT_OPTED_IN, -1, 0);
	else if (ban->why && r->score[x->node] < 0)
		set(x, HP_IMPOSSIBLE, ban->why, ban->other, ban->until_ms);
	else if (r->score[x->node] < 0)
		set(x, HP_IMPOSSIBLE, HP_WHY_LOWER_SCORE, -1, 0);
	else if (r->wanted_node == x->node && !start->can)
		set(x, HP_IMPOSSIBLE, start->why, start->other, 0);
	else if (r->node >= 0 && r->score[r->node] == r->score[x->node])
		set(x, HP_POSSIBLE, HP_WHY_TIE, -1, 0);
	else
		set(x, HP_POSSIBLE, HP_WHY_LOWER_SCORE, -1, 0);
}

/* Of a clone's instances the one that is there, else one that is nowhere. */
static const struct res *speaker(const struct engine *e, const struct res *r, int node)
{
	const struct res *idle = r;
	int i;

	for (i = 0; i < e->n_all; i++) {
		if (e->all[i]->rsc != r->rsc)
			continue;
		if (e->all[i]->node == node)
			return e->all[i];
		if (e->all[i]->node < 0 && idle->node >= 0)
			idle = e->all[i];
	}
	return idle;
}

/* A device's node that could run it, but not promote it, says so. */
static void promotion(struct engine *e, const struct res *r, struct hp_explain *x)
{
	struct ban why;

	if (!r->cfg->storage || x->verdict == HP_IMPOSSIBLE || r->next == HP_ROLE_PROMOTED)
		return;
	if (!hp_may_promote(e, (struct res *)r, x->node, &why))
		set(x, x->verdict, why.why, -1, 0);
	else if (r->node == x->node && !r->op[HP_OP_PROMOTE].can && r->op[HP_OP_PROMOTE].need)
		set(x, x->verdict, r->op[HP_OP_PROMOTE].why, r->op[HP_OP_PROMOTE].other, 0);
}

static void explain_res(struct engine *e, int rsc)
{
	const struct res *r;
	struct hp_explain x;
	int node;

	for (node = 0; node < e->n_nodes; node++) {
		r = speaker(e, e->of[rsc], node);
		x = (struct hp_explain){ rsc, node, HP_POSSIBLE, HP_WHY_NONE, -1,
					 r->score[node], 0 };
		if (r->node == node)
			why_here(e, r, &x);
		else
			why_not(e, r, &x);
		promotion(e, r, &x);
		add(e, x);
	}
}

void hp_explain(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_nodes; i++)
		explain_node(e, i);
	for (i = 0; i < e->in->n_rscs; i++)
		if (e->in->rscs[i].kind == HP_PRIMITIVE && e->of[i])
			explain_res(e, i);
}
