// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore: the module's code on two simulated nodes, every order of events.
 *
 * usage: explore [NAME=NUMBER]...
 */
#include "search.h"

struct option { const char *name; int *value; int standard; const char *words; };

static int thousands;

static const struct option options[] = {
	{ "writes", &conf.writes, 2, "writes of the application" },
	{ "faults", &conf.faults, 1, "nodes that break down" },
	{ "cuts", &conf.cuts, 1, "cuts of the link" },
	{ "promotions", &conf.promotions, 1, "promotions" },
	{ "flushes", &conf.flushes, 0, "flushes of the application" },
	{ "blocks", &conf.blocks, 1, "blocks of the device, up to 3" },
	{ "regions", &conf.regions, 1, "1: all blocks in one region; 2: one each" },
	{ "fence", &conf.fence, 1, "a manager promotes a node alone only when the other is down" },
	{ "power", &conf.power, 1, "a node may lose power, not only its memory" },
	{ "demote", &conf.demote, 1, "demotions" },
	{ "maintain", &conf.maintain, 1, "background flush, intents cleared, bitmaps written" },
	{ "inject", &conf.inject, 1, "breakdowns in the middle of a step" },
	{ "start", &conf.start, 0, "0 in sync, 1 B just created, 2 both just created" },
	{ "detach", &conf.detach, 0, "a disk may be detached and attached again" },
	{ "force", &conf.force, 0, "promotions by force" },
	{ "extras", &conf.extras, 1, "detaches and forced promotions together" },
	{ "strict", &conf.strict, 0, "what a node holds that broke down counts" },
	{ "no-drain", &conf.no_drain, 0, "fault: a handshake does not wait for late writes" },
	{ "hasty", &conf.hasty, 0, "fault: a target commits before the source has" },
	{ "max", &thousands, 8000, "thousands of states at most" },
};

static int usage(void)
{
	unsigned int i;

	fprintf(stderr, "usage: explore [NAME=NUMBER]...\n");
	for (i = 0; i < ARRAY_SIZE(options); i++)
		fprintf(stderr, "  %-11s %2d  %s\n", options[i].name,
			options[i].standard, options[i].words);
	return 2;
}

static bool set(const char *arg)
{
	const char *eq = strchr(arg, '=');
	unsigned int i;

	for (i = 0; eq && i < ARRAY_SIZE(options); i++) {
		if (strlen(options[i].name) == (size_t)(eq - arg) &&
		    !strncmp(arg, options[i].name, eq - arg)) {
			*options[i].value = atoi(eq + 1);
			return true;
		}
	}
	return false;
}

static const u8 prelude[] = { 0, 0, 8, 5, 5, 6, 6 };

/* From two disks in sync on two machines that are off to Connected. */
static bool begin(void)
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
	if (!begin()) {
		printf("the world does not start: %s\n", broken);
		return 3;
	}
	out = search();
	printf("%s: %llu states, %llu steps, depth %u, %.1f s, %llu MiB\n",
	       out.broken ? "BROKEN" : out.complete ? "clean" : "limit",
	       (unsigned long long)out.states, (unsigned long long)out.steps,
	       out.depth, out.seconds, (unsigned long long)out.bytes >> 20);
	return out.broken ? 1 : out.complete ? 0 : 4;
}
