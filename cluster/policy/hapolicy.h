/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the policy engine is given and what it answers; its only public header.
 *
 * The engine is a function: configuration, facts and the time go in; placement,
 * actions with their order, what is blocked and an explanation come out. It
 * reads no clock, does no I/O and knows nothing of how facts are gathered.
 * Objects name each other by index into the arrays of struct hp_input; -1 is
 * "none". Names serve to explain and to break ties, so they must be unique.
 * Everything the input points to belongs to the caller. A structure filled with
 * zeros has the documented defaults, but indices must be set.
 */
#ifndef HAPOLICY_H
#define HAPOLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A score that no sum exceeds; -HP_INF forbids and wins against +HP_INF. */
#define HP_INF		1000000

enum hp_role { HP_ROLE_STOPPED, HP_ROLE_STARTED, HP_ROLE_UNPROMOTED, HP_ROLE_PROMOTED };

enum hp_kind {
	HP_PRIMITIVE,		/* one member: ip, mount, storage, systemd, ocf */
	HP_GROUP,		/* a service: children start in order, together */
	HP_CLONE,		/* one child, run on many nodes */
};

enum hp_op { HP_OP_MONITOR, HP_OP_START, HP_OP_STOP, HP_OP_PROMOTE, HP_OP_DEMOTE, HP_OP_NR };

/* What a failed operation leads to; DEFAULT: restart, but for stop see below. */
enum hp_on_fail {
	HP_FAIL_DEFAULT,	/* stop: fence if there is fencing, else block */
	HP_FAIL_IGNORE, HP_FAIL_RESTART, HP_FAIL_STOP, HP_FAIL_BLOCK,
	HP_FAIL_DEMOTE, HP_FAIL_STANDBY, HP_FAIL_FENCE,
};

/* What must hold before a start (of a promotable clone: before a promotion). */
enum hp_needs {
	HP_NEEDS_DEFAULT,	/* fencing if the cluster fences, else quorum */
	HP_NEEDS_NOTHING, HP_NEEDS_QUORUM, HP_NEEDS_FENCING, HP_NEEDS_STORAGE,
};

enum hp_quorum_loss {
	HP_LOSS_STOP, HP_LOSS_FREEZE, HP_LOSS_DEMOTE, HP_LOSS_IGNORE, HP_LOSS_SUICIDE,
};

/* What to do about an instance that runs in two places. */
enum hp_multiple { HP_MULTI_STOP_START, HP_MULTI_STOP_ONLY, HP_MULTI_BLOCK };

/* An attribute of a node. */
struct hp_attr { const char *name, *value; };

enum hp_node_state {
	HP_NODE_ONLINE,		/* in the view, its facts are known */
	HP_NODE_PENDING,	/* in the view, its facts are not all known yet */
	HP_NODE_DOWN,		/* left cleanly, or proven to be off: fenced, confirmed */
	HP_NODE_UNKNOWN,	/* disappeared without proof: may still run everything */
};

struct hp_node {
	const char *name;
	enum hp_node_state state;
	bool	standby;
	int64_t	standby_until_ms;	/* 0: until somebody ends it */
	bool	maintenance;		/* leave alone what runs there, start nothing */
	bool	shutdown;		/* wants to leave: move everything away */
	bool	must_fence;		/* something there cannot be stopped otherwise */
	int	health;			/* added to every score there; <= 0 */
	const struct hp_attr *attrs;
	int	n_attrs;
};

/* How often to restart in place before moving away. */
struct hp_restart {
	int64_t	limit;		/* failures that move it away; 0: never */
	int64_t	window_ms;	/* only failures this recent count; 0: all */
	int64_t	forget_ms;	/* all forgotten this long after the last; 0: never */
};

