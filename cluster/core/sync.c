// SPDX-License-Identifier: GPL-2.0-only
/*
 * From HELLOs to a session of one state: the SYNC that is delivered first decides
 * who is in; the member with most gives its state; READY says it is durable.
 */
#include "memory.h"
#include "rules.h"

void core_sync_hello(struct core *core, struct core_msg *msg, uint32_t from, int64_t now)
{
	struct core_peer *peer = &core->peer[from - 1];

	(void)now;
	peer->hello = true;
	peer->h = msg->hello;
	/* It was thought to be dead and is not. What was fenced cannot speak. */
	if (core->proof[from - 1].how != CORE_HOW_FENCED)
		memset(&core->proof[from - 1], 0, sizeof(core->proof[0]));
	core_table_replace(&core->table, from, &msg->table);
	core->sync_sent = false;
}

/* The SYNC names HELLOs as they were last delivered here, too. */
static bool valid(const struct core *core, const struct core_msg *msg)
{
	uint32_t i;

	for (i = 0; i < msg->count; i++) {
		const struct core_peer *peer = &core->peer[msg->listed[i].node - 1];

		if (!peer->hello || peer->h.seq != msg->listed[i].seq ||
		    peer->h.incarnation != msg->listed[i].incarnation)
			return false;
	}
	return core->phase <= PHASE_HELLO && msg->count;
}

static bool speaks(const struct core_hello *hello)
{
	return hello->proto_min <= CORE_VERSION && hello->proto_max >= CORE_VERSION;
}

/* Who has most; of equals the lowest. 0: nobody has anything. */
static uint32_t winner(const struct core *core, uint32_t listed)
{
	uint32_t node, best = 0;

	for (node = 1; node <= CORE_NODES; node++) {
		const struct core_hello *h = &core->peer[node - 1].h;

		if (!(listed & NODE_BIT(node)) || !speaks(h) ||
		    h->flags & CORE_HELLO_BLANK)
			continue;
		if (!best || core_position_compare(&h->at, &core->peer[best - 1].h.at) > 0)
			best = node;
	}
	return best;
}

static uint32_t members(const struct core *core, uint32_t listed, uint32_t best)
{
	uint32_t node, found = 0;

	for (node = 1; best && node <= CORE_NODES; node++)
		if (listed & core->peer[best - 1].h.nodes & NODE_BIT(node) &&
		    speaks(&core->peer[node - 1].h))
			found |= NODE_BIT(node);
	return found;
}

static void gather(struct core *core)
{
	struct core_session *s = &core->session;
	uint32_t node;

	s->quorate = true;
	for (node = 1; node <= CORE_NODES; node++) {
		const struct core_hello *h = &core->peer[node - 1].h;

		if (!(s->members & NODE_BIT(node))) {
			core_table_drop(&core->table, node);
			continue;
		}
		if (h->promised > s->term)
			s->term = h->promised;
		if (h->at.term > s->term)
			s->term = h->at.term;
		if (!(h->flags & CORE_HELLO_QUORATE))
			s->quorate = false;
	}
	s->term++;
}

static bool same_as_winner(const struct core *core, uint32_t node)
{
	const struct core_position *at = &core->peer[core->session.winner - 1].h.at;

	return core->peer[node - 1].h.at.rev == at->rev &&
	       core->peer[node - 1].h.at.sum == at->sum;
}

static void give(struct core *core, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_SNAPSHOT };
	uint32_t node;

	for (node = 1; node <= CORE_NODES; node++) {
		if (!(core->session.members & NODE_BIT(node)) || same_as_winner(core, node))
			continue;
		msg.db = core->db;
		core_send(core, out, &msg);
		return;
	}
}

void core_sync_begin(struct core *core, const struct core_msg *msg, uint32_t from,
		     int64_t now, struct core_actions *out)
{
	uint32_t i, listed = 0, best;

	if (from == ME(core))
		core->sync_sent = false;
	if (!valid(core, msg))
		return;
	for (i = 0; i < msg->count; i++) {
		listed |= NODE_BIT(msg->listed[i].node);
		core->peer[msg->listed[i].node - 1].hello = false;
	}
	best = winner(core, listed);
	if (!(members(core, listed, best) & MY_BIT(core))) {
		/* Left out by lateness: say HELLO again. A stranger waits. */
		if (!(listed & MY_BIT(core)) && core->peer[ME(core) - 1].hello)
			core->hello_sent = false;
		return;
	}
	if (core->phase != PHASE_HELLO)
		return;
	core->session.sid.ring = core->ring;
	core->session.sid.node = from;
	core->session.sid.seq = msg->id;
	core->session.winner = best;
	core->session.members = members(core, listed, best);
	core->session.since = now;
	core->phase = PHASE_SYNC;
	/* A later HELLO is under way and will end this session: nothing may change. */
	core->hello_sent = core->peer[ME(core) - 1].h.seq != core->hello_seq;
	gather(core);
	if (best == ME(core))
		give(core, out);
	if (same_as_winner(core, ME(core)) && !core->hello_sent)
		core_log_promise(core, out);
}

void core_sync_snapshot(struct core *core, struct core_msg *msg, uint32_t from,
			struct core_actions *out)
{
	if (core->phase != PHASE_SYNC || from != core->session.winner ||
	    core->hello_sent || core->has_next || same_as_winner(core, ME(core)))
		return;
	if (msg->db.at.sum != core->peer[from - 1].h.at.sum)
		return;
	core_db_clear(&core->next);
	core->next = msg->db;
	memset(&msg->db, 0, sizeof(msg->db));
	core->has_next = true;
	if (core->db.user.rev && !core_db_contains(&core->next, &core->db.user)) {
		core_log(out, 3, "revision %llu here is not in the state of node %u: kept aside",
			 (unsigned long long)core->db.user.rev, from);
		core_log_keep_conflict(core, out);
	} else {
		core_log_adopt(core, out);
	}
}

void core_sync_send_ready(struct core *core, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_READY, .at = core->db.at };

	if (core->phase == PHASE_SYNC && !core->hello_sent)
		core_send(core, out, &msg);
}

void core_sync_ready(struct core *core, const struct core_msg *msg, uint32_t from,
		     int64_t now, struct core_actions *out)
{
	struct core_session *s = &core->session;
	const struct core_position *at = &core->peer[s->winner - 1].h.at;
	int node;

	if (core->phase != PHASE_SYNC)
		return;
	if (msg->at.sum != at->sum || msg->at.rev != at->rev) {
		core_log(out, 2, "node %u is ready with another state: a bug", from);
		return;
	}
	s->ready |= NODE_BIT(from);
	if (s->ready != s->members)
		return;
	core->phase = PHASE_READY;
	s->since = now;
	for (node = 0; node < CORE_NODES; node++)
		if (!core->away[node])
			core->away[node] = now;
	core->dirty = true;
}
