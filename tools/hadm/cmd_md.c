// SPDX-License-Identifier: GPL-2.0-only
/* The verbs about metadata of disks that are not attached. */
#include <stdio.h>
#include <stdlib.h>

#include "hadm.h"
#include "metadata.h"

static struct ha_md_place place_of(const struct hadm_target *target)
{
	return (struct ha_md_place) {
		.disk = target->self->disk,
		.meta_disk = target->self->meta_disk,
	};
}

static void print_call(const struct hadm *hadm,
		       const struct hadm_target *target, bool node_id)
{
	printf("hasetup %s %s", hadm->verb->name, target->self->disk);
	if (target->self->meta_disk)
		printf(" %s", target->self->meta_disk);
	if (node_id)
		printf(" --node-id %d", target->self->node_id);
	puts(hadm->force ? " --force" : "");
}

static int report(const struct hadm_target *target, char *error)
{
	if (!error)
		return HA_EXIT_OK;
	hadm_error(target->name, "%s", error);
	free(error);
	return HA_EXIT_FAILED;
}

int hadm_create_md(struct hadm *hadm)
{
	int ret = HA_EXIT_OK;

	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];
		struct ha_md_place place = place_of(target);

		if (hadm->dry_run)
			print_call(hadm, target, true);
		else if (report(target,
				ha_md_create(&place, target->self->node_id,
					     hadm->force, stdout)))
			ret = HA_EXIT_FAILED;
	}
	return ret;
}

int hadm_dump_md(struct hadm *hadm)
{
	int ret = HA_EXIT_OK;

	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];
		struct ha_md_place place = place_of(target);

		if (report(target, ha_md_dump(&place, hadm->json, stdout)))
			ret = HA_EXIT_FAILED;
	}
	return ret;
}

int hadm_wipe_md(struct hadm *hadm)
{
	int ret = HA_EXIT_OK;

	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];
		struct ha_md_place place = place_of(target);

		if (hadm->dry_run)
			print_call(hadm, target, false);
		else if (report(target, ha_md_wipe(&place, hadm->force)))
			ret = HA_EXIT_FAILED;
	}
	return ret;
}
