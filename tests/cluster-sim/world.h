/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cluster in one process: the core on two to five nodes, and a world of rings,
 * quorum, disks, services, a replicated device, fencing. Time is virtual, chance
 * comes from one seed: the same seed and settings give the same run.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "rules.h"

#define NODES 5
#define UNITS 4
#define QUEUE 4096

enum item_kind { ITEM_MESSAGE, ITEM_CPG, ITEM_RING };

/** struct item - what corosync hands to a daemon, in one order */
struct item {
	enum item_kind kind;
	int refs;
	uint64_t index;			/* in its ring's order */
	struct core_member from;
	struct core_member members[NODES + 1];
	size_t count;
	struct core_ring ring;
	uint32_t nodes;
	struct core_blob *bytes;
};

struct ring {
	struct core_ring id;
	uint32_t nodes;
	bool broken;
	uint64_t length;		/* items ordered so far */
};

struct inbox { struct item *item; int64_t time; uint32_t pid; };

enum sim_kind {
	SIM_INBOX, SIM_QUORUM, SIM_DISK, SIM_OP, SIM_TIMER, SIM_FENCE_OFF, SIM_FENCE_DONE,
	SIM_WATCHDOG, SIM_REFORM, SIM_BOOT, SIM_START, SIM_PROBED, SIM_FAULT, SIM_CLIENT,
	SIM_THAW, SIM_LINK, SIM_SYNCED, SIM_WRITE, SIM_ASK, SIM_VOTE, SIM_REPORT,
	SIM_GUARD, SIM_NR,
};

struct sim_event {
	int64_t time;
	uint64_t order;
	enum sim_kind kind;
	int node;
	uint32_t pid;			/* of the daemon it is for */
	uint64_t boot, id;
	int arg, code;
	struct core_ring ring;
	bool yes;
};

struct disk_write {
	uint64_t id;
	enum core_write write;
	struct core_blob *bytes;
	bool fails;
};

struct disk {
	struct core_blob *snapshot;
	struct core_blob *entries[1024];
	size_t count;
	struct disk_write queue[64];
	size_t waiting;
	bool broken;			/* an append failed: until the next snapshot */
	int64_t fail_until, slow_until, last;
	uint32_t conflicts, conflicts_due;
};

struct op { uint64_t id; uint32_t pid; int unit; enum core_verb verb; bool on; };

enum disk_state { DEV_OUTDATED, DEV_INCONSISTENT, DEV_CONSISTENT, DEV_UPTODATE };

/** struct device - a replica of r0 and its module */
struct device {
	bool has, primary, connected, suspended, alone, peer_excluded;
	enum disk_state disk;
	uint64_t data;			/* the last write it has */
	uint64_t session;
};

struct node {
	bool up, frozen, armed, seen_all, device_link, owed_no;
	int component;
	uint64_t boot;
	uint32_t pid;			/* of the daemon; 0: none */
	struct core *core;
	struct ring *ring;
	uint64_t ring_seq;		/* stable */
	struct inbox inbox[QUEUE];
	size_t inbox_head, inbox_count;
	struct core_blob *outbox[QUEUE];
	size_t outbox_count;
	struct sim_event backlog[QUEUE];
	size_t backlogs;
	int64_t last_delivery, lag_until;
	struct core_ring quorum_ring;
	uint32_t quorum_nodes;
	bool quorum_yes, quorum_told;
	struct disk disk;
	enum core_state unit[UNITS];
	bool runs[UNITS];		/* in truth, whatever is known */
	struct op ops[UNITS * 2];
	struct device device;
	int64_t lease, timer, reform, quorum_last;
	uint64_t delivered;
	uint64_t seen_rev;
	bool heard;			/* the watchdog's daemon */
	int64_t asked;			/* the lease it is to keep; -1: the daemon said nothing yet */
	int64_t thawed;
	int64_t probed;			/* when the daemon knew what runs here */
	int64_t no_quorum;		/* since when its quorum says no; 0: it does not */
	enum core_phase seen_phase;
};

struct settings {
	int nodes;
	bool fence, device, watchdog, storage;
	int64_t duration;
	int lease;			/* of a watchdog, ms; clients change it */
	int loss;			/* on_loss of all units; -1: some freeze, some stop */
	bool verbose;
	bool rough;			/* slow nodes and disks, fast faults */
	bool wild;			/* a planner that wants anything anywhere */
	bool steady;			/* no operation may touch what runs */
	const char *only;		/* kinds of faults, letters */
};

