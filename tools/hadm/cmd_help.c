// SPDX-License-Identifier: GPL-2.0-only
/* The verbs about the program itself: help, and the file as understood. */
#include <stdio.h>

#include "hadm.h"

static void print_usage(const struct hadm_verb *verb)
{
	unsigned int takes = verb->takes;

	printf("hadm %s", verb->name);
	if (takes & HADM_FORCE)
		fputs(" [--force]", stdout);
	if (takes & HADM_JSON)
		fputs(" [--json]", stdout);
	if (takes & HADM_WATCH)
		fputs(" [--watch]", stdout);
	if (takes & HADM_DISCARD)
		fputs(" [--discard-my-data]", stdout);
	if (takes & HADM_PEER)
		fputs(" [--peer HOST]", stdout);
	if (takes & HADM_TIMEOUT)
		fputs(" [--timeout SECONDS]", stdout);
	if (takes & HADM_NO_FILE)
		fputs(" [VERB]", stdout);
	else if (takes & HADM_OPTIONAL)
		fputs(" [RESOURCE...|all]", stdout);
	else
		fputs(" RESOURCE...|all", stdout);
	printf("\n\n%s\n", verb->help);
	if (verb->more)
		printf("%s\n", verb->more);
}

int hadm_help(struct hadm *hadm)
{
	const struct hadm_verb *verb;

	if (hadm->words[0]) {
		verb = hadm_verb_find(hadm->words[0]);
		if (!verb)
			return hadm_usage("unknown verb \"%s\"; see hadm help",
					  hadm->words[0]);
		print_usage(verb);
		return HA_EXIT_OK;
	}
	puts("usage: hadm [-c FILE] [-d|--dry-run] VERB [OPTIONS] RESOURCE...|all\n");
	for (verb = hadm_verbs; verb->name; verb++)
		printf("  %-18s %s\n", verb->name, verb->help);
	puts("\n-c FILE reads FILE instead of /etc/hadm.conf; -d prints the calls of\n"
	     "hasetup instead of making them. \"hadm help VERB\" says more.");
	return HA_EXIT_OK;
}

int hadm_dump(struct hadm *hadm)
{
	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		if (i)
			putchar('\n');
		ha_conf_print_resource(hadm->targets[i].res, stdout);
	}
	return HA_EXIT_OK;
}
