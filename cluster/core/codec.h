/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages between daemons as bytes. Everything a decoder lets through is within
 * its bounds; whether it is true or timely is for others to ask.
 *
 * Every message: "HC", version, type, ring, session; then what the type has. What
 * is longer than CORE_CHUNK travels in parts, each a message of its own.
 */
#ifndef CORE_CODEC_H
#define CORE_CODEC_H

#include "core.h"
#include "db.h"
#include "table.h"

#define CORE_VERSION 1
#define CORE_CHUNK 61440u		/* of payload in one part */
#define CORE_PARTS 256u			/* the longest message: 15 MiB */
#define CORE_ORDERS 64

enum core_msg_type {
	CORE_MSG_PART,		/* of a longer message */
	CORE_MSG_HELLO,		/* here I am, this I have, this I do */
	CORE_MSG_SYNC,		/* these HELLOs make a session */
	CORE_MSG_SNAPSHOT,	/* the state of the one that has most */
	CORE_MSG_READY,		/* I have that state, durably */
	CORE_MSG_PROPOSE,	/* an entry */
	CORE_MSG_ACK,		/* I have that entry, durably */
	CORE_MSG_STATUS,	/* a row of mine changed */
	CORE_MSG_DEVICE,	/* a device of mine changed */
	CORE_MSG_TICK,		/* make a plan of what has been delivered so far */
	CORE_MSG_PLAN,		/* the coordinator's plan, and orders of it */
	CORE_MSG_RESULT,	/* an order of mine ended */
	CORE_MSG_GOODBYE,	/* I run nothing and start nothing any more */
	CORE_MSG_PING,		/* for my watchdog: does my ring still turn? */
	CORE_MSG_NR,
};

/** struct core_sid - a session: a ring, and the SYNC that began it */
struct core_sid {
	struct core_ring ring;
	uint32_t node;
	uint64_t seq;
};

enum {
	CORE_HELLO_QUORATE = 1,
	CORE_HELLO_KNOWN = 2,		/* the view record of .at is committed, I saw it */
	CORE_HELLO_CONTINUOUS = 4,	/* ... and I was quorate ever since */
	CORE_HELLO_LEAVING = 8,
	CORE_HELLO_BLANK = 16,		/* no state at all */
};

struct core_hello {
	uint64_t seq, incarnation, boot, promised, lease;
	uint32_t flags, nodes, proto_min, proto_max;
	struct core_position at, user;
};

/** struct core_listed - a HELLO that a SYNC names */
struct core_listed {
	uint32_t node;
	uint64_t incarnation, seq;
};

/** struct core_msg - only the fields of its type are in use */
struct core_msg {
	enum core_msg_type type;
	struct core_sid sid;
	uint32_t part, parts;		/* PART */
	const uint8_t *bytes;		/* PART, inside the message */
	size_t size;
	struct core_hello hello;
	struct core_table table;	/* HELLO; STATUS, DEVICE: one; PLAN: orders */
	struct core_listed listed[CORE_NODES];
	uint32_t count;
	struct core_db db;		/* SNAPSHOT */
	struct core_position at;	/* READY, ACK */
	uint64_t id;			/* PROPOSE, TICK, PLAN, RESULT */
	uint64_t base;			/* PROPOSE */
	struct core_entry entry;	/* PROPOSE */
	int64_t now;			/* TICK, PING */
	uint64_t sum;			/* PLAN */
	int32_t code;			/* RESULT */
};

void core_msg_put(struct core_writer *w, const struct core_msg *msg);
/* False, and nothing to free, when it is not a message; else core_msg_clear() it. */
bool core_msg_get(const void *data, size_t size, uint32_t sender, struct core_msg *msg);
void core_msg_clear(struct core_msg *msg);

#endif
