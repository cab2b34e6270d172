// SPDX-License-Identifier: GPL-2.0-only
/* Carrying out a plan, or printing it; the connection to the kernel. */
#include <stdlib.h>

#include "hadm.h"

int hadm_open(struct hadm *hadm)
{
	char *error = NULL;

	if (hadm->genl)
		return 0;
	hadm->genl = ha_genl_open(&error);
	if (hadm->genl)
		return 0;
	hadm_error(NULL, "%s", error);
	free(error);
	return HA_EXIT_FAILED;
}

int hadm_kernel_failed(const struct hadm *hadm, const char *name)
{
	return hadm_error(name, "%s", ha_genl_error(hadm->genl));
}

int hadm_apply(struct hadm *hadm, const char *name, const struct ha_plan *plan)
{
	if (hadm->dry_run) {
		ha_plan_print(plan, stdout);
		return HA_EXIT_OK;
	}
	if (plan->n && hadm_open(hadm))
		return HA_EXIT_FAILED;
	for (unsigned int i = 0; i < plan->n; i++)
		if (ha_request_send(&plan->steps[i], hadm->genl))
			return hadm_kernel_failed(hadm, name);
	return HA_EXIT_OK;
}
