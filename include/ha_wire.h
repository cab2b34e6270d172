/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages between two nodes: little-endian, fixed width; the one definition
 * used by the kernel, by the tests and by the fuzzer.  Documentation/protocol.rst
 * says who sends which when.
 *
 * A message is a header (32 bytes), a body of fixed layout for its type, and a
 * payload of @payload bytes.  crc32c covers all three.
 */
#ifndef HA_WIRE_H
#define HA_WIRE_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#else
#include <assert.h>
#endif
#include <linux/types.h>

#define HA_WIRE_MAGIC		0x31574168u	/* "hAW1" */
#define HA_WIRE_VERSION		1u
#define HA_WIRE_HEAD		32u
#define HA_WIRE_MAX_BODY	1536u		/* longest body (the snapshot) */
#define HA_WIRE_MAX_PAYLOAD	(1u << 20)	/* longest payload */
#define HA_WIRE_NAME		64u		/* bytes of a name, zero-padded */
#define HA_WIRE_NONCE		32u
#define HA_WIRE_MAC		32u

/* Streams of a session; those from HA_STREAM_MORE on carry what the data stream does. */
enum ha_stream_id {
	HA_STREAM_CONTROL	= 0,	/* handshake, state, ping */
	HA_STREAM_DATA		= 1,	/* application I/O */
	HA_STREAM_RESYNC	= 2,	/* resync, so that it never delays the above */
	HA_STREAM_MORE		= 3,
	HA_STREAM_MAX		= 10,
};

#define HA_DATA_STREAMS_MAX	(HA_STREAM_MAX - HA_STREAM_MORE + 1u)

enum ha_msg_type {
	HA_MSG_HELLO		= 1,
	HA_MSG_AUTH		= 2,
	HA_MSG_REFUSED		= 3,	/* text: why; the sender hangs up */
	HA_MSG_READY		= 4,	/* earlier sessions have drained here */
	HA_MSG_SNAPSHOT		= 5,
	HA_MSG_VERDICT		= 6,
	HA_MSG_COMMIT		= 7,	/* new session id is durable here */
	HA_MSG_PING		= 8,
	HA_MSG_PONG		= 9,
	HA_MSG_STATE		= 10,
	HA_MSG_BYE		= 11,	/* leaves on purpose */
	HA_MSG_PROMOTE		= 12,	/* may I become Primary? */
	HA_MSG_PROMOTE_ANSWER	= 13,
	HA_MSG_SKIP_SYNC	= 14,	/* both just created: declared equal */
	HA_MSG_SKIP_SYNC_ANSWER	= 15,
	HA_MSG_RESYNC_CONTROL	= 16,	/* pause, resume, invalidate */

	HA_MSG_WRITE		= 32,
	HA_MSG_FLUSH		= 33,
	HA_MSG_READ		= 34,
	HA_MSG_ACK		= 35,	/* of WRITE, FLUSH */
	HA_MSG_READ_DATA	= 36,	/* of READ */

	HA_MSG_BITMAP		= 48,
	HA_MSG_BITMAP_END	= 49,
	HA_MSG_RESYNC_REQUEST	= 50,
	HA_MSG_RESYNC_DATA	= 51,
	HA_MSG_RESYNC_ACK	= 52,
	HA_MSG_DIGEST		= 53,
	HA_MSG_DIGEST_ANSWER	= 54,
	HA_MSG_RESYNC_END	= 55,
	HA_MSG_RESYNC_END_ANSWER = 56,

	HA_MSG_LOSE_SLOT	= 64,
	HA_MSG_LOSE_SLOT_ANSWER	= 65,
	HA_MSG_MINT		= 66,	/* reserved */
	HA_MSG_PEER_ACK		= 67,	/* reserved */
	HA_MSG_RANGE_LOCK	= 68,	/* reserved */
	HA_MSG_WITNESS		= 69,	/* reserved */
	HA_MSG_FINISH		= 70,	/* reserved */
	HA_MSG_NR		= 71,
};

