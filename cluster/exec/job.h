/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the executor: jobs, and what a kind of member must be able to do. */
#ifndef HA_EX_JOB_H
#define HA_EX_JOB_H

#include "child.h"
#include "exec.h"
#include "op.h"

struct ip_service;
struct mount_watch;
struct storage_mirror;
struct unit_bus;

/**
 * struct ex_settings - struct ex_config with presets filled in, owned
 */
struct ex_settings {
	char *node, *ocf_root, *shim_dir, *shim_socket, *rsctmp;
	char *helper, *hadm, *bus_address, *unit_dir;
};

/**
 * struct ex - the executor
 * @jobs: under way
 * @watches: all
 * @ladders: under way
 * @ip: addresses: announcements, events; made when first needed
 * @mounts: events of the mount table, likewise
 * @storage: what the module says, likewise
 * @bus: the connection to systemd, likewise
 */
struct ex {
	sd_event *event;
	struct ex_settings set;
	struct child_pool pool;
	struct ex_job *jobs;
	struct ex_watch *watches;
	struct ex_ladder *ladders;
	struct ip_service *ip;
	struct mount_watch *mounts;
	struct storage_mirror *storage;
	struct unit_bus *bus;
};

/**
 * struct kind_ops - one kind of member
 * @start: begin; it calls job_end() once, at once or later
 * @cancel: end it early, by job_end(); NULL: @child is cancelled, if there is
 *	one, else the operation goes on
 * @release: free @priv; may be NULL
 * @listen: see that events call ex_watch_now(); may be NULL
 */
struct kind_ops {
	void (*start)(struct ex_job *job);
	void (*cancel)(struct ex_job *job);
	void (*release)(struct ex_job *job);
	void (*listen)(struct ex *ex);
};

extern const struct kind_ops ocf_kind, unit_kind, ip_kind, mount_kind,
	storage_kind;

/**
 * struct ex_job - one operation under way
 * @child: the child that does it, or NULL
 * @clock: for who has no child: its timeout; see job_arm()
 * @what: what @clock is waiting for, a constant
 * @granted: @clock rang late once, and was set again
 * @ending: deferred telling of its end
 * @priv: the kind's
 * @code: ..., answer, once @ended
 */
struct ex_job {
	struct ex *ex;
	struct ex_job *next, **prev;
	const struct kind_ops *ops;
	struct ex_op op;
	ex_done *done;
	void *arg;
	int64_t started_ms;
	struct child *child;
	sd_event_source *clock, *ending;
	bool granted;
	const char *what;
	void *priv;
	bool ended;
	int code;
	enum ex_end end;
	char *reason, *output;
	json_t *facts;
};

/**
 * job_end() - give the answer; the callback runs from the loop
 * @reason: printf format, or NULL
 *
 * A second answer is dropped: what comes late must not count.
 */
void job_end(struct ex_job *job, enum ex_end end, int code,
	     const char *reason, ...) __attribute__((format(printf, 4, 5)));

/**
 * job_output() - output that goes with the answer; call before job_end()
 */
void job_output(struct ex_job *job, const char *output);

/**
 * job_arm() - end a job without child as EX_END_TIMEOUT after its timeout
 * @what: what is waited for, a constant
 */
void job_arm(struct ex_job *job, const char *what);

/**
 * job_run() - let a child do the job: its exit status is the answer
 * @keep: bytes of stdout that become the output; 0: the tail is the output
 */
void job_run(struct ex_job *job, const char *const *argv, char *const *envp,
	     size_t keep, bool gated);

/**
 * job_child_done() - the child_done of job_run()
 */
child_done job_child_done;

/**
 * ex_poke() - let all watches of a kind run at once
 * @matches: which of them; NULL: all
 */
void ex_poke(struct ex *ex, enum ex_kind kind,
	     bool (*matches)(const struct ex_op *op, const void *arg),
	     const void *arg);

int64_t now_ms(void);		/* CLOCK_MONOTONIC */

/* Ends of what ex_free() finds. */
void job_free(struct ex_job *job);
void watch_free(struct ex_watch *watch);
void ladder_free(struct ex_ladder *ladder);

#endif
