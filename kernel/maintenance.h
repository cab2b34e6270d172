/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a resource does by itself once a second: background flush, lazy clear
 * of intents, liveness figures.
 */
#ifndef HA_MAINTENANCE_H
#define HA_MAINTENANCE_H

#include <linux/workqueue.h>

void ha_maintenance_work(struct work_struct *work);

#endif
