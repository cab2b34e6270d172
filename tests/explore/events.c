// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may happen next: every event with its condition, carried out by the
 * module's code on the node it concerns.
 */
#include "world.h"
#include "../../kernel/role.h"

bool last_missed, last_without_disk;

#define UP(n)		(w.node[n].up)
#define LONG_AGO	1000000

static bool connected(int n)
{
	struct ha_session *s = session_of(n);

	return s && !s->dead && w.node[n].phase == P_UP;
}

/* Will the other side answer what this one waits for? */
static bool answered(int n)
{
	return !connected(n) || !w.net.up || connected(1 - n);
}

/* --- that let things settle --- */

static void attach(void *arg)
{
	struct netlink_ext_ack why;
	struct node *n = arg;

	n->up = true;
	if (ha_attach(&n->res, "data", "meta", &why))
		violation("the disk cannot be attached");
}

static int ev_boot(int n, int arg)
{
	(void)arg;
	if (UP(n))
		return EV_NOTHING;
	w.node[n].up = true;
	run_on(n, attach, &w.node[n]);
	return EV_DONE;
}

static int ev_io(int n, int arg)
{
	return disk_complete(n, arg) ? EV_DONE : EV_NOTHING;
}

static int ev_data(int n, int arg)
{
	(void)arg;
	return net_deliver(n, HA_STREAM_DATA) ? EV_DONE : EV_NOTHING;
}

static int ev_resync(int n, int arg)
{
	(void)arg;
	return net_deliver(n, HA_STREAM_RESYNC) ? EV_DONE : EV_NOTHING;
}

static void look_after(void *arg)
{
	struct node *n = arg;
	struct ha_session *s = n->peer.session;

	n->res.granted = false;
	if (s && s->resync)
		s->resync->yield_until = 0;
	step_look_after(&n->peer);
}

static int ev_time(int n, int arg)
{
	(void)arg;
	if (!connected(n))
		return EV_NOTHING;
	machine_jiffies += LONG_AGO;
	run_on(n, look_after, &w.node[n]);
	machine_settle();
	machine_jiffies -= LONG_AGO;
	return EV_DONE;
}

/* --- the application and the administrator --- */

static void submit(void *arg)
{
	ha_request_submit(&w.node[cur].res, arg);
}

static struct bio *app_bio(int n, bool write, u64 block, u64 value)
{
	struct bio *bio;
	int was = cur;

	cur = n;
	bio = bio_alloc_bioset(NULL, 0, REQ_OP_WRITE, 0, NULL);
	if (!write)
		bio->bi_opf |= REQ_PREFLUSH;
	if (write) {
		bio_add_page(bio, machine_alloc(PAGE_BYTES), PAGE_SIZE, 0);
		*(u64 *)bio->page[0] = value;
	}
	bio->bi_iter.bi_sector = block * 8;
	cur = was;
	return bio;
}

static bool serves(int n)
{
	return UP(n) && w.node[n].res.role == HA_PRIMARY &&
	       !w.node[n].res.gate && (w.node[n].res.disk || connected(n));
}

static int ev_write(int n, int block)
{
	unsigned int value;

	if (block >= conf.blocks || !serves(n) || w.o.writing[n] >= conf.flight ||
	    w.o.writes >= conf.writes)
		return EV_NOTHING;
	value = ++w.o.writes;
	oracle_started(n, block, value);
	run_on(n, submit, app_bio(n, true, block, value));
	return EV_DONE;
}

static int ev_flush(int n, int arg)
{
	(void)arg;
	if (!serves(n) || w.o.in_flush[n] || w.o.flushes >= conf.flushes)
		return EV_NOTHING;
	w.o.flushes++;
	w.o.in_flush[n] = true;
	memcpy(w.o.flushing[n], w.o.completed, BLOCKS);
	run_on(n, submit, app_bio(n, false, 0, 0));
	return EV_DONE;
}

/* Has @n gone on from what the other one has? */
static bool is_ahead(int n)
{
	const struct ha_lineage *l = &w.media[n].super.lineage;
	u64 theirs = w.media[1 - n].super.lineage.current_gen;
	u32 i;

	if (l->current_gen == theirs)
		return false;
	for (i = 0; i < HA_META_HISTORY; i++)
		if (l->history[i].generation == theirs)
			return true;
	return false;
}

/* With fencing a manager knows that the other is down and not ahead. */
static bool may_promote(int n)
{
	struct node *p = &w.node[1 - n];

	if (connected(n) && w.net.up)
		return connected(1 - n);
	if (session_of(n) && w.node[n].phase != P_UP)
		return false;
	return !conf.fence || (!p->up && (w.o.holders >> n & 1) && !is_ahead(1 - n));
}

struct promotion { int n; bool force; };

