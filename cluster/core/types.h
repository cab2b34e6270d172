/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core is made of, for its own files. Each file below changes the part
 * that bears its name; the others read it.
 *
 *	core.c     create, step, copy        view.c     rings, HELLO; messages
 *	sync.c     SYNC, snapshot, READY     disk.c     what is on the disk, as bytes
 *	log.c      entries and the disk      rules.c    [pure] may this be done?
 *	work.c     tick, plan, orders        local.c    operations on this node
 *	proof.c    fencing, leases           ask.c      the kernel module's questions
 *	request.c  what clients want         emit.c     actions and messages
 */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#include "codec.h"
#include "core.h"

#define NEVER INT64_MAX

enum core_phase {
	PHASE_PENDING,	/* CPG and quorum do not tell of the same ring */
	PHASE_HELLO,	/* they do; no session */
	PHASE_SYNC,	/* a session whose members do not yet have one state */
	PHASE_READY,	/* they have, durably; nothing may be changed yet */
	PHASE_ACTIVE,	/* the view record is committed: this view is the writer */
};

/** struct core_peer - the last HELLO of a node in this ring */
struct core_peer {
	bool hello;		/* delivered, and in no session yet */
	struct core_hello h;	/* of the session too, for its members */
	uint32_t part;		/* next part of a long message */
	struct core_writer parts;
};

struct core_session {
	struct core_sid sid;
	uint32_t members, ready, winner, goodbye;
	uint64_t term;
	bool quorate;
	int64_t since;		/* of the phase; for patience */
};

/** struct core_pending - the one entry that waits for acknowledgements */
struct core_pending {
	bool on, written;	/* written: durable here */
	uint32_t from, acks;
	uint64_t id;
	enum core_entry_kind kind;
	char key[CORE_KEY];
	int64_t since;
};

/** struct core_disk - what is being written; .next is durable when .entry is 0 */
struct core_disk {
	uint64_t meta, part, promise, conflict, adopt, entry, repair;	/* ids; 0: none */
	bool bad;
	int64_t retry;
	uint32_t entries;	/* since the last snapshot */
	uint64_t promised, known;	/* durable promise; term of a view seen committed */
	uint64_t promising;
};

struct core_wish {
	uint64_t id, base, proposal;
	enum core_request_kind kind;
	uint32_t node;
	char key[CORE_KEY];
	struct core_blob *value;
	struct core_position at;	/* where its entry is, once delivered */
	int64_t deadline;
};

struct core_ask {
	char device[CORE_NAME];
	uint32_t peer;
	uint64_t uuid, proposal;
	bool include;		/* not a question: the peer is in sync again */
};

struct core_fencing {
	uint64_t id, boot;
	uint32_t tries;
	int64_t next;
};

struct core {
	struct core_params params;
	struct core_db db, next;	/* .next: with the pending entry */
	bool has_next;
	struct core_shape shape;
	struct core_blob *shape_of;	/* the configuration it is of */
	struct core_disk disk;
	/* the world */
	struct core_member members[CORE_NODES];
	size_t count;
	struct core_ring ring, quorum_ring;
	uint32_t ring_nodes, quorum_nodes;
	bool quorum_yes, have_ring, have_quorum;
	int64_t changed;	/* when a node may last have been in a view with us */
	int64_t away[CORE_NODES];	/* since when a node has not been a member */
	int64_t lost;		/* since when there is no quorum; NEVER: there is */
	uint64_t continuous;	/* term of the view since which it never failed, */
	uint32_t rings;		/* and how many rings have formed since then */
	/* the view */
	enum core_phase phase;
	bool hello_sent, sync_sent, leave_session;
	uint64_t hello_seq;	/* of the last HELLO that was sent */
	struct core_peer peer[CORE_NODES];
	struct core_session session;
	struct core_pending pending;
	struct core_entry pending_entry;
	uint64_t proposing;	/* id of the own proposal that is under way */
	/* what nodes do */
	struct core_table table, mine;
	bool probed, leaving, parted, goodbye_said, left, suicide;
	int64_t leave_by, local_next;
	/* the coordinator's */
	bool dirty;
	uint64_t tick;		/* id of the tick under way; 0: none */
	int64_t plan_again;
	uint32_t blocked, fence_wanted;	/* masks: nodes that a plan waits for */
	uint64_t plan_id, plan_sum;
	/* proofs, leases, questions, clients */
	struct core_proof proof[CORE_NODES];
	struct core_fencing fencing[CORE_NODES];
	int64_t lease_until, ping_next;
	int64_t guarded;		/* leases of so many ms reach a watchdog; 0: none */
	struct core_ask *asks;
	struct core_wish *wishes;
	uint32_t nr_asks, nr_wishes;
	uint64_t forced;	/* id of the request to go on without the others */
	uint64_t counter;
	int64_t timer;
};

#define ME(core) ((core)->params.node)
#define MY_BIT(core) NODE_BIT((core)->params.node)

/* The sooner of two times, of those that are still to come. */
static inline int64_t core_sooner(int64_t at, int64_t other, int64_t now)
{
	return other > now && other < at ? other : at;
}

