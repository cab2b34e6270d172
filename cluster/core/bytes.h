/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that are written and read field by field, little-endian. A reader that
 * meets a wrong length fails once and for all: fields read after that are zero.
 */
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CORE_NAME 64	/* longest name with its end, of units, members, devices */
#define CORE_KEY 128	/* longest key of a fact with its end */

/** struct core_blob - bytes that do not change any more, shared by count */
struct core_blob {
	unsigned int refs;
	size_t size;
	uint8_t data[];
};

struct core_blob *core_blob_new(const void *data, size_t size);
struct core_blob *core_blob_get(struct core_blob *blob);
void core_blob_put(struct core_blob *blob);
bool core_blob_equal(const struct core_blob *a, const struct core_blob *b);

struct core_writer {
	uint8_t *data;
	size_t size, room;
};

void core_put(struct core_writer *w, const void *data, size_t size);
void core_put_u8(struct core_writer *w, uint8_t value);
void core_put_u32(struct core_writer *w, uint32_t value);
void core_put_u64(struct core_writer *w, uint64_t value);
void core_put_text(struct core_writer *w, const char *text);
void core_put_blob(struct core_writer *w, const struct core_blob *blob);

struct core_reader {
	const uint8_t *data;
	size_t size;
	bool bad;
};

const uint8_t *core_get(struct core_reader *r, size_t size);
uint8_t core_get_u8(struct core_reader *r);
uint32_t core_get_u32(struct core_reader *r);
uint64_t core_get_u64(struct core_reader *r);
/* A value above @max makes the reader bad. */
uint32_t core_get_max(struct core_reader *r, uint32_t max);
/* @text has @room bytes; empty, longer or with control characters is bad. */
void core_get_text(struct core_reader *r, char *text, size_t room);
/* NULL when bad; the caller puts it. */
struct core_blob *core_get_blob(struct core_reader *r, size_t max);
/* Nothing was wrong and nothing is left over. */
bool core_got_all(const struct core_reader *r);

uint64_t core_sum(uint64_t start, const void *data, size_t size);

#endif