struct hp_rsc {
	const char *name;
	enum hp_kind kind;
	int	parent;			/* a group or clone earlier in the array, or -1 */
	int64_t	priority;		/* of top-level resources; higher is placed first */
	int64_t	stickiness;		/* what staying is worth; HP_INF: only leaves if it must */
	enum hp_role target;		/* the most it may become if @limited */
	bool	limited;		/* e.g. stopped by an operator: target = STOPPED */
	bool	unmanaged;		/* neither started nor stopped, by us */
	bool	maintenance;		/* like unmanaged, and no monitors */
	bool	optional_colocation;	/* does not drag others along when it fails */
	struct hp_restart restart;
	enum hp_on_fail on_fail[HP_OP_NR];
	enum hp_needs needs;
	enum hp_quorum_loss loss;	/* used if @own_loss, else the cluster's */
	bool	own_loss;
	enum hp_multiple multiple;
	/* groups */
	bool	unordered, apart;	/* members without order, without togetherness */
	/* clones */
	int	clone_max;		/* -1: one per node */
	int	clone_node_max;		/* 0 means 1 */
	int	clone_min;		/* what others that come after wait for; 0: all */
	bool	interleave, unique, clone_unordered;
	bool	promotable;
	int	promoted_max;		/* of promotable clones; -1: the default, 1 */
	int	promoted_node_max;	/* -1: the default, 1 */
	/* devices: promotion needs a storage fact, see struct hp_storage */
	bool	storage;
};

/* prefer, avoid, only-on (-HP_INF elsewhere), ban: a score on nodes. */
enum hp_cmp {
	HP_CMP_EQ, HP_CMP_NE, HP_CMP_LT, HP_CMP_LTE, HP_CMP_GT, HP_CMP_GTE,
	HP_CMP_DEFINED, HP_CMP_UNDEFINED, HP_CMP_AND, HP_CMP_OR,
};
enum hp_type { HP_TYPE_AUTO, HP_TYPE_STRING, HP_TYPE_INTEGER, HP_TYPE_NUMBER, HP_TYPE_VERSION };

struct hp_cond {
	enum hp_cmp cmp;
	enum hp_type type;
	const char *attr, *value;	/* attr "#uname": the node's name */
	const struct hp_cond *sub;	/* of AND, OR; an empty OR is false */
	int	n_sub;
};

struct hp_location {
	const char *id;
	int	rsc;
	int	node;			/* -1: every node where @cond holds */
	const struct hp_cond *cond;	/* NULL: holds */
	int64_t	score;
	const char *score_attr;		/* take the score from this attribute */
	enum hp_role role;		/* PROMOTED: only where it is promoted; else any */
	int64_t	until_ms;		/* no effect from then on; 0: for ever */
};

/* together (score > 0) and apart (score < 0): @rsc goes where @with is. */
struct hp_colocation {
	const char *id;
	int	rsc, with;
	enum hp_role rsc_role, with_role;	/* STOPPED: any */
	int64_t	score;
	const char *node_attr;		/* equal value is "same place"; NULL: the node */
	bool	no_influence;		/* @with never moves for the sake of @rsc */
};

enum hp_order_kind { HP_ORDER_MANDATORY, HP_ORDER_OPTIONAL, HP_ORDER_SERIALIZE };

/* after: @then's action waits for that of @first (of @need of them). */
struct hp_order {
	const char *id;
	const int *first;
	int	n_first;
	int	need;			/* 0: all of them */
	enum hp_op first_op;
	int	then;
	enum hp_op then_op;
	enum hp_order_kind kind;
	bool	asymmetric;		/* says nothing about the way back */
};

/* What runs where. An instance that is in no entry is stopped everywhere. */
struct hp_status {
	int	rsc;			/* a primitive; several entries for a clone's */
	int	node;
	enum hp_role role;
	bool	failed;
	enum hp_op failed_op;		/* of a failed one: the operation that failed */
	bool	blocked;		/* stuck: wait for an operator */
	bool	orphan;			/* no longer in the configuration: stop */
	bool	changed;		/* started with other parameters: restart */
};

