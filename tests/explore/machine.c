// SPDX-License-Identifier: GPL-2.0-only
/*
 * A node as a machine: memory, works, waiting, and its sudden end.
 */
#include "world.h"
#include "../../kernel/maintenance.h"
#include "../../kernel/mirror.h"

struct world w __attribute__((aligned(4096)));
struct config conf;
struct injection inject;
char broken[200];
int cur = -1;
unsigned long machine_jiffies = 1000;
u32 machine_seconds = 1000;

static struct frame frame[32];
static int depth;
static void *outside[64];	/* large memory of one event */
static unsigned int noutside;

void violation(const char *fmt, ...)
{
	va_list args;

	if (broken[0])
		return;
	va_start(args, fmt);
	vsnprintf(broken, sizeof(broken), fmt, args);
	va_end(args);
}

void machine_warn(const char *what, const char *file, int line)
{
	violation("the kernel would warn: %s (%s:%d)", what, file, line);
}

/* --- memory: first fit, zeroed when freed --- */

void *machine_alloc(size_t size)
{
	struct node *n = &w.node[cur];
	u32 need = (size + 63) / 64 * 64, at = 0, i;

	if (size > OUTSIDE) {
		if (noutside == ARRAY_SIZE(outside))
			abort();
		return outside[noutside++] = calloc(1, size);
	}
	for (i = 0; i < n->nallocs && n->alloc[i].at - at < need; i++)
		at = n->alloc[i].at + n->alloc[i].size;
	if (n->nallocs == ALLOCS || at + need > HEAP) {
		fprintf(stderr, "explore: a node is out of memory\n");
		abort();
	}
	memmove(&n->alloc[i + 1], &n->alloc[i],
		(n->nallocs++ - i) * sizeof(n->alloc[0]));
	n->alloc[i].at = at;
	n->alloc[i].size = need;
	return n->heap + at;
}

void machine_free(const void *p)
{
	struct node *n;
	u32 i;
	int k;

	for (k = 0; p && k < 2; k++) {
		n = &w.node[k];
		for (i = 0; i < n->nallocs; i++) {
			if (n->heap + n->alloc[i].at != p)
				continue;
			memset(n->heap + n->alloc[i].at, 0, n->alloc[i].size);
			n->nallocs--;
			memmove(&n->alloc[i], &n->alloc[i + 1],
				(n->nallocs - i) * sizeof(n->alloc[0]));
			memset(&n->alloc[n->nallocs], 0, sizeof(n->alloc[0]));
			return;
		}
	}
}

/* --- numbers that must differ: the smallest that nobody remembers --- */

static u64 used_by_lineage(const struct ha_lineage *l)
{
	u64 used = 1ull << l->current_gen;
	u32 i;

	for (i = 0; i < HA_META_HISTORY && l->history[i].generation; i++)
		used |= 1ull << l->history[i].generation;
	for (i = 0; i < 2; i++)
		used |= 1ull << l->slot[i].base | 1ull << l->slot[i].session |
			1ull << l->slot[i].instance |
			1ull << l->slot[i].previous_session;
	return used;
}

/* What people are told decides nothing, but where disks fail it is the end. */
void machine_say(char *to, const char *from, size_t size)
{
	memset(to, 0, size);
	if (conf.errors)
		memcpy(to, from, min(strlen(from), size - 1));
}

u64 machine_random(void)
{
	u64 used = 1;
	int i;

	for (i = 0; i < 2; i++) {
		struct node *n = &w.node[i];
		struct ha_disk *d = n->up ? n->res.disk : NULL;
		struct ha_session *s = n->up ? n->peer.session : NULL;

		used |= used_by_lineage(&w.media[i].super.lineage);
		used |= 1ull << n->res.exposed_gen;
		if (d)
			used |= used_by_lineage(&d->super.lineage) |
				1ull << d->instance |
				1ull << d->peer_instance[0] |
				1ull << d->peer_instance[1];
		if (s)
			used |= 1ull << s->id | 1ull << s->mine.instance |
				1ull << s->theirs.instance |
				1ull << s->theirs.current_gen;
	}
	return (u64)__builtin_ctzll(~used);
}

/* --- running --- */

struct ha_disk *disk_of(int node)
{
	return w.node[node].up ? w.node[node].res.disk : NULL;
}

struct ha_session *session_of(int node)
{
	return w.node[node].up ? w.node[node].peer.session : NULL;
}

/* Run @fn on @node; false when the node broke down in it. */
bool run_on(int node, void (*fn)(void *arg), void *arg)
{
	int was = cur, level = depth;

	if (depth == ARRAY_SIZE(frame))
		abort();
	cur = node;
	frame[depth].node = node;
	if (setjmp(frame[depth++].jump)) {
		cur = was;
		depth = level;
		if (!crash(node, inject.choice))
			inject.invalid = true;
		return false;
	}
	fn(arg);
	cur = was;
	depth = level;
	return true;
}

static bool is_running(int node)
{
	int i;

	for (i = 0; i < depth; i++)
		if (frame[i].node == node)
			return true;
	return false;
}

/* Runs @node below what runs now?  Its end would have to end that, too. */
static bool is_waiting(int node)
{
	int i;

	for (i = 0; i < depth - 1; i++)
		if (frame[i].node == node)
			return true;
	return false;
}

