/* SPDX-License-Identifier: GPL-2.0-only */
/* Setting up the witness: certificates of corosync-qnetd and its clients. */
#ifndef HACTL_WITNESS_H
#define HACTL_WITNESS_H

#include "conf.h"

/**
 * witness_setup() - make the witness and the nodes know each other
 *
 * Needs corosync-qnetd on the witness and corosync-qdevice on the nodes.
 * Return: an exit status, after a message.
 */
int witness_setup(const struct hc_config *conf);

/**
 * witness_add_node() - give a new node what the first one has
 */
int witness_add_node(const struct hc_config *conf, const struct hc_node *node);

#endif
