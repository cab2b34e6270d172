// SPDX-License-Identifier: GPL-2.0-only
/* What order rules, and the order within services, mean for what can be done. */
#include "hp_engine.h"
#include "hp_settle.h"

enum hp_op hp_inverse(enum hp_op op)
{
	switch (op) {
	case HP_OP_START:
		return HP_OP_STOP;
	case HP_OP_STOP:
		return HP_OP_START;
	case HP_OP_PROMOTE:
		return HP_OP_DEMOTE;
	case HP_OP_DEMOTE:
		return HP_OP_PROMOTE;
	default:
		return op;
	}
}

static bool undoes(enum hp_op op)
{
	return op == HP_OP_STOP || op == HP_OP_DEMOTE;
}

/* Of a clone: how many instances are there afterwards, or can undo it. */
static int count_can(const struct res *clone, enum hp_op op)
{
	int i, n = 0;

	for (i = 0; i < clone->n_kids; i++)
		n += hp_sum(clone->kids[i], op).can;
	return n;
}

static struct op sum_clone(const struct res *clone, enum hp_op op)
{
	struct op sum = { false, false, HP_WHY_NONE, -1 };
	int i, min = clone->cfg->clone_min > 0 ? clone->cfg->clone_min : 1;

	for (i = 0; i < clone->n_kids; i++)
		sum.need |= hp_sum(clone->kids[i], op).need;
	if (undoes(op)) {
		sum.can = count_can(clone, op) == clone->n_kids;
		if (clone->cfg->clone_min > 0 && op == HP_OP_STOP)
			sum.need = count_can(clone, HP_OP_START) < min;
	} else {
		sum.can = count_can(clone, op) >= min;
	}
	return sum;
}

/* Is it needed by anything in @r, and can it be done: of a group by all. */
struct op hp_sum(const struct res *r, enum hp_op op)
{
	struct op sum = { false, true, HP_WHY_NONE, -1 }, kid;
	int i;

	if (r->kind == HP_PRIMITIVE)
		return r->op[op];
	if (r->kind == HP_CLONE)
		return sum_clone(r, op);
	for (i = 0; i < r->n_kids; i++) {
		kid = hp_sum(r->kids[i], op);
		sum.need |= kid.need;
		sum.can &= kid.can;
	}
	return sum;
}

/* Nothing in it can do it. */
bool hp_none_can(const struct res *r, enum hp_op op)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (!hp_none_can(r->kids[i], op))
			return false;
	return r->kind != HP_PRIMITIVE || !r->op[op].can;
}

void hp_need_all(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other)
{
	bool there = op == HP_OP_STOP ? r->n_on > 0 : op == HP_OP_DEMOTE ?
		     r->role == HP_ROLE_PROMOTED : op == HP_OP_PROMOTE ?
		     r->next == HP_ROLE_PROMOTED : r->node >= 0 && hp_stays(r);
	int i;

	for (i = 0; i < r->n_kids; i++)
		hp_need_all(e, r->kids[i], op, why, other);
	if (r->kind == HP_PRIMITIVE && r->managed && there)
		hp_need(e, r, op, why, other);
}

void hp_cannot_all(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		hp_cannot_all(e, r->kids[i], op, why, other);
	if (r->kind != HP_PRIMITIVE || !r->managed)
		return;
	if (op != HP_OP_PROMOTE || r->role != HP_ROLE_PROMOTED || r->op[op].need)
		hp_cannot(e, r, op, why, other);
}

struct res *hp_instance_at(struct res *clone, int node, bool now)
{
	struct res *r;
	int i, k;

	for (i = 0; i < clone->n_kids; i++) {
		r = clone->kids[i];
		if (!now && hp_node_of(r) == node)
			return r;
		if (now && hp_in(r->on, r->n_on, node))
			return r;
		for (k = 0; now && k < r->n_kids; k++)
			if (hp_in(r->kids[k]->on, r->kids[k]->n_on, node))
				return r;
	}
	return NULL;
}

/* Are the instances of two clones ordered one by one, on each node? */
bool hp_pairs(const struct hp_order *o, const struct res *first, const struct res *then)
{
	return o->n_first == 1 && first->kind == HP_CLONE && then->kind == HP_CLONE &&
	       then->cfg->interleave && first->cfg->clone_min <= 0;
}

/* The way there: @then waits for what can come, and comes again after it. */
static void forth(struct engine *e, const struct hp_order *o, struct op first, int rsc,
		  bool single, struct res *then)
{
	int i;

	for (i = 0; o->asymmetric && i < then->n_kids; i++)
		forth(e, o, first, rsc, single, then->kids[i]);
	if (o->asymmetric && (then->n_kids || !then->op[o->then_op].need))
		return;
	if (!first.can && !(undoes(o->first_op) && !first.need))
		hp_cannot_all(e, then, o->then_op, HP_WHY_FIRST_CANNOT, rsc);
	else if (single && first.need && first.can && o->first_op == HP_OP_START &&
		 !o->asymmetric)
		hp_need_all(e, then, o->then_op, HP_WHY_FIRST_RESTARTS, rsc);
}

