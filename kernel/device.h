/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The block device people use, /dev/haN: gendisk, limits, open and release.
 */
#ifndef HA_DEVICE_H
#define HA_DEVICE_H

#include "resource.h"

int ha_device_init(void);
void ha_device_exit(void);

/** ha_device_create - add /dev/haN with capacity 0; sleeps */
int ha_device_create(struct ha_resource *res);

/** ha_device_remove - take it away; nobody has it open; sleeps */
void ha_device_remove(struct ha_resource *res);

/** ha_device_free - drop the gendisk; last reference of the resource */
void ha_device_free(struct ha_resource *res);

/** ha_resource_size_known - set the capacity from the disk's or a peer's data size; sleeps */
void ha_resource_size_known(struct ha_resource *res);

/** ha_device_set_limits - block sizes follow the backing disk; never under an open device */
void ha_device_set_limits(struct ha_resource *res, u32 logical_block,
			  u32 physical_block);

/** ha_device_announce - a uevent, so that udev looks at the content */
void ha_device_announce(struct ha_resource *res);

/** ha_device_openers - "PID COMMAND since N s, ..." into @buf */
void ha_device_openers(struct ha_resource *res, char *buf, size_t len);

/**
 * ha_device_block_open - no new opens from here on
 * Return: true when nobody has it open; false: opens are not blocked.
 */
bool ha_device_block_open(struct ha_resource *res);
void ha_device_allow_open(struct ha_resource *res);

#endif
