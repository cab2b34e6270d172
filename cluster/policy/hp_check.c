// SPDX-License-Identifier: GPL-2.0-only
/* The door: an input that contradicts itself is refused before it is used. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hp_engine.h"

__attribute__((format(printf, 2, 3)))
static bool refuse(struct engine *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(e->plan->error, sizeof(e->plan->error), format, args);
	va_end(args);
	return false;
}

static bool node_ok(const struct engine *e, int node)
{
	return node >= 0 && node < e->in->n_nodes;
}

static bool rsc_ok(const struct engine *e, int rsc)
{
	return rsc >= 0 && rsc < e->in->n_rscs;
}

static bool primitive_ok(const struct engine *e, int rsc)
{
	return rsc_ok(e, rsc) && e->in->rscs[rsc].kind == HP_PRIMITIVE;
}

static bool check_nodes(struct engine *e)
{
	const struct hp_input *in = e->in;
	int i, j;

	for (i = 0; i < in->n_nodes; i++) {
		if (!in->nodes[i].name)
			return refuse(e, "node %d has no name", i);
		for (j = 0; j < i; j++)
			if (!strcmp(in->nodes[i].name, in->nodes[j].name))
				return refuse(e, "two nodes are called %s", in->nodes[i].name);
	}
	return true;
}

static int children(const struct hp_input *in, int parent)
{
	int i, n = 0;

	for (i = 0; i < in->n_rscs; i++)
		n += in->rscs[i].parent == parent;
	return n;
}

static bool check_parent(struct engine *e, int i)
{
	const struct hp_rsc *r = &e->in->rscs[i], *up;

	if (r->kind == HP_CLONE && children(e->in, i) != 1)
		return refuse(e, "clone %s has not exactly one child", r->name);
	if (r->parent < 0)
		return true;
	if (r->parent >= i)
		return refuse(e, "%s comes before what it is part of", r->name);
	up = &e->in->rscs[r->parent];
	if (up->kind == HP_PRIMITIVE || r->kind == HP_CLONE ||
	    (up->kind == HP_GROUP && r->kind != HP_PRIMITIVE))
		return refuse(e, "%s cannot be part of %s", r->name, up->name);
	return true;
}

static bool check_rscs(struct engine *e)
{
	const struct hp_input *in = e->in;
	const struct hp_rsc *r;
	int i, j;

	for (i = 0; i < in->n_rscs; i++) {
		r = &in->rscs[i];
		if (!r->name)
			return refuse(e, "resource %d has no name", i);
		for (j = 0; j < i; j++)
			if (!strcmp(r->name, in->rscs[j].name))
				return refuse(e, "two resources are called %s", r->name);
		if (!check_parent(e, i))
			return false;
		if (r->storage && r->kind != HP_PRIMITIVE)
			return refuse(e, "%s is no primitive, so no device", r->name);
		if (r->storage && r->own_loss && r->loss == HP_LOSS_IGNORE)
			return refuse(e, "%s is a device: it cannot ignore a lost quorum",
				      r->name);
	}
	return true;
}

static bool check_rules(struct engine *e)
{
	const struct hp_input *in = e->in;
	int i, j;

	for (i = 0; i < in->n_locations; i++) {
		const struct hp_location *l = &in->locations[i];

		if (!l->id || !rsc_ok(e, l->rsc) || (l->node != -1 && !node_ok(e, l->node)))
			return refuse(e, "location rule %d names nothing there is", i);
	}
	for (i = 0; i < in->n_colocations; i++) {
		const struct hp_colocation *c = &in->colocations[i];

		if (!c->id || !rsc_ok(e, c->rsc) || !rsc_ok(e, c->with))
			return refuse(e, "colocation rule %d names nothing there is", i);
	}
	for (i = 0; i < in->n_orders; i++) {
		const struct hp_order *o = &in->orders[i];

		if (!o->id || !rsc_ok(e, o->then) || o->n_first < 1)
			return refuse(e, "order rule %d names nothing there is", i);
		for (j = 0; j < o->n_first; j++)
			if (!rsc_ok(e, o->first[j]))
				return refuse(e, "order %s names nothing there is", o->id);
		if (o->need < 0 || o->need > o->n_first)
			return refuse(e, "order %s can never be met", o->id);
	}
	return true;
}

static bool check_facts(struct engine *e)
{
	const struct hp_input *in = e->in;
	int i;

	for (i = 0; i < in->n_status; i++)
		if (!primitive_ok(e, in->status[i].rsc) || !node_ok(e, in->status[i].node))
			return refuse(e, "status %d is of nothing there is", i);
	for (i = 0; i < in->n_failures; i++)
		if (!primitive_ok(e, in->failures[i].rsc) || !node_ok(e, in->failures[i].node))
			return refuse(e, "failure %d is of nothing there is", i);
	for (i = 0; i < in->n_promotions; i++)
		if (!primitive_ok(e, in->promotions[i].rsc) ||
		    !node_ok(e, in->promotions[i].node))
			return refuse(e, "promotion score %d is of nothing there is", i);
	for (i = 0; i < in->n_storage; i++)
		if (!primitive_ok(e, in->storage[i].rsc) || !node_ok(e, in->storage[i].node))
			return refuse(e, "storage fact %d is of nothing there is", i);
	return true;
}

/* Return: whether the input can be planned for; the plan has the error if not. */
bool hp_check(struct engine *e)
{
	return check_nodes(e) && check_rscs(e) && check_rules(e) && check_facts(e);
}