struct committed { uint64_t sum, before; bool known; };	/* before: revision of the last wish */

struct sim {
	struct settings set;
	uint64_t seed, random;
	int64_t now;
	struct sim_event *heap;
	size_t events, room;
	uint64_t order, ids, steps, actions[CORE_ACT_EXIT + 1];
	struct node node[NODES];
	struct ring *rings[4096];
	size_t nr_rings;
	bool healing;
	struct committed chain[65536];
	uint64_t last_rev;
	struct core_db latest;		/* the newest committed state */
	uint64_t written, acked;	/* writes to r0 */
	int granted;			/* quorum device: node + 1 that has its vote, */
	int64_t lost_at;		/* -1: had it, and was lost at that time */
	uint64_t done, refused, unknown, takeovers, fences, resets, views, conflicts;
	struct { uint64_t id, base; } wish[256];	/* with a condition, by id */
	char broken[256];		/* the invariant that does not hold */
	char config[512];
};

#define FOR_NODES(sim, n) for ((n) = 0; (n) < (sim)->set.nodes; (n)++)

/* sim.c */
uint64_t sim_random(struct sim *sim, uint64_t below);
bool sim_chance(struct sim *sim, int percent);
struct sim_event *sim_add(struct sim *sim, int64_t delay, enum sim_kind kind, int node);
void sim_say(struct sim *sim, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sim_break(struct sim *sim, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sim_run(struct sim *sim);

/* ring.c: Totem and CPG */
void ring_send(struct sim *sim, int node, const void *data, size_t size);
void ring_change(struct sim *sim);		/* the network or a node has changed */
void ring_reform(struct sim *sim, int node);
void ring_joined(struct sim *sim, int node);
void ring_left(struct sim *sim, int node, uint32_t pid);
bool ring_next(struct sim *sim, int node, struct inbox *next);
void ring_item_put(struct item *item);
void ring_drop_inbox(struct sim *sim, int node);

/* quorum.c */
void quorum_changed(struct sim *sim, int node);
void quorum_event(struct sim *sim, const struct sim_event *event);
void quorum_vote(struct sim *sim);

/* node.c: daemon and machine */
void node_boot(struct sim *sim, int node);
void node_crash(struct sim *sim, int node, const char *why);
void daemon_start(struct sim *sim, int node);
void daemon_crash(struct sim *sim, int node);
void daemon_step(struct sim *sim, int node, struct core_event *event);
void daemon_event(struct sim *sim, const struct sim_event *event);
void daemon_thaw(struct sim *sim, int node);

/* service.c */
void service_op(struct sim *sim, int node, const struct core_action *action);
void service_ended(struct sim *sim, const struct sim_event *event);
void service_report(struct sim *sim, const struct sim_event *event);
void service_status(struct sim *sim, int node, int unit);
void service_gone(struct sim *sim, int node);
int service_unit(const char *name);

/* store.c */
void store_write(struct sim *sim, int node, const struct core_action *action);
void store_done(struct sim *sim, const struct sim_event *event);
void store_crash(struct sim *sim, int node);
struct core *store_load(struct sim *sim, int node, const struct core_params *params);

/* device.c */
void device_network(struct sim *sim);
void device_event(struct sim *sim, const struct sim_event *event);
void device_tell(struct sim *sim, int node);
void device_ask(struct sim *sim, const struct sim_event *event);
int device_promote(struct sim *sim, int node);
void device_demote(struct sim *sim, int node);
void device_answer(struct sim *sim, int node, const struct core_action *action);
void device_crash(struct sim *sim, int node);
void device_ready(struct sim *sim, int node);

/* planner.c */
extern const struct core_policy sim_policy, sim_wild_policy;
extern const char *const sim_losses[5];		/* as enum core_on_loss */
void planner_config(struct sim *sim, char *text, size_t size, uint32_t nodes);

/* faults.c */
void fault_next(struct sim *sim);
void fault_heal(struct sim *sim);
void client_ask(struct sim *sim);
void guard(struct sim *sim, int node, int64_t in, bool heard);

/* check.c */
void check_step(struct sim *sim, int node);
void check_active(struct sim *sim);
void check_end(struct sim *sim);
void check_loss(struct sim *sim, int node);
void check_undo(struct sim *sim, int node, int unit);
void check_reset(struct sim *sim, int node);
void check_begun(struct sim *sim, int node, const struct core_action *action);
void check_reply(struct sim *sim, const struct core_action *action);
void check_adopted(struct sim *sim, int node, uint64_t write);

#endif
