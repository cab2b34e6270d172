/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core of the cluster manager as a function: events in, actions out.
 *
 * No clock, file, socket or thread: what the world says comes in as an event with
 * the time of it, what shall be done leaves as actions, to be carried out in their
 * order. One event is one step. The rules are in Documentation/cluster/protocol.rst.
 *
 * Node ids are 1..32; a set of nodes is a mask with bit id - 1. Times are
 * milliseconds of a clock that does not jump (CLOCK_BOOTTIME). Strings and bytes of an event belong to
 * the caller, those of actions to the actions.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core_plan.h"

struct core;

/** struct core_ring - Totem's ring id, as CPG and quorum tell it */
struct core_ring {
	uint32_t node;
	uint64_t seq;
};

/** struct core_member - a daemon in the CPG group */
struct core_member {
	uint32_t node, pid;
};

struct core_bytes {
	const void *data;
	size_t size;
};

/* What a disk write is, and thus how the daemon makes it durable. */
enum core_write {
	CORE_WRITE_ENTRY,	/* append to the log (length, crc), fsync; once one has
				 * failed, all fail until the next snapshot */
	CORE_WRITE_SNAPSHOT,	/* replaces snapshot and log: tmp, fsync, rename, fsync */
	CORE_WRITE_CONFLICT,	/* a new file beside, never overwritten */
};

enum core_event_kind {
	CORE_EV_CPG,		/* .members: all daemons of the group, from now on */
	CORE_EV_RING,		/* .ring, .nodes: ends the CPG changes of one ring */
	CORE_EV_QUORUM,		/* .ring, .nodes, .yes: quorate */
	CORE_EV_MESSAGE,	/* .from, .bytes: delivered by CPG, own ones too */
	CORE_EV_DISK,		/* .id, .yes: that write is durable, or failed */
	CORE_EV_STATUS,		/* .row: what a member of a unit does on this node */
	CORE_EV_PROBED,		/* all members of this node have been reported once */
	CORE_EV_OP,		/* .id, .code (0 or -errno), .text: operation ended */
	CORE_EV_TIMER,		/* the time of the last CORE_ACT_TIMER has come */
	CORE_EV_REQUEST,	/* .id, .request: a client asks */
	CORE_EV_FENCE,		/* .id, .yes, .text: fencing ended, yes = it is off */
	CORE_EV_DEVICE,		/* .device: the kernel module tells or asks */
	CORE_EV_WATCHDOG,	/* .code: leases of so many ms reach an open watchdog; 0: none */
	CORE_EV_LEAVE,		/* end politely: stop all services, say goodbye */
	CORE_EV_NR,
};

enum core_request_kind {
	CORE_REQ_SET,		/* fact .key := .value if revision is .base (0: any) */
	CORE_REQ_CLEAR,		/* remove fact .key, same condition */
	CORE_REQ_CONFIRM,	/* a person says: node .node is dead */
	CORE_REQ_FENCE,		/* fence node .node now */
	CORE_REQ_FORCE,		/* go on without the others; bumps the generation */
};

/** struct core_request - keys that clients may set: "config" and "op/..." */
struct core_request {
	enum core_request_kind kind;
	uint32_t node;
	uint64_t base;
	const char *key;
	struct core_bytes value;
};

enum core_device_event {
	CORE_DEV_STATE,		/* .state: JSON for the policy engine; replicated */
	CORE_DEV_FENCE_PEER,	/* I/O is suspended: may .peer be excluded? */
	CORE_DEV_IN_SYNC,	/* .peer has all data again: clears its exclusion */
};

struct core_device {
	enum core_device_event kind;
	const char *name;	/* of the device in the configuration */
	uint32_t peer;
	uint64_t uuid;		/* current generation of the data here */
	struct core_bytes state;
};

struct core_event {
	enum core_event_kind kind;
	uint64_t id;
	bool yes;
	int code;
	uint32_t nodes;			/* mask */
	struct core_ring ring;
	const struct core_member *members;
	size_t count;
	struct core_member from;
	struct core_bytes bytes;
	const char *text;
	struct core_row row;
	struct core_request request;
	struct core_device device;
};

enum core_action_kind {
	CORE_ACT_SEND,		/* .bytes: multicast, agreed order, kept in order */
	CORE_ACT_WRITE,		/* .write, .bytes; report .id as CORE_EV_DISK */
	CORE_ACT_OP,		/* .verb .unit .member; report .id as CORE_EV_OP */
	CORE_ACT_TIMER,		/* .at: replaces the last one; INT64_MAX: none */
	CORE_ACT_REPLY,		/* .id of the request, .code, .text */
	CORE_ACT_FENCE,		/* .node; report .id as CORE_EV_FENCE */
	CORE_ACT_ANSWER,	/* .device .node .answer: to the module, any number */
	CORE_ACT_LEASE,		/* .at: the watchdog may be fed until then; 0: disarm */
	CORE_ACT_COMMITTED,	/* .text = key, .bytes = value (none: removed), .id = revision */
	CORE_ACT_LOG,		/* .code = syslog level, .text */
	CORE_ACT_RESET,		/* reset this machine now */
	CORE_ACT_EXIT,		/* all is stopped and said: the daemon may end */
};

