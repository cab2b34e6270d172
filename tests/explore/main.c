// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore: the module's code on two simulated nodes, every order of events.
 *
 * usage: explore [NAME=NUMBER]...
 *        explore walks=NUMBER [seed=NUMBER] [NAME=NUMBER]...
 *        explore trace=FILE [NAME=NUMBER]...
 */
#include "search.h"

/* A walk draws from @low to @high what was not given. */
struct option {
	const char *name;
	int *value;
	int standard, low, high;
	const char *words;
	bool given;
};

static int thousands;
static const char *trace;

static struct option options[] = {
	{ "writes", &conf.writes, 2, 1, 10, "writes of the application", 0 },
	{ "faults", &conf.faults, 1, 0, 4, "nodes that break down", 0 },
	{ "cuts", &conf.cuts, 1, 0, 4, "cuts of the link", 0 },
	{ "promotions", &conf.promotions, 1, 1, 6, "promotions", 0 },
	{ "flushes", &conf.flushes, 0, 0, 4, "flushes of the application", 0 },
	{ "blocks", &conf.blocks, 1, 1, 3, "blocks of the device, up to 3", 0 },
	{ "regions", &conf.regions, 1, 1, 2, "1: all blocks in one region; 2: one each", 0 },
	{ "flight", &conf.flight, 1, 1, 3, "writes in flight on a node", 0 },
	{ "fence", &conf.fence, 1, 0, 1,
	  "a manager promotes a node alone only when the other is down", 0 },
	{ "power", &conf.power, 1, 0, 2, "a node may lose power, not only its memory", 0 },
	{ "demote", &conf.demote, 1, 0, 1, "demotions", 0 },
	{ "maintain", &conf.maintain, 1, 0, 1,
	  "background flush, intents cleared, bitmaps written", 0 },
	{ "inject", &conf.inject, 1, 0, 2, "breakdowns in the middle of a step", 0 },
	{ "start", &conf.start, 0, -6, 2, "0 in sync, 1 B just created, 2 both just created", 0 },
	{ "detach", &conf.detach, 0, -1, 1, "a disk may be detached and attached again", 0 },
	{ "errors", &conf.errors, 0, 0, 0, "a disk may fail, and is attached again", 0 },
	{ "force", &conf.force, 0, -8, 1, "promotions by force", 0 },
	{ "invalidate", &conf.invalidate, 0, 0, 0, "a Secondary's data may rot and be invalidated; 2: a handshake meanwhile", 0 },
	{ "extras", &conf.extras, 1, 1, 3, "detaches, forced promotions and the like together", 0 },
	{ "strict", &conf.strict, 0, 0, 0, "what a node holds that broke down counts; 2: see oracle.c", 0 },
	{ "no-drain", &conf.no_drain, 0, 0, 0,
	  "fault: a handshake does not wait for late writes", 0 },
	{ "hasty", &conf.hasty, 0, 0, 0, "fault: a target commits before the source has", 0 },
	{ "plain", &conf.plain, 0, 0, 1, "counters are left as they are", 0 },
	{ "max", &thousands, 8000, 8000, 8000, "thousands of states at most", 0 },
	{ "walks", &conf.walks, 0, 0, 0, "random walks instead of a search", 0 },
	{ "seed", &conf.seed, 1, 1, 1, "number of the first walk", 0 },
};

static int usage(void)
{
	unsigned int i;

	fprintf(stderr, "usage: explore [trace=FILE] [NAME=NUMBER]...\n");
	for (i = 0; i < ARRAY_SIZE(options); i++)
		fprintf(stderr, "  %-11s %2d  %s\n", options[i].name,
			options[i].standard, options[i].words);
	return 2;
}

static bool set(const char *arg)
{
	const char *eq = strchr(arg, '=');
	unsigned int i;

	if (!strncmp(arg, "trace=", 6)) {
		trace = eq + 1;
		return true;
	}
	for (i = 0; eq && i < ARRAY_SIZE(options); i++) {
		if (strlen(options[i].name) == (size_t)(eq - arg) &&
		    !strncmp(arg, options[i].name, eq - arg)) {
			*options[i].value = atoi(eq + 1);
			options[i].given = true;
			return true;
		}
	}
	return false;
}

void options_draw(u32 (*below)(u32 n))
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (!options[i].given && options[i].low < options[i].high)
			*options[i].value = max(0, options[i].low +
				(int)below(options[i].high - options[i].low + 1));
}

void options_print(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].low < options[i].high)
			printf(" %s=%d", options[i].name, *options[i].value);
	printf("\n");
}

static const u8 prelude[] = { 0, 0, 8, 5, 5, 6, 6 };

/* From two disks in sync on two machines that are off to Connected. */
bool world_begin(void)
{
	static const u8 node[] = { 0, 1, 0, 0, 1, 0, 1 };
	unsigned int i, b;

	machine_init();
	w.o.holders = conf.start ? 1 : 3;
	for (b = 0; b < BLOCKS; b++)
		w.o.allowed[b] = w.o.possible[b] = 1;
	for (i = 0; i < (conf.start ? 2 : ARRAY_SIZE(prelude)); i++)
		if (event_run((struct event){ .type = prelude[i],
					      .node = node[i] }) != EV_DONE)
			return false;
	if (conf.start)
		return true;
	return oracle_in_sync() && !broken[0];
}

int main(int argc, char **argv)
{
	struct outcome out;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		*options[i].value = options[i].standard;
	for (i = 1; i < (unsigned int)argc; i++)
		if (!set(argv[i]))
			return usage();
	conf.max_states = thousands * 1000ull;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (conf.walks)
		return walk_all(conf.walks, conf.seed);
	if (!world_begin()) {
		printf("the world does not start: %s\n", broken);
		return 3;
	}
	if (trace)
		return trace_run(trace);
	out = search();
	printf("%s: %llu states, %llu steps, depth %u, %.1f s, %llu MiB\n",
	       out.broken ? "BROKEN" : out.complete ? "clean" : "limit",
	       (unsigned long long)out.states, (unsigned long long)out.steps,
	       out.depth, out.seconds, (unsigned long long)out.bytes >> 20);
	return out.broken ? 1 : out.complete ? 0 : 4;
}