struct hp_failure {
	int	rsc, node;
	int64_t	count;			/* HP_INF: move away at once */
	int64_t	last_ms;		/* 0: unknown, so never forgotten */
	const int64_t *times_ms;	/* of each failure, for the window; may be NULL */
	int	n_times;
};

/* How much an agent wants to be promoted on a node; below 0: not. */
struct hp_promotion { int rsc, node; int64_t score; };

/* What is known of a device's data on a node, worst first. */
enum hp_data {
	HP_DATA_UNKNOWN,		/* no fact: not promoted there */
	HP_DATA_NEVER,			/* E0: outdated, inconsistent, failed */
	HP_DATA_REMOTE,			/* E1: none here, a connected peer is up to date */
	HP_DATA_CONSISTENT,		/* E2: every other replica excluded or older */
	HP_DATA_PEER_UNKNOWN,		/* E3: up to date, the peer is excluded or older */
	HP_DATA_UPTODATE,		/* E4: on all volumes, and the kernel has quorum */
};

struct hp_storage {
	int	rsc;			/* the primitive with .storage */
	int	node;
	enum hp_data data;
	bool	excluded;		/* fact exclude(device, node): never promoted there */
	bool	split_brain;		/* histories diverge: nobody new is promoted */
};

struct hp_input {
	int64_t	now_ms;
	bool	quorate;
	bool	view_pending;		/* no start or promotion until the view settles */
	bool	opt_in;			/* resources run only where a rule names a node */
	bool	fencing;		/* the cluster fences */
	bool	fence_device;		/* and has something to fence with */
	bool	no_takeover;		/* no arbiter: what a lost node ran is not taken over */
	bool	maintenance, stop_all;
	bool	allow_remote_data;	/* promote on HP_DATA_REMOTE if there is nothing better */
	enum hp_quorum_loss loss;
	int	self;			/* node whose plan for "suicide" is asked; -1: all */
	const struct hp_node *nodes;		int n_nodes;
	const struct hp_rsc *rscs;		int n_rscs;
	const struct hp_location *locations;	int n_locations;
	const struct hp_colocation *colocations; int n_colocations;
	const struct hp_order *orders;		int n_orders;
	const struct hp_status *status;		int n_status;
	const struct hp_failure *failures;	int n_failures;
	const struct hp_promotion *promotions;	int n_promotions;
	const struct hp_storage *storage;	int n_storage;
};

/* Why something is as it is; hp_why_text() has the sentence of each. */
enum hp_why {
	HP_WHY_NONE,
	/* of a node */
	HP_WHY_OFFLINE, HP_WHY_UNKNOWN, HP_WHY_PENDING, HP_WHY_STANDBY, HP_WHY_MAINTENANCE,
	HP_WHY_SHUTDOWN, HP_WHY_MUST_FENCE,
	/* of a resource on a node */
	HP_WHY_BANNED,			/* other: the location rule */
	HP_WHY_NOT_OPTED_IN, HP_WHY_FAILED_TOO_OFTEN, HP_WHY_HEALTH,
	HP_WHY_TOGETHER, HP_WHY_APART,	/* other: the colocation rule */
	HP_WHY_MEMBER,			/* another member of the service cannot run there */
	HP_WHY_NODE_FULL,		/* as many instances there as allowed */
	HP_WHY_LOWER_SCORE, HP_WHY_TIE,
	HP_WHY_ALREADY_THERE, HP_WHY_PREFERRED, HP_WHY_ONLY_CHOICE, HP_WHY_BEST,
	/* of a promotion */
	HP_WHY_OUTDATED, HP_WHY_EXCLUDED, HP_WHY_SPLIT_BRAIN, HP_WHY_NO_DATA,
	HP_WHY_NO_PROMOTION_SCORE, HP_WHY_ENOUGH_PROMOTED,
	/* of a resource anywhere */
	HP_WHY_NO_NODE, HP_WHY_STOPPED_BY_OPERATOR, HP_WHY_UNMANAGED, HP_WHY_BLOCKED,
	HP_WHY_ORPHAN, HP_WHY_CLONE_LIMIT, HP_WHY_STOP_ALL, HP_WHY_ON_FAIL,
	HP_WHY_QUORUM, HP_WHY_VIEW_PENDING, HP_WHY_FROZEN, HP_WHY_RUNS_TWICE,
	/* of an action */
	HP_WHY_START, HP_WHY_MOVE, HP_WHY_RECOVER, HP_WHY_CHANGED, HP_WHY_PROMOTE, HP_WHY_DEMOTE,
	HP_WHY_FIRST_CANNOT,		/* other: the resource it waits for cannot come */
	HP_WHY_FIRST_RESTARTS,		/* other: the resource it depends on restarts */
	HP_WHY_STOP_BLOCKED,		/* other: that must stop before, and cannot */
	HP_WHY_FENCE_FIRST,		/* other: the node; may still run there */
	HP_WHY_NO_FENCING,		/* other: the node; nothing to fence it with */
	HP_WHY_NO_TAKEOVER,
	HP_WHY_NOT_HEARD,		/* other: the node; what runs there is not known yet */
	HP_WHY_NR
};

