/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The replicated state: a chain of entries and what they add up to. Knows nothing
 * of views, messages or time; whether an entry may be made is asked in rules.h.
 */
#ifndef CORE_DB_H
#define CORE_DB_H

#include "bytes.h"

#define CORE_NODES 32
#define CORE_UNITS 128		/* owners, and exclusions, at most */
#define CORE_FACTS 1024
#define CORE_VALUE (1u << 20)	/* largest value of a fact */
#define CORE_BATCH 32		/* claims and exclusions of one entry */
#define CORE_HISTORY 64

#define NODE_BIT(node) (1u << ((node) - 1))

/**
 * struct core_position - a place in the chain
 * @gen: counts what a person forced; decides first
 * @term: of the last view record; two views never have the same
 * @rev: number of entries
 * @sum: over all of them
 */
struct core_position {
	uint64_t gen, term, rev, sum;
};

enum core_status {
	CORE_ABSENT,	/* has never been in a recorded view: runs nothing */
	CORE_IN,	/* was in one: whatever it is owner of may run there */
	CORE_OUT,	/* is proved to run nothing, in that boot */
};

enum core_how {
	CORE_HOW_NONE, CORE_HOW_GOODBYE, CORE_HOW_FENCED, CORE_HOW_CONFIRMED,
	CORE_HOW_WATCHDOG, CORE_HOW_NR,
};

struct core_db_node {
	enum core_status status;
	enum core_how how;
	uint64_t boot;
	uint64_t lease;		/* watchdog lease it keeps to, ms; 0: none */
};

struct core_owner {
	char unit[CORE_NAME];
	uint32_t node;
	uint64_t boot;
};

struct core_exclusion {
	char device[CORE_NAME];
	uint32_t node, by;
	uint64_t uuid;		/* generation of the data of @by at that time */
};

struct core_kv {
	char key[CORE_KEY];
	struct core_blob *value;
};

enum core_entry_kind {
	CORE_ENTRY_VIEW,	/* these nodes are the writers now */
	CORE_ENTRY_SET,
	CORE_ENTRY_CLEAR,
	CORE_ENTRY_CLAIM,	/* owners, with the exclusions they rest on */
	CORE_ENTRY_EXCLUDE,
	CORE_ENTRY_INCLUDE,
	CORE_ENTRY_OUT,		/* proofs alone */
	CORE_ENTRY_SETTLE,	/* a change of the nodes is known to all */
	CORE_ENTRY_NR,
};

struct core_proof {
	enum core_how how;
	uint64_t boot;
};

struct core_claim {
	char unit[CORE_NAME];
	uint32_t node;
};

/** struct core_entry - one link of the chain; zero what the kind does not use */
struct core_entry {
	enum core_entry_kind kind;
	struct core_position at;	/* its own; .sum is that before it */
	uint32_t members;
	struct core_db_node node[CORE_NODES];	/* boot and lease of members */
	struct core_proof proof[CORE_NODES];
	char key[CORE_KEY];
	struct core_blob *value;
	uint32_t nodes;			/* SET of config: the nodes it has */
	uint32_t claims, exclusions;
	struct core_claim claim[CORE_BATCH];
	struct core_exclusion exclusion[CORE_BATCH];
};

/**
 * struct core_db
 * @group: members of the last view record
 * @old_nodes: those before a change that is not settled; else as @nodes
 * @user: position of the last entry that a person asked for
 */
struct core_db {
	struct core_position at, user;
	uint32_t group, nodes, old_nodes;
	uint64_t group_term;
	struct core_db_node node[CORE_NODES];
	struct core_owner owner[CORE_UNITS];
	struct core_exclusion exclusion[CORE_UNITS];
	struct core_kv *kv;
	uint32_t owners, exclusions, kvs;
	uint64_t history[CORE_HISTORY];	/* sums, that of rev at [rev % CORE_HISTORY] */
};

void core_db_clear(struct core_db *db);
void core_db_copy(struct core_db *to, const struct core_db *from);

/** core_db_apply() - false when the entry does not fit; @db may be spoiled then */
bool core_db_apply(struct core_db *db, const struct core_entry *entry);

const struct core_owner *core_db_owner(const struct core_db *db, const char *unit);
struct core_exclusion *core_db_exclusion(struct core_db *db, const char *device,
					 uint32_t node);
const struct core_blob *core_db_value(const struct core_db *db, const char *key);

/* By generation, term, revision. */
int core_position_compare(const struct core_position *a, const struct core_position *b);
/* Is the position in the chain of @db, as far as it is remembered? */
bool core_db_contains(const struct core_db *db, const struct core_position *at);

void core_entry_put(struct core_writer *w, const struct core_entry *entry);
/* False, and nothing to free, when damaged; else core_entry_clear() it. */
bool core_entry_get(struct core_reader *r, struct core_entry *entry);
void core_entry_clear(struct core_entry *entry);

void core_db_put(struct core_writer *w, const struct core_db *db);
bool core_db_get(struct core_reader *r, struct core_db *db);

void core_position_put(struct core_writer *w, const struct core_position *at);
void core_position_get(struct core_reader *r, struct core_position *at);

#endif
