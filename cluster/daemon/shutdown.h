/* SPDX-License-Identifier: GPL-2.0-only */
/* Is it this daemon that is to end, or the machine? */
#ifndef HD_SHUTDOWN_H
#define HD_SHUTDOWN_H

#include <stdbool.h>

/** machine_stops() - systemd is shutting the machine down, or reboots it */
bool machine_stops(void);

#endif
