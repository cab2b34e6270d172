/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The executor: runs one operation on one member of a service, watches members
 * that run, and climbs the ladder when a stop fails. It decides nothing.
 *
 * One thread, one sd-event loop, nothing blocks: agents, mounts and requests to
 * the kernel module that may wait are children. Every operation that was
 * accepted ends with exactly one call of its callback, in bounded time, never
 * from inside the call that started it.
 */
#ifndef HA_EXEC_H
#define HA_EXEC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct ex;
struct ex_job;
struct ex_watch;
struct ex_ladder;

enum ex_kind {
	EX_KIND_OCF,		/* agent "ocf:PROVIDER:TYPE" */
	EX_KIND_SYSTEMD,	/* agent is the unit, "httpd.service" */
	EX_KIND_IP,		/* params address, dev, label, ... */
	EX_KIND_MOUNT,		/* params device, directory, fstype, options */
	EX_KIND_STORAGE,	/* agent is the name of the hadm resource */
	EX_KIND_NR,
};

enum ex_action {
	EX_START,
	EX_STOP,
	EX_MONITOR,		/* interval 0: a probe */
	EX_PROMOTE,
	EX_DEMOTE,
	EX_NOTIFY,
	EX_RELOAD,
	EX_MIGRATE_TO,
	EX_MIGRATE_FROM,
	EX_VALIDATE,
	EX_META_DATA,
	EX_FORCE_DEMOTE,	/* storage: secondary --force */
	EX_ACTION_NR,
};

enum ex_role {
	EX_ROLE_UNKNOWN,
	EX_ROLE_STOPPED,
	EX_ROLE_STARTED,	/* also the unpromoted role */
	EX_ROLE_PROMOTED,
};

/* Exit codes of OCF 1.1; every kind of member answers with them. */
enum ex_code {
	EX_CODE_OK		= 0,
	EX_CODE_GENERIC		= 1,
	EX_CODE_ARGS		= 2,
	EX_CODE_UNIMPLEMENTED	= 3,
	EX_CODE_PERM		= 4,
	EX_CODE_INSTALLED	= 5,
	EX_CODE_CONFIGURED	= 6,
	EX_CODE_NOT_RUNNING	= 7,
	EX_CODE_PROMOTED	= 8,
	EX_CODE_FAILED_PROMOTED	= 9,
	EX_CODE_DEGRADED	= 190,
	EX_CODE_DEGRADED_PROMOTED = 191,
};

/* How an operation came to its end. */
enum ex_end {
	EX_END_DONE,		/* it answered with its code */
	EX_END_TIMEOUT,		/* killed, and gone */
	EX_END_STUCK,		/* killed, and still there: sleeps in the kernel */
	EX_END_SIGNAL,		/* died of a signal that was not ours */
	EX_END_CANCELLED,
	EX_END_NOT_RUN,		/* could not be started at all */
};

/* What an answer means, see ex_judge(). */
enum ex_verdict {
	EX_FINE,
	EX_DEGRADED,		/* works, with less than it should have */
	EX_FAILED,		/* may be tried again, here too */
	EX_HARD,		/* will not work on this node */
	EX_FATAL,		/* will not work on any node: configuration */
};

struct ex_param {
	const char *name, *value;
};

/**
 * struct ex_op - one operation; all strings are copied by who takes it
 * @member: name of the member, [A-Za-z0-9_.:-]+; OCF_RESOURCE_INSTANCE
 * @kind: of the member
 * @agent: agent, unit or resource, see enum ex_kind; NULL for ip and mount
 * @params: parameters of the member
 * @n_params: number of them
 * @meta: more OCF_RESKEY_CRM_meta_* (clone_max, notify_type, ...), names with
 *	'-' or '_', without the prefix
 * @n_meta: number of them
 * @action: what to do
 * @role: of a monitor, the role that is expected; EX_ROLE_UNKNOWN in a probe
 * @timeout_ms: 0 takes the preset of the action
 * @interval_ms: of a recurring monitor
 * @depth: OCF_CHECK_LEVEL
 */
struct ex_op {
	const char *member;
	enum ex_kind kind;
	const char *agent;
	const struct ex_param *params;
	size_t n_params;
	const struct ex_param *meta;
	size_t n_meta;
	enum ex_action action;
	enum ex_role role;
	int64_t timeout_ms, interval_ms;
	int depth;
};

/**
 * struct ex_result - the answer; valid during the callback
 * @code: enum ex_code; EX_CODE_GENERIC when @end is not EX_END_DONE
 * @end: how it ended
 * @verdict: what that means, given what was asked
 * @role: what the member is now, as far as this answer tells
 * @reason: a sentence for people, or ""
 * @output: last lines of output, or ""; all of it for EX_META_DATA
 * @duration_ms: from start to answer
 * @facts: of storage, see storage_facts.h; else NULL; borrowed
 */
struct ex_result {
	int code;
	enum ex_end end;
	enum ex_verdict verdict;
	enum ex_role role;
	const char *reason;
	const char *output;
	int64_t duration_ms;
	json_t *facts;
};

typedef void ex_done(const struct ex_result *result, void *arg);

/**
 * struct ex_config - where things are; NULL and 0 take the preset
 * @event: the loop; must outlive the executor
 * @node: name of this node
 * @ocf_root: /usr/lib/ocf
 * @shim_dir: directory of crm_master and the others
 * @shim_socket: /run/hacluster/shim.sock
 * @rsctmp: /run/resource-agents; made when it is missing
 * @helper: program ha-member
 * @hadm: program hadm
 * @bus_address: of a systemd manager; preset: the system's, see unit_bus.c
 * @unit_dir: where drop-ins of units go, /run/systemd/system
 * @grace_ms: between SIGTERM and SIGKILL, 2000
 * @stuck_ms: after SIGKILL until a child counts as stuck, 2000
 */
