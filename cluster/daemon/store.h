/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lies below the state directory. safety.log is the core's: a snapshot and
 * records behind it, each with length and crc; a thread of its own writes and
 * syncs. The rest (revisions of the configuration, conflicts) is for people.
 */
#ifndef HD_STORE_H
#define HD_STORE_H

#include "daemon.h"

struct store;

/**
 * store_open() - read what there is
 * @error: out, when it is damaged; to be freed
 */
struct store *store_open(const char *dir, char **error);

/**
 * store_start() - from now on there may be writes
 *
 * The core is told of the end of each.
 */
int store_start(struct store *store, struct daemon *d);

/**
 * store_close() - after everything that was asked for is written
 */
void store_close(struct store *store);

/* What core_create() wants; the store's until the first write. */
void store_loaded(const struct store *store, struct core_bytes *snapshot,
		  struct core_bytes **entries, size_t *count);
bool store_empty(const struct store *store);

/* A snapshot to begin with, before the store is started; 0 or -errno. */
int store_seed(struct store *store, const void *data, size_t size);

void store_write(struct store *store, uint64_t id, enum core_write kind,
		 const void *data, size_t size);

/* A file, as a whole; the thread writes it, nobody is told. */
void store_save(struct store *store, const char *path, const char *text);

/* A number that is another one in each boot of the machine. */
uint64_t store_boot(const struct store *store);

/* store_config.c */
/**
 * store_config_save() - config/NNNNNN.conf and .meta, if they are not there
 */
void store_config_save(struct store *store, const char *dir, int64_t rev,
		       const char *text, const json_t *meta);
/* Text of a revision (0: the highest), to be freed; NULL. */
char *store_config_text(const char *dir, int64_t *rev);
/* Array of the metas, newest first, each with "rev". */
json_t *store_config_list(const char *dir, int limit);
char *store_path(const char *dir, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A file as it is or not at all; 0 or -errno. */
int store_file_write(const char *path, const void *data, size_t size, int mode);
char *store_file_read(const char *path, size_t *size);

#endif
