// SPDX-License-Identifier: GPL-2.0-only
/* The state on disk, and the thread that makes it durable. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"
#include "conflicts.h"
#include "events.h"
#include "store.h"
#include "store_log.h"
#include "util.h"

#define LOG "safety.log"
#define WRITE_FILE ((enum core_write)(CORE_WRITE_CONFLICT + 1))

/* Of WRITE_FILE, the data is the path with its end, then the content. */
struct write {
	struct write *next;
	uint64_t id;
	enum core_write kind;
	bool ok;
	size_t size;
	char data[];
};

/**
 * struct store - @todo and @done are shared with the thread, under @lock
 *
 * @fd and @bad are the thread's alone.
 */
struct store {
	struct daemon *d;
	char *dir, *path;
	uint8_t *file;
	struct core_bytes snapshot, *entries;
	size_t count;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct write *todo, **todo_end, *done, **done_end;
	bool end, running;
	int wake;
	sd_event_source *source;
	int fd;
	bool bad;
};

static char *load(struct store *s)
{
	size_t size = 0, offset = 0, length;
	const uint8_t *data;
	enum store_found found;

	s->file = (uint8_t *)store_file_read(s->path, &size);
	if (!s->file)
		return errno == ENOENT ? NULL :
		       xasprintf("%s: %s", s->path, strerror(errno));
	while ((found = store_next(s->file, size, &offset, &data, &length)) ==
	       STORE_RECORD) {
		if (data[0] == STORE_SNAPSHOT) {
			if (s->snapshot.data || s->count)
				break;
			s->snapshot = (struct core_bytes){ data + 1, length - 1 };
			continue;
		}
		s->entries = xreallocarray(s->entries, s->count + 1,
					   sizeof(*s->entries));
		s->entries[s->count++] = (struct core_bytes){ data + 1,
							      length - 1 };
	}
	if (found == STORE_DAMAGED || found == STORE_RECORD)
		return xasprintf("%s is damaged at byte %zu", s->path, offset);
	/* What follows must follow what is whole. */
	if (found == STORE_TORN && truncate(s->path, offset))
		return xasprintf("%s: %s", s->path, strerror(errno));
	return NULL;
}

static int make_dirs(const char *dir)
{
	static const char *const below[] = { "", "/config", "/conflicts",
					     "/events", "/secrets" };
	char *path;
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(below) && !ret; i++) {
		path = xasprintf("%s%s", dir, below[i]);
		if (mkdir(path, 0700) && errno != EEXIST)
			ret = -errno;
		free(path);
	}
	return ret;
}

struct store *store_open(const char *dir, char **error)
{
	struct store *s = xcalloc(1, sizeof(*s));
	int ret = make_dirs(dir);

	s->dir = xstrdup(dir);
	s->path = xasprintf("%s/" LOG, dir);
	s->fd = s->wake = -1;
	*error = ret ? xasprintf("%s: %s", dir, strerror(-ret)) : load(s);
	if (!*error)
		return s;
	store_close(s);
	return NULL;
}

void store_loaded(const struct store *s, struct core_bytes *snapshot,
		  struct core_bytes **entries, size_t *count)
{
	*snapshot = s->snapshot;
	*entries = s->entries;
	*count = s->count;
}

bool store_empty(const struct store *s)
{
	return !s->snapshot.size && !s->count;
}

/* A record as it stands in the file; to be freed. */
static uint8_t *record(char kind, const void *data, size_t size)
{
	uint8_t *all = xcalloc(1, STORE_HEAD + 1 + size);

	all[STORE_HEAD] = kind;
	memcpy(all + STORE_HEAD + 1, data, size);
	store_head(all, all + STORE_HEAD, size + 1);
	return all;
}

/* The log anew: head, bytes, synced; then it takes the old one's place. */
static int replace(const char *path, const void *data, size_t size)
{
	uint8_t *all = record(STORE_SNAPSHOT, data, size);
	int ret = store_file_write(path, all, STORE_HEAD + 1 + size, 0600);

	free(all);
	return ret;
}

int store_seed(struct store *s, const void *data, size_t size)
{
	int ret = replace(s->path, data, size);

	if (ret)
		return ret;
	free(s->file);
	s->file = xcalloc(1, size);
	memcpy(s->file, data, size);
	s->snapshot = (struct core_bytes){ s->file, size };
	return 0;
}

static bool write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= n;
	}
	return true;
}

/* A record that failed may be there in part: nothing may follow it. */
static bool append(struct store *s, const struct write *w)
{
	uint8_t *all;

	if (s->bad)
		return false;
	if (s->fd < 0)
		s->fd = open(s->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
			     0600);
	all = record(STORE_ENTRY, w->data, w->size);
	s->bad = s->fd < 0 ||
		 !write_all(s->fd, all, STORE_HEAD + 1 + w->size) ||
		 fdatasync(s->fd);
	free(all);
	return !s->bad;
}

