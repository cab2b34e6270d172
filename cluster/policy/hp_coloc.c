// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is to be with whom: the list of colocations that count for a resource,
 * on its own behalf, as a member of a service or as an instance of a clone.
 */
#include <string.h>

#include "hp_engine.h"

static void add(struct engine *e, struct coloc *c)
{
	HP_PUSH(e->arena, c->rsc->this_with.list, c->rsc->this_with.n, c);
	HP_PUSH(e->arena, c->with->with_this.list, c->with->with_this.n, c);
}

/* A rule on what is inside a clone is a rule on the clone. */
static struct res *target(struct engine *e, int rsc)
{
	struct res *clone;

	if (!e->of[rsc])
		return NULL;
	clone = hp_clone_of(e->of[rsc]);
	return clone ? clone : e->of[rsc];
}

static void from_rule(struct engine *e, int rule)
{
	const struct hp_colocation *in = &e->in->colocations[rule];
	struct res *rsc = target(e, in->rsc), *with = target(e, in->with);
	struct coloc *c;

	if (!rsc || !with || rsc == with || !in->score)
		return;
	c = hp_alloc(e->arena, 1, sizeof(*c));
	*c = (struct coloc){ in->id, rsc, with, in->rsc_role, in->with_role, in->score,
			     in->node_attr,
			     !in->no_influence && !rsc->cfg->optional_colocation, rule };
	add(e, c);
}

/* Each member goes where the one before it goes. */
static void within_group(struct engine *e, struct res *group)
{
	struct coloc *c;
	int i;

	if (group->kind != HP_GROUP || group->cfg->apart)
		return;
	for (i = 1; i < group->n_kids; i++) {
		c = hp_alloc(e->arena, 1, sizeof(*c));
		*c = (struct coloc){ "group:internal_colocation", group->kids[i],
				     group->kids[i - 1], 0, 0, HP_INF, NULL,
				     !group->kids[i]->cfg->optional_colocation, -1 };
		add(e, c);
	}
}

void hp_colocations(struct engine *e)
{
	int i;

	for (i = 0; i < e->n_all; i++)
		within_group(e, e->all[i]);
	for (i = 0; i < e->in->n_colocations; i++)
		from_rule(e, i);
}

/* A dependent has a say in where something goes that is not running yet. */
bool hp_has_influence(const struct coloc *c)
{
	return c->influence || !hp_active(c->with);
}

static int variant(const struct res *r)
{
	return r->kind == HP_CLONE ? 2 : r->kind == HP_GROUP ? 1 : 0;
}

static int compare(const struct coloc *a, const struct coloc *b, bool with_this)
{
	const struct res *x = with_this ? a->rsc : a->with;
	const struct res *y = with_this ? b->rsc : b->with;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	if (variant(x) != variant(y))
		return variant(x) > variant(y) ? -1 : 1;
	if (x->kind == HP_CLONE && x->cfg->promotable != y->cfg->promotable)
		return x->cfg->promotable ? -1 : 1;
	if (x->rsc != y->rsc)
		return strcmp(x->cfg->name, y->cfg->name);
	return strcmp(a->id, b->id);
}

static void insert(struct engine *e, struct coloc_list *l, struct coloc *c, bool with_this)
{
	int i;

	HP_PUSH(e->arena, l->list, l->n, c);
	for (i = l->n - 1; i > 0 && compare(l->list[i - 1], c, with_this) > 0; i--)
		l->list[i] = l->list[i - 1];
	l->list[i] = c;
}

/*
 * An instance always minds what its clone must be with or apart from, and wishes
 * only if not every node gets an instance; else they would just shuffle.
 */
static bool for_instance(const struct res *instance, const struct coloc *c, bool with_this)
{
	if (with_this && !hp_has_influence(c))
		return false;
	if (instance->all_colocs || c->score < 0)
		return true;
	return !with_this && c->score >= HP_INF;
}

static void from_parent(struct engine *e, struct coloc_list *l, struct res *r, bool with_this)
{
	struct res *up = r->parent;
	const struct coloc_list *of;
	int i, k;

	if (!up || !r->has_colocs)
		return;
	of = with_this ? &up->with_this : &up->this_with;
	for (k = 0; k < r->has_colocs; k++)
		for (i = 0; i < of->n; i++)
			if (up->kind == HP_GROUP || for_instance(r, of->list[i], with_this))
				insert(e, l, of->list[i], with_this);
	if (up->kind == HP_GROUP)
		from_parent(e, l, up, with_this);
}

/* The service's mandatory rules, if a member before this one will not move. */
static void past_unmanaged(struct engine *e, struct coloc_list *l, struct res *r)
{
	static const struct coloc_list none;
	struct res *group = r->parent;
	const struct coloc_list *of;
	int i;

	if (!group || group->kind != HP_GROUP || !r->has_colocs)
		return;
	for (i = 0; group->kids[i] != r && group->kids[i]->managed; i++)
		;
	if (group->kids[i] == r)
		return;
	of = &group->this_with;
	for (i = 0; i < of->n; i++)
		if (of->list[i]->score >= HP_INF || of->list[i]->score <= -HP_INF)
			insert(e, l, of->list[i], false);
	of = group->parent && group->has_colocs ? &group->parent->this_with : &none;
	for (i = 0; i < of->n; i++)
		if (of->list[i]->score >= HP_INF || of->list[i]->score <= -HP_INF)
			insert(e, l, of->list[i], false);
}

/**
 * hp_colocs() - the colocations that count for a resource
 * @e: the engine
 * @r: a primitive, group or clone
 * @with_this: of others with it, else of it with others
 *
 * A group's count for its first member (it with others) or its last (others
 * with it) once the group is being assigned; internal ones do the rest.
 *
 * Return: the most important first.
 */
struct coloc_list hp_colocs(struct engine *e, struct res *r, bool with_this)
{
	const struct coloc_list *own = with_this ? &r->with_this : &r->this_with;
	const struct res *up = r->parent;
	struct coloc_list l = { NULL, 0 };
	int i;

	for (i = 0; i < own->n; i++)
		insert(e, &l, own->list[i], with_this);
	if (up && (up->kind == HP_CLONE ||
		   up->kids[with_this ? up->n_kids - 1 : 0] == r))
		from_parent(e, &l, r, with_this);
	else if (!with_this)
		past_unmanaged(e, &l, r);
	return l;
}
