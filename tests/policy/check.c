// SPDX-License-Identifier: GPL-2.0-only
/* Plans for states given as text, compared as text. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

unsigned int tests_run;

static struct hp_state state;
static struct hp_plan plan;

void forget(void)
{
	hp_plan_free(&plan);
	hp_state_free(&state);
}

static int read_state(const char *json)
{
	size_t i, n = strlen(json);
	char *text = malloc(n + 3);
	json_error_t error;
	json_t *parsed;

	forget();
	assert_non_null(text);
	snprintf(text, n + 3, "{%s}", json);
	for (i = 0; text[i]; i++)
		if (text[i] == '\'')
			text[i] = '"';
	parsed = json_loads(text, 0, &error);
	if (!parsed)
		fail_msg("%s at %d in %s", error.text, error.position, text);
	free(text);
	return hp_state_read(&state, parsed);
}

void plan_for(const char *json)
{
	const char *what;

	if (read_state(json))
		fail_msg("%s", state.error);
	if (hp_plan(&state.in, &plan))
		fail_msg("%s", plan.error);
	what = broken(&state.in, &plan);
	if (what)
		fail_msg("%s", what);
}

void refused(const char *json, const char *words)
{
	const char *error;

	if (read_state(json) == 0)
		assert_int_not_equal(hp_plan(&state.in, &plan), 0);
	error = state.error[0] ? state.error : plan.error;
	if (!strstr(error, words))
		fail_msg("\"%s\" does not say \"%s\"", error, words);
	forget();
}

const struct hp_plan *the_plan(void)
{
	return &plan;
}

const struct hp_input *the_input(void)
{
	return &state.in;
}

static void same(const char *got, const char *expected)
{
	if (strcmp(got, expected))
		fail_msg("\n  got      %s\n  expected %s", got, expected);
}

static void add(char *text, size_t size, const char *between, const char *more)
{
	size_t n = strlen(text);

	snprintf(text + n, size - n, "%s%s", n ? between : "", more);
}

void places(const char *expected)
{
	static const char *const marks[] = { "?", "", "-", "+" };
	char text[1000] = "", one[100];
	int r, n, i;

	for (r = 0; r < state.in.n_rscs; r++)
		for (n = 0; n < state.in.n_nodes; n++)
			for (i = 0; i < plan.n_places; i++) {
				if (plan.places[i].rsc != r || plan.places[i].node != n)
					continue;
				snprintf(one, sizeof(one), "%s@%s%s", state.in.rscs[r].name,
					 state.in.nodes[n].name, marks[plan.places[i].role]);
				add(text, sizeof(text), " ", one);
			}
	same(text, expected);
}

static void print_step(enum hp_act act, int rsc, int node, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s %s", hp_act_word(act), rsc >= 0 ? " " : "",
		 rsc >= 0 ? state.in.rscs[rsc].name : "",
		 node >= 0 ? state.in.nodes[node].name : "-");
}

static void print_action(int i, char *text, size_t size)
{
	print_step(plan.actions[i].act, plan.actions[i].rsc, plan.actions[i].node, text, size);
}

void actions(const char *expected)
{
	char text[1000] = "", one[100];
	int i;

	for (i = 0; i < plan.n_actions; i++) {
		print_action(i, one, sizeof(one));
		add(text, sizeof(text), ", ", one);
	}
	same(text, expected);
}

void blocked(const char *what, const char *why)
{
	char text[1000] = "", one[100], wanted[100];
	int i;

	snprintf(wanted, sizeof(wanted), "%s: %s", what, why);
	for (i = 0; i < plan.n_blocked; i++) {
		print_step(plan.blocked[i].act, plan.blocked[i].rsc, plan.blocked[i].node, one,
			   sizeof(one));
		add(one, sizeof(one), ": ", hp_why_word(plan.blocked[i].why));
		if (!strcmp(one, wanted))
			return;
		add(text, sizeof(text), ", ", one);
	}
	fail_msg("not blocked: %s; but: %s", wanted, text);
}

static int find(const char *what)
{
	char one[100];
	int i;

	for (i = 0; i < plan.n_actions; i++) {
		print_action(i, one, sizeof(one));
		if (!strcmp(one, what))
			return i;
	}
	fail_msg("no action: %s", what);
	return -1;
}

static bool path(int from, int to)
{
	int i;

	for (i = 0; i < plan.n_edges; i++)
		if (plan.edges[i].first == from &&
		    (plan.edges[i].then == to || path(plan.edges[i].then, to)))
			return true;
	return false;
}

void before(const char *first, const char *then)
{
	if (!path(find(first), find(then)))
		fail_msg("%s is not before %s", first, then);
}

void not_before(const char *first, const char *then)
{
	if (path(find(first), find(then)))
		fail_msg("%s is before %s", first, then);
}

const struct hp_explain *explanation(const char *resource, const char *node)
{
	const struct hp_explain *x;
	int i;

	for (i = 0; i < plan.n_explain; i++) {
		x = &plan.explain[i];
		if (strcmp(state.in.nodes[x->node].name, node))
			continue;
		if (x->rsc < 0 ? !resource : resource &&
		    !strcmp(state.in.rscs[x->rsc].name, resource))
			return x;
	}
	fail_msg("no explanation of %s on %s", resource ? resource : "the node", node);
	return NULL;
}

void because(const char *resource, const char *node, const char *why)
{
	same(hp_why_word(explanation(resource, node)->why), why);
}
