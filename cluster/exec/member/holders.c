// SPDX-License-Identifier: GPL-2.0-only
/* Looks through /proc for who holds what. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "holders.h"
#include "util.h"

#define ROUNDS		3
#define STEP_MS		50
#define ROUND_STEPS	20
#define NAMES_SHOWN	8

/* A link of /proc is followed to the object, whatever namespace it is in. */
static bool link_holds(int dir, const char *name, const struct holders *what)
{
	struct statx st;

	if (statx(dir, name, AT_STATX_DONT_SYNC,
		  STATX_BASIC_STATS | STATX_MNT_ID, &st) < 0)
		return false;
	if (what->mount_id && (st.stx_mask & STATX_MNT_ID) &&
	    st.stx_mnt_id == what->mount_id)
		return true;
	return what->device && S_ISBLK(st.stx_mode) &&
	       st.stx_rdev_major == what->major &&
	       st.stx_rdev_minor == what->minor;
}

static bool fds_hold(int process, const struct holders *what)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		if (isdigit((unsigned char)*entry->d_name))
			found = link_holds(fd, entry->d_name, what);
	closedir(dir);
	return found;
}

static bool maps_hold(int process, const struct holders *what)
{
	int fd = openat(process, "maps", O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	size_t length = what->directory ? strlen(what->directory) : 0;
	char line[4096], path[2048];
	unsigned int major, minor;
	bool found = false;

	if (!file || !length) {
		if (file)
			fclose(file);
		return false;
	}
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%*s %*s %*s %x:%x %*s %2047s", &major,
			       &minor, path) == 3 &&
			major == what->major && minor == what->minor &&
			!strncmp(path, what->directory, length) &&
			path[length] == '/';
	fclose(file);
	return found;
}

static bool has_mark(int process, const char *mark)
{
	static char buffer[1 << 20];
	int fd = openat(process, "environ", O_RDONLY | O_CLOEXEC);
	size_t at = 0;
	ssize_t length = 0;

	if (fd < 0)
		return false;
	while (at < sizeof(buffer) - 1 &&
	       (length = read(fd, buffer + at, sizeof(buffer) - 1 - at)) > 0)
		at += length;
	close(fd);
	buffer[at] = '\0';
	for (size_t i = 0; i < at; i += strlen(buffer + i) + 1)
		if (!strcmp(buffer + i, mark))
			return true;
	return false;
}

static bool holds(int process, const struct holders *what)
{
	if (what->mark)
		return has_mark(process, what->mark);
	return link_holds(process, "cwd", what) ||
	       link_holds(process, "root", what) ||
	       link_holds(process, "exe", what) || fds_hold(process, what) ||
	       maps_hold(process, what);
}

static void look_at(int proc, pid_t pid, struct holders *holders)
{
	char name[16];
	int process;

	if (pid <= 1 || pid == getpid() || pid == getppid())
		return;
	snprintf(name, sizeof(name), "%d", (int)pid);
	process = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (process < 0)
		return;
	if (holds(process, holders)) {
		if (holders->n < HOLDERS_MAX)
			holders->pids[holders->n++] = pid;
		else
			holders->more = true;
	}
	close(process);
}

size_t holders_find(struct holders *holders)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	holders->n = 0;
	holders->more = false;
	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)*entry->d_name))
			look_at(dirfd(dir), atoi(entry->d_name), holders);
	if (dir)
		closedir(dir);
	return holders->n;
}

/* What only waits for its parent holds nothing any more. */
static bool is_zombie(pid_t pid)
{
	char *path = xasprintf("/proc/%d/stat", (int)pid), text[512], *end;
	FILE *file = fopen(path, "re");
	bool zombie = false;

	free(path);
	if (!file)
		return true;
	if (fgets(text, sizeof(text), file)) {
		end = strrchr(text, ')');
		zombie = end && (end[2] == 'Z' || end[2] == 'X');
	}
	fclose(file);
	return zombie;
}

static bool all_gone(const struct holders *holders)
{
	for (size_t i = 0; i < holders->n; i++)
		if (!kill(holders->pids[i], 0) && !is_zombie(holders->pids[i]))
			return false;
	return true;
}

/* New ones may come while old ones go, so it takes more than one round. */
size_t holders_kill(struct holders *holders)
{
	for (int round = 0; round < ROUNDS; round++) {
		int signal = round ? SIGKILL : SIGTERM;

		if (!holders_find(holders))
			return 0;
		for (size_t i = 0; i < holders->n; i++)
			kill(holders->pids[i], signal);
		for (int step = 0; step < ROUND_STEPS; step++) {
			if (all_gone(holders))
				break;
			usleep(STEP_MS * 1000);
		}
	}
	return holders_find(holders);
}

static void read_name(pid_t pid, char name[32])
{
	char *path = xasprintf("/proc/%d/comm", (int)pid);
	FILE *file = fopen(path, "re");

	if (!file || !fgets(name, 32, file))
		strcpy(name, "?");
	name[strcspn(name, "\n")] = '\0';
	if (file)
		fclose(file);
	free(path);
}

char *holders_text(const struct holders *holders)
{
	char *text = xstrdup(""), *longer, name[32];

	for (size_t i = 0; i < holders->n && i < NAMES_SHOWN; i++) {
		read_name(holders->pids[i], name);
		longer = xasprintf("%s%s%s (pid %d)", text, i ? ", " : "",
				   name, (int)holders->pids[i]);
		free(text);
		text = longer;
	}
	if (holders->n > NAMES_SHOWN) {
		longer = xasprintf("%s and %zu more", text,
				   holders->n - NAMES_SHOWN);
		free(text);
		text = longer;
	}
	return text;
}
