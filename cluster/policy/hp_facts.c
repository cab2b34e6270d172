// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the facts mean: which nodes can be used, which resources are ours to
 * manage, what a failed operation demands, what quorum allows.
 */
#include "hp_engine.h"

static bool standby(struct engine *e, const struct hp_node *n)
{
	if (!n->standby)
		return false;
	if (!n->standby_until_ms)
		return true;
	hp_wakeup(e, n->standby_until_ms);
	return n->standby_until_ms > e->in->now_ms;
}

static enum hp_why node_why(struct engine *e, const struct hp_node *n)
{
	if (n->state == HP_NODE_DOWN)
		return HP_WHY_OFFLINE;
	if (n->state == HP_NODE_UNKNOWN)
		return HP_WHY_UNKNOWN;
	if (n->must_fence)
		return HP_WHY_MUST_FENCE;
	if (n->state == HP_NODE_PENDING)
		return HP_WHY_PENDING;
	if (n->shutdown)
		return HP_WHY_SHUTDOWN;
	if (n->maintenance)
		return HP_WHY_MAINTENANCE;
	return standby(e, n) ? HP_WHY_STANDBY : HP_WHY_NONE;
}

/* Shooting is for a quorate view; without quorum one may shoot who still talks. */
static bool can_fence(const struct engine *e, const struct hp_node *n)
{
	if (!e->in->fencing || !e->in->fence_device)
		return false;
	if (e->in->view_pending)
		return false;
	return e->in->quorate || e->in->loss == HP_LOSS_IGNORE ||
	       n->state == HP_NODE_ONLINE;
}

static void node_facts(struct engine *e, struct node *node)
{
	const struct hp_node *n = node->cfg;

	if (node->why == HP_WHY_NONE)
		node->why = node_why(e, n);
	node->usable = node->why == HP_WHY_NONE;
	node->until_ms = node->why == HP_WHY_STANDBY ? n->standby_until_ms : 0;
	node->fence = n->state == HP_NODE_UNKNOWN || node->why == HP_WHY_MUST_FENCE;
	node->can_fence = node->fence && can_fence(e, n);
}

static void hold(struct res *r, enum hp_why why)
{
	r->managed = false;
	if (!r->held)
		r->held = why;
}

static void stop(struct res *r, enum hp_why why, int other)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		stop(r->kids[i], why, other);
	r->next = HP_ROLE_STOPPED;
	if (!r->stop_why) {
		r->stop_why = why;
		r->stop_other = other;
	}
}

static enum hp_on_fail on_fail(const struct engine *e, const struct res *r)
{
	enum hp_on_fail what = r->cfg->on_fail[r->failed_op];

	if (what != HP_FAIL_DEFAULT)
		return what;
	if (r->failed_op != HP_OP_STOP)
		return HP_FAIL_RESTART;
	return e->in->fencing ? HP_FAIL_FENCE : HP_FAIL_BLOCK;
}

static void failed_res(struct engine *e, struct res *r)
{
	int i;

	switch (on_fail(e, r)) {
	case HP_FAIL_IGNORE:
		r->failed = false;
		break;
	case HP_FAIL_STOP:
		stop(r, HP_WHY_ON_FAIL, -1);
		break;
	case HP_FAIL_BLOCK:
		r->blocked = true;
		break;
	case HP_FAIL_DEMOTE:
		r->failed = false;
		r->demote = true;
		break;
	case HP_FAIL_STANDBY:
	case HP_FAIL_FENCE:
		for (i = 0; i < r->n_on; i++)
			e->nodes[r->on[i]].why = on_fail(e, r) == HP_FAIL_FENCE ?
						 HP_WHY_MUST_FENCE : HP_WHY_STANDBY;
		break;
	default:
		break;
	}
}

static bool in_maintenance(const struct engine *e, const struct res *r)
{
	int i;

	for (i = 0; i < r->n_on; i++)
		if (e->nodes[r->on[i]].cfg->maintenance)
			return true;
	return false;
}

/* A resource in two places: what became of it is not known in either. */
static void multiple(struct res *r)
{
	if (r->n_on < 2 || hp_clone_of(r))
		return;
	if (r->cfg->multiple == HP_MULTI_BLOCK)
		r->blocked = true;
	else if (r->cfg->multiple == HP_MULTI_STOP_ONLY)
		stop(r, HP_WHY_RUNS_TWICE, -1);
	else
		r->restart = true;
}

static void limits(struct res *r, const struct hp_rsc *cfg)
{
	if (!cfg->limited)
		return;
	if (cfg->target == HP_ROLE_STOPPED)
		stop(r, HP_WHY_STOPPED_BY_OPERATOR, -1);
	else if (cfg->target == HP_ROLE_UNPROMOTED && r->next > HP_ROLE_STOPPED)
		r->next = HP_ROLE_UNPROMOTED;
}

static void res_facts(struct engine *e, struct res *r)
{
	const struct res *up;

	r->next = HP_ROLE_STARTED;
	for (up = r; up; up = up->parent) {
		limits(r, up->cfg);
		if (up->cfg->unmanaged || up->cfg->maintenance)
			hold(r, HP_WHY_UNMANAGED);
	}
	if (r->kind != HP_PRIMITIVE)
		return;
	if (e->in->maintenance || in_maintenance(e, r))
		hold(r, HP_WHY_MAINTENANCE);
	if (r->failed && r->managed)
		failed_res(e, r);
	multiple(r);
	if (r->orphan)
		stop(r, hp_clone_of(r) ? HP_WHY_CLONE_LIMIT : HP_WHY_ORPHAN, -1);
	if (r->blocked)
		hold(r, HP_WHY_BLOCKED);
}

void hp_facts(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_all; i++)
		res_facts(e, e->all[i]);
	for (i = 0; i < e->n_nodes; i++)
		node_facts(e, &e->nodes[i]);
}
