// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module init and exit: a ladder, nothing else.
 */
#include <linux/module.h>
#include <net/genetlink.h>
#include "device.h"
#include "disk.h"
#include "mirror.h"
#include "netlink_event.h"
#include "payload.h"
#include "workqueues.h"

static int __init ha_init(void)
{
	int err;

	err = ha_workqueues_init();
	if (err)
		return err;
	err = ha_payload_init();
	if (err)
		goto out_workqueues;
	err = ha_mirror_init();
	if (err)
		goto out_payload;
	err = ha_device_init();
	if (err)
		goto out_mirror;
	err = ha_resources_init();
	if (err)
		goto out_device;
	err = genl_register_family(&ha_nl_family);
	if (err)
		goto out_resources;
	return 0;

out_resources:
	ha_resources_exit();
out_device:
	ha_device_exit();
out_mirror:
	ha_mirror_exit();
out_payload:
	ha_payload_exit();
out_workqueues:
	ha_workqueues_exit();
	return err;
}

static void __exit ha_exit(void)
{
	genl_unregister_family(&ha_nl_family);
	ha_resources_exit();
	ha_device_exit();
	ha_mirror_exit();
	ha_payload_exit();
	ha_workqueues_exit();
}

module_init(ha_init);
module_exit(ha_exit);
MODULE_DESCRIPTION("Replicated block device");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY("ha");