/* A place where something may happen to the node in the middle of a step. */
void yield(void)
{
	int kind = inject.kind, at = inject.at;

	meanwhile();
	if (cur < 0 || inject.seen++ != (unsigned int)at || kind == INJECT_NONE)
		return;
	inject.kind = INJECT_NONE;
	if (kind == INJECT_CUT) {
		if (!w.net.up)
			inject.invalid = true;
		net_cut();
	} else if (kind == INJECT_OTHER) {
		if (is_running(1 - cur) || !crash(1 - cur, inject.choice))
			inject.invalid = true;
	} else if (is_waiting(cur)) {
		inject.invalid = true;
	} else {
		longjmp(frame[depth - 1].jump, 1);
	}
}

bool machine_queue(struct work_struct *work)
{
	struct node *n = &w.node[cur];

	if (work->queued || work->func == ha_maintenance_work)
		return false;
	if (n->nworks == WORKS)
		abort();
	work->queued = true;
	n->work[n->nworks++] = work;
	return true;
}

static struct work_struct *take_work(struct node *n, u8 i)
{
	struct work_struct *work = n->work[i];

	n->nworks--;
	memmove(&n->work[i], &n->work[i + 1],
		(n->nworks - i) * sizeof(n->work[0]));
	n->work[n->nworks] = NULL;
	work->queued = false;
	return work;
}

bool machine_cancel(struct work_struct *work)
{
	struct node *n = &w.node[cur];
	u8 i;

	for (i = 0; i < n->nworks; i++) {
		if (n->work[i] == work) {
			take_work(n, i);
			return true;
		}
	}
	return false;
}

static void call_work(void *arg)
{
	struct work_struct *work = arg;

	work->func(work);
}

static bool run_one_work(int node)
{
	struct node *n = &w.node[node];

	if (!n->up || !n->nworks)
		return false;
	run_on(node, call_work, take_work(n, 0));
	return true;
}

/* The handshake's thread finds its session gone. */
static void thread_of_handshake(int node)
{
	struct node *n = &w.node[node];

	if (!n->up || n->phase == P_NONE || n->peer.session)
		return;
	if (n->phase != P_UP)
		ha_gate_open(&n->res, HA_GATE_HANDSHAKE);
	n->phase = P_NONE;
}

static bool step(bool data)
{
	int i;

	for (i = 0; i < 2; i++)
		if (run_one_work(i) || net_deliver(i, HA_STREAM_CONTROL))
			return true;
	for (i = 0; data && i < 2; i++)
		if (net_deliver(i, HA_STREAM_DATA) || disk_complete_flush(i))
			return true;
	return false;
}

bool machine_wait(void)
{
	return depth < 20 && step(true);
}

/* Everything that needs no time: works, messages of the control stream. */
void machine_go_on(void)
{
	int i;

	do {
		for (i = 0; i < 2; i++) {
			int was = cur;

			cur = i;
			thread_of_handshake(i);
			cur = was;
		}
	} while (step(false) && !broken[0]);
}

void machine_settle(void)
{
	machine_go_on();
	while (noutside)
		free(outside[--noutside]);
}

/* --- begin and end --- */

static void node_init(int i)
{
	struct node *n = &w.node[i];
	struct ha_resource *res = &n->res;
	struct ha_peer *p = &n->peer;

	memset(n, 0, sizeof(*n));
	meanwhile_reset(i);
	INIT_LIST_HEAD(&res->requests);
	INIT_LIST_HEAD(&res->parked);
	INIT_LIST_HEAD(&res->slow);
	INIT_LIST_HEAD(&res->openers);
	ha_range_init(&res->ranges);
	INIT_WORK(&res->resume_work, ha_request_resume_work);
	INIT_WORK(&res->done_work, ha_request_done_work);
	INIT_WORK(&res->disk_failed_work, ha_disk_failed_work);
	INIT_DELAYED_WORK(&res->tick_work, ha_maintenance_work);
	res->bio_set.front_pad = offsetof(struct ha_request, clone);
	res->node_id = i;
	res->role = HA_SECONDARY;
	res->disk_state = HA_DISKLESS;
	res->size_sectors = 8 * conf.blocks;
	res->peer[1 - i] = p;
	p->res = res;
	p->node_id = 1 - i;
	p->conn = HA_CONNECTING;
	p->disk_state = HA_DUNKNOWN;
	p->conf.timeout = p->conf.ping_timeout = 1000;
	n->data = (struct block_device){ .node = i };
	n->meta = (struct block_device){ .node = i, .meta = true };
}

/* @choice 0: its memory is lost; else the power, see disk_power_loss(). */
bool crash(int node, unsigned int choice)
{
	struct media before = w.media[node];
	bool lost;

	if (!w.node[node].up)
		return false;
	/* A walk draws any number. */
	if (conf.walks && choice)
		choice = 1 + (choice * 2654435761u >> 8) %
			 disk_outcomes(&w.media[node]);
	if (choice && !disk_power_loss(&w.media[node], choice - 1)) {
		w.media[node] = before;
		return false;
	}
	lost = memcmp(before.data, w.media[node].data, sizeof(before.data));
	oracle_failed(node, choice, lost);
	net_cut();
	node_init(node);
	oracle_forget(node);
	return true;
}

void machine_init(void)
{
	memset(&w, 0, sizeof(w));
	ha_mirror_init();
	node_init(0);
	node_init(1);
	media_init();
}
