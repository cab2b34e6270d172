// SPDX-License-Identifier: GPL-2.0-only
/* A plan of the policy engine as the reply to "plan". */
#include <stdlib.h>
#include <string.h>

#include "hp_json.h"
#include "policy_plan_json.h"
#include "util.h"

/* An order of the actions, and which must directly precede which. */
struct sequence {
	const struct hp_plan *plan;
	int *number;		/* by action; 0: not yet */
	bool *before;		/* [first * n + then], closed under transitivity */
	int last;
};

static const char *member_verb(const struct hc_member *member, enum hp_act act)
{
	if (act == HP_ACT_START && member->kind == HC_MOUNT)
		return "mount";
	if (act == HP_ACT_STOP && member->kind == HC_MOUNT)
		return "umount";
	if (act == HP_ACT_START && member->kind == HC_IP)
		return "ip";
	if (act == HP_ACT_STOP && member->kind == HC_IP)
		return "remove ip";
	return hp_act_word(act);
}

char *hc_action_text(const struct hc_policy *policy,
		     const struct hp_action *action)
{
	const struct hp_input *in = &policy->in;
	const char *node = action->node >= 0 ? in->nodes[action->node].name : "";
	const struct hc_thing *thing;

	if (action->rsc < 0)
		return xasprintf("%s %s", hp_act_word(action->act), node);
	thing = &policy->things[action->rsc];
	if (thing->device && action->act == HP_ACT_EXCLUDE)
		return xasprintf("exclude %s %s (commit)", thing->device->name,
				 node);
	if (thing->device)
		return xasprintf("%s %s %s", action->act == HP_ACT_START ?
				 "up" : action->act == HP_ACT_STOP ? "down" :
				 hp_act_word(action->act),
				 thing->device->name, node);
	if (thing->member)
		return xasprintf("%s %s %s",
				 member_verb(thing->member, action->act),
				 thing->member->name, node);
	return xasprintf("%s %s %s", hp_act_word(action->act),
			 in->rscs[action->rsc].name, node);
}

static void close_order(struct sequence *s)
{
	int n = s->plan->n_actions;

	for (int i = 0; i < s->plan->n_edges; i++)
		s->before[s->plan->edges[i].first * n +
			  s->plan->edges[i].then] = true;
	for (int k = 0; k < n; k++)
		for (int i = 0; i < n; i++)
			for (int j = 0; s->before[i * n + k] && j < n; j++)
				s->before[i * n + j] |= s->before[k * n + j];
}

static bool ready(const struct sequence *s, int action)
{
	int n = s->plan->n_actions;

	if (s->number[action])
		return false;
	for (int i = 0; i < n; i++)
		if (s->before[i * n + action] && !s->number[i])
			return false;
	return true;
}

/* Between the two lies no third one. */
static bool directly(const struct sequence *s, int first, int then)
{
	int n = s->plan->n_actions;

	if (!s->before[first * n + then])
		return false;
	for (int i = 0; i < n; i++)
		if (s->before[first * n + i] && s->before[i * n + then])
			return false;
	return true;
}

static json_t *action_json(const struct hc_policy *policy,
			   const struct sequence *s, int action)
{
	char *text = hc_action_text(policy, &s->plan->actions[action]);
	json_t *after = json_array(), *json;

	for (int i = 0; i < s->plan->n_actions; i++)
		if (directly(s, i, action))
			json_array_append_new(after,
					      json_integer(s->number[i]));
	json = json_pack("{s:i, s:s, s:o}", "id", s->number[action], "text",
			 text, "after", after);
	free(text);
	return json;
}

/* Goes on where the last one ended, as long as it can: that reads as a chain. */
static json_t *actions_json(const struct hc_policy *policy, struct sequence *s)
{
	json_t *list = json_array();
	int n = s->plan->n_actions, at = -1;

	while (s->last < n) {
		int next = -1;

		for (int i = 0; i < n && at >= 0 && next < 0; i++)
			if (directly(s, at, i) && ready(s, i))
				next = i;
		for (int i = 0; i < n && next < 0; i++)
			if (ready(s, i))
				next = i;
		if (next < 0)
			break;
		s->number[next] = ++s->last;
		json_array_append_new(list, action_json(policy, s, next));
		at = next;
	}
	return list;
}

static json_t *blocked_json(const struct hc_policy *policy,
			    const struct hp_plan *plan)
{
	json_t *list = json_array();

	for (int i = 0; i < plan->n_blocked; i++) {
		const struct hp_blocked *b = &plan->blocked[i];
		const struct hp_action action = {
			.act = b->act, .rsc = b->rsc, .node = b->node,
		};
		char *text = hc_action_text(policy, &action), why[200];

		hp_why_print(&policy->in, b->why, b->other, why, sizeof(why));
		json_array_append_new(list, json_pack("{s:s, s:s}", "text",
						      text, "why", why));
		free(text);
	}
	return list;
}

static void add_once(json_t *list, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(item), name))
			return;
	json_array_append_new(list, json_string(name));
}

/* Services of which something that runs stops or is demoted. */
static json_t *disturbs_json(const struct hc_policy *policy,
			     const struct hp_plan *plan)
{
	json_t *list = json_array();

	for (int i = 0; i < plan->n_actions; i++) {
		const struct hp_action *action = &plan->actions[i];
		const struct hc_thing *thing;

		if (action->rsc < 0 || (action->act != HP_ACT_STOP &&
					action->act != HP_ACT_DEMOTE))
			continue;
		thing = &policy->things[action->rsc];
		if (thing->service)
			add_once(list, thing->service->name);
	}
	return list;
}

json_t *hc_plan_json(const struct hc_policy *policy, const struct hp_plan *plan,
		     const char *cause)
{
	size_t n = plan->n_actions;
	struct sequence s = { .plan = plan };
	json_t *json;

	s.number = xcalloc(n + 1, sizeof(*s.number));
	s.before = xcalloc(n * n + 1, sizeof(*s.before));
	close_order(&s);
	json = json_pack("{s:i, s:s, s:o, s:o, s:o}", "at_ms", 0, "cause", cause,
			 "actions", actions_json(policy, &s),
			 "blocked", blocked_json(policy, plan),
			 "disturbs", disturbs_json(policy, plan));
	free(s.number);
	free(s.before);
	return json;
}
