/* SPDX-License-Identifier: GPL-2.0-only */
/* What must be known after a crash of this process: what was promised, for which device. */
#ifndef WATCHD_KEEP_H
#define WATCHD_KEEP_H

#include "watchd.h"

/**
 * struct keep - a page of a file that is gone with the boot
 * @device: is or was open, and counts; empty: none
 */
struct keep {
	uint32_t version, lease_ms, seconds;
	int64_t until;
	char device[WATCHD_PATH];
	char boot[40];
};

/**
 * keep_open() - map it; as it was left in this boot, else empty
 *
 * Return: NULL with errno.
 */
struct keep *keep_open(const char *path);

#endif
