// SPDX-License-Identifier: GPL-2.0-only
/* A plan as the text of `hactl plan`: chains of steps, then what is blocked. */
#include <stdlib.h>

#include "hp_json.h"

static void step(const struct hp_input *in, const struct hp_plan *plan, int i, int number,
		 FILE *out)
{
	const struct hp_action *a = &plan->actions[i];

	fprintf(out, "%d %s", number, hp_act_word(a->act));
	if (a->rsc >= 0)
		fprintf(out, " %s", in->rscs[a->rsc].name);
	if (a->node >= 0)
		fprintf(out, " %s", in->nodes[a->node].name);
}

static bool ready(const struct hp_plan *plan, const int *number, int i)
{
	int k;

	for (k = 0; k < plan->n_edges; k++)
		if (plan->edges[k].then == i && !number[plan->edges[k].first])
			return false;
	return !number[i];
}

/* The step that goes on from this one, if there is one that now can. */
static int next_of(const struct hp_plan *plan, const int *number, int i)
{
	int k;

	for (k = 0; k < plan->n_edges; k++)
		if (plan->edges[k].first == i && ready(plan, number, plan->edges[k].then))
			return plan->edges[k].then;
	return -1;
}

static bool is_before(const struct hp_plan *plan, int first, int then)
{
	int k;

	for (k = 0; k < plan->n_edges; k++)
		if (plan->edges[k].first == first &&
		    (plan->edges[k].then == then || is_before(plan, plan->edges[k].then, then)))
			return true;
	return false;
}

/* What else it waits for, if that does not come before the step before anyway. */
static void other_needs(const struct hp_plan *plan, const int *number, int i, int before,
			FILE *out)
{
	const char *word = " (after";
	int k;

	for (k = 0; k < plan->n_edges; k++) {
		if (plan->edges[k].then != i || plan->edges[k].first == before ||
		    (before >= 0 && is_before(plan, plan->edges[k].first, before)))
			continue;
		fprintf(out, "%s %d", word, number[plan->edges[k].first]);
		word = ",";
	}
	if (*word == ',')
		fputc(')', out);
}

static void chain(const struct hp_input *in, const struct hp_plan *plan, int *number, int *last,
		  int i, FILE *out)
{
	int before = -1;
	char text[200];

	hp_why_print(in, plan->actions[i].why, plan->actions[i].other, text, sizeof(text));
	fputs("  ", out);
	while (i >= 0) {
		number[i] = ++*last;
		if (before >= 0)
			fputs(" -> ", out);
		step(in, plan, i, number[i], out);
		other_needs(plan, number, i, before, out);
		before = i;
		i = next_of(plan, number, i);
	}
	fprintf(out, "\n      because: %s\n", text);
}

static void print_actions(const struct hp_input *in, const struct hp_plan *plan, FILE *out)
{
	int *number = calloc((size_t)plan->n_actions + 1, sizeof(*number));
	int i, last = 0;

	if (!number)
		return;
	for (i = 0; i < plan->n_actions; i++) {
		if (!ready(plan, number, i))
			continue;
		chain(in, plan, number, &last, i, out);
		i = -1;
	}
	free(number);
}

static void print_blocked(const struct hp_input *in, const struct hp_plan *plan, FILE *out)
{
	const struct hp_blocked *b;
	char text[200];
	int i;

	for (i = 0; i < plan->n_blocked; i++) {
		b = &plan->blocked[i];
		hp_why_print(in, b->why, b->other, text, sizeof(text));
		fprintf(out, "  blocked: %s %s", hp_act_word(b->act), in->rscs[b->rsc].name);
		if (b->node >= 0)
			fprintf(out, " %s", in->nodes[b->node].name);
		fprintf(out, ": %s\n", text);
	}
}

/**
 * hp_plan_text() - print a plan for people
 * @in: what it was made of
 * @plan: the plan
 * @out: where to
 */
void hp_plan_text(const struct hp_input *in, const struct hp_plan *plan, FILE *out)
{
	if (!plan->n_actions && !plan->n_blocked)
		fputs("  nothing to do\n", out);
	print_actions(in, plan, out);
	print_blocked(in, plan, out);
}
