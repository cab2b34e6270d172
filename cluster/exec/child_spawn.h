/* SPDX-License-Identifier: GPL-2.0-only */
/* Making a process: pipes, process group, signals; nothing after its start. */
#ifndef HA_CHILD_SPAWN_H
#define HA_CHILD_SPAWN_H

#include <sys/types.h>

struct child_spec;

/* Our ends of the pipes. */
enum {
	SPAWN_IN,
	SPAWN_OUT,
	SPAWN_ERR,
	SPAWN_GATE,
	SPAWN_FDS,
};

/**
 * child_spawn() - start it
 * @runner: program ha-run
 * @fds: out, non-blocking; -1 where the spec asks for none
 *
 * Return: 0, or -errno and @fds all -1.
 */
int child_spawn(const char *runner, const struct child_spec *spec, pid_t *pid,
		int fds[SPAWN_FDS]);

#endif
