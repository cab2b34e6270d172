// SPDX-License-Identifier: GPL-2.0-only
/* What would be done, in which order, and how long it may take. */
#include <inttypes.h>
#include <string.h>

#include "show.h"
#include "text.h"

static void print_head(const json_t *plan, FILE *out)
{
	int64_t at = get_number(plan, "at_ms");
	int64_t detection = get_number(plan, "detection_ms");
	char text[TEXT_SIZE];

	fprintf(out, " t+%d.%d  %s", (int)(at / 1000), (int)(at % 1000 / 100),
		get_text(plan, "cause"));
	if (detection)
		fprintf(out, " (detection %s not included)",
			text_seconds(detection, text));
	if (*get_text(plan, "verdict"))
		fprintf(out, "      verdict: %s", get_text(plan, "verdict"));
	if (json_is_false(json_object_get(plan, "power_fence")))
		fputs("     no power fence needed", out);
	fputc('\n', out);
}

/* It waits for exactly the action before it. */
static bool follows(const json_t *action, const json_t *before)
{
	const json_t *after = get_list(action, "after");

	return before && json_array_size(after) == 1 &&
	       json_integer_value(json_array_get(after, 0)) ==
	       get_number(before, "id");
}

static void print_after(const json_t *action, FILE *out)
{
	const json_t *after = get_list(action, "after"), *id;
	size_t i;

	if (!json_array_size(after))
		return;
	fputs(" (after", out);
	json_array_foreach(after, i, id)
		fprintf(out, " %" JSON_INTEGER_FORMAT, json_integer_value(id));
	fputc(')', out);
}

static void print_estimate(const json_t *plan, FILE *out)
{
	const json_t *estimate = json_object_get(plan, "estimate");
	char text[TEXT_SIZE];

	if (!json_is_object(estimate))
		return;
	fprintf(out, "       est. %s",
		text_seconds(get_number(estimate, "ms"), text));
	if (get_number(estimate, "runs"))
		fprintf(out, " (p%" PRId64 " of %" PRId64 " runs)",
			get_number(estimate, "percentile"),
			get_number(estimate, "runs"));
}

static void print_actions(const json_t *plan, FILE *out)
{
	const json_t *actions = get_list(plan, "actions"), *action;
	const json_t *before = NULL;
	size_t i;

	json_array_foreach(actions, i, action) {
		if (follows(action, before)) {
			fputs(" -> ", out);
		} else {
			fputs(before ? "\n  " : "  ", out);
		}
		fprintf(out, "%" PRId64 " %s", get_number(action, "id"),
			get_text(action, "text"));
		if (!follows(action, before))
			print_after(action, out);
		before = action;
	}
	if (!before) {
		fputs("  nothing to do\n", out);
		return;
	}
	print_estimate(plan, out);
	fputc('\n', out);
}

static void print_rest(const json_t *plan, const char *key, const char *said,
		       bool colour, const char *with, FILE *out)
{
	const json_t *item;
	size_t i;

	json_array_foreach(get_list(plan, key), i, item) {
		fputs("  ", out);
		text_paint(out, colour, with, said);
		fprintf(out, ": %s", get_text(item, "text"));
		if (*get_text(item, "why"))
			fprintf(out, " (%s)", get_text(item, "why"));
		fputc('\n', out);
	}
}

void show_plan(const json_t *plan, bool colour, FILE *out)
{
	print_head(plan, out);
	print_actions(plan, out);
	print_rest(plan, "parallel", "parallel", false, "", out);
	print_rest(plan, "blocked", "blocked", colour, RED, out);
}
