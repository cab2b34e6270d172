// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random walks: from the first state one random event after the other, with
 * budgets and weights drawn for each walk, some events left out; the oracle
 * looks after each, and now and then all faults cease and it must end well.
 *
 * A walk follows from its number alone.  One that breaks a rule is made short:
 * events are left out for as long as a rule is still broken.
 */
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "search.h"

#define LONGEST		1200u
#define BURST		254u	/* as many steps towards rest as its argument says */
#define PATIENCE	600u	/* events until all must have settled */
#define TRIES		60u

static u64 chance_state, walk_number;
static struct event path[LONGEST];
static u32 npath;
static u32 weight[64], weights, bursts;
static u64 nevents, nsettled, nstruck, nfaults, ncuts;
static u32 telling;		/* so many steps towards rest are printed */

static u64 chance(void)
{
	u64 z = chance_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static u32 below(u32 n)
{
	return (chance() >> 16) % n;
}

/* --- what a walk is made of --- */

static void draw(u64 number)
{
	static const u8 wish[] = { 0, 1, 2, 4, 8 }, progress[] = { 0, 2, 4, 4, 8, 8 };
	u32 i;

	walk_number = number;
	chance_state = number * 0xd1342543de82ef95ull;
	options_draw(below);
	weights = 0;
	bursts = below(3) * 3;
	for (i = 0; i < events_count; i++) {
		if (event_is_left_out(i))
			weight[i] = 0;
		else if ((int)i < events_progress)
			weight[i] = progress[below(ARRAY_SIZE(progress))] * 2;
		else if (event_is_fault(i))
			weight[i] = wish[below(4)];
		else
			weight[i] = wish[below(ARRAY_SIZE(wish))];
		weights += weight[i];
	}
}

static void draw_injection(struct event *e)
{
	bool fault = w.o.faults < conf.faults, cut = w.o.cuts < conf.cuts;

	if (!conf.inject || below(6) || (!fault && !cut))
		return;
	e->kind = fault ? INJECT_CRASH + 2 * below(2) : INJECT_CUT;
	if (fault && cut && !below(3))
		e->kind = INJECT_CUT;
	e->at = below(2) ? below(4) : below(20);
	if (e->kind != INJECT_CUT && conf.power && below(4))
		e->choice = 1 + below(254);
}

static struct event draw_event(void)
{
	struct event e = { .node = below(2) };
	u32 at = below(weights), args;

	if (below(100) < bursts) {
		e.type = BURST;
		e.arg = 1 + below(below(3) ? 8 : 24);
		draw_injection(&e);
		return e;
	}
	while (at >= weight[e.type])
		at -= weight[e.type++];
	args = event_args(e);
	e.arg = below(args);
	if (event_is_fault(e.type) && args > 1)
		e.arg = conf.power && below(4) ? 1 + below(args - 1) : 0;
	draw_injection(&e);
	return e;
}

/* --- carrying it out --- */

/* Numbers that are counted on are no progress. */
static u64 where(void)
{
	canonical();
	return search_hash();
}

/* As event_advance(), for all of them and the same thing in the middle. */
static bool advance(struct event *e)
{
	struct event was = *e;
	bool more = event_advance(e, true);

	e->kind = was.kind;
	e->at = was.at;
	e->choice = was.choice;
	return more;
}

static void tell_step(struct event e)
{
	char text[200];

	if (!telling)
		return;
	telling--;
	event_words(e, text, sizeof(text));
	printf("        %s\n", text);
}

/* The first event that changes something, with what happens in the middle. */
static bool goes_on(struct event how)
{
	struct event e = { .kind = how.kind, .at = how.at, .choice = how.choice };

	do {
		if (e.type >= events_progress)
			return false;
		u64 before = event_may_idle(e.type) ? where() : 0;

		if (event_run(e) == EV_DONE &&
		    (!event_may_idle(e.type) || where() != before)) {
			tell_step(e);
			return true;
		}
		if (broken[0])
			return true;
	} while (advance(&e));
	return false;
}

static void burst(struct event e)
{
	struct event plain = { 0 };

	for (; e.arg > 1 && !broken[0]; e.arg--)
		if (!goes_on(plain))
			return;
	if (!broken[0])
		goes_on(e);
}

static void settle(void)
{
	const char *why;
	u32 n;

	for (n = 0; n < PATIENCE && !broken[0]; n++)
		if (!goes_on((struct event){ 0 }))
			break;
	why = n == PATIENCE ? "without faults it does not come to rest" :
	      oracle_end();
	if (why && !broken[0])
		violation("%s", why);
	nsettled++;
}

int walk_carry_out(struct event e)
{
	int done = EV_DONE;

	if (e.type == SETTLE)
		settle();
	else if (e.type == BURST)
		burst(e);
	else
		done = event_run(e);
	nevents += done == EV_DONE;
	return done;
}

/* One event that is possible now; false when none was found. */
static bool stroll(void)
{
	u32 tries;

	for (tries = 0; tries < TRIES; tries++) {
		struct event e = draw_event();

		if (walk_carry_out(e) == EV_NOTHING)
			continue;
		path[npath++] = e;
		return true;
	}
	return false;
}

static bool start_walk(void)
{
	broken[0] = '\0';
	if (world_begin())
		return true;
	fprintf(stderr, "explore: walk %llu does not start: %s\n",
		(unsigned long long)walk_number, broken);
	exit(3);
}

static void walk(u64 number)
{
	u32 phases, length, n;

	draw(number);
	start_walk();
	npath = 0;
	phases = 1 + below(3);
	length = 10 + below(120);
	while (phases-- && !broken[0]) {
		for (n = 0; n < length && weights && !broken[0]; n++)
			if (!stroll())
				break;
		if (broken[0])
			break;
		path[npath++] = (struct event){ .type = SETTLE };
		walk_carry_out(path[npath - 1]);
		if (!oracle_in_sync())
			break;
	}
	nstruck += w.o.struck;
	nfaults += w.o.faults;
	ncuts += w.o.cuts;
}

/* --- a short one that breaks a rule, too --- */

static bool still_broken(const struct event *events, u32 n, u32 *used)
{
	u32 i;

	start_walk();
	for (i = 0; i < n && !broken[0]; i++)
		walk_carry_out(events[i]);
	*used = i;
	return broken[0];
}

static bool leave_out(u32 from, u32 count)
{
	struct event rest[LONGEST];
	u32 used;

	memcpy(rest, path, from * sizeof(*rest));
	memcpy(rest + from, path + from + count,
	       (npath - from - count) * sizeof(*rest));
	if (!still_broken(rest, npath - count, &used))
		return false;
	memcpy(path, rest, used * sizeof(*rest));
	npath = used;
	return true;
}

static bool without_injection(u32 i)
{
	struct event was = path[i];
	u32 used;

	if (!was.kind)
		return false;
	path[i].kind = path[i].at = path[i].choice = 0;
	if (still_broken(path, npath, &used)) {
		npath = used;
		return true;
	}
	path[i] = was;
	return false;
}

static bool shorter_burst(u32 i)
{
	u32 used;

	if (path[i].type != BURST || path[i].arg < 2)
		return false;
	path[i].arg--;
	if (still_broken(path, npath, &used)) {
		npath = used;
		return true;
	}
	path[i].arg++;
	return false;
}

static void make_short(void)
{
	u32 size, i, before;

	do {
		before = npath;
		for (size = npath / 2; size; size /= 2)
			for (i = 0; i + size <= npath; )
				if (!leave_out(i, size))
					i += size;
		for (i = 0; i < npath; i++) {
			without_injection(i);
			while (i < npath && shorter_burst(i))
				;
		}
	} while (npath < before);
}

static void tell(u32 length)
{
	char text[200];
	u32 i;

	printf("  walk seed=%llu, cut down from %u to %u events: %s\n ",
	       (unsigned long long)walk_number, length, npath, broken);
	options_print();
	start_walk();
	for (i = 0; i < npath; i++) {
		snprintf(text, sizeof(text), "(all settles without faults)");
		if (path[i].type == BURST)
			snprintf(text, sizeof(text), "(%u steps towards rest)%s", path[i].arg,
				 path[i].kind ? "; in the last one something happens" : "");
		else if (path[i].type != SETTLE)
			event_words(path[i], text, sizeof(text));
		printf("  %3u %s\n", i + 1, text);
		telling = 40;
		walk_carry_out(path[i]);
	}
	tell_nodes();
}

static void on_abort(int signal)
{
	char text[80];
	int n = snprintf(text, sizeof(text), "explore: signal %d in walk seed=%llu\n",
			 signal, (unsigned long long)walk_number);

	if (write(2, text, n) < 0)
		_exit(4);
	_exit(3);
}

/* Five seconds of computing without an event: one of them does not end. */
static void on_time(int signal)
{
	static u64 seen = ~0ull;

	if (seen == nevents)
		on_abort(signal);
	seen = nevents;
}

int walk_all(u64 count, u64 seed)
{
	struct timespec a, b;
	u64 i;

	signal(SIGABRT, on_abort);
	signal(SIGSEGV, on_abort);
	signal(SIGPROF, on_time);
	setitimer(ITIMER_PROF, &(struct itimerval){ { 5, 0 }, { 5, 0 } }, NULL);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	draw(seed);
	start_walk();
	search_remember();
	for (i = 0; i < count && !broken[0]; i++)
		walk(seed + i);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	printf("%s: %llu walks from seed=%llu, %llu events, %llu faults, %llu cuts, %llu in the middle of a step, settled %llu times, %.1f s\n",
	       broken[0] ? "BROKEN" : "clean", (unsigned long long)i,
	       (unsigned long long)seed, (unsigned long long)nevents,
	       (unsigned long long)nfaults, (unsigned long long)ncuts,
	       (unsigned long long)nstruck, (unsigned long long)nsettled,
	       (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9);
	if (!broken[0])
		return 0;
	i = npath;
	make_short();
	still_broken(path, npath, &npath);
	tell(i);
	return 1;
}
