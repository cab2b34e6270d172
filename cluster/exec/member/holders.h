/* SPDX-License-Identifier: GPL-2.0-only */
/* Which processes hold a mount, a block device or belong to a member. */
#ifndef HA_HOLDERS_H
#define HA_HOLDERS_H

#include <stdbool.h>
#include <sys/types.h>

#define HOLDERS_MAX 1024

/**
 * struct holders - processes found; never this one, its parent or init
 * @mount_id: of the mount, or 0
 * @major: ... of the device: files of that file system that are mapped, and
 *	the block device itself
 * @mark: NAME=VALUE in the environment, or NULL
 * @more: there were more than fit
 */
struct holders {
	unsigned long long mount_id;
	unsigned int major, minor;
	const char *directory;
	bool device;
	const char *mark;
	pid_t pids[HOLDERS_MAX];
	size_t n;
	bool more;
};

/**
 * holders_find() - look through all processes
 *
 * Return: how many there are.
 */
size_t holders_find(struct holders *holders);

/**
 * holders_kill() - SIGTERM, then SIGKILL, until there are none
 *
 * Return: how many are left.
 */
size_t holders_kill(struct holders *holders);

/**
 * holders_text() - "nginx (pid 12), bash (pid 40) and 3 more", to be freed
 */
char *holders_text(const struct holders *holders);

#endif
