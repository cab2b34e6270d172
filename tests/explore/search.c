// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breadth-first search.  A state is the list of words in which the world's
 * memory differs from the first state; known are 128-bit hashes of such lists,
 * kept are the lists of states that wait to be expanded.
 *
 * For each state the successor by its first event that is neither a fault nor
 * a wish is noted.  At the end these chains are followed: each must reach a
 * good end (no deadlock, always a way back).
 */
#include <time.h>
#include "search.h"

#define WORDS	(sizeof(struct world) / 8)
#define LINE	8u		/* words compared at once */
#define NOWHERE	UINT32_MAX
#define LIMIT	0xfffffffeu

struct state {
	u64 hash[2];
	u32 parent;
	u32 next;		/* by the first progress event */
	struct event by;
	u8 end;			/* 1 good, 2 bad: no progress event */
};

static struct state *states;
static u32 nstates, *table;
static u64 table_mask;
static unsigned char **kept;	/* encoded lists, freed when expanded */
static u64 *first;		/* the first state, whole */
static u64 kept_bytes, most_bytes;

static u32 changed[WORDS / LINE];	/* lines that differ from @first */
static u32 nchanged;

static u64 *memory(void)
{
	return (u64 *)&w;
}

static bool line_differs(const u64 *a, const u64 *b)
{
	u64 any = 0;
	u32 k;

	for (k = 0; k < LINE; k++)
		any |= a[k] ^ b[k];
	return any;
}

static void find_changed_in(const void *from, size_t size)
{
	u64 *m = memory();
	u32 i = ((const char *)from - (const char *)m) / (LINE * 8);
	u32 end = ((const char *)from - (const char *)m + size - 1) / (LINE * 8);

	if (nchanged && changed[nchanged - 1] >= i)
		i = changed[nchanged - 1] + 1;
	for (; i <= end; i++)
		if (line_differs(m + i * LINE, first + i * LINE))
			changed[nchanged++] = i;
}

static u32 heap_end(const struct node *n)
{
	u32 i = n->nallocs;

	return i ? n->alloc[i - 1].at + n->alloc[i - 1].size : 0;
}

/* Beyond the allocations of now and then all is zero, as in a free message. */
static void find_changed(void)
{
	const struct world *then = (const void *)first;
	u32 i, k, heap;

	nchanged = 0;
	for (i = 0; i < 2; i++) {
		heap = max(heap_end(&w.node[i]), heap_end(&then->node[i]));
		find_changed_in(&w.node[i], offsetof(struct node, heap) + heap);
	}
	find_changed_in(w.media, sizeof(w.media));
	find_changed_in(&w.net, offsetof(struct net, queue));
	for (i = 0; i < 2; i++)
		for (k = 0; k < HA_STREAM_MORE; k++)
			if (w.net.count[i][k])
				find_changed_in(w.net.queue[i][k],
						w.net.count[i][k] *
						sizeof(struct message));
	find_changed_in(&w.o, sizeof(w.o));
}

/* Word by word: distance, mask of bytes that are not zero, those bytes. */
static unsigned char buffer[64 << 10];

static size_t encode(void)
{
	u64 *m = memory();
	unsigned char *p = buffer;
	u32 i, k, b, last = 0;

	for (i = 0; i < nchanged; i++) {
		for (k = changed[i] * LINE; k < (changed[i] + 1) * LINE; k++) {
			u32 gap = k - last;
			unsigned char *mask;

			if (m[k] == first[k])
				continue;
			last = k;
			for (; gap >= 255; gap -= 255)
				*p++ = 255;
			*p++ = gap;
			mask = p++;
			*mask = 0;
			for (b = 0; b < 8; b++) {
				unsigned char c = m[k] >> (8 * b);

				if (c) {
					*mask |= 1u << b;
					*p++ = c;
				}
			}
			if (p > buffer + sizeof(buffer) - 32)
				abort();
		}
	}
	return p - buffer;
}

