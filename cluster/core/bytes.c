// SPDX-License-Identifier: GPL-2.0-only
/* Bytes written and read field by field; shared immutable bytes; a sum of them. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "memory.h"

struct core_blob *core_blob_new(const void *data, size_t size)
{
	struct core_blob *blob = core_alloc(sizeof(*blob) + size);

	blob->refs = 1;
	blob->size = size;
	if (size)
		memcpy(blob->data, data, size);
	return blob;
}

struct core_blob *core_blob_get(struct core_blob *blob)
{
	if (blob)
		blob->refs++;
	return blob;
}

void core_blob_put(struct core_blob *blob)
{
	if (blob && !--blob->refs)
		free(blob);
}

bool core_blob_equal(const struct core_blob *a, const struct core_blob *b)
{
	if (!a || !b)
		return a == b;
	return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

void core_put(struct core_writer *w, const void *data, size_t size)
{
	if (w->size + size > w->room) {
		w->room = (w->size + size) * 2 + 64;
		w->data = core_realloc(w->data, w->room);
	}
	if (size)
		memcpy(w->data + w->size, data, size);
	w->size += size;
}

void core_put_u8(struct core_writer *w, uint8_t value)
{
	core_put(w, &value, 1);
}

static void put_number(struct core_writer *w, uint64_t value, unsigned int size)
{
	uint8_t bytes[8];
	unsigned int i;

	for (i = 0; i < size; i++)
		bytes[i] = value >> (8 * i);
	core_put(w, bytes, size);
}

void core_put_u32(struct core_writer *w, uint32_t value)
{
	put_number(w, value, 4);
}

void core_put_u64(struct core_writer *w, uint64_t value)
{
	put_number(w, value, 8);
}

void core_put_text(struct core_writer *w, const char *text)
{
	size_t size = strlen(text);

	core_put_u8(w, size);
	core_put(w, text, size);
}

void core_put_blob(struct core_writer *w, const struct core_blob *blob)
{
	core_put_u32(w, blob ? blob->size : 0);
	if (blob)
		core_put(w, blob->data, blob->size);
}

const uint8_t *core_get(struct core_reader *r, size_t size)
{
	const uint8_t *data = r->data;

	if (r->bad || size > r->size) {
		r->bad = true;
		return NULL;
	}
	r->data += size;
	r->size -= size;
	return data;
}

static uint64_t get_number(struct core_reader *r, unsigned int size)
{
	const uint8_t *bytes = core_get(r, size);
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; bytes && i < size; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

uint8_t core_get_u8(struct core_reader *r)
{
	return get_number(r, 1);
}

uint32_t core_get_u32(struct core_reader *r)
{
	return get_number(r, 4);
}

uint64_t core_get_u64(struct core_reader *r)
{
	return get_number(r, 8);
}

uint32_t core_get_max(struct core_reader *r, uint32_t max)
{
	uint32_t value = core_get_u32(r);

	if (value > max) {
		r->bad = true;
		return 0;
	}
	return value;
}

void core_get_text(struct core_reader *r, char *text, size_t room)
{
	size_t size = core_get_u8(r), i;
	const uint8_t *data = core_get(r, size);

	text[0] = '\0';
	if (!data || !size || size >= room) {
		r->bad = true;
		return;
	}
	for (i = 0; i < size; i++)
		if (data[i] < ' ' || data[i] == 0x7f)
			r->bad = true;
	if (r->bad)
		return;
	memcpy(text, data, size);
	text[size] = '\0';
}

struct core_blob *core_get_blob(struct core_reader *r, size_t max)
{
	size_t size = core_get_u32(r);
	const uint8_t *data;

	if (size > max)
		r->bad = true;
	data = core_get(r, size);
	return r->bad ? NULL : core_blob_new(data, size);
}

bool core_got_all(const struct core_reader *r)
{
	return !r->bad && !r->size;
}

/* 64 bits, eight bytes a turn: against chance, not against forgers. */
uint64_t core_sum(uint64_t start, const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint64_t sum = start ^ 0x9e3779b97f4a7c15ull ^ size, word;

	while (size) {
		size_t part = size < 8 ? size : 8;

		word = 0;
		memcpy(&word, bytes, part);
		sum = (sum ^ word) * 0xff51afd7ed558ccdull;
		sum ^= sum >> 32;
		bytes += part;
		size -= part;
	}
	sum *= 0xc4ceb9fe1a85ec53ull;
	return sum ^ (sum >> 29);
}
