/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What OCF agents ask by crm_master, attrd_updater, crm_node and the others.
 * Attributes of a node that end with it are rows of unit ATTRIBUTE_UNIT; those
 * that last are facts.
 */
#ifndef HD_ATTRIBUTES_H
#define HD_ATTRIBUTES_H

#include "daemon.h"

#define ATTRIBUTE_UNIT	"@attribute"
#define OP_ATTRIBUTE	"op/attribute/"		/* NODE/NAME; of no node "*" */

int attributes_start(struct daemon *d);

/* Another node's agent sets an attribute of this one. */
void attributes_asked(struct daemon *d, const json_t *ask);

#endif
