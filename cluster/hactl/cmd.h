/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs, by the files they are in. */
#ifndef HACTL_CMD_H
#define HACTL_CMD_H

#include "hactl.h"

typedef int hactl_cmd(struct hactl *h);

/* cmd_show.c, cmd_plan_offline.c */
hactl_cmd cmd_status, cmd_why, cmd_plan, cmd_history, cmd_plan_offline,
	cmd_why_offline;

/* cmd_service.c */
hactl_cmd cmd_service_create, cmd_service_add, cmd_service_remove,
	cmd_clone_create, cmd_rule, cmd_set;

/* cmd_operate.c */
hactl_cmd cmd_service_move, cmd_service_ban, cmd_service_stop,
	cmd_service_start, cmd_service_restart, cmd_clear, cmd_node_standby,
	cmd_node_resume, cmd_node_maintenance, cmd_maintenance;

/* cmd_node.c */
hactl_cmd cmd_node_add, cmd_node_remove, cmd_device_add, cmd_device_remove;

/* cmd_fence.c */
hactl_cmd cmd_fence_add, cmd_fence_remove, cmd_fence_node, cmd_fence_confirm,
	cmd_fence_test, cmd_secret_set;

/* cmd_config.c */
hactl_cmd cmd_config_show, cmd_config_edit, cmd_config_apply, cmd_config_diff,
	cmd_config_log, cmd_config_rollback, cmd_config_check,
	cmd_config_corosync;

/* cmd_cluster.c, cmd_init.c, init_local.c */
hactl_cmd cmd_cluster_init, cmd_cluster_init_local, cmd_cluster_start,
	cmd_cluster_stop, cmd_cluster_timing;

/* cmd_doctor.c, cmd_test.c */
hactl_cmd cmd_doctor, cmd_test_failover;

#endif