enum core_answer {
	CORE_ANSWER_EXCLUDED,	/* committed: .node cannot be promoted; refuse it that, and
				 * go on alone where I/O is suspended for its sake */
	CORE_ANSWER_INCLUDED,	/* it can be again */
	CORE_ANSWER_OUTDATE,	/* mark the own disk outdated: it was excluded */
};

struct core_action {
	enum core_action_kind kind;
	uint64_t id;
	int64_t at;
	int code;
	uint32_t node;
	enum core_write write;
	enum core_verb verb;
	enum core_answer answer;
	char *unit, *member, *device, *text;
	void *data;
	size_t size;
};

/** struct core_actions - zero it before the first step; clear after each */
struct core_actions {
	struct core_action *list;
	size_t count, room;
};

void core_actions_clear(struct core_actions *actions);

/**
 * struct core_params - what does not change while the daemon runs
 * @boot: of the machine, from boot_id: another value, and no service of before lives
 * @incarnation: drawn at random by each daemon
 */
struct core_params {
	uint32_t node;
	uint64_t boot, incarnation;
	int64_t hello_ms;	/* how long a missing HELLO is waited for: 2000 */
	int64_t margin_ms;	/* added to waits for another node's clock: 1000 */
	int64_t plan_ms;	/* the plan is looked at again after so long: 10000 */
	int64_t rejoin_ms;	/* a daemon may be away so long while its corosync is
				 * there, before others take its services: 10000 */
	struct core_policy policy;
};

/**
 * core_create() - from what the disk holds
 * @snapshot: as last written; size 0: a new node
 * @entries: those written after it, in order, without a torn last one
 *
 * Return: NULL with @why set when the disk's content is damaged.
 */
struct core *core_create(const struct core_params *params, struct core_bytes snapshot,
			 const struct core_bytes *entries, size_t count,
			 const char **why);
void core_free(struct core *core);

/**
 * core_seed() - the snapshot with which the nodes of a new cluster begin
 *
 * Return: allocated, the same on all nodes; NULL with @why set.
 */
void *core_seed(const struct core_policy *policy, struct core_bytes config, size_t *size,
		const char **why);

struct core_fact;

/**
 * core_read_state() - the facts of a snapshot, or of a state that was kept aside
 *
 * Return: false when it is damaged; @each may have been called then.
 */
bool core_read_state(struct core_bytes snapshot,
		     void (*each)(void *ctx, const struct core_fact *fact), void *ctx);

/** core_step() - everything that happens goes through here */
void core_step(struct core *core, const struct core_event *event, int64_t now,
	       struct core_actions *out);

/** struct core_view - where this node stands; for people, not for decisions */
struct core_view {
	const char *phase;	/* "pending", "hello", "sync", "ready", "active" */
	bool quorate;		/* told by quorum for the ring in force */
	uint32_t members;	/* of the session; in none: of the ring */
	uint32_t coordinator;	/* 0: none */
	uint32_t leased;	/* mask: members whose watchdog is counted on */
	uint32_t owned;		/* mask: nodes that a unit may run on, by the state */
	struct core_ring ring;
	uint64_t gen, rev, user;
	uint64_t tick;		/* not 0: a plan is under way */
};

void core_look(const struct core *core, struct core_view *view);

/** core_idle() - nothing of any unit is active here, or about to be */
bool core_idle(const struct core *core);

/**
 * core_outdated() - is the own copy of a device excluded, by a state in force?
 *
 * False where no view may decide: what has become of it since is not known there.
 */
bool core_outdated(const struct core *core, const char *device);

/** core_fact() - what the state holds under a key; NULL: nothing */
const void *core_fact(const struct core *core, const char *key, size_t *size);

/**
 * core_show() - what a plan made now would be told
 *
 * In no session it is told what this node does, and nothing of others.
 */
void core_show(const struct core *core, int64_t now,
	       void (*show)(void *ctx, const struct core_plan_in *in,
			    struct core_plan *out), void *ctx);

/* For tests: a copy that lives alone, and a hash of all that decides the future. */
struct core *core_copy(const struct core *core);
uint64_t core_hash(const struct core *core);

#endif