/**
 * struct ha_wire_head - start of every message
 * @magic: HA_WIRE_MAGIC
 * @type: enum ha_msg_type
 * @flags: of HA_WIRE_FLAGS, else the message is refused
 * @body: bytes of body behind this header
 * @spare: zero
 * @payload: bytes of payload behind the body
 * @tag: low 32 bits of the session id; 0 during the handshake
 * @sequence: counts the messages of this stream and direction, from 0
 * @crc: crc32c (seed ~0, no final inversion) over payload, then header with
 *	this field zero, then body
 */
struct ha_wire_head {
	__le32	magic;
	__le16	type;
	__le16	flags;
	__le64	sequence;
	__le16	body;
	__le16	spare;
	__le32	payload;
	__le32	tag;
	__le32	crc;
};
static_assert(sizeof(struct ha_wire_head) == HA_WIRE_HEAD);

#define HA_WIRE_FLAGS		0u		/* none is defined yet */

/* Features, a bit each; a session has the intersection of both sides'. */
#define HA_FEATURE_DIGEST	(1ull << 0)
#define HA_FEATURE_ZERO_RESYNC	(1ull << 1)
#define HA_FEATURES		(HA_FEATURE_DIGEST | HA_FEATURE_ZERO_RESYNC)

/**
 * struct ha_wire_hello - first message of each side on each stream
 * @version_min, @version_max: protocol versions spoken
 * @node_id, @peer_id: sender's slot, and the slot it takes the receiver for
 * @stream: enum ha_stream_id
 * @data_streams: data streams wanted, HA_STREAM_DATA included; what both want is
 *	opened; 0 counts as 1
 * @auth: 1 when the sender wants authentication, 0 for "auth none"
 * @features: HA_FEATURE_*
 * @window_bytes, @window_messages: payload bytes and messages the sender takes
 *	in without having acknowledged them
 * @max_payload: longest payload it takes
 * @session: 0 on the control stream; on the others the id drawn there
 * @name: resource
 * @nonce: random, new for each connection
 */
struct ha_wire_hello {
	__le32	version_min;
	__le32	version_max;
	__u8	node_id;
	__u8	peer_id;
	__u8	stream;
	__u8	auth;
	__le32	max_payload;
	__le64	features;
	__le32	window_bytes;
	__le16	window_messages;
	__u8	data_streams;
	__u8	spare;
	__le64	session;
	__u8	name[HA_WIRE_NAME];
	__u8	nonce[HA_WIRE_NONCE];
};
static_assert(sizeof(struct ha_wire_hello) == 136);

/**
 * struct ha_wire_auth - proof that the sender knows the shared secret
 * @session: id of the session to be, on every stream; 0 from the acceptor
 * @mac: HMAC-SHA256 over "ha-auth" (8 bytes with its zero), the sender's node id
 *	and the stream (4 bytes each), @session (8), the sender's and the
 *	receiver's nonce and the zero-padded name; zero with "auth none".  The
 *	initiator proves itself first.
 */
struct ha_wire_auth {
	__le64	session;
	__u8	mac[HA_WIRE_MAC];
};
static_assert(sizeof(struct ha_wire_auth) == 40);

/** struct ha_wire_text - a reason for people, zero-terminated */
struct ha_wire_text {
	__le32	code;		/* positive errno */
	__u8	text[124];
};
static_assert(sizeof(struct ha_wire_text) == 128);

/**
 * struct ha_wire_ready - READY: no write of an earlier session runs here any more
 * @instance: of the sender's disk; 0 when Diskless.  The receiver turns its
 *	marks into bits before its snapshot unless it remembers this very one.
 */
struct ha_wire_ready {
	__le64	instance;
};

/**
 * struct ha_wire_snapshot - what ha_verdict() needs of one side
 *
 * Immutable once sent: a change of an identity field in between ends the
 * session.  Bit counts are information.
 */
