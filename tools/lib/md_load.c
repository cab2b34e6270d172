// SPDX-License-Identifier: GPL-2.0-only
/* Opening a disk with its metadata device, and reading the superblock. */
#include <stdlib.h>

#include "md_load.h"
#include "metadata.h"
#include "util.h"

char *md_open(struct md_open *md, const struct ha_md_place *place, bool write)
{
	char *error;

	md->internal = !place->meta_disk;
	error = md_device_open(&md->data, place->disk, write);
	if (error || md->internal) {
		md->meta = md->data;
		return error;
	}
	error = md_device_open(&md->meta, place->meta_disk, write);
	if (error)
		md_device_close(&md->data);
	return error;
}

void md_close(struct md_open *md)
{
	if (!md->internal)
		md_device_close(&md->meta);
	md_device_close(&md->data);
}

char *md_load(const struct md_open *md, struct ha_super *super, int *result,
	      const char **why)
{
	static _Alignas(HA_META_BLOCK) struct ha_meta_super block;
	uint64_t sectors = md->meta.size / 512;
	struct ha_super copy[2];
	int errors[2];
	char *error;

	*why = NULL;
	if (sectors < 2 * HA_META_TAIL / 512) {
		*result = -ENOENT;
		return NULL;
	}
	for (unsigned int i = 0; i < 2; i++) {
		error = md_device_read(&md->meta, &block, sizeof(block),
				       ha_super_sector(sectors, i) * 512);
		if (error)
			return error;
		errors[i] = ha_super_decode(&block, &copy[i], why);
	}
	*result = ha_super_choose(&copy[0], errors[0], &copy[1], errors[1],
				  super);
	return NULL;
}
