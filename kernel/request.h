/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One application bio from submission to completion.
 *
 * Steps of a write, each of which may park it: range, intent, gate, decide and
 * submit, answers, (mint,) complete.  Documentation/design/request-life.rst.
 */
#ifndef HA_REQUEST_H
#define HA_REQUEST_H

#include "disk.h"
#include "resource.h"
#include "session.h"

enum ha_request_kind { HA_REQ_WRITE, HA_REQ_ZEROES, HA_REQ_FLUSH, HA_REQ_READ };

/** enum ha_part - one participant's answer */
enum ha_part {
	HA_PART_NONE = 0,	/* not asked */
	HA_PART_PENDING,
	HA_PART_DONE,
	HA_PART_FAILED,		/* it answered with an error */
	HA_PART_LOST,		/* its session ended first */
};

/**
 * struct ha_request - lives in the front pad of @clone
 * @bio: the application's
 * @disk: reference, from the intent step until the end; NULL when Diskless
 * @session: reference, when sent
 * @payload: private copy of the data; NULL for zeroes, flushes and with
 *	trust-buffers local reads
 * @pending: one per participant, one for the message in the stream's queue, one
 *	for the submitter; at zero ha_request_ended() runs
 * @local, @remote: answers; @remote changes under state_lock only
 * @missed: a slot did not take part: mint before completion
 * @not_sent: those slots
 * @local_flush, @remote_flush: numbers of ha_marks_flush_begin()
 * @began: when it was decided, ns
 * @queue: in res->parked or res->slow, or private to a work
 */
struct ha_request {
	struct ha_resource	*res;
	struct bio		*bio;
	struct ha_disk		*disk;
	struct ha_session	*session;
	struct ha_payload	*payload;
	enum ha_request_kind	kind;
	u64			id;
	u64			sector;
	u64			sectors;
	struct list_head	node;
	struct hlist_node	hash;
	struct list_head	queue;
	struct ha_range		range;
	struct ha_intent_wait	intent;
	bool			range_held;
	bool			intent_held;
	bool			listed;
	bool			missed;
	bool			remote_good;	/* sent to a disk that is UpToDate */
	bool			local_good;	/* decided while our disk was UpToDate */
	u32			not_sent;
	atomic_t		pending;
	u8			local;
	u8			remote;
	u8			retries;
	blk_status_t		local_status;
	u32			local_flush;
	u32			remote_flush;
	unsigned long		start;
	u64			began;
	struct work_struct	work;
	struct ha_msg		msg;
	struct bio		clone;
};

/* request.c: up to the submission */
void ha_request_submit(struct ha_resource *res, struct bio *bio);
void ha_request_resume_work(struct work_struct *work);
/** ha_request_submit_write - the ordinary way of a write, from its beginning */
void ha_request_submit_write(struct ha_resource *res, struct bio *bio);
/**
 * ha_request_alloc - a request for @bio, with a clone
 * @nr_vecs: room in the clone for a payload; 0 for a read or a write: it is of
 *	the pages of @bio
 */
struct ha_request *ha_request_alloc(struct ha_resource *res, struct bio *bio,
				    enum ha_request_kind kind, u32 nr_vecs);
/** ha_request_list - enter the list of requests in flight; state_lock held */
void ha_request_list(struct ha_request *req);
/** ha_request_step_gate - decide and submit, or park at the gate */
void ha_request_step_gate(struct ha_request *req);

/* request_end.c: from the answers on */
void ha_request_part_done(struct ha_request *req);	/* drops one @pending */
void ha_request_done_work(struct work_struct *work);
void ha_request_fail(struct ha_request *req, blk_status_t status);

/**
 * ha_request_acked - the peer answered; called by the data stream's receiver
 * Return: 0, or -ENOENT when there is no such request.
 */
int ha_request_acked(struct ha_session *s, u64 id, int status,
		     struct ha_payload *payload);

/** ha_requests_lost - a session ended: resolve all requests sent to it */
void ha_requests_lost(struct ha_resource *res, struct ha_session *s);

/** ha_requests_oldest - age of the oldest request sent to @s, as its start; 0: none */
unsigned long ha_requests_oldest(struct ha_resource *res, struct ha_session *s);

/* lone.c */

/**
 * ha_lone_submit - a write with data, by the short way if that is open now
 * Context: as submit_bio(): may sleep for a mempool only.
 * Return: false when nothing was done and it has to go the ordinary way.
 */
bool ha_lone_submit(struct ha_resource *res, struct bio *bio);

/* read.c */
void ha_read_submit(struct ha_resource *res, struct bio *bio);
void ha_read_start(struct ha_request *req);

/* local_io.c */
void ha_local_submit(struct ha_request *req);

/**
 * ha_zero_out - write zeroes, by discarding where @unmap and the disk can
 * @fua: they are on stable storage when it returns; sleeps
 */
int ha_zero_out(struct block_device *bdev, u64 sector, u64 sectors, bool unmap,
		bool fua);

/** ha_status_is_soft - an error that says nothing about the disk's health */
bool ha_status_is_soft(blk_status_t status);

/**
 * ha_request_mark_missed - set the bits of @req for a slot that does not have
 * it; state_lock held
 */
void ha_request_mark_missed(struct ha_request *req, u32 slot);

/** ha_peer_takes_writes - is a write to be sent to it? state_lock held */
bool ha_peer_takes_writes(const struct ha_peer *peer);

/** ha_absent_slots - peers to which no write is sent now, as a mask; state_lock held */
u32 ha_absent_slots(struct ha_resource *res);

/** ha_peer_good - connected, and its disk UpToDate; state_lock held */
bool ha_peer_good(const struct ha_peer *peer);

/** ha_good_peer - such a peer, or NULL; state_lock held */
struct ha_peer *ha_good_peer(struct ha_resource *res);

#endif
