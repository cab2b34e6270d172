// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which operations the placement needs and which of them can be done: first
 * each resource by itself, then until nothing changes what orders and groups
 * say. "Needed" only becomes true and "can" only false, so this ends.
 */
#include "hp_engine.h"
#include "hp_settle.h"

void hp_need(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other)
{
	if (r->op[op].need)
		return;
	r->op[op].need = true;
	if (!r->op[op].why) {
		r->op[op].why = why;
		r->op[op].other = other;
	}
	e->settling = true;
}

void hp_cannot(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other)
{
	if (!r->op[op].can)
		return;
	r->op[op].can = false;
	r->op[op].why = why;
	r->op[op].other = other;
	e->settling = true;
}

bool hp_stays(const struct res *r)
{
	return r->n_on == 1 && r->node == r->on[0];
}

/* A stop works where the node listens, or is made by fencing the node. */
static struct op stop_there(const struct engine *e, const struct res *r)
{
	struct op op = { false, true, HP_WHY_NONE, -1 };
	const struct node *node;
	int i;

	for (i = 0; i < r->n_on; i++) {
		node = &e->nodes[r->on[i]];
		if (!node->fence && node->cfg->state == HP_NODE_ONLINE)
			continue;
		if (node->can_fence)
			continue;
		op.can = false;
		op.why = e->in->no_takeover ? HP_WHY_NO_TAKEOVER :
			 node->fence ? HP_WHY_NO_FENCING : HP_WHY_PENDING;
		op.other = r->on[i];
	}
	return op;
}

/* It does not just go on as it is; while the view settles, failures wait. */
static bool is_fresh(const struct engine *e, const struct res *r)
{
	if (!hp_stays(r))
		return true;
	return (r->failed || r->restart || r->changed) && !e->in->view_pending;
}

static void own_start(struct engine *e, struct res *r)
{
	struct op *start = &r->op[HP_OP_START];
	bool fresh = is_fresh(e, r);
	enum hp_why why;

	*start = (struct op){ r->node >= 0 && fresh, r->node >= 0, r->stop_why, r->stop_other };
	if (!start->need || !start->can)
		fresh = false;
	if (r->node >= 0) {
		start->why = r->failed ? HP_WHY_RECOVER : r->changed ? HP_WHY_CHANGED :
			     r->n_on ? HP_WHY_MOVE : HP_WHY_START;
		start->other = r->n_on ? r->on[0] : -1;
		why = hp_quorum_why(e, r, fresh && !hp_stays(r));
		if (why)
			*start = (struct op){ start->need, false, why, -1 };
		else if (fresh && r->score[r->node] <= -HP_INF)
			*start = (struct op){ start->need, false, r->ban[r->node].why,
					      r->ban[r->node].other };
		else if (fresh && !hp_usable(e, r->node))
			*start = (struct op){ start->need, false, e->nodes[r->node].why,
					      r->node };
	}
}

static void own_stop(struct engine *e, struct res *r)
{
	struct op *stop = &r->op[HP_OP_STOP];

	*stop = stop_there(e, r);
	stop->need = r->n_on && is_fresh(e, r);
	if (stop->can) {
		stop->why = r->node < 0 ? r->stop_why : r->op[HP_OP_START].why;
		stop->other = r->node < 0 ? r->stop_other : r->op[HP_OP_START].other;
	}
}

static void own_roles(struct engine *e, struct res *r)
{
	struct op *promote = &r->op[HP_OP_PROMOTE], *demote = &r->op[HP_OP_DEMOTE];
	bool was = r->role == HP_ROLE_PROMOTED, will = r->next == HP_ROLE_PROMOTED;
	enum hp_why why = hp_quorum_why(e, r, will && !was);

	*promote = (struct op){ will && (!was || r->op[HP_OP_START].need), will && !why,
				why ? why : HP_WHY_PROMOTE, -1 };
	*demote = r->op[HP_OP_STOP];
	demote->need = was && (!will || r->demote || r->op[HP_OP_STOP].need);
	if (demote->can)
		demote->why = HP_WHY_DEMOTE;
}

static void own(struct engine *e, struct res *r)
{
	int op;

	if (r->managed) {
		own_start(e, r);
		own_stop(e, r);
		own_roles(e, r);
		return;
	}
	for (op = 0; op < HP_OP_NR; op++)
		r->op[op] = (struct op){ false, false, r->held, -1 };
	r->op[HP_OP_START].can = r->n_on > 0;
	r->op[HP_OP_PROMOTE].can = r->role == HP_ROLE_PROMOTED;
}

static void first(struct engine *e, struct res *r)
{
	r->wanted_node = r->node;
	r->wanted = r->next;
	own(e, r);
}

