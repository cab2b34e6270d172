// SPDX-License-Identifier: GPL-2.0-only
/* Writes and removes drop-ins of units. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit_dropin.h"
#include "util.h"

#define NAME "50-hacluster.conf"

static char *content_of(const char *unit)
{
	size_t length = strlen(unit);
	bool service = length > 8 && !strcmp(unit + length - 8, ".service");

	return xasprintf("# haclusterd manages this unit.\n[Unit]\n"
			 "Before=haclusterd.service\n%s",
			 service ? "[Service]\nRestart=no\n" : "");
}

static bool same(const char *path, const char *content)
{
	char buffer[512] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, buffer, sizeof(buffer) - 1);
	close(fd);
	return length == (ssize_t)strlen(content) && !strcmp(buffer, content);
}

static int write_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, content, strlen(content)) != (ssize_t)strlen(content))
		ret = -EIO;
	close(fd);
	return ret;
}

int unit_dropin_write(const char *dir, const char *unit, bool *changed)
{
	char *below = xasprintf("%s/%s.d", dir, unit);
	char *path = xasprintf("%s/" NAME, below);
	char *content = content_of(unit);
	int ret = 0;

	*changed = false;
	if (!same(path, content)) {
		ret = mkdir(below, 0755) < 0 && errno != EEXIST ? -errno : 0;
		if (!ret)
			ret = write_file(path, content);
		*changed = !ret;
	}
	free(content);
	free(path);
	free(below);
	return ret;
}

int unit_dropin_remove(const char *dir, const char *unit, bool *changed)
{
	char *below = xasprintf("%s/%s.d", dir, unit);
	char *path = xasprintf("%s/" NAME, below);
	int ret = 0;

	*changed = !unlink(path);
	if (!*changed && errno != ENOENT)
		ret = -errno;
	rmdir(below);	/* fails when others have files there */
	free(path);
	free(below);
	return ret;
}
