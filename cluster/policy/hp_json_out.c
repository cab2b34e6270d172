// SPDX-License-Identifier: GPL-2.0-only
/* A plan as JSON; its keys are an interface, so only added to. */
#include <stdio.h>
#include <string.h>

#include "hp_json.h"

static const char *rsc_name(const struct hp_input *in, int rsc)
{
	return rsc >= 0 ? in->rscs[rsc].name : NULL;
}

static const char *node_name(const struct hp_input *in, int node)
{
	return node >= 0 ? in->nodes[node].name : NULL;
}

/* What the "%s" of a reason stands for. */
static const char *other_name(const struct hp_input *in, enum hp_why why, int other)
{
	if (other < 0)
		return NULL;
	switch (why) {
	case HP_WHY_BANNED:
	case HP_WHY_PREFERRED:
		return in->locations[other].id;
	case HP_WHY_TOGETHER:
	case HP_WHY_APART:
		return in->colocations[other].id;
	case HP_WHY_FAILED_TOO_OFTEN:
	case HP_WHY_MEMBER:
	case HP_WHY_FIRST_CANNOT:
	case HP_WHY_FIRST_RESTARTS:
	case HP_WHY_STOP_BLOCKED:
		return rsc_name(in, other);
	case HP_WHY_FENCE_FIRST:
	case HP_WHY_NO_FENCING:
	case HP_WHY_NO_TAKEOVER:
	case HP_WHY_NOT_HEARD:
		return node_name(in, other);
	default:
		return NULL;
	}
}

/* The sentence of a reason, with the name of what it speaks of. */
void hp_why_print(const struct hp_input *in, enum hp_why why, int other, char *text, size_t size)
{
	const char *pattern = hp_why_text(why), *hole = strstr(pattern, "%s");
	const char *name = other_name(in, why, other);

	if (!hole)
		snprintf(text, size, "%s", pattern);
	else
		snprintf(text, size, "%.*s%s%s", (int)(hole - pattern), pattern,
			 name ? name : "something", hole + 2);
}

static void set_reason(json_t *o, const struct hp_input *in, enum hp_why why, int other)
{
	char text[200];

	hp_why_print(in, why, other, text, sizeof(text));
	json_object_set_new(o, "why", json_string(hp_why_word(why)));
	json_object_set_new(o, "text", json_string(text));
	if (other_name(in, why, other))
		json_object_set_new(o, "other", json_string(other_name(in, why, other)));
}

static json_t *name_or_null(const char *name)
{
	return name ? json_string(name) : json_null();
}

static json_t *target(const struct hp_input *in, int rsc, int instance, int node)
{
	json_t *o = json_object();

	json_object_set_new(o, "resource", name_or_null(rsc_name(in, rsc)));
	json_object_set_new(o, "instance", json_integer(instance));
	json_object_set_new(o, "node", name_or_null(node_name(in, node)));
	return o;
}

static json_t *places(const struct hp_input *in, const struct hp_place *place, int n)
{
	json_t *list = json_array(), *o;
	int i;

	for (i = 0; i < n; i++) {
		if (place[i].node < 0)
			continue;
		o = target(in, place[i].rsc, place[i].instance, place[i].node);
		json_object_set_new(o, "role", json_string(hp_role_word(place[i].role)));
		json_object_set_new(o, "score", json_integer(place[i].score));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *actions(const struct hp_input *in, const struct hp_plan *plan)
{
	json_t *list = json_array(), *o, *after, *wish;
	const struct hp_action *a;
	int i, k;

	for (i = 0; i < plan->n_actions; i++) {
		a = &plan->actions[i];
		o = target(in, a->rsc, a->instance, a->node);
		json_object_set_new(o, "id", json_integer(i));
		json_object_set_new(o, "action", json_string(hp_act_word(a->act)));
		set_reason(o, in, a->why, a->other);
		after = json_array();
		wish = json_array();
		for (k = 0; k < plan->n_edges; k++)
			if (plan->edges[k].then == i)
				json_array_append_new(plan->edges[k].mandatory ? after : wish,
						      json_integer(plan->edges[k].first));
		json_object_set_new(o, "after", after);
		json_object_set_new(o, "after_if_possible", wish);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *blocked(const struct hp_input *in, const struct hp_plan *plan)
{
	json_t *list = json_array(), *o;
	const struct hp_blocked *b;
	int i;

	for (i = 0; i < plan->n_blocked; i++) {
		b = &plan->blocked[i];
		o = target(in, b->rsc, b->instance, b->node);
		json_object_set_new(o, "action", json_string(hp_act_word(b->act)));
		set_reason(o, in, b->why, b->other);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *explain(const struct hp_input *in, const struct hp_plan *plan)
{
	static const char *const verdicts[] = { "chosen", "possible", "impossible" };
	json_t *list = json_array(), *o;
	const struct hp_explain *x;
	int i;

	for (i = 0; i < plan->n_explain; i++) {
		x = &plan->explain[i];
		o = json_object();
		json_object_set_new(o, "resource", name_or_null(rsc_name(in, x->rsc)));
		json_object_set_new(o, "node", name_or_null(node_name(in, x->node)));
		json_object_set_new(o, "verdict", json_string(verdicts[x->verdict]));
		set_reason(o, in, x->why, x->other);
		json_object_set_new(o, "score", json_integer(x->score));
		if (x->until_ms)
			json_object_set_new(o, "until_ms", json_integer(x->until_ms));
		json_array_append_new(list, o);
	}
	return list;
}

/**
 * hp_plan_json() - a plan as JSON
 * @in: what it was made of
 * @plan: the plan
 *
 * Return: a new reference.
 */
json_t *hp_plan_json(const struct hp_input *in, const struct hp_plan *plan)
{
	json_t *o = json_object();

	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "places", places(in, plan->places, plan->n_places));
	json_object_set_new(o, "wanted", places(in, plan->wanted, plan->n_wanted));
	json_object_set_new(o, "actions", actions(in, plan));
	json_object_set_new(o, "blocked", blocked(in, plan));
	json_object_set_new(o, "explain", explain(in, plan));
	if (plan->next_ms)
		json_object_set_new(o, "next_ms", json_integer(plan->next_ms));
	return o;
}
