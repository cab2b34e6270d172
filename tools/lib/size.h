/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes for people. */
#ifndef HA_SIZE_H
#define HA_SIZE_H

#include <stddef.h>
#include <stdint.h>

/**
 * ha_size_text() - bytes with a unit, "1.5 GiB"
 */
void ha_size_text(uint64_t bytes, char *buf, size_t size);

#endif