static bool snapshot(struct store *s, const struct write *w)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->bad = replace(s->path, w->data, w->size) != 0;
	return !s->bad;
}

static bool conflict(struct store *s, const struct write *w)
{
	char *path = store_path(s->dir, "conflicts/%lld.state",
				(long long)clock_wall());
	int ret = access(path, F_OK) ? store_file_write(path, w->data, w->size,
							0600) : -EEXIST;

	free(path);
	return !ret;
}

static bool file(const struct write *w)
{
	size_t length = strlen(w->data) + 1;
	int ret = store_file_write(w->data, w->data + length, w->size - length,
				   0600);

	if (ret)
		say(3, "%s cannot be written: %s", w->data, strerror(-ret));
	return !ret;
}

static bool carry_out(struct store *s, const struct write *w)
{
	switch (w->kind) {
	case CORE_WRITE_ENTRY:
		return append(s, w);
	case CORE_WRITE_SNAPSHOT:
		return snapshot(s, w);
	case CORE_WRITE_CONFLICT:
		return conflict(s, w);
	default:
		return file(w);
	}
}

static void *run(void *arg)
{
	struct store *s = arg;
	struct write *w;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		while (!s->todo && !s->end)
			pthread_cond_wait(&s->more, &s->lock);
		w = s->todo;
		if (!w)
			break;
		s->todo = w->next;
		if (!s->todo)
			s->todo_end = &s->todo;
		pthread_mutex_unlock(&s->lock);
		w->ok = carry_out(s, w);
		w->next = NULL;
		pthread_mutex_lock(&s->lock);
		*s->done_end = w;
		s->done_end = &w->next;
		eventfd_write(s->wake, 1);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static int on_done(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct store *s = arg;
	struct write *w, *next;
	eventfd_t count;

	(void)source;
	(void)events;
	eventfd_read(fd, &count);
	pthread_mutex_lock(&s->lock);
	w = s->done;
	s->done = NULL;
	s->done_end = &s->done;
	pthread_mutex_unlock(&s->lock);
	for (; w; w = next) {
		next = w->next;
		if (w->kind == CORE_WRITE_CONFLICT) {
			events_conflict(s->d, w->ok);
			conflicts_as_text(s, s->dir);
		}
		if (w->kind != WRITE_FILE)
			engine_disk(s->d, w->id, w->ok);
		free(w);
	}
	return 0;
}

int store_start(struct store *s, struct daemon *d)
{
	int ret;

	s->d = d;
	s->todo_end = &s->todo;
	s->done_end = &s->done;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->more, NULL);
	s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (s->wake < 0)
		return -errno;
	ret = sd_event_add_io(d->event, &s->source, s->wake, EPOLLIN, on_done, s);
	if (ret < 0)
		return ret;
	ret = -pthread_create(&s->thread, NULL, run, s);
	s->running = !ret;
	return ret;
}

static void queue(struct store *s, struct write *w)
{
	pthread_mutex_lock(&s->lock);
	*s->todo_end = w;
	s->todo_end = &w->next;
	pthread_cond_signal(&s->more);
	pthread_mutex_unlock(&s->lock);
}

void store_write(struct store *s, uint64_t id, enum core_write kind,
		 const void *data, size_t size)
{
	struct write *w = xcalloc(1, sizeof(*w) + size);

	w->id = id;
	w->kind = kind;
	w->size = size;
	memcpy(w->data, data, size);
	queue(s, w);
}

void store_save(struct store *s, const char *path, const char *text)
{
	size_t length = strlen(path) + 1, size = strlen(text);
	struct write *w = xcalloc(1, sizeof(*w) + length + size);

	w->kind = WRITE_FILE;
	w->size = length + size;
	memcpy(w->data, path, length);
	memcpy(w->data + length, text, size);
	queue(s, w);
}

uint64_t store_boot(const struct store *s)
{
	char *own = store_path(s->dir, "boot_id"), *text;
	uint64_t boot = UINT64_C(14695981039346656037);

	/* A file of that name stands for the kernel's: several nodes on one kernel. */
	text = store_file_read(own, NULL);
	if (!text)
		text = store_file_read("/proc/sys/kernel/random/boot_id", NULL);
	for (const char *at = text; at && *at && *at != '\n'; at++)
		boot = (boot ^ (unsigned char)*at) * UINT64_C(1099511628211);
	free(text);
	free(own);
	return boot;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->running) {
		pthread_mutex_lock(&s->lock);
		s->end = true;
		pthread_cond_signal(&s->more);
		pthread_mutex_unlock(&s->lock);
		pthread_join(s->thread, NULL);
	}
	sd_event_source_disable_unref(s->source);
	if (s->wake >= 0)
		close(s->wake);
	if (s->fd >= 0)
		close(s->fd);
	free(s->entries);
	free(s->file);
	free(s->path);
	free(s->dir);
	free(s);
}
