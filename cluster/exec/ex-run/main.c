// SPDX-License-Identifier: GPL-2.0-only
/*
 * ex-run: one operation of the executor from the command line; prints the
 * result as a line of JSON. For tests and for people who look for faults.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ex-run.h"
#include "util.h"

static const struct option options[] = {
	{ "timeout", 1, NULL, 't' }, { "meta", 1, NULL, 'm' },
	{ "member", 1, NULL, 'n' }, { "role", 1, NULL, 'r' },
	{ "depth", 1, NULL, 'd' }, { "watch", 1, NULL, 'w' },
	{ "for", 1, NULL, 'f' }, { "ladder", 1, NULL, 'L' },
	{ "storage", 1, NULL, 's' }, { "shim", 1, NULL, 'S' },
	{ "grace", 1, NULL, 'g' }, { "bus", 1, NULL, 'b' },
	{ "unit-dir", 1, NULL, 'u' }, { "linger", 1, NULL, 'l' },
	{ "hadm", 1, NULL, 'h' }, { "ocf-root", 1, NULL, 'o' },
	{ "rsctmp", 1, NULL, 'T' }, { "then", 1, NULL, 'x' },
	{ "forget", 0, NULL, 'F' }, { 0 }
};

static int usage(void)
{
	fputs("usage: ex-run [OPTION]... KIND AGENT|- ACTION [NAME=VALUE]...\n"
	      "       ex-run [OPTION]... fence ACTION TARGET LEVEL...\n"
	      "  a LEVEL is AGENT[,NAME=VALUE]...[+AGENT...]\n"
	      "  --timeout MS --member NAME --meta NAME=VALUE --role ROLE --depth N\n"
	      "  --watch MS --for MS       repeat a monitor, print what it tells\n"
	      "  --ladder STEP,STEP,...    of a stop; --storage RESOURCE\n"
	      "  --shim PATH               answer the shim there, from memory\n"
	      "  --linger MS               go on after the end\n"
	      "  --then ACTION             do that too, afterwards\n"
	      "  --forget                  the member leaves the configuration\n"
	      "  --grace MS --bus ADDRESS --unit-dir DIR --hadm PATH --ocf-root DIR\n"
	      "  --rsctmp DIR\n", stderr);
	return 2;
}

static struct ex_param split(char *text)
{
	char *equals = strchr(text, '=');

	if (!equals)
		exit(usage());
	*equals = '\0';
	return (struct ex_param){ text, equals + 1 };
}

static int role_of(const char *word)
{
	for (int role = 0; ex_role_word(role); role++)
		if (!strcmp(ex_role_word(role), word))
			return role;
	exit(usage());
}

static void add_steps(struct run *run, char *list)
{
	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		int step = ex_step_find(word);

		if (step < 0 || run->n_steps == EX_STEP_NR)
			exit(usage());
		run->steps[run->n_steps++] = step;
	}
}

static void take_place(struct run *run, int option)
{
	switch (option) {
	case 'S':
		run->config.shim_socket = optarg;
		break;
	case 'g':
		run->config.grace_ms = run->config.stuck_ms = atoll(optarg);
		break;
	case 'b':
		run->config.bus_address = optarg;
		break;
	case 'u':
		run->config.unit_dir = optarg;
		break;
	case 'h':
		run->config.hadm = optarg;
		break;
	case 'o':
		run->config.ocf_root = optarg;
		break;
	case 'T':
		run->config.rsctmp = optarg;
		break;
	default:
		exit(usage());
	}
}

static void take(struct run *run, int option)
{
	struct ex_op *op = &run->op;

	switch (option) {
	case 't':
		op->timeout_ms = atoll(optarg);
		break;
	case 'm':
		run->meta[op->n_meta++] = split(optarg);
		break;
	case 'n':
		op->member = optarg;
		break;
	case 'r':
		op->role = role_of(optarg);
		break;
	case 'd':
		op->depth = atoi(optarg);
		break;
	case 'w':
		run->watch = true;
		op->interval_ms = atoll(optarg);
		break;
	case 'f':
		run->for_ms = atoll(optarg);
		break;
	case 'L':
		add_steps(run, optarg);
		break;
	case 's':
		run->storage = optarg;
		break;
	case 'l':
		run->linger_ms = atoll(optarg);
		break;
	case 'F':
		run->forget = true;
		break;
	case 'x':
		run->then = ex_action_find(optarg);
		break;
	default:
		take_place(run, option);
	}
}

/* Programs beside this one are the ones to use. */
static void set_places(struct run *run)
{
	static char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (length < 0)
		exit(1);
	self[length] = '\0';
	slash = strrchr(self, '/');
	*slash = '\0';
	run->config.helper = xasprintf("%s/ha-member", self);
	run->config.shim_dir = xasprintf("%s/shim-dir", self);
}

static void take_operation(struct run *run, int argc, char **argv)
{
	struct ex_op *op = &run->op;
	int kind = ex_kind_find(argv[0]), action;

	if (kind < 0 || argc < 3)
		exit(usage());
	action = ex_action_find(argv[2]);
	if (action < 0)
		exit(usage());
	op->kind = kind;
	op->agent = strcmp(argv[1], "-") ? argv[1] : NULL;
	op->action = action;
	for (int i = 3; i < argc && op->n_params < RUN_PARAMS; i++)
		run->params[op->n_params++] = split(argv[i]);
}

int main(int argc, char **argv)
{
	static struct run run = { .then = -1 };
	char host[256] = "localhost";
	int option;

	gethostname(host, sizeof(host) - 1);
	run.op.member = "test";
	run.op.params = run.params;
	run.op.meta = run.meta;
	run.config.node = host;
	set_places(&run);
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		take(&run, option);
	argc -= optind;
	argv += optind;
	if (argc < 1)
		return usage();
	if (sd_event_new(&run.config.event) < 0)
		return 1;
	if (!strcmp(argv[0], "fence"))
		return argc < 4 ? usage() : run_fence(&run, argv + 1, argc - 1);
	take_operation(&run, argc, argv);
	return run_operation(&run);
}
