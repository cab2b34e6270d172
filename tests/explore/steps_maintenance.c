// SPDX-License-Identifier: GPL-2.0-only
/* What the module does once a second, each part as a step of its own. */
#include "maintenance.c"

void step_clear_intents(struct ha_resource *res, struct ha_disk *d);
void step_flush_replicas(struct ha_resource *res, struct ha_disk *d);
void step_look_after(struct ha_peer *peer);

void step_clear_intents(struct ha_resource *res, struct ha_disk *d)
{
	clear_intents(res, d);
}

void step_flush_replicas(struct ha_resource *res, struct ha_disk *d)
{
	flush_replicas(res, d, true);
}

void step_look_after(struct ha_peer *peer)
{
	look_after_session(peer);
}
