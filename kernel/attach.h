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

/**
 * ha_hand_over - a node without a disk (@d failed, or NULL) is or becomes
 * Primary: a good peer sets the bits of what our disk may lack, makes stable
 * what it has, and mints
 *
 * With @d NULL that is everything, or nothing when we have not served yet.
 * Only afterwards may a request complete that our disk lacks
 * (res->handed_over).  Context: process; bounded by the peer's timeout.
 * Return: 0; -ENODEV no good peer; -errno: its session has been killed.
 */
int ha_hand_over(struct ha_resource *res, struct ha_disk *d);

void ha_disk_failed_work(struct work_struct *work);

/** ha_get_disk - the attached disk with a reference, or NULL */
struct ha_disk *ha_get_disk(struct ha_resource *res);

#endif
