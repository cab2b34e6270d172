/* SPDX-License-Identifier: GPL-2.0-only */
/* What OCF agents ask by crm_master and the others. */
#ifndef HD_SCORES_H
#define HD_SCORES_H

#include "daemon.h"

int scores_start(struct daemon *d);

#endif
