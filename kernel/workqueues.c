// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's workqueues: made and ended here, used everywhere.
 */
#include "workqueues.h"

struct workqueue_struct *ha_wq_send;
struct workqueue_struct *ha_wq_meta;
struct workqueue_struct *ha_wq_done;
struct workqueue_struct *ha_wq_control;
struct workqueue_struct *ha_wq_resync;

static struct workqueue_struct **const queues[] = {
	&ha_wq_send, &ha_wq_meta, &ha_wq_done, &ha_wq_control, &ha_wq_resync,
};

int ha_workqueues_init(void)
{
	static const char *const names[] = {
		"ha_send", "ha_meta", "ha_done", "ha_control", "ha_resync",
	};
	unsigned int i, flags = WQ_MEM_RECLAIM | WQ_UNBOUND;

	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		/* Resync reads and digests in bulk: never before others. */
		*queues[i] = alloc_workqueue("%s", queues[i] == &ha_wq_resync ?
					     flags : flags | WQ_HIGHPRI, 0,
					     names[i]);
		if (!*queues[i]) {
			ha_workqueues_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void ha_workqueues_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		if (*queues[i])
			destroy_workqueue(*queues[i]);
		*queues[i] = NULL;
	}
}
