// SPDX-License-Identifier: GPL-2.0-only
/* The programs themselves: what they print and with which status they end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests.h"

#define CONF	"-c ../config/good/tutorial.conf "
#define BAD	"-c ../config/bad/misspelt.conf "

static const struct {
	const char *command;
	int status;
	const char *output;	/* part of it, stdout and stderr together */
} calls[] = {
	{ "hadm", 2, "what shall be done?" },
	{ "hadm help", 0, "wait-sync" },
	{ "hadm --help", 0, "usage: hadm" },
	{ "hadm help primary", 0, "hadm primary [--force] RESOURCE" },
	{ "hadm primary --help", 0, "hadm primary [--force] RESOURCE" },
	{ "hadm help frobnicate", 2, "unknown verb" },
	{ "hadm primry r0", 2, "did you mean \"primary\"?" },
	{ "hadm --bogus", 2, "--bogus" },
	{ "hadm up --bogus r0", 2, "--bogus" },
	{ "hadm up --force r0", 2, "up takes no --force" },
	{ "hadm --force primary r0", 2, "after the verb" },
	{ "hadm up", 2, "name a resource, or all" },
	{ "hadm wait-sync --timeout soon r0", 2, "--timeout takes seconds" },
	{ "hadm -c build/none up r0", 1, "cannot read build/none" },
	{ "hadm " BAD "up r0", 1, "misspelt.conf:4:8: unknown word" },
	{ "hadm " CONF "up r1", 1, "did you mean \"r0\"?" },
	{ "HADM_HOST=other hadm " CONF "up r0", 1,
	  "this host (other) is not among its hosts: node1, node2" },
	{ "HADM_HOST=other hadm " CONF "-d up all", 0, "" },
	{ "HADM_HOST=node2.example.org hadm " CONF "-d up r0", 0,
	  "hasetup new-resource r0 --node-id 1 --minor 0 --on-io-error detach\n"
	  "hasetup new-peer r0 0 --name node1 --local 192.168.1.11:7788 --remote 192.168.1.10:7788 --secret-file -\n"
	  "hasetup attach r0 /dev/sdb1\n"
	  "hasetup connect r0\n" },
	{ "HADM_HOST=node1 hadm " CONF "down -d r0", 0, "hasetup down r0\n" },
	{ "HADM_HOST=node1 hadm " CONF "--dry-run primary r0 --force", 0,
	  "hasetup primary r0 --force\n" },
	{ "HADM_HOST=node1 hadm " CONF "-d connect --discard-my-data --peer node2 r0",
	  0, "hasetup connect r0 1 --discard-my-data\n" },
	{ "HADM_HOST=node1 hadm " CONF "-d connect --peer node1 r0", 1,
	  "it has no peer \"node1\"" },
	{ "HADM_HOST=node1 hadm " CONF "-d create-md --force all", 0,
	  "hasetup create-md /dev/sdb1 --node-id 0 --force\n" },
	{ "hadm " CONF "dump", 0, "address 192.168.1.10:7788;" },
	{ "hasetup", 2, "what shall be done?" },
	{ "hasetup help", 0, "new-resource" },
	{ "hasetup primry r0", 2, "did you mean \"primary\"?" },
	{ "hasetup help new-peer", 0, "--secret-file" },
	{ "hasetup new-resource r0", 2, "--node-id and --minor are needed" },
	{ "hasetup new-resource r0 --node-id 8 --minor 0", 2, "from 0 to 7" },
	{ "hasetup primary", 2, "name of the resource is missing" },
	{ "hasetup primary r0 extra", 2, "\"extra\" is too much" },
	{ "hasetup primary --minor 3 r0", 2, "--minor" },
	{ "hasetup attach r0", 2, "the disk is missing" },
	{ "hasetup new-peer r0", 2, "node id is missing" },
	{ "hasetup new-peer r0 1 --name b --local x --remote y", 2,
	  "address \"x\" must end in :PORT" },
	{ "hasetup peer-options r0 1 --timeout 3", 2, "from 100ms" },
	{ "echo | hasetup peer-options r0 1 --secret-file -", 2, "the secret" },
	{ "hasetup create-md build/none", 2, "--node-id" },
	{ "hasetup create-md build/none --node-id 0", 1, "cannot open" },
	{ "hasetup udev x", 2, "no minor number" },
};

/* Without the module these say so; with it, that there is no such resource. */
static const char *const kernel_calls[] = {
	"hasetup primary no-such-resource",
	"hadm " CONF "primary no-such-resource",
	"hadm " CONF "role no-such-resource",
	"hadm " CONF "status no-such-resource",
	"hadm " CONF "wait-sync --timeout 1 no-such-resource",
};

static char *run(const char *command, int *status)
{
	char *text = NULL, *line = NULL;
	size_t size, length = 0;
	FILE *out = open_memstream(&text, &size);
	char call[1024];
	FILE *in;

	snprintf(call, sizeof(call),
		 "PATH=build/bin/hadm:build/bin/hasetup:$PATH; export PATH; exec 2>&1; %s",
		 command);
	fflush(stdout);
	in = popen(call, "re");
	assert_non_null(in);
	while (getline(&line, &length, in) > 0)
		fputs(line, out);
	*status = WEXITSTATUS(pclose(in));
	fclose(out);
	free(line);
	return text;
}

static void test_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int status;
		char *text = run(calls[i].command, &status);

		if (status != calls[i].status ||
		    !strstr(text, calls[i].output))
			fail_msg("%s: status %d, not %d with \"%s\": %s",
				 calls[i].command, status, calls[i].status,
				 calls[i].output, text);
		free(text);
	}
}

static void test_kernel_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kernel_calls) / sizeof(kernel_calls[0]);
	     i++) {
		int status;
		char *text = run(kernel_calls[i], &status);

		if (status != 1 || strncmp(text, "ha", 2))
			fail_msg("%s: status %d: %s", kernel_calls[i], status,
				 text);
		free(text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_calls),
	cmocka_unit_test(test_kernel_calls),
};

TEST_GROUP(cli_group, tests);
