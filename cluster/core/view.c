// SPDX-License-Identifier: GPL-2.0-only
/*
 * The view: which daemons are in the ring, whether quorum tells of the same ring,
 * and when to say HELLO and SYNC. Messages come in here and are handed out.
 */
#include "memory.h"
#include "rules.h"

#define RETRY_MS 500

static void drop_hello(struct core_peer *peer)
{
	peer->hello = false;
	peer->part = 0;
	peer->parts.size = 0;
}

static bool is_member(const struct core *core, uint32_t node, uint32_t pid)
{
	size_t i;

	for (i = 0; i < core->count; i++)
		if (core->members[i].node == node &&
		    (!pid || core->members[i].pid == pid))
			return true;
	return false;
}

/** core_view_nodes() - in the group, in the ring, and in quorum's list of that ring */
uint32_t core_view_nodes(const struct core *core)
{
	uint32_t nodes = 0;
	size_t i;

	for (i = 0; i < core->count; i++)
		nodes |= NODE_BIT(core->members[i].node);
	return nodes & core->ring_nodes & core->quorum_nodes;
}

static bool rings_agree(const struct core *core)
{
	return core->have_ring && core->have_quorum &&
	       core->ring.node == core->quorum_ring.node &&
	       core->ring.seq == core->quorum_ring.seq;
}

static void session_over(struct core *core, int64_t now)
{
	int node;

	for (node = 0; node < CORE_NODES; node++)
		if (core->session.members & 1u << node)
			core->away[node] = now;
	core_log_session_over(core);
	core_request_session_over(core);
	core_ask_session_over(core);
	core->phase = PHASE_PENDING;
	memset(&core->session, 0, sizeof(core->session));
	core->session.since = now;
	core->tick = 0;
	core->sync_sent = false;
	core->leave_session = false;
	core->goodbye_said = false;
	core->blocked = 0;
	core->fence_wanted = 0;
	core->dirty = true;
}

static void try_enter(struct core *core, int64_t now)
{
	if (core->phase != PHASE_PENDING || !rings_agree(core))
		return;
	core->phase = PHASE_HELLO;
	core->session.since = now;
}

/* All that was said before is void: whoever joins has not heard it. */
static void changed(struct core *core, int64_t now)
{
	uint32_t node;

	session_over(core, now);
	for (node = 1; node <= CORE_NODES; node++) {
		drop_hello(&core->peer[node - 1]);
		if (!is_member(core, node, 0))
			core_table_drop(&core->table, node);
	}
	core->hello_sent = false;
	core->changed = now;
	if (core->lost == NEVER)
		core->lost = now;
	try_enter(core, now);
}

void core_view_cpg(struct core *core, const struct core_event *event, int64_t now)
{
	size_t i;

	core->count = 0;
	for (i = 0; i < event->count && core->count < CORE_NODES; i++)
		if (event->members[i].node && event->members[i].node <= CORE_NODES)
			core->members[core->count++] = event->members[i];
	changed(core, now);
}

void core_view_ring(struct core *core, const struct core_event *event, int64_t now)
{
	core->ring = event->ring;
	core->ring_nodes = event->nodes;
	core->have_ring = true;
	/* In a ring that came and went, a device may have chosen without a word. */
	if (++core->rings > 1)
		core->continuous = 0;
	changed(core, now);
}

void core_view_quorum(struct core *core, const struct core_event *event, int64_t now)
{
	bool same = rings_agree(core);
	uint32_t nodes = core->quorum_nodes;
	bool yes = core->quorum_yes;

	core->quorum_ring = event->ring;
	core->quorum_nodes = event->nodes;
	core->quorum_yes = event->yes;
	core->have_quorum = true;
	if (!event->yes)
		core->continuous = 0;
	if (yes != event->yes || !same)
		core->changed = now;
	if (core->lost == NEVER && rings_agree(core) && !event->yes)
		core->lost = now;
	if (same && rings_agree(core) && (yes != event->yes || nodes != event->nodes))
		core->leave_session = true;
	if (!rings_agree(core) && core->phase != PHASE_PENDING) {
		session_over(core, now);
		core->hello_sent = false;
	}
	try_enter(core, now);
}

