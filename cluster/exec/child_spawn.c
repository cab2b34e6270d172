// SPDX-License-Identifier: GPL-2.0-only
/* Starts a process with posix_spawn, by way of ha-run. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "child_spawn.h"
#include "util.h"

#define GATE_FD 3	/* in the child */

extern char **environ;

/* ends[i][0] is ours, ends[i][1] the child's. */
static int open_pipes(const struct child_spec *spec, int ends[SPAWN_FDS][2])
{
	for (int i = 0; i < SPAWN_FDS; i++) {
		bool writes = i == SPAWN_IN || i == SPAWN_GATE;
		int pair[2];

		if ((i == SPAWN_IN && !spec->input) ||
		    (i == SPAWN_GATE && !spec->gated))
			continue;
		if (pipe2(pair, O_CLOEXEC) < 0)
			return -errno;
		ends[i][0] = pair[writes];
		ends[i][1] = pair[!writes];
		if (fcntl(ends[i][0], F_SETFL, O_NONBLOCK) < 0)
			return -errno;
	}
	return 0;
}

static void close_side(int ends[SPAWN_FDS][2], int side)
{
	for (int i = 0; i < SPAWN_FDS; i++)
		if (ends[i][side] >= 0)
			close(ends[i][side]);
}

static int set_files(posix_spawn_file_actions_t *files, int ends[SPAWN_FDS][2])
{
	int ret = 0, above = GATE_FD;

	if (ends[SPAWN_IN][1] < 0)
		ret = posix_spawn_file_actions_addopen(files, 0, "/dev/null",
						       O_RDONLY, 0);
	for (int i = 0; !ret && i < SPAWN_FDS; i++) {
		if (ends[i][1] < 0)
			continue;
		ret = posix_spawn_file_actions_adddup2(files, ends[i][1], i);
		above = i >= above ? i + 1 : above;
	}
	if (!ret)
		ret = posix_spawn_file_actions_addclosefrom_np(files, above);
	return -ret;
}

static int set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int ret;

	sigemptyset(&none);
	sigfillset(&all);
	ret = posix_spawnattr_setsigmask(attr, &none);
	if (!ret)
		ret = posix_spawnattr_setsigdefault(attr, &all);
	if (!ret)
		ret = posix_spawnattr_setpgroup(attr, 0);
	if (!ret)
		ret = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
					       POSIX_SPAWN_SETSIGDEF |
					       POSIX_SPAWN_SETPGROUP);
	return -ret;
}

/* ha-run [--gate] -- PROGRAM ARGUMENT... */
static const char **full_argv(const char *runner, const struct child_spec *spec)
{
	size_t n = 0, at = 0;
	const char **argv;

	while (spec->argv[n])
		n++;
	argv = xcalloc(n + 4, sizeof(*argv));
	argv[at++] = runner;
	if (spec->gated)
		argv[at++] = "--gate";
	argv[at++] = "--";
	memcpy(argv + at, spec->argv, n * sizeof(*argv));
	return argv;
}

static int spawn(const char *runner, const struct child_spec *spec, pid_t *pid,
		 int ends[SPAWN_FDS][2])
{
	posix_spawn_file_actions_t files;
	const char **argv = full_argv(runner, spec);
	posix_spawnattr_t attr;
	int ret;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	ret = set_files(&files, ends);
	if (!ret)
		ret = set_attributes(&attr);
	if (!ret)
		ret = -posix_spawn(pid, runner, &files, &attr, (char **)argv,
				   spec->envp ? spec->envp : environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	free(argv);
	return ret;
}

int child_spawn(const char *runner, const struct child_spec *spec, pid_t *pid,
		int fds[SPAWN_FDS])
{
	int ends[SPAWN_FDS][2], ret;

	memset(ends, -1, sizeof(ends));
	for (int i = 0; i < SPAWN_FDS; i++)
		fds[i] = -1;
	ret = open_pipes(spec, ends);
	if (!ret)
		ret = spawn(runner, spec, pid, ends);
	close_side(ends, 1);
	if (ret) {
		close_side(ends, 0);
		return ret;
	}
	for (int i = 0; i < SPAWN_FDS; i++)
		fds[i] = ends[i][0];
	return 0;
}
