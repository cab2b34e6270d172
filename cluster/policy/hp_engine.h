/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stages of the engine share: the resources, one object per instance,
 * with their scores, and what has been decided so far. Private to the library.
 *
 *   check -> build -> facts -> scores -> assign (fold, clones, roles)
 *         -> settle -> actions -> order -> fence -> explain
 *
 * Each stage is a file and reads only what those before it wrote.
 */
#ifndef HP_ENGINE_H
#define HP_ENGINE_H

#include "hapolicy.h"
#include "hp_arena.h"

struct res;

/* What is asked of an operation, and whether it can be done. */
struct op {
	bool	need, can;
	enum hp_why why;		/* it cannot, or it is needed */
	int	other;
};

/* A colocation between resources, of the configuration or within a group. */
struct coloc {
	const char *id;
	struct res *rsc, *with;
	enum hp_role rsc_role, with_role;
	int64_t	score;
	const char *attr;		/* NULL: the node */
	bool	influence;		/* @with's place takes @rsc's wishes into account */
	int	rule;			/* in the configuration, or -1 */
};

struct coloc_list { struct coloc **list; int n; };

/* Why a resource may not be on a node; the first reason stays. */
struct ban { enum hp_why why; int other; int64_t until_ms; };

struct res {
	const struct hp_rsc *cfg;
	int	rsc, instance;
	enum hp_kind kind;
	struct res *parent, **kids;
	int	n_kids;

	/* facts */
	int	*on, n_on;		/* nodes where it is active */
	enum hp_role role;		/* the highest there */
	bool	failed, blocked, managed, orphan, changed, restart, demote;
	enum hp_why held;		/* why it is not managed */
	enum hp_op failed_op;

	/* wishes */
	int64_t	priority;		/* of clone instances: how much to be placed first */
	int64_t	stickiness;
	int64_t	*score;			/* per node */
	bool	*listed;		/* per node: there is a score at all */
	struct ban *ban;		/* per node */
	bool	*failed_here;		/* per node: moved away by its failures */
	struct coloc_list with_this, this_with;
	bool	all_colocs;		/* an instance: not every node gets one */
	int	has_colocs;		/* how often those of the parent count for it */

	/* decisions */
	bool	assigned, assigning, merging, ready;
	int	node;
	int64_t	node_score;
	enum hp_role next;
	enum hp_why stop_why;		/* why @next is STOPPED */
	int	stop_other;
	int64_t	sort;			/* among those that could be promoted */
	int	*count;			/* of clones, per node: instances there */
	struct op op[HP_OP_NR];
	int	wanted_node;
	enum hp_role wanted;

	/* actions of this instance by kind and node, -1: none */
	int	act[HP_ACT_DEMOTE + 1];
	int	*stop_act;		/* per node */
};

struct node {
	const struct hp_node *cfg;
	bool	usable;
	enum hp_why why;		/* it is not usable */
	int64_t	until_ms;
	bool	fence;			/* must be fenced, or is proven to have been */
	bool	can_fence;
	int	n_placed;
	int	fence_act;
};

struct engine {
	const struct hp_input *in;
	struct hp_plan *plan;
	struct hp_arena *arena;
	struct node *nodes;
	int	n_nodes;
	struct res **all;		/* every object, parents before children */
	int	n_all;
	struct res **top;		/* by priority */
	int	n_top;
	struct res **of;		/* by index of the input: the object or first one */
	bool	settling;		/* something changed in this round */
};

/* hp_util.c */
int64_t hp_add(int64_t a, int64_t b);
const char *hp_node_attr(const struct engine *e, int node, const char *name);
bool hp_same_place(const struct engine *e, int a, int b, const char *attr);
bool hp_usable(const struct engine *e, int node);
bool hp_any_usable(const struct engine *e, const int64_t *score, const bool *listed);
void hp_node_score(struct engine *e, struct res *r, int node, int64_t score,
		   enum hp_why why, int other, int64_t until_ms);
void hp_forbid_all(struct engine *e, struct res *r, enum hp_why why, int other);
struct res *hp_top(struct res *r);
struct res *hp_clone_of(struct res *r);
bool hp_in(const int *list, int n, int value);
bool hp_active(const struct res *r);
int hp_current(const struct engine *e, const struct res *r);
int hp_node_of(const struct res *r);
enum hp_role hp_next_role(const struct res *r);
enum hp_role hp_role_now(const struct res *r);
void hp_wakeup(struct engine *e, int64_t at_ms);
void hp_sort_nodes(const struct engine *e, const struct res *r, int active, int *order);

/* the stages */
bool hp_check(struct engine *e);
void hp_build(struct engine *e);
void hp_facts(struct engine *e);
bool hp_cond_holds(const struct engine *e, const struct hp_cond *cond, int node);
void hp_scores(struct engine *e);
void hp_colocations(struct engine *e);

enum { FOLD_THIS_WITH = 1, FOLD_POSITIVE = 2, FOLD_ROLLBACK = 4 };

struct table { int64_t *score; bool *listed; };

struct coloc_list hp_colocs(struct engine *e, struct res *r, bool with_this);
bool hp_has_influence(const struct coloc *c);
void hp_fold(struct engine *e, struct res *from, struct table *into, const char *attr,
	     int64_t factor, int flags);
void hp_fold_into(struct engine *e, struct res *r, const struct coloc *c, int flags);
void hp_apply(struct engine *e, struct res *rsc, struct res *with, const struct coloc *c);
void hp_apply_priority(struct engine *e, struct res *rsc, struct res *with,
		       const struct coloc *c);
struct table hp_table_copy(struct engine *e, const struct res *r);

void hp_assign_all(struct engine *e);
int hp_assign(struct engine *e, struct res *r, int prefer);
void hp_place(struct engine *e, struct res *r, int node, bool force);
void hp_unplace(struct engine *e, struct res *r);
void hp_assign_clone(struct engine *e, struct res *r);
int hp_cmp_instances(const struct engine *e, struct res *a, struct res *b);
void hp_sort_kids(struct engine *e, struct res *r,
		  int (*cmp)(const struct engine *, struct res *, struct res *));
void hp_identities(struct res *clone);
void hp_promotion_scores(struct engine *e, struct res *clone);
void hp_roles(struct engine *e, struct res *clone);
bool hp_may_promote(struct engine *e, struct res *r, int node, struct ban *why);

void hp_settle(struct engine *e);
void hp_actions(struct engine *e);
void hp_order_actions(struct engine *e);
void hp_fence_edges(struct engine *e);
void hp_explain(struct engine *e);
void hp_edge(struct engine *e, int first, int then, bool mandatory);

#endif
