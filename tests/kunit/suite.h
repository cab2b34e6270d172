/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every suite here starts with. The same sources are a KUnit module
 * (scripts/kunit) and a program of tests/unit/.
 */
#ifndef HA_TEST_SUITE_H
#define HA_TEST_SUITE_H

#ifdef __KERNEL__
#include <kunit/test.h>
#include <linux/module.h>
#else
#include "../unit/kunit_shim.h"
#endif

#include "../../include/ha_pure.h"

/*
 * Where a product of cases takes long, the kernel, with KASAN on, walks it in
 * steps of this (a prime), user space visits every case.
 */
#ifdef __KERNEL__
#define TEST_STRIDE	7u
#else
#define TEST_STRIDE	1u
#endif

/* Reproducible random numbers (splitmix64). */
static inline u64 test_random(u64 *state)
{
	u64 z = (*state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* A number below @n. */
static inline u32 test_pick(u64 *state, u32 n)
{
	return (u32)(((test_random(state) >> 32) * n) >> 32);
}

static inline void test_fill(u64 *state, void *p, size_t size)
{
	u8 *bytes = p;

	while (size--)
		*bytes++ = (u8)test_random(state);
}

#endif
