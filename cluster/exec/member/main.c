// SPDX-License-Identifier: GPL-2.0-only
/* The table of verbs of ha-member. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "member.h"
#include "util.h"

static const struct {
	const char *name;
	int words;
	member_verb *verb;
	const char *help;
} verbs[] = {
	{ "mount", 4, member_mount, "DEVICE DIRECTORY FSTYPE|auto OPTIONS" },
	{ "umount", 2, member_umount, "DEVICE DIRECTORY" },
	{ "kill-umount", 2, member_kill_umount, "DEVICE DIRECTORY" },
	{ "check", 2, member_check, "DIRECTORY DEPTH" },
	{ "kill-member", 1, member_kill_member, "MEMBER" },
	{ "kill-openers", 1, member_kill_openers, "RESOURCE" },
	{ "pause", 1, member_pause, "MS" },
	{ "primary", 1, member_primary, "RESOURCE" },
	{ "take-over", 2, member_take_over, "RESOURCE FENCED-PEER" },
	{ "secondary", 1, member_secondary, "RESOURCE" },
	{ "force-secondary", 1, member_force_secondary, "RESOURCE" },
};

int failed(int code, const char *fmt, ...)
{
	va_list args;

	fputs("ocf-exit-reason:", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

int member_pause(char **words)
{
	usleep(atoi(words[0]) * 1000);
	return EX_CODE_OK;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(argv[1], verbs[i].name) &&
		    argc == verbs[i].words + 2)
			return verbs[i].verb(argv + 2);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(stderr, "usage: ha-member %s %s\n", verbs[i].name,
			verbs[i].help);
	return EX_CODE_ARGS;
}
