// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two nodes find each other: the handshake in steps, up to Connected, and the
 * moment when a node notices that the connection is gone.
 */
#include "world.h"
#include "../../kernel/flush.h"

static void lose(void *arg)
{
	ha_session_kill(arg, "lost");
}

int ev_lost(int n, int arg)
{
	struct ha_session *s = session_of(n);

	(void)arg;
	if (!s || w.net.up)
		return EV_NOTHING;
	run_on(n, lose, s);
	return EV_DONE;
}

static void commit(void *arg)
{
	struct ha_session *s = arg;
	struct ha_wire_commit c = { .session = cpu_to_le64(s->id) };

	if (ha_commit_local(s)) {
		ha_session_kill(s, "cannot write metadata");
		return;
	}
	w.node[s->res->node_id].phase = P_COMMITTED;
	oracle_committed(s->res->node_id, s->verdict.code);
	ha_stream_send_copy(&s->stream[HA_STREAM_CONTROL], HA_MSG_COMMIT, &c,
			    sizeof(c), true);
}

int ev_commit(int n, int arg)
{
	struct ha_session *s = session_of(n);

	(void)arg;
	if (!s || s->dead || w.node[n].phase != P_COMPARED)
		return EV_NOTHING;
	if (!conf.hasty && ha_verdict_is_target(s->verdict.code) &&
	    !(s->seen & BIT(HA_MSG_COMMIT)))
		return EV_NOTHING;
	run_on(n, commit, s);
	return EV_DONE;
}

static void come_up(void *arg)
{
	struct ha_session *s = arg;

	if (ha_begin_local(s)) {
		ha_session_kill(s, "cannot write metadata");
		return;
	}
	w.node[s->res->node_id].phase = P_UP;
	step_connected(s);
}

int ev_up(int n, int arg)
{
	struct ha_session *s = session_of(n);

	(void)arg;
	if (!s || s->dead || w.node[n].phase != P_COMMITTED ||
	    !(s->seen & BIT(HA_MSG_COMMIT)))
		return EV_NOTHING;
	run_on(n, come_up, s);
	return EV_DONE;
}

struct meeting { int n; u64 id; int err; };

static void begin_session(void *arg)
{
	struct meeting *m = arg;
	struct ha_disk *d = disk_of(1 - m->n);
	struct ha_session *s = net_session(m->n, m->id);

	s->peer_instance = d ? d->instance : 0;
	w.node[m->n].phase = P_COMPARED;
	m->err = step_quiesce(s);
}

static void make_snapshot(void *arg)
{
	struct meeting *m = arg;
	struct ha_session *s = session_of(m->n);

	ha_snapshot_make(s->peer, &s->mine);
}

/* The snapshot crosses in its wire form; then each side judges. */
static void judge(void *arg)
{
	struct meeting *m = arg;
	struct ha_session *s = session_of(m->n), *p = session_of(1 - m->n);
	struct ha_wire_snapshot wire;

	ha_snapshot_encode(&p->mine, &wire);
	if (ha_snapshot_decode(&wire, 1 - m->n, m->n, &s->theirs))
		violation("node %c cannot decode a snapshot", 'A' + m->n);
	s->verdict = ha_verdict(&s->mine, &s->theirs);
	/* The messages before COMMIT are steps of this world. */
	s->seen |= BIT(HA_MSG_READY) | BIT(HA_MSG_SNAPSHOT) | BIT(HA_MSG_VERDICT);
}

static void carry_out(void *arg)
{
	struct ha_session *s = session_of(((struct meeting *)arg)->n);

	if (s && !s->dead && step_carry_out(s))
		ha_session_kill(s, "by verdict");
}

static bool may_meet(int n)
{
	struct node *node = &w.node[n];

	return node->up && node->res.disk && !node->peer.session &&
	       node->peer.conn == HA_CONNECTING &&
	       (conf.no_drain || !node->peer.mirror_writes.counter);
}

/* Neither has broken down meanwhile. */
static bool both_there(void)
{
	return session_of(0) && session_of(1);
}

int ev_connect(int n, int arg)
{
	struct meeting m[2] = { { .n = 0 }, { .n = 1 } };
	struct ha_verdict v[2];
	int i;

	(void)arg;
	if (n || w.net.up || !may_meet(0) || !may_meet(1))
		return EV_NOTHING;
	w.net.up = true;
	m[0].id = m[1].id = machine_random();
	for (i = 0; i < 2; i++)
		run_on(i, begin_session, &m[i]);
	if (m[0].err || m[1].err || !both_there())
		return EV_DONE;
	for (i = 0; i < 2; i++)
		run_on(i, make_snapshot, &m[i]);
	if (!both_there())
		return EV_DONE;
	for (i = 0; i < 2; i++)
		run_on(i, judge, &m[i]);
	v[0] = session_of(0)->verdict;
	v[1] = session_of(1)->verdict;
	oracle_compared(v);
	for (i = 0; i < 2; i++)
		run_on(i, carry_out, &m[i]);
	return EV_DONE;
}
