// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that change the kernel: make a plan for each resource, apply it. */
#include <stdio.h>
#include <stdlib.h>

#include "hadm.h"
#include "view.h"

/* In a dry run the module may be missing: then the kernel has nothing. */
static int load_view(struct hadm *hadm, struct ha_view *view)
{
	char *error = NULL;

	if (hadm->dry_run) {
		hadm->genl = ha_genl_open(&error);
		free(error);
		if (!hadm->genl)
			return 0;
	} else if (hadm_open(hadm)) {
		return HA_EXIT_FAILED;
	}
	if (ha_view_load(view, hadm->genl))
		return hadm_kernel_failed(hadm, NULL);
	return 0;
}

static int adjust(struct hadm *hadm, const char *nothing_to_do)
{
	struct ha_view view = { 0 };
	int ret = load_view(hadm, &view);

	if (ret)
		return ret;
	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];
		struct ha_plan_want want = {
			.res = target->res,
			.self = target->self,
			.have = ha_view_find(&view, target->name),
		};
		struct ha_plan plan = { 0 };

		ha_plan_adjust(&plan, &want);
		if (!plan.n && !hadm->dry_run)
			printf("%s: %s\n", target->name, nothing_to_do);
		if (hadm_apply(hadm, target->name, &plan))
			ret = HA_EXIT_FAILED;
		ha_plan_free(&plan);
	}
	ha_view_free(&view);
	return ret;
}

int hadm_up(struct hadm *hadm)
{
	return adjust(hadm, "already up");
}

int hadm_adjust(struct hadm *hadm)
{
	return adjust(hadm, "nothing to change");
}

int hadm_attach(struct hadm *hadm)
{
	int ret = HA_EXIT_OK;

	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];
		struct ha_plan_want want = {
			.res = target->res,
			.self = target->self,
		};
		struct ha_plan plan = { 0 };

		ha_plan_attach(&plan, &want);
		if (hadm_apply(hadm, target->name, &plan))
			ret = HA_EXIT_FAILED;
		ha_plan_free(&plan);
	}
	return ret;
}

static int single(struct hadm *hadm, const struct hadm_target *target)
{
	struct ha_plan_options options = {
		.force = hadm->force,
		.discard_my_data = hadm->discard_my_data,
	};
	struct ha_plan plan = { 0 };
	int ret;

	if (hadm->peer) {
		if (target->res)
			options.peer = ha_conf_host_find(target->res,
							 hadm->peer);
		if (!options.peer || options.peer == target->self)
			return hadm_error(target->name,
					  "it has no peer \"%s\" in the file",
					  hadm->peer);
	}
	ha_plan_single(&plan, hadm->verb->cmd, target->name, &options);
	ret = hadm_apply(hadm, target->name, &plan);
	ha_plan_free(&plan);
	return ret;
}

int hadm_single(struct hadm *hadm)
{
	int ret = HA_EXIT_OK;

	for (unsigned int i = 0; i < hadm->n_targets; i++)
		if (single(hadm, &hadm->targets[i]))
			ret = HA_EXIT_FAILED;
	return ret;
}

int hadm_down(struct hadm *hadm)
{
	struct ha_view view = { 0 };
	int ret = HA_EXIT_OK;

	if (hadm->dry_run)
		return hadm_single(hadm);
	if (hadm_open(hadm))
		return HA_EXIT_FAILED;
	if (ha_view_load(&view, hadm->genl))
		return hadm_kernel_failed(hadm, NULL);
	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];

		if (ha_view_find(&view, target->name)) {
			if (single(hadm, target))
				ret = HA_EXIT_FAILED;
		} else if (target->res) {
			printf("%s: already down\n", target->name);
		} else {
			ret = hadm_error(target->name, "no such resource");
		}
	}
	ha_view_free(&view);
	return ret;
}
