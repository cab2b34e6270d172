// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that work on metadata without the kernel module. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "hasetup.h"
#include "metadata.h"
#include "util.h"

struct md_args {
	struct ha_md_place place;
	int node_id;
	bool force, json;
};

static int parse(int argc, char **argv, struct md_args *args)
{
	static const struct option options[] = {
		{ "node-id", required_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 }
	};
	int opt;

	args->node_id = -1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'n':
			args->node_id = atoi(optarg);
			break;
		case 'f':
			args->force = true;
			break;
		case 'j':
			args->json = true;
			break;
		default:
			return HA_EXIT_USAGE;
		}
	}
	if (argc - optind < 1 || argc - optind > 2)
		return hasetup_usage("give DISK, or DISK and META-DISK");
	args->place.disk = argv[optind];
	args->place.meta_disk = argv[optind + 1];
	return 0;
}

static int report(char *error)
{
	if (!error)
		return HA_EXIT_OK;
	fprintf(stderr, "hasetup: %s\n", error);
	free(error);
	return HA_EXIT_FAILED;
}

int hasetup_create_md(int argc, char **argv)
{
	struct md_args args = { 0 };
	int ret = parse(argc, argv, &args);

	if (ret)
		return ret;
	if (args.node_id < 0 || args.node_id >= HA_MAX_SLOTS)
		return hasetup_usage("--node-id from 0 to %d is needed",
				     HA_MAX_SLOTS - 1);
	return report(ha_md_create(&args.place, args.node_id, args.force,
				   stdout));
}

int hasetup_dump_md(int argc, char **argv)
{
	struct md_args args = { 0 };
	int ret = parse(argc, argv, &args);

	return ret ? ret : report(ha_md_dump(&args.place, args.json, stdout));
}

int hasetup_wipe_md(int argc, char **argv)
{
	struct md_args args = { 0 };
	int ret = parse(argc, argv, &args);

	return ret ? ret : report(ha_md_wipe(&args.place, args.force));
}
