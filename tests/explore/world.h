/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world: two nodes that run the module's own code in memory of their own,
 * two disks with volatile caches, and what is under way between the nodes.  All
 * of it is one block of memory without a pointer to the outside, so a state is
 * what differs in it from the first one.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include <setjmp.h>
#include "../../kernel/resync.h"
#include "../../kernel/connection.h"
#include "../../kernel/attach.h"
#include "../../kernel/gate.h"
#include "../../kernel/handshake.h"

#define BLOCKS		3	/* at most */
#define ROTTEN		14u	/* no value of a write */
#define HEAP		(160u << 10)
#define OUTSIDE		(32u << 10)	/* larger pieces are no part of the state */
#define ALLOCS		96
#define WORKS		24
#define PENDING		8
#define QUEUE		8
#define BODY		736u	/* the longest message that is queued */

/* Where a node is in its handshake. */
enum phase { P_NONE, P_COMPARED, P_COMMITTED, P_UP };

/*
 * What a disk holds.  @now is read back; after a power loss it may be any
 * value in the set @left (bit per value); a flush leaves one.
 */
struct cell { u8 now; u16 left; };

struct media {
	struct cell data[BLOCKS];
	struct cell bits[2];		/* bitmap block of each slot */
	struct cell intent;
	struct ha_super super;		/* always written through */
};

struct node {
	bool up;
	u8 phase;
	u8 nworks, npending, nallocs;
	struct ha_resource res;
	struct ha_peer peer;
	struct block_device data, meta;
	struct work_struct *work[WORKS];
	struct bio *pending[PENDING];
	struct { u32 at, size; } alloc[ALLOCS];
	u8 heap[HEAP] __attribute__((aligned(64)));
};

struct message {
	u16 type, len;
	u32 payload;
	u8 body[BODY];
	u8 data[BLOCKS][PAGE_BYTES];
};

/* What is under way to node @to on stream @s: queue[to][s]. */
struct net {
	bool up;
	u8 count[2][HA_STREAM_MORE];
	struct message queue[2][HA_STREAM_MORE][QUEUE];
};

/* What outsiders know: what was promised to the application, by whom. */
struct oracle {
	u16 allowed[BLOCKS];	/* values a reader may find, bit per value */
	u16 possible[BLOCKS];	/* the same after two failures */
	u8 completed[BLOCKS];	/* latest completed write */
	u8 flushing[2][BLOCKS];	/* of the application's flush under way */
	u16 has[2];		/* completed writes the lineage of a node contains */
	u8 holders;		/* nodes that hold all that was completed */
	u8 failures;		/* nodes that broke down since all was well */
	u8 lost;		/* of these, whose caches lost something */
	u8 primaries;		/* of these, who were Primary then; strict=2 */
	u16 excused;		/* in flight when the last holder broke down */
	u8 targets;		/* nodes that a resync overwrites */
	u8 verdict;
	u16 struck;		/* of a walk: events in the middle of a step */
	u8 writes, faults, cuts, promotions, flushes, extras;
	u16 flying[2][BLOCKS];	/* values of writes in flight */
	u8 writing[2];
	bool in_flush[2];
};

struct world {
	struct node node[2];
	struct media media[2];
	struct net net;
	struct oracle o;
};

extern struct world w;
extern int cur;			/* the node that runs now */

/* What is explored, from the command line. */
struct config {
	int writes, faults, cuts, promotions, flushes, blocks, regions, fence;
	int power, demote, maintain, start, detach, errors, force, inject, extras, invalidate;
	int no_drain, hasty, strict, flight, plain, walks, seed;
	u64 max_states;
};
extern struct config conf;

/* machine.c */
struct frame { jmp_buf jump; int node; };
bool run_on(int node, void (*fn)(void *arg), void *arg);
void yield(void);
void machine_settle(void);
void machine_go_on(void);
bool crash(int node, unsigned int choice);
void violation(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern char broken[200];
enum { INJECT_NONE, INJECT_CRASH, INJECT_CUT, INJECT_OTHER };
extern struct injection { int at, kind; unsigned int choice, seen; bool invalid; }
	inject;
void machine_init(void);
struct ha_disk *disk_of(int node);
struct ha_session *session_of(int node);

/* meanwhile.c: another thread of a node in the middle of a command */
#define PLACES 12u
void meanwhile(void);
void meanwhile_reset(int node);
void meanwhile_begin(int node, unsigned int meet, unsigned int commit);
bool meanwhile_end(void);

/* disk.c */
bool disk_power_loss(struct media *m, unsigned int choice);
unsigned int disk_outcomes(const struct media *m);
bool disk_complete(int node, unsigned int i);
bool disk_complete_flush(int node);
bool disk_fail(int node, unsigned int choice);
void cell_write(struct cell *c, unsigned int value);
void cell_flush(struct cell *c);
void media_init(void);

/* net.c */
void net_cut(void);
bool net_deliver(int to, int stream);
struct ha_session *net_session(int node, u64 id);

/* steps.c: functions of the module that are private to their files */
int step_quiesce(struct ha_session *s);
int step_carry_out(struct ha_session *s);
void step_connected(struct ha_session *s);
void step_clear_intents(struct ha_resource *res, struct ha_disk *d);
void step_flush_replicas(struct ha_resource *res, struct ha_disk *d);
void step_look_after(struct ha_peer *peer);

/* canon.c */
void canonical(void);

/* oracle.c */
/* Of the request that ended last: which replicas missed it? */
extern bool last_missed, last_without_disk;
void oracle_started(int node, unsigned int block, unsigned int value);
void oracle_forget(int node);
void oracle_completed(int node, struct bio *bio);
void oracle_failed(int node, bool power, bool lost);
void oracle_disk_failed(int node, bool lost);
void oracle_compared(const struct ha_verdict v[2]);
void oracle_committed(int node, enum ha_verdict_code code);
void oracle_promoted(int node, bool alone);
bool oracle_holds(int node);
void oracle_check(void);
bool oracle_in_sync(void);
const char *oracle_end(void);	/* NULL: a good end, else why not */

/* meet.c: events of the connection */
int ev_lost(int n, int arg);
int ev_commit(int n, int arg);
int ev_up(int n, int arg);
int ev_connect(int n, int arg);

/* events_disk.c */
int ev_detach(int n, int arg);
int ev_fail(int n, int choice);
int ev_invalidate(int n, int arg);
int ev_invalidate_meet(int n, int arg);

/* events.c */
struct event { u8 type, node, arg, at, kind, choice; };
enum { EV_ERROR = -1, EV_NOTHING, EV_DONE };
int event_run(struct event e);
void event_words(struct event e, char *text, size_t size);
extern const int events_progress;	/* types below that settle without faults */
extern const unsigned int events_count;
bool event_is_fault(u8 type);
bool event_is_left_out(u8 type);
bool event_may_idle(u8 type);
unsigned int event_args(struct event e);

#endif
