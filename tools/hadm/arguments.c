// SPDX-License-Identifier: GPL-2.0-only
/* The command line: global options, the verb, its options and names. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "hadm.h"

static const struct option long_options[] = {
	{ "config-file", required_argument, NULL, 'c' },
	{ "dry-run", no_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ "force", no_argument, NULL, 'F' },
	{ "json", no_argument, NULL, 'J' },
	{ "watch", no_argument, NULL, 'W' },
	{ "timeout", required_argument, NULL, 'T' },
	{ "discard-my-data", no_argument, NULL, 'D' },
	{ "peer", required_argument, NULL, 'P' },
	{ NULL, 0, NULL, 0 }
};

static int find_verb(struct hadm *hadm, const char *name)
{
	const char *known[64] = { NULL };
	const char *near;

	hadm->verb = hadm_verb_find(name);
	if (hadm->verb)
		return 0;
	for (size_t i = 0; hadm_verbs[i].name; i++)
		known[i] = hadm_verbs[i].name;
	near = ha_nearest(name, known);
	if (near)
		return hadm_usage("unknown verb \"%s\"; did you mean \"%s\"?",
				  name, near);
	return hadm_usage("unknown verb \"%s\"; see hadm help", name);
}

static int parse_timeout(struct hadm *hadm, const char *text)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (*end == 's' && end != text)
		end++;
	if (end == text || *end || *text == '-' || seconds > 1000000)
		return hadm_usage("--timeout takes seconds, not \"%s\"", text);
	hadm->timeout = seconds;
	return 0;
}

/* An option of verbs: is it one of this verb's? */
static int verb_option(struct hadm *hadm, int opt, const char *value)
{
	static const struct {
		int opt;
		unsigned int takes;
		const char *name;
	} needs[] = {
		{ 'F', HADM_FORCE, "force" },
		{ 'J', HADM_JSON, "json" },
		{ 'W', HADM_WATCH, "watch" },
		{ 'T', HADM_TIMEOUT, "timeout" },
		{ 'D', HADM_DISCARD, "discard-my-data" },
		{ 'P', HADM_PEER, "peer" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		if (needs[i].opt != opt)
			continue;
		if (!hadm->verb)
			return hadm_usage("--%s belongs after the verb",
					  needs[i].name);
		if (!(hadm->verb->takes & needs[i].takes))
			return hadm_usage("%s takes no --%s", hadm->verb->name,
					  needs[i].name);
	}
	switch (opt) {
	case 'F':
		hadm->force = true;
		break;
	case 'J':
		hadm->json = true;
		break;
	case 'W':
		hadm->watch = true;
		break;
	case 'D':
		hadm->discard_my_data = true;
		break;
	case 'P':
		hadm->peer = value;
		break;
	case 'T':
		return parse_timeout(hadm, value);
	}
	return 0;
}

static int parse_options(struct hadm *hadm, int argc, char **argv,
			 const char *short_options, bool *help)
{
	int opt, ret = 0;

	while (!ret && (opt = getopt_long(argc, argv, short_options,
					  long_options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			hadm->conf_path = optarg;
			break;
		case 'd':
			hadm->dry_run = true;
			break;
		case 'h':
			*help = true;
			break;
		case '?':
			return HA_EXIT_USAGE;
		default:
			ret = verb_option(hadm, opt, optarg);
		}
	}
	return ret;
}

static int check_names(struct hadm *hadm)
{
	unsigned int n = 0;

	while (hadm->words[n])
		n++;
	hadm->all = n == 1 && !strcmp(hadm->words[0], "all");
	if (!n && (hadm->verb->takes & HADM_OPTIONAL))
		hadm->all = true;
	else if (!n && !(hadm->verb->takes & HADM_NO_FILE))
		return hadm_usage("name a resource, or all: hadm %s RESOURCE...|all",
				  hadm->verb->name);
	return 0;
}

static int want_help(struct hadm *hadm, char **words)
{
	if (hadm->verb)
		words[0] = (char *)hadm->verb->name;
	hadm->verb = hadm_verb_find("help");
	hadm->words = words;
	return 0;
}

int hadm_parse(struct hadm *hadm, int argc, char **argv)
{
	bool help = false;
	int first, ret;

	ret = parse_options(hadm, argc, argv, "+c:dh", &help);
	if (ret)
		return ret;
	first = optind;
	if (help)
		return want_help(hadm, argv + argc);
	if (first == argc)
		return hadm_usage("what shall be done? see hadm help");
	ret = find_verb(hadm, argv[first]);
	if (ret)
		return ret;
	/* The rest has its own order: options may stand after names. */
	argv[first] = argv[0];
	optind = 0;
	ret = parse_options(hadm, argc - first, argv + first, "c:dh", &help);
	if (ret)
		return ret;
	if (help)
		return want_help(hadm, argv + argc - 1);
	hadm->words = argv + first + optind;
	return check_names(hadm);
}