/* A long message: parts in order, else none of it. */
static void join_parts(struct core *core, const struct core_msg *msg, uint32_t from,
		       struct core_peer *peer, const struct core_event *event,
		       int64_t now, struct core_actions *out)
{
	struct core_event whole = *event;
	struct core_writer w;

	if (msg->part != peer->part) {
		drop_hello(peer);
		return;
	}
	core_put(&peer->parts, msg->bytes, msg->size);
	peer->part++;
	if (peer->part < msg->parts)
		return;
	w = peer->parts;
	peer->part = 0;
	memset(&peer->parts, 0, sizeof(peer->parts));
	whole.bytes.data = w.data;
	whole.bytes.size = w.size;
	if (w.size > 4 && w.data[3] != CORE_MSG_PART && from)
		core_view_message(core, &whole, now, out);
	free(w.data);
}

/* A node that says HELLO has left the session; it is over for all at this place. */
static void on_hello(struct core *core, struct core_msg *msg, uint32_t from, int64_t now)
{
	bool mine = core->hello_sent;

	if (core->phase > PHASE_HELLO) {
		session_over(core, now);
		core->hello_sent = mine;
		core->changed = now;
		if (core->lost == NEVER)
			core->lost = now;
		try_enter(core, now);
	}
	core_sync_hello(core, msg, from, now);
}

static bool in_session(const struct core *core, const struct core_msg *msg, uint32_t from)
{
	return core->phase >= PHASE_SYNC && core->session.members & NODE_BIT(from) &&
	       msg->sid.node == core->session.sid.node &&
	       msg->sid.seq == core->session.sid.seq;
}

/* What failed is planned again after a while, or when something else changes. */
static void on_result(struct core *core, const struct core_msg *msg, int64_t now)
{
	if (!core_table_end_order(&core->table, msg->id))
		return;
	if (!msg->code)
		core->dirty = true;
	else if (now + RETRY_MS < core->plan_again)
		core->plan_again = now + RETRY_MS;
}

static void session_message(struct core *core, struct core_msg *msg, uint32_t from,
			    int64_t now, struct core_actions *out)
{
	switch (msg->type) {
	case CORE_MSG_SNAPSHOT:
		core_sync_snapshot(core, msg, from, out);
		break;
	case CORE_MSG_READY:
		core_sync_ready(core, msg, from, now, out);
		break;
	case CORE_MSG_PROPOSE:
		core_log_delivered(core, msg, from, now, out);
		break;
	case CORE_MSG_ACK:
		core_log_ack(core, msg, from, out);
		break;
	case CORE_MSG_TICK:
		core_work_tick(core, msg, from, out);
		break;
	case CORE_MSG_PLAN:
		core_work_plan(core, msg, from, now, out);
		break;
	case CORE_MSG_GOODBYE:
		core->session.goodbye |= NODE_BIT(from);
		core->dirty = true;
		break;
	case CORE_MSG_PING:
		core_proof_ping(core, msg, from, out);
		break;
	default:
		break;
	}
}

static void hand_out(struct core *core, struct core_msg *msg, uint32_t from,
		     const struct core_event *event, int64_t now, struct core_actions *out)
{
	switch (msg->type) {
	case CORE_MSG_PART:
		join_parts(core, msg, from, &core->peer[from - 1], event, now, out);
		return;
	case CORE_MSG_HELLO:
		on_hello(core, msg, from, now);
		return;
	case CORE_MSG_SYNC:
		core_sync_begin(core, msg, from, now, out);
		return;
	case CORE_MSG_STATUS:
		core_table_set_row(&core->table, &msg->table.rows[0]);
		core->dirty = true;
		return;
	case CORE_MSG_DEVICE:
		core_table_set_device(&core->table, &msg->table.devices[0]);
		core->dirty = true;
		return;
	case CORE_MSG_RESULT:
		on_result(core, msg, now);
		return;
	default:
		if (in_session(core, msg, from))
			session_message(core, msg, from, now, out);
	}
}

void core_view_message(struct core *core, const struct core_event *event, int64_t now,
		       struct core_actions *out)
{
	uint32_t from = event->from.node;
	struct core_msg msg;

	if (!is_member(core, from, event->from.pid))
		return;
	if (!core_msg_get(event->bytes.data, event->bytes.size, from, &msg)) {
		core_log(out, 4, "node %u sent what is no message of this version", from);
		return;
	}
	/* What was sent in one ring may be delivered in the next. */
	if (core->have_ring && msg.sid.ring.node == core->ring.node &&
	    msg.sid.ring.seq == core->ring.seq)
		hand_out(core, &msg, from, event, now, out);
	core_msg_clear(&msg);
}

