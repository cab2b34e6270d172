// SPDX-License-Identifier: GPL-2.0-only
/* Sizes for people: three digits are enough. */
#include <stdio.h>

#include "size.h"
#include "util.h"

void ha_size_text(uint64_t bytes, char *buf, size_t size)
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"
	};
	double value = bytes;
	unsigned int unit = 0;

	while (value >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		value /= 1024;
		unit++;
	}
	snprintf(buf, size, unit && value < 100 ? "%.1f %s" : "%.0f %s",
		 value, units[unit]);
}
