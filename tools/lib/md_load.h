/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the superblock of a disk. Not together with linux/ha.h. */
#ifndef HA_MD_LOAD_H
#define HA_MD_LOAD_H

#include "md_device.h"
#include "meta_format.h"

struct ha_md_place;

/**
 * struct md_open - a disk with its metadata device, open
 * @data: the backing device
 * @meta: the device with the metadata; a copy of @data when internal
 */
struct md_open {
	struct md_device data, meta;
	bool internal;
};

char *md_open(struct md_open *md, const struct ha_md_place *place, bool write);
void md_close(struct md_open *md);

/**
 * md_load() - read and judge both copies of the superblock
 * @super: out, filled when *@result is 0
 * @result: of ha_super_choose(): 0, -ENOENT when there is none, ...
 * @why: out, why a copy is refused; a constant, or NULL
 *
 * Return: NULL, or that it could not be read.
 */
char *md_load(const struct md_open *md, struct ha_super *super, int *result,
	      const char **why);

#endif
