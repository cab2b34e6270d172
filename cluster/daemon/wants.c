// SPDX-License-Identifier: GPL-2.0-only
/* Actions of a plan that can be begun now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "facts.h"
#include "hp_json.h"
#include "policy_plan_json.h"
#include "util.h"
#include "wants.h"

struct thought *thought_new(const struct hc_config *conf,
			    const struct hc_facts *facts)
{
	struct thought *t = xcalloc(1, sizeof(*t));

	t->conf = conf;
	t->policy = hc_to_policy(conf, facts);
	t->ret = hp_plan(&t->policy->in, &t->plan);
	return t;
}

void thought_free(struct thought *t)
{
	if (!t)
		return;
	hp_plan_free(&t->plan);
	hc_policy_free(t->policy);
	free(t);
}

bool wants_name(const struct thought *t, int rsc, char unit[64],
		char member[64])
{
	const struct hc_thing *thing = &t->policy->things[rsc];

	if (thing->device) {
		snprintf(unit, 64, DEVICE_PREFIX "%.50s", thing->device->name);
		strcpy(member, DEVICE_MEMBER);
		return true;
	}
	if (!thing->service || !thing->member)
		return false;
	snprintf(unit, 64, "%s", thing->service->name);
	snprintf(member, 64, "%s", thing->member->name);
	return true;
}

/* Exclusions are the core's: it makes them with the claim they are for. */
static bool waits(const struct hp_plan *plan, int action)
{
	for (int i = 0; i < plan->n_edges; i++)
		if (plan->edges[i].then == action &&
		    plan->actions[plan->edges[i].first].act != HP_ACT_EXCLUDE)
			return true;
	return false;
}

static bool verb_of(enum hp_act act, enum core_verb *verb)
{
	static const enum core_verb verbs[] = {
		[HP_ACT_START] = CORE_START, [HP_ACT_STOP] = CORE_STOP,
		[HP_ACT_PROMOTE] = CORE_PROMOTE, [HP_ACT_DEMOTE] = CORE_DEMOTE,
		[HP_ACT_FENCE] = CORE_FENCE,
	};

	if (act > HP_ACT_FENCE)
		return false;
	*verb = verbs[act];
	return true;
}

/* A device that no service has is nobody's to start. */
static bool unused(const struct thought *t, const struct core_want *want)
{
	const struct hc_service *service;
	const struct hc_member *member;

	return !facts_place(t->conf, want->unit, want->member, &service,
			    &member);
}

void wants_make(const struct thought *t, struct core_plan *out)
{
	if (t->ret)
		return;
	for (int i = 0; i < t->plan.n_actions &&
	     out->count < ARRAY_SIZE(out->want); i++) {
		const struct hp_action *action = &t->plan.actions[i];
		struct core_want *want = &out->want[out->count];
		enum core_verb verb;

		if (waits(&t->plan, i) || !verb_of(action->act, &verb))
			continue;
		memset(want, 0, sizeof(*want));
		want->verb = verb;
		want->node = t->conf->nodes[action->node].id;
		if (verb == CORE_FENCE ||
		    (wants_name(t, action->rsc, want->unit, want->member) &&
		     !unused(t, want)))
			out->count++;
	}
}

char *wants_text(const struct thought *t, enum hp_act act, int rsc, int node)
{
	const struct hp_action action = { .act = act, .rsc = rsc, .node = node };

	return hc_action_text(t->policy, &action);
}

char *wants_why(const struct thought *t, enum hp_why why, int other)
{
	char text[240];

	hp_why_print(&t->policy->in, why, other, text, sizeof(text));
	return xstrdup(text);
}