static void restore(const unsigned char *p, size_t size)
{
	const unsigned char *end = p + size;
	u64 *m = memory();
	u32 i, b, at = 0;

	for (i = 0; i < nchanged; i++)
		memcpy(m + changed[i] * LINE, first + changed[i] * LINE,
		       LINE * 8);
	while (p < end) {
		unsigned char mask;
		u64 value = 0;

		while (*p == 255)
			at += *p++;
		at += *p++;
		mask = *p++;
		for (b = 0; b < 8; b++)
			if (mask >> b & 1)
				value |= (u64)*p++ << (8 * b);
		m[at] = value;
	}
}

static u64 mix(u64 h, u64 v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

static void hash_of(const unsigned char *p, size_t size, u64 hash[2])
{
	u64 a = size + 1, b = ~(u64)size, v;

	for (; size >= 8; size -= 8, p += 8) {
		memcpy(&v, p, 8);
		a = mix(a, v);
		b = mix(b, v * 0xd6e8feb86659fd93ull + 1);
	}
	v = 0;
	memcpy(&v, p, size);
	hash[0] = mix(a, v);
	hash[1] = mix(mix(b, v), a);
}

/* Number of the present state; *fresh when it was not known. */
static u32 know(u32 parent, struct event by, bool *fresh)
{
	u64 hash[2], slot;
	size_t size;

	find_changed();
	size = encode();
	hash_of(buffer, size, hash);
	*fresh = false;
	for (slot = hash[0] & table_mask; table[slot];
	     slot = (slot + 1) & table_mask) {
		struct state *s = &states[table[slot] - 1];

		if (s->hash[0] == hash[0] && s->hash[1] == hash[1])
			return table[slot] - 1;
	}
	if (nstates == conf.max_states)
		return NOWHERE;
	*fresh = true;
	states[nstates] = (struct state){ .hash = { hash[0], hash[1] },
		.parent = parent, .next = NOWHERE, .by = by };
	kept[nstates] = malloc(size + 4);
	memcpy(kept[nstates], &(u32){ size }, 4);
	memcpy(kept[nstates] + 4, buffer, size);
	kept_bytes += size + 20;
	most_bytes = max(most_bytes, kept_bytes);
	table[slot] = ++nstates;
	return nstates - 1;
}

static void go_to(u32 i)
{
	u32 size;

	memcpy(&size, kept[i], 4);
	restore(kept[i] + 4, size);
}

static void print_trace(u32 i, const struct event *last)
{
	u32 path[512], n = 0;
	char text[200];

	for (; i && n < ARRAY_SIZE(path); i = states[i].parent)
		path[n++] = i;
	printf("  %u events: %s\n", n + !!last, broken);
	for (i = 1; n; i++) {
		event_words(states[path[--n]].by, text, sizeof(text));
		printf("  %3u %s\n", i, text);
	}
	if (!last)
		return;
	event_words(*last, text, sizeof(text));
	printf("  %3u %s\n", i, text);
	tell_nodes();
}

/* Try @e in state @from; false when a rule is broken. */
static bool attempt(u32 from, struct event e, int *result, u64 *steps)
{
	bool fresh, progress = e.type < events_progress && !e.kind;
	u32 to;

	*result = event_run(e);
	if (broken[0]) {
		print_trace(from, &e);
		return false;
	}
	if (*result == EV_DONE) {
		++*steps;
		to = know(from, e, &fresh);
		if (to == NOWHERE)
			*result = EV_ERROR;
		else if (progress && to != from &&
			 states[from].next == NOWHERE)
			states[from].next = to;
	}
	if (*result == EV_NOTHING)
		return true;
	if (*result == EV_ERROR)
		find_changed();
	go_to(from);
	return true;
}

/* The same event with something happening in the middle of it. */
static bool interrupt(u32 from, struct event e, unsigned int places, u64 *steps)
{
	int result;

	for (e.at = 0; e.at < places; e.at++) {
		for (e.kind = INJECT_CRASH; e.kind <= INJECT_OTHER; e.kind++) {
			bool cut = e.kind == INJECT_CUT;

			if (cut ? w.o.cuts >= conf.cuts :
				  w.o.faults >= conf.faults)
				continue;
			for (e.choice = 0; ; e.choice++) {
				if (!attempt(from, e, &result, steps))
					return false;
				if (result != EV_DONE || cut || !conf.power)
					break;
			}
		}
	}
	return true;
}

static bool expand(u32 from, u64 *steps)
{
	struct event e = { 0 };
	int result;

	find_changed();
	go_to(from);
	do {
		unsigned int places;

		if (!attempt(from, e, &result, steps))
			return false;
		places = inject.seen;
		if (result == EV_DONE && conf.inject &&
		    !interrupt(from, e, places, steps))
			return false;
	} while (event_advance(&e, result == EV_DONE || !event_is_choice(e)));
	if (states[from].next == NOWHERE)
		states[from].end = oracle_end() ? 2 : 1;
	return true;
}

/* Every chain of progress must end well; returns one that does not. */
static u32 bad_chain(void)
{
	u8 *mark = calloc(nstates, 1);	/* 1 on the way, 2 ends well */
	u32 i, k, bad = NOWHERE;

	for (i = 0; i < nstates && bad == NOWHERE; i++) {
		for (k = i; !mark[k] && states[k].next != NOWHERE;
		     k = states[k].next)
			mark[k] = 1;
		if (mark[k] == 1 || (!mark[k] && states[k].end == 2))
			bad = i;
		mark[k] = 2;
		for (k = i; mark[k] == 1; k = states[k].next)
			mark[k] = 2;
	}
	free(mark);
	return bad;
}

static void print_bad_chain(u32 i)
{
	char text[200];
	unsigned int n;

	print_trace(i, NULL);
	printf("  from there, without faults:\n");
	for (n = 0; n < 40 && states[i].next != NOWHERE; n++) {
		u32 next = states[i].next;

		event_words(states[next].by, text, sizeof(text));
		printf("    + %s%s\n", text, states[next].parent == i ? "" :
		       " (or the like)");
		i = next;
	}
}

void search_remember(void)
{
	first = malloc(sizeof(w));
	memcpy(first, &w, sizeof(w));
}

u64 search_hash(void)
{
	u64 hash[2];
	size_t size;

	find_changed();
	size = encode();
	hash_of(buffer, size, hash);
	return hash[0] ^ hash[1];
}

static void prepare(void)
{
	u64 slots = 1024;

	while (slots < conf.max_states * 2)
		slots *= 2;
	table_mask = slots - 1;
	table = calloc(slots, sizeof(*table));
	states = calloc(conf.max_states, sizeof(*states));
	kept = calloc(conf.max_states, sizeof(*kept));
	search_remember();
}

struct outcome search(void)
{
	struct outcome out = { .complete = true };
	struct timespec a, b;
	u32 i, level = 1;
	bool fresh;

	prepare();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	know(0, (struct event){ 0 }, &fresh);
	for (i = 0; i < nstates && !out.broken; i++) {
		if (i == level) {
			out.depth++;
			level = nstates;
		}
		out.broken = !expand(i, &out.steps);
		kept_bytes -= *(u32 *)kept[i] + 20;
		free(kept[i]);
		kept[i] = NULL;
		if (nstates == conf.max_states) {
			out.complete = false;
			break;
		}
	}
	if (!out.broken && out.complete) {
		u32 bad = bad_chain();

		if (bad != NOWHERE) {
			violation("no way back: without faults it ends neither in sync nor in a report");
			print_bad_chain(bad);
			out.broken = true;
		}
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	out.seconds = (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9;
	out.states = nstates;
	out.bytes = most_bytes + nstates * (sizeof(struct state) + 16);
	return out;
}