struct ha_wire_snapshot {
	__le64	current_gen;
	__le64	base[8];		/* per slot; 0 is none */
	__le64	history[32];		/* newest first, 0 ends it */
	__le32	history_node[32];	/* who minted the successor */
	__le64	history_time[32];
	__u8	resource_uuid[16];
	__u8	device_uuid[16];
	__le64	data_sectors;		/* of this disk; 0 when Diskless */
	__le64	device_sectors;		/* largest data this disk could hold */
	__le64	out_of_sync;		/* bits set for the receiver's or own slot */
	__le64	written;
	__le64	instance;		/* own disk instance */
	__le64	peer_instance;		/* the receiver's that I remember, or 0 */
	__le64	session;		/* last session id with the receiver */
	__le64	previous_session;
	__le64	nonce;
	__le32	flags;			/* HA_SNAP_* */
	__le32	disk_state;		/* enum ha_disk_state */
	__le32	role;			/* enum ha_role */
	__le32	bit_shift;
	__le32	region_shift;
	__le32	logical_block;
	__le32	after_sb;		/* policies, 8 bits each: 0pri, 1pri, 2pri */
	__le32	spare;
};
static_assert(sizeof(struct ha_wire_snapshot) <= HA_WIRE_MAX_BODY);

#define HA_SNAP_PRIMARY		(1u << 0)
#define HA_SNAP_CRASHED		(1u << 1)	/* crashed primary */
#define HA_SNAP_ALONE		(1u << 2)	/* was promoted without the receiver */
#define HA_SNAP_FORCED		(1u << 3)
#define HA_SNAP_DOUBTFUL	(1u << 4)
#define HA_SNAP_BITS		(1u << 5)	/* bits set for either side */
/* attached while Primary, or under an UpToDate peer: never source */
#define HA_SNAP_FRESH_ATTACH	(1u << 6)
#define HA_SNAP_DISCARD		(1u << 7)	/* connect --discard-my-data */
#define HA_SNAP_ONLY_NEWER	(1u << 8)	/* no other slot can be newer */
#define HA_SNAP_BEGUN		(1u << 9)	/* both had committed the last session */
#define HA_SNAP_KEPT		(1u << 10)	/* peer_instance was kept by the disk */

/** struct ha_wire_verdict - what the sender computed; mirrors are compared */
struct ha_wire_verdict {
	__le32	verdict;		/* enum ha_verdict_code */
	__le32	row;			/* enum ha_verdict_row */
	__le64	nonce;			/* of the receiver's snapshot */
};
static_assert(sizeof(struct ha_wire_verdict) == 16);

/** struct ha_wire_commit - the session's id is on the sender's disk */
struct ha_wire_commit {
	__le64	session;
};

/** struct ha_wire_ping - PING and PONG */
struct ha_wire_ping {
	__le64	cookie;
};

/** struct ha_wire_state - sender's state, sent at each change */
struct ha_wire_state {
	__le32	role;
	__le32	disk_state;
	__le32	repl_state;
	__le32	flags;			/* HA_STATE_* */
	__le64	current_gen;
	__le64	data_sectors;
};
#define HA_STATE_PAUSED		(1u << 0)	/* sender's user paused resync */
#define HA_STATE_SUSPENDED	(1u << 1)
static_assert(sizeof(struct ha_wire_state) == 32);

/** struct ha_wire_question - PROMOTE, SKIP_SYNC */
struct ha_wire_question {
	__le64	id;
	__le64	generation;		/* SKIP_SYNC: the new current */
	__u8	uuid[16];		/* SKIP_SYNC: the resource's */
};
static_assert(sizeof(struct ha_wire_question) == 32);

/** struct ha_wire_answer - PROMOTE_ANSWER, SKIP_SYNC_ANSWER, LOSE_SLOT_ANSWER */
struct ha_wire_answer {
	__le64	id;
	__le64	generation;		/* LOSE_SLOT_ANSWER: the one minted */
	__le32	code;			/* 0 yes, else errno */
	__u8	text[108];
};
static_assert(sizeof(struct ha_wire_answer) == 128);

