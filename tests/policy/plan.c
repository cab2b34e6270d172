// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plan for STATE.json without a cluster: one line of JSON, or text, for each.
 *
 * usage: plan [--text | --check] [FILE]
 *
 * --check adds "broken": which of our own rules the plan breaks, if one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hp_json.h"
#include "world.h"

enum form { JSON, TEXT, CHECK };

static int one(json_t *json, enum form form)
{
	struct hp_state state;
	struct hp_plan plan = { 0 };
	json_t *out;
	int rc = hp_state_read(&state, json);

	if (rc == 0)
		rc = hp_plan(&state.in, &plan);
	if (rc) {
		fprintf(stderr, "plan: %s\n", rc == -ENOMEM ? "out of memory" :
			state.error[0] ? state.error : plan.error);
	} else if (form == TEXT) {
		hp_plan_text(&state.in, &plan, stdout);
	} else {
		out = hp_plan_json(&state.in, &plan);
		if (form == CHECK && broken(&state.in, &plan))
			json_object_set_new(out, "broken",
					    json_string(broken(&state.in, &plan)));
		json_dumpf(out, stdout, JSON_COMPACT);
		putchar('\n');
		fflush(stdout);
		json_decref(out);
	}
	hp_plan_free(&plan);
	hp_state_free(&state);
	return rc ? 1 : 0;
}

int main(int argc, char **argv)
{
	enum form form = argc < 2 ? JSON : !strcmp(argv[1], "--text") ? TEXT :
			 !strcmp(argv[1], "--check") ? CHECK : JSON;
	int option = form != JSON;
	FILE *in = stdin;
	json_error_t error;
	json_t *json;
	int rc = 0;

	if (argc > 1 + option)
		in = fopen(argv[1 + option], "r");
	if (!in) {
		perror("plan");
		return 2;
	}
	while ((json = json_loadf(in, JSON_DISABLE_EOF_CHECK, &error)))
		rc |= one(json, form);
	if (!feof(in)) {
		fprintf(stderr, "plan: line %d: %s\n", error.line, error.text);
		rc = 1;
	}
	if (in != stdin)
		fclose(in);
	return rc;
}
