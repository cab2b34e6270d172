/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A disk comes and goes: attach, detach, failure.
 */
#ifndef HA_ATTACH_H
#define HA_ATTACH_H

#include "resource.h"

struct netlink_ext_ack;

int ha_attach(struct ha_resource *res, const char *disk, const char *meta,
	      struct netlink_ext_ack *extack);

/**
 * ha_detach - let go of the disk
 * @force: also when the Primary loses its only good copy
 * Waits until the devices are closed.
 */
int ha_detach(struct ha_resource *res, bool force,
	      struct netlink_ext_ack *extack);

void ha_disk_failed_work(struct work_struct *work);

/** ha_get_disk - the attached disk with a reference, or NULL */
struct ha_disk *ha_get_disk(struct ha_resource *res);

#endif