/* One instance; stopped ones have node -1. */
struct hp_place {
	int	rsc, instance;		/* instance 0 if not a clone's */
	int	node;
	enum hp_role role;
	int64_t	score;			/* on that node */
};

enum hp_act { HP_ACT_START, HP_ACT_STOP, HP_ACT_PROMOTE, HP_ACT_DEMOTE,
	HP_ACT_FENCE, HP_ACT_EXCLUDE, HP_ACT_RESET };

struct hp_action {
	enum hp_act act;
	int	rsc, instance;		/* rsc -1: FENCE, RESET */
	int	node;			/* where; of FENCE, EXCLUDE: the victim */
	enum hp_why why;
	int	other;			/* what @why speaks of, or -1 */
};

/* @then starts after @first ended; mandatory: and only if it succeeded. */
struct hp_edge { int first, then; bool mandatory; };

/* What the plan wanted and must not do. */
struct hp_blocked {
	enum hp_act act;
	int	rsc, instance, node;
	enum hp_why why;
	int	other;
};

enum hp_verdict { HP_CHOSEN, HP_POSSIBLE, HP_IMPOSSIBLE };

/* One for each primitive or member and node; rsc -1: of the node itself. */
struct hp_explain {
	int	rsc, node;
	enum hp_verdict verdict;
	enum hp_why why;
	int	other;			/* rule, resource or node that @why speaks of */
	int64_t	score;
	int64_t	until_ms;		/* when it ends by itself; 0: it does not */
};

struct hp_plan {
	struct hp_place *places;	int n_places;	/* when the plan has been done */
	struct hp_place *wanted;	int n_wanted;	/* if nothing were blocked */
	struct hp_action *actions;	int n_actions;
	struct hp_edge *edges;		int n_edges;
	struct hp_blocked *blocked;	int n_blocked;
	struct hp_explain *explain;	int n_explain;
	int64_t	next_ms;		/* plan again then at the latest; 0: no need */
	char	error[160];		/* of a refused input: what is wrong with it */
	void	*arena;			/* owns the arrays */
};

/**
 * hp_plan() - decide what is to run where, and how to get there
 * @in: configuration, facts and time
 * @out: the plan; give it to hp_plan_free(), also after a failure
 *
 * Return: 0, -EINVAL with out->error for an input that contradicts itself,
 * -ENOMEM.
 */
int hp_plan(const struct hp_input *in, struct hp_plan *out);
void hp_plan_free(struct hp_plan *out);

const char *hp_why_text(enum hp_why why);	/* "%s" stands for the other */
const char *hp_why_word(enum hp_why why);	/* stable, for programs */
const char *hp_act_word(enum hp_act act);
const char *hp_role_word(enum hp_role role);

#endif
