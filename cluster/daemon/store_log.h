/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The form of safety.log: records of length, crc-32 and bytes, of which the first
 * says what the others are. Pure.
 */
#ifndef HD_STORE_LOG_H
#define HD_STORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_HEAD	8
#define STORE_SNAPSHOT	'S'	/* by itself at the beginning, put there by rename */
#define STORE_ENTRY	'E'

uint32_t store_crc(const void *data, size_t size);

/* The head that goes before the bytes. */
void store_head(uint8_t head[STORE_HEAD], const void *data, size_t size);

enum store_found {
	STORE_RECORD,	/* one more */
	STORE_END,
	STORE_TORN,	/* the last one is not whole: it was never durable */
	STORE_DAMAGED,	/* bytes are wrong that were durable: a record follows */
};

/**
 * store_next() - the record at @offset, which moves behind it
 */
enum store_found store_next(const uint8_t *file, size_t size, size_t *offset,
			    const uint8_t **data, size_t *length);

#endif
