/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting and stopping the cluster's own units on nodes. */
#ifndef HACTL_START_H
#define HACTL_START_H

#include "conf.h"

/**
 * start_nodes() - start corosync and haclusterd on all nodes
 * @enable: also at boot from now on
 *
 * Return: an exit status.
 */
int start_nodes(const struct hc_config *conf, bool enable);

/**
 * start_verify() - wait until all nodes are members, and quorate
 */
int start_verify(const struct hc_config *conf);

#endif