/* emit.c */
struct core_action *core_act(struct core_actions *out, enum core_action_kind kind);
void core_log(struct core_actions *out, int level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void core_send(struct core *core, struct core_actions *out, struct core_msg *msg);
uint64_t core_new_id(struct core *core);
void core_reply(struct core_actions *out, uint64_t id, int code, const char *text);

/* view.c */
void core_view_cpg(struct core *core, const struct core_event *event, int64_t now);
void core_view_ring(struct core *core, const struct core_event *event, int64_t now);
void core_view_quorum(struct core *core, const struct core_event *event, int64_t now);
void core_view_message(struct core *core, const struct core_event *event, int64_t now,
		       struct core_actions *out);
void core_view_try(struct core *core, int64_t now, struct core_actions *out);
int64_t core_view_deadline(const struct core *core, int64_t now);
uint32_t core_view_nodes(const struct core *core);

/* sync.c */
void core_sync_hello(struct core *core, struct core_msg *msg, uint32_t from, int64_t now);
void core_sync_begin(struct core *core, const struct core_msg *msg, uint32_t from,
		     int64_t now, struct core_actions *out);
void core_sync_snapshot(struct core *core, struct core_msg *msg, uint32_t from,
			struct core_actions *out);
void core_sync_ready(struct core *core, const struct core_msg *msg, uint32_t from,
		     int64_t now, struct core_actions *out);
void core_sync_send_ready(struct core *core, struct core_actions *out);

/* log.c */
bool core_log_propose(struct core *core, struct core_entry *entry, uint64_t base,
		      struct core_actions *out);
void core_log_delivered(struct core *core, struct core_msg *msg, uint32_t from,
			int64_t now, struct core_actions *out);
void core_log_ack(struct core *core, const struct core_msg *msg, uint32_t from,
		  struct core_actions *out);
struct core_entry *core_log_new(const struct core *core, enum core_entry_kind kind);
void core_log_session_over(struct core *core);
bool core_log_idle(const struct core *core);
void core_log_promise(struct core *core, struct core_actions *out);
void core_log_part(struct core *core, struct core_actions *out);
void core_log_adopt(struct core *core, struct core_actions *out);
void core_log_keep_conflict(struct core *core, struct core_actions *out);
void core_log_disk(struct core *core, uint64_t id, bool ok, int64_t now,
		   struct core_actions *out);
void core_log_repair(struct core *core, int64_t now, struct core_actions *out);
void core_log_reshape(struct core *core);
void core_disk_write(struct core *core, struct core_actions *out, uint64_t *id,
		     enum core_write write, const struct core_db *db,
		     const struct core_entry *entry);
bool core_disk_load(struct core *core, struct core_bytes snapshot,
		    const struct core_bytes *entries, size_t count, const char **why);

/* work.c */
void core_work_try(struct core *core, int64_t now, struct core_actions *out);
void core_work_tick(struct core *core, const struct core_msg *msg, uint32_t from,
		    struct core_actions *out);
void core_work_plan(struct core *core, const struct core_msg *msg, uint32_t from,
		    int64_t now, struct core_actions *out);
/* plan.c: a plan over what has been delivered; the same on all members */
uint64_t core_plan_make(const struct core *core, int64_t now, struct core_plan *plan);

/* local.c */
void core_local_status(struct core *core, const struct core_row *row,
		       struct core_actions *out);
void core_local_device(struct core *core, const struct core_device *device,
		       struct core_actions *out);
void core_local_order(struct core *core, const struct core_torder *order, int64_t now,
		      struct core_actions *out);
void core_local_ended(struct core *core, uint64_t id, int code, int64_t now,
		      struct core_actions *out);
void core_local_try(struct core *core, int64_t now, struct core_actions *out);
int64_t core_local_deadline(const struct core *core, int64_t now);
bool core_local_active(const struct core *core);

/* proof.c */
void core_proof_fenced(struct core *core, uint64_t id, bool ok, const char *text,
		       int64_t now, struct core_actions *out);
void core_proof_ping(struct core *core, const struct core_msg *msg, uint32_t from,
		     struct core_actions *out);
void core_proof_try(struct core *core, int64_t now, struct core_actions *out);
int64_t core_proof_deadline(const struct core *core, int64_t now);
void core_proof_promise(struct core *core);
void core_proof_disarm(struct core *core, struct core_actions *out);
int64_t core_proof_arm(struct core *core, int64_t now, struct core_actions *out);

/* ask.c */
void core_ask_event(struct core *core, const struct core_device *device);
void core_ask_committed(struct core *core, const struct core_entry *entry,
			struct core_actions *out);
void core_ask_try(struct core *core, struct core_actions *out);
void core_ask_session_over(struct core *core);

/* request.c */
void core_request(struct core *core, const struct core_event *event, int64_t now,
		  struct core_actions *out);
void core_request_delivered(struct core *core, uint64_t id, bool accepted,
			    struct core_actions *out);
void core_request_committed(struct core *core, uint64_t id, struct core_actions *out);
void core_request_session_over(struct core *core);
void core_request_try(struct core *core, int64_t now, struct core_actions *out);
int64_t core_request_deadline(const struct core *core, int64_t now);

#endif
