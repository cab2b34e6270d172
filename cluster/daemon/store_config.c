// SPDX-License-Identifier: GPL-2.0-only
/* Files as wholes, and the revisions of the configuration among them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"
#include "util.h"

char *store_path(const char *dir, const char *fmt, ...)
{
	char *rest, *path;
	va_list ap;

	va_start(ap, fmt);
	rest = xvasprintf(fmt, ap);
	va_end(ap);
	path = xasprintf("%s/%s", dir, rest);
	free(rest);
	return path;
}

static int sync_dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = xasprintf("%.*s", (int)(slash ? slash - path : 0), path);
	int fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = fd < 0 || fsync(fd) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	free(dir);
	return ret;
}

static int put(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -errno;
		at += n;
		size -= n;
	}
	return fsync(fd) ? -errno : 0;
}

int store_file_write(const char *path, const void *data, size_t size, int mode)
{
	char *tmp = xasprintf("%s.tmp", path);
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int ret = fd < 0 ? -errno : put(fd, data, size);

	if (fd >= 0)
		close(fd);
	if (!ret && rename(tmp, path))
		ret = -errno;
	if (!ret)
		ret = sync_dir_of(path);
	else
		unlink(tmp);
	free(tmp);
	return ret;
}

char *store_file_read(const char *path, size_t *size)
{
	FILE *in = fopen(path, "re");
	size_t used = 0, n;
	char *text = NULL;

	if (!in)
		return NULL;
	do {
		text = xreallocarray(text, used + 65537, 1);
		n = fread(text + used, 1, 65536, in);
		used += n;
	} while (n);
	fclose(in);
	text[used] = '\0';
	if (size)
		*size = used;
	return text;
}

void store_config_save(struct store *store, const char *dir, int64_t rev,
		       const char *text, const json_t *meta)
{
	char *conf = store_path(dir, "config/%06lld.conf", (long long)rev);
	char *info = store_path(dir, "config/%06lld.meta", (long long)rev);
	char *said = meta ? json_dumps(meta, JSON_INDENT(2)) : NULL;

	if (access(conf, F_OK)) {
		store_save(store, conf, text);
		if (said)
			store_save(store, info, said);
	}
	free(said);
	free(info);
	free(conf);
}

static int is_conf(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && !strcmp(entry->d_name + length - 5, ".conf");
}

/* By number, the highest first. */
static int later(const struct dirent **a, const struct dirent **b)
{
	long x = strtol((*a)->d_name, NULL, 10);
	long y = strtol((*b)->d_name, NULL, 10);

	return x < y ? 1 : x > y ? -1 : 0;
}

static int list(const char *dir, struct dirent ***names)
{
	char *path = store_path(dir, "config");
	int n = scandir(path, names, is_conf, later);

	free(path);
	return n < 0 ? 0 : n;
}

static void list_free(struct dirent **names, int n)
{
	for (int i = 0; i < n; i++)
		free(names[i]);
	if (n)
		free(names);
}

char *store_config_text(const char *dir, int64_t *rev)
{
	struct dirent **names;
	char *path, *text;
	int n;

	if (!*rev) {
		n = list(dir, &names);
		*rev = n ? strtol(names[0]->d_name, NULL, 10) : 0;
		list_free(names, n);
	}
	path = store_path(dir, "config/%06lld.conf", (long long)*rev);
	text = store_file_read(path, NULL);
	free(path);
	return text;
}

/* The one that a cluster began with came as a file. */
static json_t *first_meta(const char *dir, long rev)
{
	char *path = store_path(dir, "config/%06ld.conf", rev);
	struct stat info = { 0 };

	if (stat(path, &info))
		info.st_mtime = 0;
	free(path);
	return json_pack("{s:I, s:s, s:s, s:s}", "time_ms",
			 (json_int_t)info.st_mtime * 1000, "author", "root",
			 "host", "init", "message", "the first one");
}

json_t *store_config_list(const char *dir, int limit)
{
	json_t *all = json_array(), *meta;
	struct dirent **names;
	int n = list(dir, &names);

	for (int i = 0; i < n && i < limit; i++) {
		long rev = strtol(names[i]->d_name, NULL, 10);
		char *path = store_path(dir, "config/%06ld.meta", rev);

		meta = json_load_file(path, 0, NULL);
		if (!json_is_object(meta)) {
			json_decref(meta);
			meta = first_meta(dir, rev);
		}
		json_object_set_new(meta, "rev", json_integer(rev));
		json_array_append_new(all, meta);
		free(path);
	}
	list_free(names, n);
	return all;
}
