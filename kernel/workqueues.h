/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's workqueues.  No work waits for a work of its own queue.
 */
#ifndef HA_WORKQUEUES_H
#define HA_WORKQUEUES_H

#include <linux/workqueue.h>

extern struct workqueue_struct *ha_wq_send;	/* streams with bytes left over */
extern struct workqueue_struct *ha_wq_meta;	/* metadata writes, resumed requests */
extern struct workqueue_struct *ha_wq_done;	/* slow completions: errors, mints */
extern struct workqueue_struct *ha_wq_control;	/* session ends, resync plans, events */
extern struct workqueue_struct *ha_wq_resync;	/* resync, zeroing: long I/O */

int ha_workqueues_init(void);
void ha_workqueues_exit(void);

#endif
