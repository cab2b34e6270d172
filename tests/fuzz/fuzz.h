/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzz targets share: an assertion that stays, and bytes taken in turn. */
#ifndef HA_FUZZ_H
#define HA_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #condition);	\
			abort();					\
		}							\
	} while (0)

/** struct input - what is left of the fuzzer's bytes */
struct input {
	const uint8_t *data;
	size_t size;
};

/* Fill @out; what the input no longer has is zero. */
static inline void take(struct input *in, void *out, size_t size)
{
	size_t some = size < in->size ? size : in->size;

	memset(out, 0, size);
	if (some)
		memcpy(out, in->data, some);
	in->data += some;
	in->size -= some;
}

static inline uint8_t take_byte(struct input *in)
{
	uint8_t byte;

	take(in, &byte, 1);
	return byte;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
