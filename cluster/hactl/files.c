// SPDX-License-Identifier: GPL-2.0-only
/* Files read and written whole. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "util.h"

#define SIZE_MAX_READ	(16u << 20)

char *file_read(const char *path)
{
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *text = NULL, block[4096];
	size_t size = 0, n;
	FILE *out;

	if (!in)
		return NULL;
	out = open_memstream(&text, &size);
	while ((n = fread(block, 1, sizeof(block), in)) && size < SIZE_MAX_READ) {
		fwrite(block, 1, n, out);
		fflush(out);
	}
	fclose(out);
	if (ferror(in) || strlen(text) != size) {
		errno = ferror(in) ? EIO : EILSEQ;
		free(text);
		text = NULL;
	}
	if (in != stdin)
		fclose(in);
	return text;
}

static int make_dirs(const char *path)
{
	char *copy = xstrdup(path), *slash = copy;
	int ret = 0;

	while (!ret && (slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			ret = -1;
		*slash = '/';
	}
	free(copy);
	return ret;
}

static int sync_dir(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	free(copy);
	return ret;
}

int file_write(const char *path, const void *data, size_t size, mode_t mode)
{
	char *fresh = xasprintf("%s.new", path);
	int fd, ret = -1;

	if (make_dirs(path))
		goto out;
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		goto out;
	ret = write(fd, data, size) == (ssize_t)size && !fchmod(fd, mode) &&
	      !fsync(fd) ? 0 : -1;
	if (close(fd))
		ret = -1;
	if (!ret)
		ret = rename(fresh, path);
	if (!ret)
		ret = sync_dir(path);
	if (ret)
		unlink(fresh);
out:
	free(fresh);
	return ret;
}

char *file_below(const char *root, const char *path)
{
	if (!root || !strcmp(root, "/"))
		return xstrdup(path);
	return xasprintf("%s%s", root, path);
}