/* What an operation of a resource means for its others. */
static void within(struct engine *e, struct res *r)
{
	struct op *start = &r->op[HP_OP_START], *stop = &r->op[HP_OP_STOP];
	struct op *promote = &r->op[HP_OP_PROMOTE], *demote = &r->op[HP_OP_DEMOTE];

	if (!r->managed)
		return;
	if (stop->need && !stop->can && r->n_on)
		hp_cannot(e, r, HP_OP_START, HP_WHY_STOP_BLOCKED, r->rsc);
	if (r->n_on && !start->can)
		hp_need(e, r, HP_OP_STOP, start->why, start->other);
	if (stop->need && r->node >= 0)
		hp_need(e, r, HP_OP_START, stop->why, stop->other);
	if (r->n_on && start->need)
		hp_need(e, r, HP_OP_STOP, start->why, start->other);
	if (r->role == HP_ROLE_PROMOTED && stop->need)
		hp_need(e, r, HP_OP_DEMOTE, stop->why, stop->other);
	if (r->next == HP_ROLE_PROMOTED && (start->need || demote->need))
		hp_need(e, r, HP_OP_PROMOTE, HP_WHY_PROMOTE, -1);
	if (demote->need && !demote->can)
		hp_cannot(e, r, HP_OP_STOP, demote->why, demote->other);
	if (promote->can && !start->can)
		hp_cannot(e, r, HP_OP_PROMOTE, start->why, start->other);
}

/* Each where it is placed: the instance that it is to be with cannot come there. */
static void blocked_there(struct engine *e, const struct coloc *c, struct res *r,
			  enum hp_op op)
{
	struct res *with;
	int i;

	for (i = 0; i < r->n_kids; i++)
		blocked_there(e, c, r->kids[i], op);
	if (r->kind != HP_PRIMITIVE || r->node < 0)
		return;
	with = hp_instance_at(c->with, r->node, false);
	if (with && !hp_sum(with, HP_OP_START).can)
		hp_cannot_all(e, r, op, HP_WHY_TOGETHER, c->rule);
}

/* A colocated one cannot come where the other one cannot come to. */
static void blocked_with(struct engine *e, const struct coloc *c)
{
	enum hp_op op = c->rsc_role == HP_ROLE_PROMOTED ? HP_OP_PROMOTE : HP_OP_START;

	if (c->score < HP_INF || c->rule < 0)
		return;
	if (c->with->kind == HP_CLONE && !c->attr)
		blocked_there(e, c, c->rsc, op);
	if (!hp_none_can(c->with, HP_OP_START) &&
	    (c->with_role != HP_ROLE_PROMOTED || !hp_none_can(c->with, HP_OP_PROMOTE)))
		return;
	hp_cannot_all(e, c->rsc, op, HP_WHY_TOGETHER, c->rule);
}

static void set_final(struct res *r)
{
	bool stuck = r->op[HP_OP_STOP].need && !r->op[HP_OP_STOP].can;

	if (!r->managed || (r->n_on && stuck)) {
		r->node = r->n_on ? r->on[0] : -1;
		r->next = r->role;
		if (r->managed && r->op[HP_OP_DEMOTE].need && r->op[HP_OP_DEMOTE].can)
			r->next = HP_ROLE_UNPROMOTED;
		return;
	}
	if (r->node >= 0 && !r->op[HP_OP_START].can) {
		r->node = -1;
		r->next = HP_ROLE_STOPPED;
	}
	if (r->next == HP_ROLE_PROMOTED && !r->op[HP_OP_PROMOTE].can &&
	    r->op[HP_OP_PROMOTE].need)
		r->next = HP_ROLE_UNPROMOTED;
	if (r->role == HP_ROLE_PROMOTED && r->node >= 0 &&
	    r->op[HP_OP_DEMOTE].need && !r->op[HP_OP_DEMOTE].can)
		r->next = HP_ROLE_PROMOTED;
}

/* Until nothing changes. */
static void settle(struct engine *e)
{
	int i, k;

	do {
		e->settling = false;
		for (i = 0; i < e->n_all; i++)
			if (e->all[i]->kind == HP_PRIMITIVE)
				within(e, e->all[i]);
		hp_fence_gate(e);
		hp_settle_orders(e);
		for (i = 0; i < e->n_all; i++)
			for (k = 0; k < e->all[i]->with_this.n; k++)
				blocked_with(e, e->all[i]->with_this.list[k]);
	} while (e->settling);
}

/* Start again, but what turned out to be impossible to undo stays so. */
static void restart(struct engine *e, struct res *r)
{
	struct op stop = r->op[HP_OP_STOP], demote = r->op[HP_OP_DEMOTE];

	own(e, r);
	if (r->managed && !stop.can)
		hp_cannot(e, r, HP_OP_STOP, stop.why, stop.other);
	if (r->managed && !demote.can)
		hp_cannot(e, r, HP_OP_DEMOTE, demote.why, demote.other);
}

/*
 * Twice: a stop that is found to be impossible may have had consequences for
 * others before, which would restart them for nothing, again and again.
 */
void hp_settle(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_all; i++)
		if (e->all[i]->kind == HP_PRIMITIVE)
			first(e, e->all[i]);
	settle(e);
	for (i = 0; i < e->n_all; i++)
		if (e->all[i]->kind == HP_PRIMITIVE)
			restart(e, e->all[i]);
	settle(e);
	for (i = 0; i < e->n_all; i++)
		if (e->all[i]->kind == HP_PRIMITIVE)
			set_final(e->all[i]);
}
