// SPDX-License-Identifier: GPL-2.0-only
/* Records of safety.log. */
#include <string.h>

#include "store_log.h"

#define LONGEST (64u << 20)

uint32_t store_crc(const void *data, size_t size)
{
	const uint8_t *at = data;
	uint32_t crc = ~0u;

	for (size_t i = 0; i < size; i++) {
		crc ^= at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = value >> 8 * i;
}

static uint32_t get(const uint8_t *from)
{
	return from[0] | from[1] << 8 | from[2] << 16 | (uint32_t)from[3] << 24;
}

void store_head(uint8_t head[STORE_HEAD], const void *data, size_t size)
{
	put(head, size);
	put(head + 4, store_crc(data, size));
}

static bool whole(const uint8_t *file, size_t size, size_t offset)
{
	size_t length;

	if (size - offset <= STORE_HEAD)
		return false;
	length = get(file + offset);
	return length && length <= LONGEST &&
	       length <= size - offset - STORE_HEAD &&
	       store_crc(file + offset + STORE_HEAD, length) ==
	       get(file + offset + 4);
}

/* The end of a file may be anything after a crash; but nothing that fits follows. */
static enum store_found judge(const uint8_t *file, size_t size, size_t offset)
{
	if (!offset && size > STORE_HEAD && file[STORE_HEAD] != STORE_ENTRY)
		return STORE_DAMAGED;
	for (size_t at = offset + 1; at < size; at++)
		if (whole(file, size, at))
			return STORE_DAMAGED;
	return STORE_TORN;
}

enum store_found store_next(const uint8_t *file, size_t size, size_t *offset,
			    const uint8_t **data, size_t *length)
{
	if (*offset == size)
		return STORE_END;
	if (!whole(file, size, *offset))
		return judge(file, size, *offset);
	*length = get(file + *offset);
	*data = file + *offset + STORE_HEAD;
	*offset += STORE_HEAD + *length;
	return STORE_RECORD;
}
