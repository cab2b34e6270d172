/* SPDX-License-Identifier: GPL-2.0-only */
/* What libblkid finds on a device before something is written to it. */
#ifndef HA_MD_PROBE_H
#define HA_MD_PROBE_H

#include <stdint.h>

struct md_device;

/**
 * md_probe() - look for data that must not be overwritten
 * @device: where
 * @keep: bytes from the start that stay untouched; a file system whose own
 *	superblock says that it ends before them is in nobody's way
 *
 * Return: NULL when nothing is in the way; else a sentence for each thing
 * found, to be freed by the caller.
 */
char *md_probe(const struct md_device *device, uint64_t keep);

#endif
