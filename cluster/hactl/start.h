/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting and stopping the cluster's own units on nodes. */
#ifndef HACTL_START_H
#define HACTL_START_H

#include "conf.h"

enum start_how {
	START_NOW,
	START_ENABLE,	/* and at boot from now on */
	START_FIRST,	/* and what runs already has old files */
};

/**
 * start_nodes() - start corosync and haclusterd on all nodes
 *
 * Return: an exit status.
 */
int start_nodes(const struct hc_config *conf, enum start_how how);

/**
 * start_node() - likewise on one
 */
int start_node(const struct hc_config *conf, const struct hc_node *node,
	       enum start_how how);

/**
 * start_verify() - wait until all nodes are members, and quorate
 */
int start_verify(const struct hc_config *conf);

#endif
