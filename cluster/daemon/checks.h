/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of the configuration: a program or pings, again and again, on every
 * node. One that failed often enough is a row of unit CHECK_UNIT, for all to know.
 */
#ifndef HD_CHECKS_H
#define HD_CHECKS_H

#include "daemon.h"
#include "model.h"

#define CHECK_UNIT "@check"

struct checks;

struct checks *checks_new(struct daemon *d);
void checks_free(struct checks *checks);
void checks_configure(struct checks *checks, struct model *model);

#endif
