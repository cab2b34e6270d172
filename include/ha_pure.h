/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the pure files (no lock, no allocation, no I/O) need from their
 * surroundings, in the kernel and in user space.  Nothing else belongs here.
 */
#ifndef HA_PURE_H
#define HA_PURE_H

#ifdef __KERNEL__

#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/crc32c.h>
#include <asm/byteorder.h>

#else

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define cpu_to_le16(x)	((__le16)htole16(x))
#define cpu_to_le32(x)	((__le32)htole32(x))
#define cpu_to_le64(x)	((__le64)htole64(x))
#define le16_to_cpu(x)	le16toh((uint16_t)(x))
#define le32_to_cpu(x)	le32toh((uint32_t)(x))
#define le64_to_cpu(x)	le64toh((uint64_t)(x))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1ul << (n))
#define DIV_ROUND_UP_ULL(n, d)	(((n) + (d) - 1) / (d))

static inline u64 div64_u64(u64 n, u64 d)
{
	return n / d;
}

static inline u64 div_u64(u64 n, u32 d)
{
	return n / d;
}

/* Bitwise crc32c (Castagnoli), as the kernel's crc32c(): no inversions. */
static inline u32 crc32c(u32 crc, const void *data, size_t len)
{
	const u8 *p = data;

	while (len--) {
		crc ^= *p++;
		for (int k = 0; k < 8; k++)
			crc = (crc >> 1) ^ (0x82f63b78u & -(crc & 1));
	}
	return crc;
}

#endif
#endif
