/* SPDX-License-Identifier: GPL-2.0-only */
/* For the files that check a configuration. */
#ifndef HC_CHECK_H
#define HC_CHECK_H

#include "conf.h"
#include "corosync_conf.h"

static inline const char *hc_device_hadm(const struct hc_device *device)
{
	return device->hadm ? device->hadm : device->name;
}

/**
 * hc_check_node_name() - complain when there is no such node
 */
void hc_check_node_name(const struct hc_config *conf, const char *name,
			const struct conf_place *place,
			struct conf_errors *errors);

/**
 * hc_check_services() - members, rules, and what services have in common
 */
void hc_check_services(const struct hc_config *conf,
		       struct conf_errors *errors);

#endif
