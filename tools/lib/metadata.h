/* SPDX-License-Identifier: GPL-2.0-only */
/* Metadata of a disk that is not attached: make it, show it, erase it. */
#ifndef HA_METADATA_H
#define HA_METADATA_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct ha_md_place - where metadata is
 * @disk: the backing device
 * @meta_disk: the device of its metadata; NULL means internal
 */
struct ha_md_place {
	const char *disk;
	const char *meta_disk;
};

/**
 * ha_md_create() - write fresh metadata
 * @place: where
 * @node_id: own slot
 * @force: overwrite what is found
 * @out: gets a line about what was made
 *
 * Return: NULL, or why not; the caller frees it.
 */
char *ha_md_create(const struct ha_md_place *place, unsigned int node_id,
		   bool force, FILE *out);

/**
 * ha_md_dump() - print the metadata
 */
char *ha_md_dump(const struct ha_md_place *place, bool json, FILE *out);

/**
 * ha_md_wipe() - erase both copies of the superblock
 * @force: also when the metadata cannot be read
 */
char *ha_md_wipe(const struct ha_md_place *place, bool force);

#endif
