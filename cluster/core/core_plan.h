/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The border between core and policy: what a configuration means to the core, what
 * the policy engine is told, what it asks for. All of it is pure: the same input
 * gives the same output on every node, or the core says so in the log.
 *
 * The core trusts no plan: each start and promotion passes its own gate. A plan
 * need not know about claims, proofs or views; it asks for what it wants next, and
 * is asked again when something has changed.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What must be true of a node that may run a unit before another may start it. */
enum core_requires {
	CORE_REQUIRES_QUORUM,	/* nothing: a short overlap is tolerated */
	CORE_REQUIRES_FENCE,	/* it is proved not to run */
	CORE_REQUIRES_STORAGE,	/* as fence, or it is excluded from the device */
};

enum core_on_loss {		/* of quorum */
	CORE_LOSS_STOP, CORE_LOSS_FREEZE, CORE_LOSS_DEMOTE, CORE_LOSS_IGNORE,
	CORE_LOSS_SUICIDE,
};

/** struct core_unit - a service, or a clone: the unit that is active once, or not */
struct core_unit {
	char name[64];
	bool exclusive;		/* active on one node; a clone is not */
	bool promotable;	/* exclusive is then about the promoted role */
	enum core_requires requires;
	enum core_on_loss on_loss;
	uint32_t tier;		/* a node that undoes units by itself begins with the highest */
	char device[64];	/* of a storage unit */
};

/** struct core_shape - what the core needs of a configuration */
struct core_shape {
	uint32_t nodes;		/* mask of all configured */
	uint32_t fenceable;	/* mask: have a fence device */
	bool device;		/* a quorum device votes */
	bool fence_first;	/* fence lost nodes although no unit waits for it */
	int64_t lag_ms;		/* how late "not quorate" may come: device.timeout + margin */
	int64_t loss_ms;	/* T_q: pending so long is a loss of quorum */
	int64_t stop_ms;	/* T_stop: then the machine is reset; 0: never */
	int64_t fence_delay_ms;	/* two nodes: the one with less waits so long */
	int64_t lease_ms;	/* watchdog lease W; 0: no watchdog */
	struct core_unit *units;
	size_t count;
};

enum core_state {
	CORE_STOPPED, CORE_STARTED, CORE_PROMOTED, CORE_FAILED,	/* failed: may be active */
	CORE_UNSURE,		/* not probed: may be active */
};

/** struct core_row - one member of a unit on one node */
struct core_row {
	const char *unit, *member;
	enum core_state state;
	const char *detail;	/* JSON of the executor, opaque here */
};

enum core_verb {
	CORE_START, CORE_STOP, CORE_PROMOTE, CORE_DEMOTE, CORE_PROBE,
	CORE_NOTIFY,		/* tell it of others; changes nothing */
	CORE_FENCE,		/* in plans only: the node */
	CORE_VERB_NR,
};

struct core_want {
	enum core_verb verb;
	uint32_t node;
	char unit[64], member[64];
};

enum core_standing {		/* of a configured node, as the view knows it */
	CORE_NODE_READY, CORE_NODE_UNKNOWN, CORE_NODE_OUT,	/* out: proved not to run */
};

/** struct core_op - an operation that a node has been told to do, not ended */
struct core_op {
	uint64_t id;
	uint32_t node;
	enum core_verb verb;
	const char *unit, *member;
};

/** struct core_fact - keys in order; "config" is one of them */
struct core_fact {
	const char *key;
	const void *value;
	size_t size;
};

struct core_node_row {
	uint32_t node;
	struct core_row row;
};

struct core_node_device {
	uint32_t node;
	const char *name;
	const void *state;
	size_t size;
};

struct core_plan_in {
	int64_t now;		/* of the coordinator; the same on all nodes */
	uint32_t nodes, ready;	/* masks */
	enum core_standing standing[32];
	const struct core_fact *facts;
	const struct core_node_row *rows;
	const struct core_node_device *devices;
	const struct core_op *ops;
	size_t nr_facts, nr_rows, nr_devices, nr_ops;
};

/** struct core_plan - wants that can be begun now, in order of importance */
struct core_plan {
	struct core_want want[64];
	size_t count;
	int64_t again;		/* plan again at this time (expiry); INT64_MAX: no */
};

struct core_policy {
	void *ctx;
	/* False with *why: such a configuration is refused. @out->units is from malloc. */
	bool (*shape)(void *ctx, const void *config, size_t size,
		      struct core_shape *out, const char **why);
	void (*plan)(void *ctx, const struct core_plan_in *in, struct core_plan *out);
};

#endif