/* It runs, should stop, and waits for an operator to be able to. */
static bool is_stuck(const struct res *r)
{
	int i;

	for (i = 0; i < r->n_kids; i++)
		if (is_stuck(r->kids[i]))
			return true;
	return r->n_on && (r->blocked || (r->op[HP_OP_STOP].need && !r->op[HP_OP_STOP].can));
}

/* Is it undone, and is that possible? What waits to be stopped changes nothing. */
static bool will_undo(const struct res *r, enum hp_op op)
{
	int i;

	if (r->kind == HP_PRIMITIVE)
		return r->op[op].need && r->op[op].can;
	if (r->kind == HP_CLONE && r->cfg->clone_min > 0 && op == HP_OP_STOP)
		return hp_sum(r, op).need;
	for (i = 0; i < r->n_kids; i++)
		if (will_undo(r->kids[i], op))
			return true;
	return false;
}

/* The way back: before @first is undone, @then is; who cannot holds it up. */
static void back(struct engine *e, const struct hp_order *o, struct res *first,
		 struct res *then)
{
	enum hp_op undo = hp_inverse(o->then_op);

	if (o->asymmetric || undoes(o->first_op))
		return;
	if (!will_undo(first, hp_inverse(o->first_op)))
		return;
	hp_need_all(e, then, undo, HP_WHY_FIRST_RESTARTS, first->rsc);
	if (o->then_op == HP_OP_START && is_stuck(then))
		hp_cannot_all(e, first, hp_inverse(o->first_op), HP_WHY_STOP_BLOCKED,
			      then->rsc);
}

static void pair(struct engine *e, const struct hp_order *o, struct res *first,
		 struct res *then)
{
	struct res *one, *two;
	int i, node;

	for (i = 0; i < then->n_kids; i++) {
		two = then->kids[i];
		node = hp_node_of(two);
		one = node < 0 ? NULL : hp_instance_at(first, node, false);
		if (one)
			forth(e, o, hp_sum(one, o->first_op), one->rsc, true, two);
		else if (node >= 0 && !o->asymmetric)
			hp_cannot_all(e, two, o->then_op, HP_WHY_FIRST_CANNOT, first->rsc);
		node = hp_current(e, two);
		one = node < 0 ? NULL : hp_instance_at(first, node, true);
		if (one)
			back(e, o, one, two);
	}
}

/* Several of which some suffice: like one that can if they can. */
static void some(struct engine *e, const struct hp_order *o, struct res *then)
{
	struct op sum = { false, false, HP_WHY_NONE, -1 };
	int i, n = 0;

	for (i = 0; i < o->n_first; i++)
		n += e->of[o->first[i]] && hp_sum(e->of[o->first[i]], o->first_op).can;
	sum.can = n >= o->need;
	forth(e, o, sum, o->first[0], false, then);
}

static void order(struct engine *e, const struct hp_order *o)
{
	struct res *then = e->of[o->then], *first;
	int i;

	if (!then || o->kind != HP_ORDER_MANDATORY)
		return;
	if (hp_clone_of(then))
		then = hp_clone_of(then);
	if (o->need) {
		some(e, o, then);
		return;
	}
	for (i = 0; i < o->n_first; i++) {
		first = e->of[o->first[i]];
		if (first && hp_clone_of(first))
			first = hp_clone_of(first);
		if (!first || first == then)
			continue;
		if (hp_pairs(o, first, then)) {
			pair(e, o, first, then);
			continue;
		}
		forth(e, o, hp_sum(first, o->first_op), first->rsc,
		      first->kind != HP_CLONE, then);
		back(e, o, first, then);
	}
}

/* Members start one after the other and stop the other way round. */
static void group(struct engine *e, struct res *g)
{
	static const struct hp_order start = { .first_op = HP_OP_START, .then_op = HP_OP_START,
					       .n_first = 1 };
	static const struct hp_order promote = { .first_op = HP_OP_PROMOTE,
						 .then_op = HP_OP_PROMOTE, .n_first = 1 };
	struct res *one, *two;
	int i;

	for (i = 1; i < g->n_kids; i++) {
		one = g->kids[i - 1];
		two = g->kids[i];
		forth(e, &start, one->op[HP_OP_START], one->rsc, true, two);
		back(e, &start, one, two);
		if (two->n_on && two->op[HP_OP_STOP].need && !two->op[HP_OP_STOP].can)
			hp_cannot(e, one, HP_OP_STOP, HP_WHY_STOP_BLOCKED, two->rsc);
		if (two->n_on && !two->managed && one->op[HP_OP_STOP].need)
			hp_cannot(e, one, HP_OP_STOP, HP_WHY_STOP_BLOCKED, two->rsc);
		if (!hp_clone_of(g) || !hp_clone_of(g)->cfg->promotable)
			continue;
		forth(e, &promote, one->op[HP_OP_PROMOTE], one->rsc, true, two);
		back(e, &promote, one, two);
	}
}

void hp_settle_orders(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_all; i++)
		if (e->all[i]->kind == HP_GROUP && !e->all[i]->cfg->unordered)
			group(e, e->all[i]);
	for (i = 0; i < e->in->n_orders; i++)
		order(e, &e->in->orders[i]);
}
