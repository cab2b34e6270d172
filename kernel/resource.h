/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A replicated device as one node sees it: name, role, disk, peers, and the
 * one lock under which its state changes.
 *
 * Lock order (Documentation/design/locking.rst):
 *   1. resource->conf_mutex	configuration and commands; may sleep
 *   2. disk->meta_mutex	metadata writes; may sleep
 *   3. resource->state_lock	states, gate, list of requests in flight
 *   4. leaf spinlocks: range, intent, marks, stream queue
 * 3 and 4 are taken with interrupts off.
 */
#ifndef HA_RESOURCE_H
#define HA_RESOURCE_H

#include <linux/bio.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <uapi/linux/ha.h>
#include "pace.h"
#include "peer.h"
#include "range.h"
#include "words.h"

struct gendisk;
struct ha_disk;
struct net;
struct netlink_ext_ack;

/* Why the gate is closed; bits of ha_resource.gate. */
#define HA_GATE_USER		(1u << 0)
#define HA_GATE_NO_DATA		(1u << 1)
#define HA_GATE_FENCING		(1u << 2)
#define HA_GATE_QUORUM		(1u << 3)
#define HA_GATE_HANDSHAKE	(1u << 8)	/* between snapshot and commit */
#define HA_GATE_MINT		(1u << 9)
#define HA_GATE_DEMOTE		(1u << 10)
#define HA_GATE_DISK		(1u << 11)	/* attach, detach, lost disk */
/* until a handshake says what a disk attached by a Primary is good for */
#define HA_GATE_ATTACH		(1u << 12)
#define HA_GATE_SHOWN		0xffu		/* those status shows */

/** struct ha_options - of a resource; set under conf_mutex, read anywhere */
struct ha_options {
	u32	on_io_error;
	u32	on_no_data;
	u32	fencing;
	u64	resync_rate;	/* bytes per second; 0: no cap */
	bool	trust_buffers;
};

/** struct ha_opener - who opened the device; kept until the count is 0 */
struct ha_opener {
	struct list_head node;
	pid_t	pid;
	char	comm[16];
	time64_t since;
	bool	write;
};

/**
 * struct ha_resource - one replicated device on this node
 * @ref: one for the namespace's list, one per open of the device, one per
 *	request in flight, one per peer, one per lookup
 * @net: the namespace; &init_net for an orphan, whose own namespace is gone
 * @orphan: can only be taken down
 * @conf_mutex: one command at a time; never held over a wait for a peer that
 *	is not bounded by a timeout
 * @state_lock: protects role, gate, disk, requests, the state fields of peers
 * @disk: the attached disk, or NULL; published complete
 * @disk_state: Diskless, or the state of @disk
 * @requests: writes and flushes decided and not yet completed
 * @parked: requests that wait for the gate, in order
 * @inflight: number of @requests
 * @pace: what resyncs may do beside the application's writes; state_lock
 * @last_write: when one was decided last, jiffies
 * @lone: a write has completed that a replica missed, so lone.c may be tried;
 *	a hint, taken back where it does not hold
 * @resyncing: a resync with some peer is under way, and not paused
 * @dead: no more bios: being removed
 * @failed: forced demotion: fails all I/O until the last close
 * @granted: the peer was told that it may become Primary, and has not said yet
 *	that it has; forgotten at @granted_until
 */
struct ha_resource {
	struct list_head	node;		/* in the namespace's list */
	struct kref		ref;
	struct net		*net;
	char			name[64];
	u32			node_id;
	u32			minor;
	struct ha_options	opt;
	struct mutex		conf_mutex;

	spinlock_t		state_lock;
	enum ha_role_word		role;
	enum ha_disk_word	disk_state;
	struct ha_disk		*disk;
	struct ha_peer		*peer[HA_SLOTS];
	u32			gate;
	u32			epoch;		/* counts lone periods */
	u32			minted_epoch;	/* the last one minted for */
	struct list_head	requests;
	struct hlist_head	request_hash[256];
	u64			next_id;
	unsigned int		inflight;
	struct list_head	parked;
	wait_queue_head_t	wait;		/* inflight 0, gate, state changes */
	struct ha_pace		pace;
	unsigned long		last_write;
	bool			lone;
	bool			resyncing;
	bool			dead;
	bool			orphan;
	bool			failed;
	bool			becoming_primary;
	unsigned long		granted_until;	/* jiffies; the peer may promote */
	bool			granted;
	bool			handed_over;	/* a peer has minted for our lost disk */
	u64			exposed_gen;	/* generation last served as Primary */
	bool			fresh_attach;	/* never source in the next handshake */

	struct ha_range_tree	ranges;
	struct gendisk		*gendisk;
	struct bio_set		bio_set;
	struct work_struct	resume_work;	/* parked bios, ha_wq_meta */
	struct work_struct	done_work;	/* slow completions, ha_wq_done */
	struct list_head	slow;		/* requests for done_work; state_lock */
	struct delayed_work	tick_work;	/* lazy clear, background flush; ha_wq_control */
	struct work_struct	disk_failed_work;
	struct work_struct	free_work;

	unsigned int		ticks;		/* tick_work only */
	unsigned long		disk_gate_until;	/* jiffies; tick opens HA_GATE_DISK */
	atomic_t		disks;		/* opened and not yet closed */

	spinlock_t		open_lock;
	struct list_head	openers;
	unsigned int		open_count;
	bool			open_blocked;	/* a demotion is under way */
	u64			size_sectors;	/* of the gendisk */
	char			disk_path[256];
	char			meta_path[256];
};

/**
 * ha_resource_create - a new resource of namespace @net, Secondary, Diskless;
 *	with a reference for the caller
 * ha_resource_find - by name in @net, with a reference, or NULL
 * ha_resource_down - disconnect, detach, remove; bounded
 * @force: also while the device is open: it becomes dead for its openers
 */
struct ha_resource *ha_resource_create(struct net *net, const char *name,
				       u32 node_id, u32 minor,
				       struct netlink_ext_ack *extack);
struct ha_resource *ha_resource_find(struct net *net, const char *name);
int ha_resource_down(struct ha_resource *res, bool force,
		     struct netlink_ext_ack *extack);

/** ha_peer_at - the peer in slot @i with a reference, or NULL; any process context */
struct ha_peer *ha_peer_at(struct ha_resource *res, unsigned int i);

/** ha_resource_next - for dumps: the @index-th of @net, with a reference, or NULL */
struct ha_resource *ha_resource_next(struct net *net, unsigned int index);

int ha_resources_init(void);
void ha_resources_exit(void);

void ha_resource_get(struct ha_resource *res);
void ha_resource_put(struct ha_resource *res);	/* any context */

/**
 * ha_event - tell netlink listeners of the whole state
 * @reason: what happened, in words, or NULL
 * Context: process; sleeps; no spinlock held.
 */
void ha_event(struct ha_resource *res, const char *reason);

#define ha_info(res, fmt, ...) \
	pr_info("%s: " fmt, (res)->name, ##__VA_ARGS__)
#define ha_warn(res, fmt, ...) \
	pr_warn("%s: " fmt, (res)->name, ##__VA_ARGS__)
#define ha_warn_ratelimited(res, fmt, ...) \
	pr_warn_ratelimited("%s: " fmt, (res)->name, ##__VA_ARGS__)

#endif
