// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that show what the kernel knows. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "genl.h"
#include "hasetup.h"
#include "monitor.h"
#include "status.h"
#include "util.h"
#include "view.h"

/* Takes --json and at most one name. */
static int parse(int argc, char **argv, bool *json, char **name)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt != 'j')
			return HA_EXIT_USAGE;
		*json = true;
	}
	if (argc - optind > 1)
		return hasetup_usage("one name at most");
	*name = argv[optind];
	return 0;
}

static int failed(struct ha_genl *genl)
{
	fprintf(stderr, "hasetup: %s\n", ha_genl_error(genl));
	ha_genl_close(genl);
	return HA_EXIT_FAILED;
}

static int show(const struct ha_view *view, const char *name, bool json)
{
	const struct ha_state *one = name ? ha_view_find(view, name) : NULL;
	const struct ha_state *states = one ? one : view->states;
	unsigned int n = one ? 1 : view->n;

	if (name && !one) {
		fprintf(stderr, "hasetup: %s: no such resource\n", name);
		return HA_EXIT_FAILED;
	}
	if (json)
		ha_status_json_list(states, n, stdout);
	for (unsigned int i = 0; !json && i < n; i++)
		ha_status_text(&states[i], isatty(STDOUT_FILENO), stdout);
	return HA_EXIT_OK;
}

int hasetup_status(int argc, char **argv)
{
	struct ha_view view = { 0 };
	struct ha_genl *genl;
	bool json = false;
	char *name;
	int ret;

	ret = parse(argc, argv, &json, &name);
	if (ret)
		return ret;
	genl = hasetup_open();
	if (!genl)
		return HA_EXIT_FAILED;
	if (ha_view_load(&view, genl))
		return failed(genl);
	ha_genl_close(genl);
	ret = show(&view, name, json);
	ha_view_free(&view);
	return ret;
}

int hasetup_events(int argc, char **argv)
{
	char *names[2] = { NULL, NULL };
	struct ha_monitor monitor = { 0 };
	struct ha_genl *genl;
	int ret;

	ret = parse(argc, argv, &monitor.json, &names[0]);
	if (ret)
		return ret;
	if (names[0])
		monitor.names = names;
	genl = hasetup_open();
	if (!genl)
		return HA_EXIT_FAILED;
	if (ha_monitor_run(genl, &monitor))
		return failed(genl);
	ha_genl_close(genl);
	return HA_EXIT_OK;
}

int hasetup_udev(int argc, char **argv)
{
	struct ha_view view = { 0 };
	int ret = HA_EXIT_FAILED;
	struct ha_genl *genl;
	unsigned long minor;
	char *end;

	if (argc != 2)
		return hasetup_usage("udev takes one minor number");
	minor = strtoul(argv[1], &end, 10);
	if (end == argv[1] || *end)
		return hasetup_usage("\"%s\" is no minor number", argv[1]);
	genl = hasetup_open();
	if (!genl)
		return HA_EXIT_FAILED;
	if (ha_view_load(&view, genl))
		return failed(genl);
	for (unsigned int i = 0; i < view.n; i++) {
		if (view.states[i].minor != minor)
			continue;
		printf("HA_RESOURCE=%s\n", view.states[i].name);
		ret = HA_EXIT_OK;
	}
	ha_view_free(&view);
	ha_genl_close(genl);
	return ret;
}