struct ex_config {
	sd_event *event;
	const char *node;
	const char *ocf_root;
	const char *shim_dir, *shim_socket;
	const char *rsctmp;
	const char *helper, *hadm;
	const char *bus_address, *unit_dir;
	int64_t grace_ms, stuck_ms;
};

/**
 * ex_new() - make an executor
 *
 * Blocks SIGCHLD in this thread, as sd_event_add_child() needs it.
 *
 * Return: 0 or -errno.
 */
int ex_new(const struct ex_config *config, struct ex **out);

/**
 * ex_free() - end it; children go on, no callback is called any more
 *
 * Not from inside a callback.
 */
void ex_free(struct ex *ex);

/**
 * ex_start() - begin an operation
 * @why: out, when refused: a sentence, to be freed
 *
 * Return: the job, owned by the executor until @done returns; NULL when the
 * operation is not well formed, and then nothing happened.
 */
struct ex_job *ex_start(struct ex *ex, const struct ex_op *op, ex_done *done,
			void *arg, char **why);

/**
 * ex_forget() - a stopped member leaves the configuration
 * @op: any operation of it
 *
 * Takes away what is kept for it: the drop-in of a unit. EX_VALIDATE of a unit
 * makes it, long before the first start, which else has to wait for systemd to
 * read its files again.
 */
void ex_forget(struct ex *ex, const struct ex_op *op);

/**
 * ex_cancel() - end it early; its callback tells EX_END_CANCELLED
 *
 * An operation that cannot be interrupted ends as it would have.
 */
void ex_cancel(struct ex_job *job);

/**
 * ex_watch_start() - monitor a member again and again
 * @op: EX_MONITOR with @interval_ms; 0 means by events only
 * @told: called for the first answer, and for each that differs from the one
 *	before in code, end or facts; a failure that goes on is told once
 *
 * Where there is an event for a change (unit properties, addresses and links,
 * mounts, the module's events) a monitor runs at once, besides the interval.
 * The interval counts from the end of one run to the start of the next.
 *
 * Return: the watch, or NULL with @why.
 */
struct ex_watch *ex_watch_start(struct ex *ex, const struct ex_op *op,
				ex_done *told, void *arg, char **why);

/**
 * ex_watch_now() - let a monitor run at once
 */
void ex_watch_now(struct ex_watch *watch);

/**
 * ex_watch_stop() - end it; a run under way is cancelled, nothing is told
 */
void ex_watch_stop(struct ex_watch *watch);

/* Steps of the ladder, each tried when those before it left the member up. */
enum ex_step {
	EX_STEP_AGENT,		/* the stop of the member itself */
	EX_STEP_KILL,		/* its processes; for a mount, who holds it */
	EX_STEP_DEMOTE_FORCE,	/* hadm secondary --force of its device */
	EX_STEP_FENCE,		/* nothing here helps: the node must go */
	EX_STEP_NR,
};

/**
 * struct ex_ladder_op - how to stop a member that does not want to
 * @op: its operation, action EX_STOP
 * @steps: in order; EX_STEP_FENCE ends it
 * @n_steps: number of them
 * @storage: resource for EX_STEP_DEMOTE_FORCE, or NULL: the step is left out
 */
struct ex_ladder_op {
	struct ex_op op;
	const enum ex_step *steps;
	size_t n_steps;
	const char *storage;
};

/**
 * typedef ex_ladder_done - where the ladder ended
 * @step: the step that stopped it; EX_STEP_FENCE when none did
 * @result: of the last thing that ran
 */
typedef void ex_ladder_done(enum ex_step step, const struct ex_result *result,
			    void *arg);

/**
 * typedef ex_ladder_step - tells that a step begins, and why the last failed
 */
typedef void ex_ladder_step(enum ex_step step, const struct ex_result *last,
			    void *arg);

/**
 * ex_ladder_start() - stop a member, step by step
 * @told: may be NULL
 *
 * After each step but the first the member is probed: what counts is that it
 * is not running, not what the step answered.
 *
 * Return: the ladder, owned by the executor until @done returns; NULL, @why.
 */
struct ex_ladder *ex_ladder_start(struct ex *ex, const struct ex_ladder_op *op,
				  ex_ladder_step *told, ex_ladder_done *done,
				  void *arg, char **why);

/**
 * ex_judge() - what a code means for what was asked
 * @role: EX_MONITOR: the role expected
 */
enum ex_verdict ex_judge(enum ex_action action, enum ex_role role, int code);

/**
 * ex_observed() - what the member is after such an answer
 */
enum ex_role ex_observed(enum ex_action action, int code);

/* Words; NULL for a value that is none. */
const char *ex_kind_word(enum ex_kind kind);
const char *ex_action_word(enum ex_action action);
const char *ex_code_word(int code);
const char *ex_end_word(enum ex_end end);
const char *ex_verdict_word(enum ex_verdict verdict);
const char *ex_role_word(enum ex_role role);
const char *ex_step_word(enum ex_step step);

/* The value of a word, or -1. */
int ex_kind_find(const char *word);
int ex_action_find(const char *word);
int ex_step_find(const char *word);

/**
 * ex_result_json() - as one object, for logs and for ex-run
 */
json_t *ex_result_json(const struct ex_result *result);

#endif
