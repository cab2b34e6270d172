// SPDX-License-Identifier: GPL-2.0-only
/* Is it this daemon that is to end, or the machine? */
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#include "shutdown.h"

#define PATIENCE_US 2000000

bool machine_stops(void)
{
	sd_bus *bus = NULL;
	char *state = NULL;
	bool stops = false;

	if (sd_booted() <= 0 || sd_bus_open_system(&bus) < 0)
		return false;
	sd_bus_set_method_call_timeout(bus, PATIENCE_US);
	if (sd_bus_get_property_string(bus, "org.freedesktop.systemd1",
				       "/org/freedesktop/systemd1",
				       "org.freedesktop.systemd1.Manager", "SystemState", NULL,
				       &state) >= 0)
		stops = !strcmp(state, "stopping");
	free(state);
	sd_bus_flush_close_unref(bus);
	return stops;
}
