/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resync of one session: bits are exchanged and united, chunks go from source
 * to target, and the end makes the target UpToDate.
 *
 * The driver picks the chunks and holds their range locks: the Primary, or
 * the source when no node is Primary.  A target that drives asks the source for
 * each range.
 */
#ifndef HA_RESYNC_H
#define HA_RESYNC_H

#include <linux/kref.h>
#include "digest.h"
#include "request.h"

/**
 * struct ha_resync - one resync
 * @ref: one for the session, one per chunk and per work queued
 * @lock: protects the fields below it; leaf, irqsave
 * @mine_done, @theirs_done: the two halves of the exchange of bits
 * @inflight: chunks not yet ended, in @chunks
 * @cursor: next bit to look at
 * @ending: RESYNC_END is out, on a target: is here; @answered: its answer is here
 * @hashing: one digests at a time: the peer can begin with the first while the
 *	next is worked on, instead of all at once at the end
 * @plain: source: regions in which the source itself has dirty bits that are
 *	not only suspect: sent without asking for digests; NULL: all
 * @started_bytes, @sample_time, @sample_left: figures for status, protected by
 *	res->state_lock (resync_progress.c)
 */
struct ha_resync {
	struct kref		ref;
	struct ha_session	*s;
	struct ha_disk		*disk;
	bool			source;
	bool			full;
	bool			digest;
	struct work_struct	start_work;
	struct delayed_work	drive_work;
	struct work_struct	end_work;
	unsigned long		*plain;
	struct mutex		hashing;
	u8			key[HA_DIGEST_KEY];

	spinlock_t		lock;
	bool			stopped;
	bool			mine_done;
	bool			theirs_done;
	bool			ending;
	bool			answered;
	bool			persisted;	/* drive_work only */
	unsigned int		inflight;
	struct list_head	chunks;
	u64			cursor;
	u64			next_id;
	unsigned long		yield_until;	/* the driver moves to the peer */
	u64			started_bytes;
	u64			moved;		/* for the rate cap */
	unsigned long		started;
	unsigned long		began;		/* the latest chunk; drive_work only */
	unsigned long		sample_time;
	u64			sample_left;
};

/**
 * struct ha_chunk - one range on its way; on the source, and on a driving target
 * @ref: one until it ends, one while its work runs, one per lookup
 * @token: of ha_bitmap_clear()
 * @waiting: for the peer's answer; only then ha_resync_stop() ends it
 * @to_ack: RESYNC_DATA messages not yet acknowledged
 */
struct ha_chunk {
	struct kref		ref;
	struct list_head	node;
	struct ha_resync	*r;
	u64			id;
	u64			sector;
	u64			sectors;
	u32			token;
	bool			locked;
	bool			waiting;
	bool			ended;
	u32			compared;	/* digests are out */
	unsigned int		to_ack;
	struct ha_range		range;
	struct ha_payload	*payload;
	struct work_struct	work;
};

/** ha_resync_start - after the commit of a verdict that names a source */
void ha_resync_start(struct ha_session *s);

/** ha_resync_stop - it is over, or the session has ended; lets go of the disk; sleeps */
void ha_resync_stop(struct ha_session *s);

/** ha_resync_kick - something changed (pause, state): look again; any context */
void ha_resync_kick(struct ha_session *s);
void ha_resync_kick_peer(struct ha_peer *peer);

/**
 * ha_resync_yield - the peer, our target, becomes Primary: stop driving
 * Waits until no chunk of ours is left, at most @timeout_ms.
 */
int ha_resync_yield(struct ha_session *s, u32 timeout_ms);

/** ha_resync_receive - a message of the resync stream; takes over @payload */
int ha_resync_receive(struct ha_session *s, const struct ha_head *h,
		      const void *body, struct ha_payload *payload,
		      const char **why);

/** ha_resync_moved - count bytes of data that went over the wire; any chunk's work */
void ha_resync_moved(struct ha_resync *r, u32 bytes);

/** ha_resync_progress - refresh the peer's figures for status; process context */
void ha_resync_progress(struct ha_peer *peer);

/** ha_resync_left - did the peer's disk go, and the session stay? */
bool ha_resync_left(const struct ha_session *s);

/**
 * ha_resync_knows_bits - does our own slot have all that our disk lacks?
 *
 * Not before the peer's bits are here; till then a target knows of no block that
 * it is good.  Caller holds state_lock.
 */
bool ha_resync_knows_bits(const struct ha_session *s);

/* Between the resync files. */
struct ha_resync *ha_resync_get(struct ha_session *s);
void ha_resync_put(struct ha_resync *r);
u32 ha_resync_slot(const struct ha_resync *r);	/* whose bits drive it */
void ha_resync_drive(struct ha_resync *r, unsigned long delay);
bool ha_resync_drives(const struct ha_resync *r);
void ha_resync_exchange(struct ha_resync *r);
int ha_resync_persist(struct ha_resync *r);
int ha_resync_bits(struct ha_resync *r, const struct ha_wire_bitmap *w,
		   struct ha_payload *payload, const char **why);
int ha_resync_io(struct ha_resync *r, u64 sector, struct ha_payload *p,
		 blk_opf_t opf);
void ha_resync_send(struct ha_resync *r, u16 type, const void *body, u16 len,
		    struct ha_payload *payload);

/* resync_chunk.c */
bool ha_resync_range_ok(const struct ha_resync *r,
			const struct ha_wire_resync *w);
void ha_chunk_start(struct ha_resync *r, u64 sector, u64 sectors);
void ha_chunk_answered(struct ha_resync *r, u64 id, int status);
int ha_chunk_digests(struct ha_resync *r, const struct ha_wire_resync *w,
		     struct ha_payload *payload, const char **why);
int ha_chunk_requested(struct ha_resync *r, const struct ha_wire_resync *w,
		       const char **why);
struct ha_chunk *ha_chunk_find(struct ha_resync *r, u64 id);
void ha_chunk_end(struct ha_chunk *c, bool clear);
void ha_chunk_put(struct ha_chunk *c);
void ha_chunks_abort(struct ha_resync *r);
void ha_resync_digests(struct ha_resync *r, const struct ha_payload *p, u8 *out);

/* resync_target.c */
int ha_target_data(struct ha_resync *r, const struct ha_wire_resync *w,
		   struct ha_payload *payload, const char **why);
int ha_target_digest(struct ha_resync *r, const struct ha_wire_resync *w,
		     struct ha_payload *payload, const char **why);

/* resync_end.c */
void ha_resync_end_work(struct work_struct *work);
int ha_resync_end_received(struct ha_resync *r,
			   const struct ha_wire_resync_end *w,
			   const char **why);
int ha_resync_end_answered(struct ha_resync *r,
			   const struct ha_wire_resync_end *w,
			   const char **why);

#endif