static void promote(void *arg)
{
	struct promotion *p = arg;
	struct netlink_ext_ack why = { 0 };

	ha_promote(&w.node[p->n].res, p->force, &why);
}

static int promote_node(int n, bool force)
{
	struct promotion p = { .n = n, .force = force };
	struct ha_resource *res = &w.node[n].res;
	bool alone;

	if (!UP(n) || res->role == HA_PRIMARY || w.o.promotions >= conf.promotions ||
	    !may_promote(n))
		return EV_NOTHING;
	w.o.promotions++;
	run_on(n, promote, &p);
	if (!UP(n) || res->role != HA_PRIMARY)
		return w.o.promotions--, UP(n) ? EV_DONE : EV_DONE;
	alone = !connected(n) || !w.net.up ||
		w.node[n].peer.repl != HA_ESTABLISHED;
	oracle_promoted(n, alone);
	return EV_DONE;
}

static int ev_promote(int n, int arg)
{
	(void)arg;
	return promote_node(n, false);
}

static int ev_force(int n, int arg)
{
	(void)arg;
	if (!conf.force || w.o.extras >= conf.extras)
		return EV_NOTHING;
	w.o.extras++;
	return promote_node(n, true);
}

static void demote(void *arg)
{
	struct netlink_ext_ack why = { 0 };

	ha_demote(arg, false, &why);
}

static int ev_demote(int n, int arg)
{
	struct node *node = &w.node[n];

	(void)arg;
	if (!conf.demote || !UP(n) || node->res.role != HA_PRIMARY || !answered(n) ||
	    w.o.writing[n] || w.o.in_flush[n])
		return EV_NOTHING;
	run_on(n, demote, &node->res);
	return EV_DONE;
}

/* --- what the module does by itself --- */

static void write_bitmaps(void *arg)
{
	struct ha_disk *d = arg;

	ha_disk_get(d);
	ha_disk_write_bitmaps(d);
	ha_disk_put(d);
}

static int ev_bitmaps(int n, int arg)
{
	struct ha_disk *d = disk_of(n);

	(void)arg;
	if (!conf.maintain || !d)
		return EV_NOTHING;
	run_on(n, write_bitmaps, d);
	return EV_DONE;
}

static void clear_intents(void *arg)
{
	struct node *n = arg;
	struct ha_disk *d = n->res.disk;

	ha_disk_get(d);
	step_clear_intents(&n->res, d);
	ha_disk_put(d);
}

static int ev_clear(int n, int arg)
{
	(void)arg;
	if (!conf.maintain || !disk_of(n) || !answered(n))
		return EV_NOTHING;
	machine_seconds += LONG_AGO;
	run_on(n, clear_intents, &w.node[n]);
	machine_seconds -= LONG_AGO;
	return EV_DONE;
}

static void flush_replicas(void *arg)
{
	struct node *n = arg;
	struct ha_disk *d = n->res.disk;

	ha_disk_get(d);
	step_flush_replicas(&n->res, d);
	ha_disk_put(d);
}

static int ev_background(int n, int arg)
{
	(void)arg;
	if (!conf.maintain || !disk_of(n) || !answered(n))
		return EV_NOTHING;
	run_on(n, flush_replicas, &w.node[n]);
	return EV_DONE;
}

static int ev_attach(int n, int arg)
{
	(void)arg;
	if (!UP(n) || w.node[n].res.disk)
		return EV_NOTHING;
	run_on(n, attach, &w.node[n]);
	return EV_DONE;
}

/* --- faults --- */

static int ev_cut(int n, int arg)
{
	(void)arg;
	if (n || !w.net.up || w.o.cuts >= conf.cuts)
		return EV_NOTHING;
	w.o.cuts++;
	net_cut();
	return EV_DONE;
}

static int ev_crash(int n, int choice)
{
	if (!UP(n) || w.o.faults >= conf.faults || (choice && !conf.power))
		return EV_NOTHING;
	return crash(n, choice) ? EV_DONE : EV_NOTHING;
}

