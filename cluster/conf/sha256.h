/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 as FIPS 180-4 defines it. */
#ifndef HC_SHA256_H
#define HC_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define HC_SHA256_SIZE	32

void hc_sha256_of(const void *data, size_t size,
		  uint8_t digest[HC_SHA256_SIZE]);

#endif
