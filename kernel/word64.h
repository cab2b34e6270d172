/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bitmaps in words of 64 bits, which disk and wire carry whatever a long is.
 */
#ifndef HA_WORD64_H
#define HA_WORD64_H

#include <linux/bitops.h>
#include <linux/types.h>

/* Bits [@bit, @bit + 64) of @map; @bit is a multiple of 64. */
static inline u64 ha_word64_get(const unsigned long *map, u64 bit)
{
	u64 value = 0;
	u32 i;

	for (i = 0; i < 64; i += BITS_PER_LONG)
		value |= (u64)READ_ONCE(map[(bit + i) / BITS_PER_LONG]) << i;
	return value;
}

static inline void ha_word64_put(unsigned long *map, u64 bit, u64 value)
{
	u32 i;

	for (i = 0; i < 64; i += BITS_PER_LONG)
		WRITE_ONCE(map[(bit + i) / BITS_PER_LONG],
			   (unsigned long)(value >> i));
}

#endif
