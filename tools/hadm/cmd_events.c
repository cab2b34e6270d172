// SPDX-License-Identifier: GPL-2.0-only
/* The verb "events". */
#include "hadm.h"
#include "monitor.h"

int hadm_events(struct hadm *hadm)
{
	struct ha_monitor monitor = {
		.names = hadm->all ? NULL : hadm->words,
		.json = hadm->json,
	};

	if (hadm_open(hadm))
		return HA_EXIT_FAILED;
	if (ha_monitor_run(hadm->genl, &monitor))
		return hadm_kernel_failed(hadm, NULL);
	return HA_EXIT_OK;
}
