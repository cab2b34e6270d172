// SPDX-License-Identifier: GPL-2.0-only
/* hasetup: finds the verb; knows no configuration file. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "genl.h"
#include "hasetup.h"
#include "util.h"

static int help(int argc, char **argv);

static const struct hasetup_verb verbs[] = {
	{ "status", "[NAME] [--json]", "show what the kernel knows",
	  hasetup_status },
	{ "events", "[NAME] [--json]", "show the state, then each change",
	  hasetup_events },
	{ "udev", "MINOR", "print a device's resource for udev",
	  hasetup_udev },
	{ "create-md", "DISK [META-DISK] --node-id N [--force]",
	  "write fresh metadata", hasetup_create_md },
	{ "dump-md", "DISK [META-DISK] [--json]", "print the metadata",
	  hasetup_dump_md },
	{ "wipe-md", "DISK [META-DISK] [--force]", "erase the metadata",
	  hasetup_wipe_md },
	{ "help", "[VERB]", "this, or one verb in full", help },
	{ NULL, NULL, NULL, NULL }
};

int hasetup_usage(const char *fmt, ...)
{
	va_list ap;

	fputs("hasetup: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return HA_EXIT_USAGE;
}

struct ha_genl *hasetup_open(void)
{
	char *error = NULL;
	struct ha_genl *genl = ha_genl_open(&error);

	if (!genl)
		fprintf(stderr, "hasetup: %s\n", error);
	free(error);
	return genl;
}

static const struct hasetup_verb *find_verb(const char *name)
{
	for (const struct hasetup_verb *verb = verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

static const struct ha_request_kind *find_request(const char *name)
{
	const struct ha_request_kind *kind;

	for (kind = ha_request_kinds; kind->verb; kind++)
		if (!strcmp(kind->verb, name))
			return kind;
	return NULL;
}

static int help(int argc, char **argv)
{
	const struct ha_request_kind *kind;
	const struct hasetup_verb *verb;

	if (argc > 1) {
		kind = find_request(argv[1]);
		verb = find_verb(argv[1]);
		if (kind)
			hasetup_request_usage(kind);
		else if (verb)
			printf("hasetup %s %s\n  %s\n", verb->name, verb->args,
			       verb->help);
		else
			return hasetup_usage("unknown verb \"%s\"", argv[1]);
		return HA_EXIT_OK;
	}
	puts("usage: hasetup VERB ARGUMENTS...\n\n"
	     "One request to the kernel per call; hadm does this from a file.\n");
	for (kind = ha_request_kinds; kind->verb; kind++)
		printf("  %-18s %s\n", kind->verb, kind->help);
	for (verb = verbs; verb->name; verb++)
		printf("  %-18s %s\n", verb->name, verb->help);
	return HA_EXIT_OK;
}

static int unknown_verb(const char *name)
{
	const char *known[64] = { NULL };
	const char *near;
	size_t n = 0;

	for (size_t i = 0; ha_request_kinds[i].verb; i++)
		known[n++] = ha_request_kinds[i].verb;
	for (size_t i = 0; verbs[i].name; i++)
		known[n++] = verbs[i].name;
	near = ha_nearest(name, known);
	if (near)
		return hasetup_usage("unknown verb \"%s\"; did you mean \"%s\"?",
				     name, near);
	return hasetup_usage("unknown verb \"%s\"; see hasetup help", name);
}

int main(int argc, char **argv)
{
	const struct ha_request_kind *kind;
	const struct hasetup_verb *verb;
	int ret;

	if (argc < 2)
		return hasetup_usage("what shall be done? see hasetup help");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		argv[1] = "help";
	kind = find_request(argv[1]);
	verb = find_verb(argv[1]);
	/* getopt names the program in what it says. */
	argv[1] = kind || verb ? xasprintf("hasetup %s", argv[1]) : argv[1];
	if (kind)
		ret = hasetup_request(kind, argc - 1, argv + 1);
	else if (verb)
		ret = verb->run(argc - 1, argv + 1);
	else
		return unknown_verb(argv[1]);
	free(argv[1]);
	if (fflush(stdout) || ferror(stdout)) {
		perror("hasetup: cannot write");
		return HA_EXIT_FAILED;
	}
	return ret;
}