/* Those before the cut settle a world without faults, the first one first. */
static const struct {
	int (*run)(int n, int arg);
	int args;
	const char *words;
} events[] = {
	{ ev_boot,	1,	"%c starts and attaches its disk" },
	{ ev_lost,	1,	"%c notices that the connection is gone" },
	{ ev_io,	PENDING, "a disk I/O ends at %c" },
	{ ev_data,	1,	"a data message reaches %c" },
	{ ev_resync,	1,	"a resync message reaches %c" },
	{ ev_commit,	1,	"%c commits the handshake" },
	{ ev_up,	1,	"%c has both commits and is Connected" },
	{ ev_attach,	1,	"%c attaches its disk again" },
	{ ev_connect,	1,	"A and B connect and compare" },
	{ ev_time,	1,	"time passes at %c" },
	{ ev_write,	BLOCKS,	"a write begins at %c" },
	{ ev_flush,	1,	"the application flushes at %c" },
	{ ev_promote,	1,	"promote %c" },
	{ ev_demote,	1,	"demote %c" },
	{ ev_force,	1,	"promote %c by force" },
	{ ev_bitmaps,	1,	"%c writes its bitmaps" },
	{ ev_clear,	1,	"%c clears idle intents" },
	{ ev_background, 1,	"%c flushes the replicas" },
	{ ev_detach,	1,	"%c detaches its disk" },
	{ ev_cut,	1,	"CUT" },
	{ ev_crash,	255,	"CRASH of %c" },
	{ ev_fail,	255,	"the disk of %c FAILS" },
	{ ev_invalidate, 1,	"the data of %c rot, and are invalidated" },
	{ ev_invalidate_meet, PLACES * PLACES,
	  "the data of %c rot, and are invalidated" },
};
const int events_progress = 10;
const unsigned int events_count = ARRAY_SIZE(events);

/* Requests end in bio_put(): the last moment to see whether one was missed. */
int event_run(struct event e)
{
	bool struck;
	int done;

	inject = (struct injection){ .at = e.at, .kind = e.kind,
				     .choice = e.choice };
	done = events[e.type].run(e.node, e.arg);
	if (done != EV_DONE)
		return done;
	machine_settle();
	struck = e.kind != INJECT_NONE && inject.kind == INJECT_NONE &&
		 !inject.invalid;
	/* In a walk it is as if nothing had been planned. */
	if (e.kind != INJECT_NONE && !struck && !conf.walks)
		return EV_ERROR;
	if (conf.walks)
		w.o.struck += struck;
	if (struck && e.kind == INJECT_CUT)
		w.o.cuts++;
	oracle_check();
	if (!conf.plain)
		canonical();
	return EV_DONE;
}

/* The next one to try; false at the end. */
bool event_advance(struct event *e, bool more)
{
	e->at = e->kind = e->choice = 0;
	if (more && e->arg + 1 < events[e->type].args) {
		e->arg++;
		return true;
	}
	e->arg = 0;
	e->node = !e->node;
	if (!e->node)
		e->type++;
	return e->type < ARRAY_SIZE(events);
}

bool event_is_fault(u8 type)
{
	return events[type].run == ev_cut || events[type].run == ev_crash ||
	       events[type].run == ev_fail;
}

/* A walk without it draws what it drew before there was this event. */
bool event_is_left_out(u8 type)
{
	return (events[type].run == ev_fail && !conf.errors) ||
	       (events[type].run == ev_invalidate && !conf.invalidate) ||
	       (events[type].run == ev_invalidate_meet && conf.invalidate < 2);
}

/* May it be done again and again, and nothing changes? */
bool event_may_idle(u8 type)
{
	return events[type].run == ev_connect || events[type].run == ev_time;
}

/* How many values of the argument are worth a try now. */
unsigned int event_args(struct event e)
{
	if (events[e.type].run == ev_io)
		return max(1u, (unsigned int)w.node[e.node].npending);
	if (events[e.type].run == ev_write)
		return conf.blocks;
	return events[e.type].args;
}

bool event_is_choice(struct event e)
{
	return events[e.type].run == ev_crash || events[e.type].run == ev_fail ||
	       events[e.type].run == ev_io;
}

static const char *const kinds[] = { "", "%c breaks down", "the link is cut",
				     "the other node breaks down" };

void event_words(struct event e, char *text, size_t size)
{
	size_t n;

	n = snprintf(text, size, events[e.type].words, 'A' + e.node);
	if (events[e.type].run == ev_write)
		n += snprintf(text + n, size - n, ", block %u", e.arg);
	if (events[e.type].run == ev_invalidate_meet)
		n += snprintf(text + n, size - n,
			      "; at place %u of it both connect anew, at %u it commits",
			      e.arg / PLACES, e.arg % PLACES);
	if (events[e.type].run == ev_fail)
		n += snprintf(text + n, size - n, ", outcome %u", e.arg);
	if (events[e.type].run == ev_crash)
		n += snprintf(text + n, size - n, e.arg ?
			      ": POWER LOSS, outcome %u" :
			      ": its memory is lost, the caches stay%.0d",
			      e.arg);
	if (!e.kind)
		return;
	n += snprintf(text + n, size - n, "; in it, before step %u, ",
		      e.at + 1);
	n += snprintf(text + n, size - n, kinds[e.kind], 'A' + e.node);
	if (e.kind != INJECT_CUT)
		snprintf(text + n, size - n, e.choice ?
			 " (power loss, outcome %u)" : " (caches stay)%.0d",
			 e.choice);
}
