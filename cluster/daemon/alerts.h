/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that are run when something happens. */
#ifndef HD_ALERTS_H
#define HD_ALERTS_H

#include "daemon.h"

struct alerts;

struct alerts *alerts_new(struct daemon *d);
void alerts_free(struct alerts *alerts);

/* An event was delivered; the node that said it runs the alerts. */
void alerts_event(struct alerts *alerts, const json_t *event);

#endif
