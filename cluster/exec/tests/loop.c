// SPDX-License-Identifier: GPL-2.0-only
/* An executor on a loop. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop.h"
#include "tests.h"
#include "util.h"

void loop_begin(struct loop *loop)
{
	struct ex_config config = { .node = "n1", .grace_ms = 300,
				    .stuck_ms = 300 };
	static char helper[4096];
	ssize_t length = readlink("/proc/self/exe", helper, sizeof(helper) - 64);
	char *slash;

	assert_true(length > 0);
	helper[length] = '\0';
	slash = strrchr(helper, '/');
	strcpy(slash, "/bin/ha-member");
	strcpy(loop->dir, "/tmp/ha-exec-test-XXXXXX");
	assert_non_null(mkdtemp(loop->dir));
	assert_true(sd_event_new(&loop->event) >= 0);
	config.event = loop->event;
	config.helper = helper;
	config.rsctmp = config.ocf_root = loop->dir;
	assert_int_equal(ex_new(&config, &loop->ex), 0);
}

void loop_end(struct loop *loop)
{
	char *command = xasprintf("rm -rf %s", loop->dir);

	ex_free(loop->ex);
	sd_event_unref(loop->event);
	assert_int_equal(system(command), 0);
	free(command);
}

void loop_run(struct loop *loop, const bool *done, int ms)
{
	int64_t end = now_ms() + ms;

	while (!*done) {
		int64_t left = end - now_ms();

		if (left <= 0)
			fail_msg("not done within %d ms", ms);
		assert_true(sd_event_run(loop->event, left * 1000) >= 0);
	}
}

char *loop_script(struct loop *loop, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", loop->dir, name);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\ndir=%s\n%s", loop->dir, text);
	fclose(file);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

char *loop_read(struct loop *loop, const char *name)
{
	char *path = xasprintf("%s/%s", loop->dir, name), *text = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0;

	free(path);
	if (!file)
		return xstrdup("");
	if (getdelim(&text, &size, '\0', file) < 0)
		ha_replace(&text, "");
	fclose(file);
	return text;
}