/** struct ha_wire_control - RESYNC_CONTROL */
struct ha_wire_control {
	__le32	what;			/* enum ha_resync_control */
	__le32	spare;
};
enum ha_resync_control {
	HA_RC_INVALIDATE_PEER	= 1,	/* sender's disk is to be overwritten */
	HA_RC_INVALIDATE_YOU	= 2,	/* receiver's disk is to be overwritten */
};

/**
 * struct ha_wire_io - WRITE, FLUSH, READ
 * @id: opaque to the receiver, repeated in the answer
 * @sector, @length: 512-byte sectors, bytes
 * @op: HA_OP_*
 * @position: stream position of the origin node
 * @generation: low 32 bits of the sender's current
 * @not_sent: slots that will not get this write
 */
struct ha_wire_io {
	__le64	id;
	__le64	sector;
	__le32	length;
	__le32	op;
	__le64	position;
	__le32	generation;
	__le32	not_sent;
};
static_assert(sizeof(struct ha_wire_io) == 40);

#define HA_OP_FUA		(1u << 0)
#define HA_OP_PREFLUSH		(1u << 1)
#define HA_OP_SYNC		(1u << 2)
#define HA_OP_META		(1u << 3)
#define HA_OP_ZEROES		(1u << 4)	/* write zeroes, no payload */
#define HA_OP_UNMAP		(1u << 5)	/* ... and may unmap */

/** struct ha_wire_ack - ACK, READ_DATA, RESYNC_ACK */
struct ha_wire_ack {
	__le64	id;
	__le32	status;			/* 0, or errno */
	__le32	spare;
};
static_assert(sizeof(struct ha_wire_ack) == 16);

/**
 * struct ha_wire_bitmap - BITMAP: a run of bits of the sender
 * @first: first bit, a multiple of 64; @bits: count; the payload holds them,
 *	little-endian u64s
 * A block of the sender's own slot and of its slot for the receiver are sent
 * united: both mean "the replicas may differ here".
 */
struct ha_wire_bitmap {
	__le64	first;
	__le32	bits;
	__le32	suspect;		/* 1: all bits of this run may only be suspect */
};
static_assert(sizeof(struct ha_wire_bitmap) == 16);

/** struct ha_wire_bitmap_end - all BITMAP messages are sent */
struct ha_wire_bitmap_end {
	__le64	bits_set;		/* of the sender; must agree with what came */
};

/**
 * struct ha_wire_resync - RESYNC_REQUEST, RESYNC_DATA, DIGEST, DIGEST_ANSWER
 * @id: drawn by the node that holds the range lock, repeated in all answers
 * @flags: HA_RS_*
 */
struct ha_wire_resync {
	__le64	id;
	__le64	sector;
	__le32	length;
	__le32	flags;
};
static_assert(sizeof(struct ha_wire_resync) == 24);

#define HA_RS_ZERO		(1u << 0)	/* DATA: all zero, no payload */
#define HA_RS_ERROR		(1u << 1)	/* the source could not read it */
#define HA_RS_LAST		(1u << 2)	/* DATA: no more for this id */

/**
 * struct ha_wire_resync_end - RESYNC_END, RESYNC_END_ANSWER
 * @generation: the source's current; the target takes it over
 */
struct ha_wire_resync_end {
	__le64	generation;
	__u8	resource_uuid[16];
	__le64	base[8];
	__le64	history[32];
	__le32	history_node[32];
	__le64	history_time[32];
	__le32	code;
	__le32	spare;
};
static_assert(sizeof(struct ha_wire_resync_end) <= HA_WIRE_MAX_BODY);

/** struct ha_wire_lose_slot - LOSE_SLOT: the payload is @ranges x {u64 sector, u64 sectors} */
struct ha_wire_lose_slot {
	__le64	id;
	__le32	slot;
	__le32	ranges;
};
static_assert(sizeof(struct ha_wire_lose_slot) == 16);

#endif
