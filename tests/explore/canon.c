// SPDX-License-Identifier: GPL-2.0-only
/*
 * States that differ only in counters and statistics become one.  What is
 * forgotten here can change no decision; what is not costs states, no more.
 */
#include "world.h"

static void lineage(struct ha_lineage *l)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		if (!l->history[i].generation) {
			memset(&l->history[i], 0,
			       (HA_META_HISTORY - i) * sizeof(l->history[0]));
			break;
		}
		l->history[i].node = 0;
		l->history[i].reason = 0;
		l->history[i].time = 0;
	}
	for (i = 0; i < 2; i++)
		l->slot[i].previous_base = 0;
}

static void super(struct ha_super *s)
{
	s->sequence = 0;
	s->instance = 0;
	lineage(&s->lineage);
}

static bool later(u32 a, u32 b)
{
	return (s32)(a - b) > 0;
}

/* Numbers of flushes: only their order counts. */
struct numbers { u32 *at[16]; unsigned int n; };

static void collect(struct numbers *k, u32 *number, u32 stable)
{
	if (!later(*number, stable))
		*number = 0;
	else if (k->n < ARRAY_SIZE(k->at))
		k->at[k->n++] = number;
	else
		abort();
}

static void renumber(struct numbers *k)
{
	u32 value[ARRAY_SIZE(k->at)], i, j, rank;

	for (i = 0; i < k->n; i++) {
		rank = 1;
		for (j = 0; j < k->n; j++) {
			u32 e, known = 0;

			for (e = 0; e < j; e++)
				known |= *k->at[e] == *k->at[j];
			rank += !known && later(*k->at[i], *k->at[j]);
		}
		value[i] = rank;
	}
	for (i = 0; i < k->n; i++)
		*k->at[i] = value[i];
}

static void marks(struct ha_resource *res, struct ha_disk *d, u32 slot)
{
	struct ha_marks *m = &d->marks;
	u32 stable = m->stable[slot].counter, r;
	struct numbers k = { .n = 0 };
	struct ha_request *req;
	bool any = false;

	atomic64_set(&m->bytes[slot], 0);
	m->swept[slot] = 0;
	for (r = 0; r < m->regions; r++) {
		collect(&k, &m->mark[slot][r], stable);
		any |= m->mark[slot][r];
	}
	if (!any)
		m->high[slot] = 0;
	collect(&k, &m->high[slot], stable);
	collect(&k, (u32 *)&m->next[slot].counter, stable);
	list_for_each_entry(req, &res->requests, node)
		if (req->kind == HA_REQ_FLUSH)
			collect(&k, slot == res->node_id ? &req->local_flush :
				&req->remote_flush, stable);
	renumber(&k);
	m->stable[slot].counter = 0;
}

static void disk(struct ha_resource *res, struct ha_disk *d, bool chunks)
{
	struct ha_intent *it = &d->intent;
	u32 slot;

	super(&d->super);
	memset(&d->next, 0, sizeof(d->next));
	memset(d->bounce, 0, HA_META_BLOCK);
	d->suspect = false;	/* there are no digests here */
	d->had_intents = false;
	for (slot = 0; slot < 2; slot++) {
		marks(res, d, slot);
		d->bitmap[slot].sequence = 0;
		if (!chunks)
			d->bitmap[slot].stamp[0].counter = 0;
	}
	it->sequence = 0;
	it->scan = 0;
	it->last_region = U64_MAX;
	it->miss_second = 0;
	it->misses = 0;
}

static void resync(struct ha_resync *r)
{
	r->started = r->sample_time = 0;
	r->moved = r->started_bytes = r->sample_left = 0;
	if (r->inflight)
		return;
	r->cursor = 0;
	r->next_id = 0;
}

static void snapshot(struct ha_snapshot *s)
{
	s->nonce = 0;
	s->out_of_sync = 0;
	s->written = 0;
	memset(s->history, 0, sizeof(s->history));
	s->session = 0;
	s->previous_session = 0;
}

/* Of what was compared, only a resync and a demotion still need something. */
static void session(struct ha_session *s, u8 phase)
{
	bool blocked = s->verdict.code == HA_V_BLOCKED;

	snapshot(&s->mine);
	snapshot(&s->theirs);
	memset(&s->their_verdict, 0, sizeof(s->their_verdict));
	s->oldest_request = 0;
	if (phase != P_UP)
		return;
	s->seen = 0;
	s->peer_instance = 0;
	if (s->resync)
		return;
	memset(&s->mine, 0, sizeof(s->mine));
	memset(&s->theirs, 0, sizeof(s->theirs));
	s->verdict = (struct ha_verdict){ .code = blocked ? HA_V_BLOCKED : 0 };
}

static void node(struct node *n)
{
	struct ha_resource *res = &n->res;
	struct ha_session *s = n->peer.session;
	struct ha_peer *p = &n->peer;
	struct ha_request *req;

	res->last_write = 0;
	p->sent = 0;
	atomic64_set(&p->received, 0);
	p->resync_total = p->resync_done = p->resync_moved = 0;
	p->resync_rate = p->resync_eta = 0;
	memset(&p->question, 0, sizeof(p->question));
	memset(&p->flush, 0, sizeof(p->flush));
	res->granted_until = 0;
	res->disk_gate_until = 0;
	res->ticks = 0;
	if (res->disk && !conf.detach && !conf.errors)
		res->exposed_gen = 0;
	res->epoch = res->epoch != res->minted_epoch;
	res->minted_epoch = 0;
	res->next_id = 0;
	list_for_each_entry(req, &res->requests, node)
		res->next_id = max(res->next_id, req->id);
	if (s)
		session(s, n->phase);
	if (s && s->resync)
		resync(s->resync);
	if (res->disk)
		disk(res, res->disk, s && s->resync && s->resync->inflight);
}

void canonical(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		super(&w.media[i].super);
		if (w.node[i].up)
			node(&w.node[i]);
	}
}