static void send_hello(struct core *core, int64_t now, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_HELLO };
	struct core_hello *h = &msg.hello;
	/* What may have been acknowledged counts, committed or not. */
	const struct core_db *head = core->has_next && core->pending.written ?
				     &core->next : &core->db;

	h->proto_min = h->proto_max = CORE_VERSION;
	h->seq = core->hello_seq = core_new_id(core);
	h->incarnation = core->params.incarnation;
	h->boot = core->params.boot;
	h->promised = core->disk.promised;
	h->lease = core_proof_arm(core, now, out);
	h->nodes = head->nodes;
	h->at = head->at;
	h->user = head->user;
	if (core->quorum_yes)
		h->flags |= CORE_HELLO_QUORATE;
	if (head->group_term && core->disk.known == head->group_term)
		h->flags |= CORE_HELLO_KNOWN;
	if (head->group_term && core->continuous == head->group_term)
		h->flags |= CORE_HELLO_CONTINUOUS;
	if (core->leaving)
		h->flags |= CORE_HELLO_LEAVING;
	if (!head->at.rev)
		h->flags |= CORE_HELLO_BLANK;
	msg.table = core->mine;
	core_send(core, out, &msg);
	core->hello_sent = true;
	core->leave_session = false;
}

/* How many of @nodes are before me: who has more patience for whom. */
static int rank(const struct core *core, uint32_t nodes)
{
	return __builtin_popcount(nodes & (MY_BIT(core) - 1));
}

static int64_t patience(const struct core *core)
{
	uint32_t nodes = core->phase == PHASE_HELLO ? core_view_nodes(core) :
			 core->session.members;

	return (1 + rank(core, nodes)) * core->params.hello_ms;
}

static void try_sync(struct core *core, int64_t now, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_SYNC };
	uint32_t nodes = core_view_nodes(core), node, here = 0;

	if (core->phase != PHASE_HELLO || core->sync_sent || !core->peer[ME(core) - 1].hello)
		return;
	for (node = 1; node <= CORE_NODES; node++)
		if (nodes & NODE_BIT(node) && core->peer[node - 1].hello)
			here |= NODE_BIT(node);
	if (here != nodes ? now < core->session.since + patience(core) :
			    rank(core, here) > 0)
		return;
	for (node = 1; node <= CORE_NODES; node++) {
		if (!(here & NODE_BIT(node)))
			continue;
		msg.listed[msg.count].node = node;
		msg.listed[msg.count].incarnation = core->peer[node - 1].h.incarnation;
		msg.listed[msg.count++].seq = core->peer[node - 1].h.seq;
	}
	msg.id = core_new_id(core);
	core_send(core, out, &msg);
	core->sync_sent = true;
}

/* Somebody does not answer: to begin again leaves it out. */
static bool stuck(const struct core *core, int64_t now)
{
	if (core->phase == PHASE_SYNC)
		return now >= core->session.since + patience(core);
	return core->phase > PHASE_SYNC && core->pending.on &&
	       now >= core->pending.since + patience(core);
}

void core_view_try(struct core *core, int64_t now, struct core_actions *out)
{
	if (stuck(core, now))
		core->leave_session = true;
	if (((core->phase == PHASE_HELLO && !core->hello_sent) || core->leave_session) &&
	    core->phase != PHASE_PENDING && !core->left && core->probed &&
	    core_log_idle(core))
		send_hello(core, now, out);
	try_sync(core, now, out);
}

int64_t core_view_deadline(const struct core *core, int64_t now)
{
	int64_t at = NEVER;

	if (core->phase == PHASE_HELLO && !core->sync_sent &&
	    core->peer[ME(core) - 1].hello)
		at = core_sooner(at, core->session.since + patience(core), now);
	if (core->phase == PHASE_SYNC)
		at = core_sooner(at, core->session.since + patience(core), now);
	if (core->phase > PHASE_SYNC && core->pending.on)
		at = core_sooner(at, core->pending.since + patience(core), now);
	return core->disk.bad ? core_sooner(at, core->disk.retry, now) : at;
}
