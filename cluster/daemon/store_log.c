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

enum store_found store_next(const uint8_t *file, size_t size, size_t *offset,
			    const uint8_t **data, size_t *length)
{
	size_t left = size - *offset;
	const uint8_t *at = file + *offset;

	if (!left)
		return STORE_END;
	if (left < STORE_HEAD)
		return STORE_TORN;
	*length = get(at);
	if (*length > left - STORE_HEAD)
		return *length > LONGEST && left > LONGEST ? STORE_DAMAGED :
							     STORE_TORN;
	*data = at + STORE_HEAD;
	if (store_crc(*data, *length) != get(at + 4))
		return *length == left - STORE_HEAD ? STORE_TORN :
						      STORE_DAMAGED;
	*offset += STORE_HEAD + *length;
	return STORE_RECORD;
}
