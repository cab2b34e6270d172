// SPDX-License-Identifier: GPL-2.0-only
/*
 * How safe takeovers are in a configuration. Two questions: is there an
 * arbiter, so that only one side of a split goes on; and can a lost node be
 * proven to be off, or its storage be closed to it.
 */
#include <string.h>

#include "grade.h"
#include "values.h"

static bool all_fenced(const struct hc_config *conf)
{
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		bool found = conf->nodes[i].role == HC_TIEBREAKER;

		for (unsigned int j = 0; j < conf->n_fences; j++)
			found = found || hc_words_have(&conf->fences[j].nodes,
						       conf->nodes[i].name);
		if (!found)
			return false;
	}
	return conf->n_fences;
}

/* Every service either writes to replicated storage only, or to none. */
static bool only_own_storage(const struct hc_config *conf)
{
	for (unsigned int i = 0; i < conf->n_services; i++) {
		const struct hc_service *service = &conf->services[i];
		bool storage = false, mount = false;

		for (unsigned int j = 0; j < service->n_members; j++) {
			storage |= service->members[j].kind == HC_STORAGE;
			mount |= service->members[j].kind == HC_MOUNT;
		}
		if (mount && !storage)
			return false;
	}
	return true;
}

void grade_config(const struct hc_config *conf, struct grade *grade)
{
	bool arbiter = conf->n_nodes > 2 || conf->quorum.witness;
	bool fenced = all_fenced(conf), watchdog = conf->watchdog.device;

	*grade = (struct grade){ 'F', "no arbiter: nothing is taken over by itself",
		"add fence devices, a witness, or a third node as tiebreaker" };
	if (conf->n_nodes == 1)
		*grade = (struct grade){ 'F', "one node: there is nobody to take over",
					 "add a node: hactl node add" };
	else if (conf->quorum.on_loss == HC_IGNORE)
		*grade = (struct grade){ 'F', "quorum is ignored: both sides of a split go on",
					 "hactl set quorum.on-loss freeze" };
	else if (fenced && arbiter && only_own_storage(conf))
		*grade = (struct grade){ 'A', "fence+storage quorum", NULL };
	else if (fenced)
		*grade = (struct grade){ 'A', arbiter ? "fence+quorum" : "fence",
			arbiter ? NULL : "a witness would spare the race for the fence device" };
	else if (arbiter && watchdog)
		*grade = (struct grade){ 'B', "watchdog+quorum",
			"fence devices would spare the wait for the watchdog" };
	else if (arbiter && only_own_storage(conf))
		*grade = (struct grade){ 'B', "storage quorum",
			"fence devices would also clear up what hangs" };
	else if (arbiter)
		*grade = (struct grade){ 'D', "quorum only: what hangs on a lost node is not known to be off",
					 "add fence devices or a watchdog" };
	else if (conf->accept.n)
		*grade = (struct grade){ 'D', "both sides of a split go on, as was accepted",
			"add fence devices, a witness, or a third node as tiebreaker" };
}
