// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of a configuration. A file of edit/ has one change a line, its parts
 * separated by '|'; the first line names the configuration. What comes of it,
 * or what is wrong with it, is in the .out beside it.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "tests.h"

#define PARTS 12

static void change(struct hc_edit *edit, char **p, unsigned int n)
{
	const char *third = n > 3 ? p[3] : NULL;

	if (!strcmp(p[0], "block"))
		hc_edit_block(edit, p[1], p[2], p + 3, n - 3);
	else if (!strcmp(p[0], "remove"))
		hc_edit_remove(edit, p[1], p[2]);
	else if (!strcmp(p[0], "member"))
		hc_edit_member(edit, p[1], p[2], third);
	else if (!strcmp(p[0], "member-remove"))
		hc_edit_member_remove(edit, p[1], p[2]);
	else if (!strcmp(p[0], "rule"))
		hc_edit_rule(edit, p[1], p[2], third);
	else if (!strcmp(p[0], "rule-remove"))
		hc_edit_rule_remove(edit, p[1], p[2], third);
	else if (!strcmp(p[0], "set"))
		hc_edit_set(edit, p[1], n > 2 ? p[2] : NULL);
	else
		fail_msg("what is %s?", p[0]);
}

static char *run(char *script)
{
	struct conf_errors errors = { 0 };
	char *rest = script, *line = strsep(&rest, "\n");
	char *text = read_text(line), *out = NULL;
	struct hc_edit *edit = hc_edit_begin(line, text, &errors);
	size_t size;
	FILE *said;

	assert_non_null(edit);
	free(text);
	while ((line = strsep(&rest, "\n")) && *line) {
		char *part[PARTS];
		unsigned int n = 0;

		while (n < PARTS && (part[n] = strsep(&line, "|")))
			n++;
		change(edit, part, n);
	}
	text = hc_edit_end(edit);
	assert_true(!text == (errors.count > 0));
	if (text)
		return text;
	said = open_memstream(&out, &size);
	conf_errors_print(&errors, said);
	fclose(said);
	conf_errors_free(&errors);
	return out;
}

static void test_edits(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("edit/*.edit", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *script = read_text(found.gl_pathv[i]);
		char *golden = strdup(found.gl_pathv[i]);
		char *result = run(script);

		strcpy(golden + strlen(golden) - 4, "out");
		assert_golden(golden, result);
		free(script);
		free(golden);
		free(result);
	}
	globfree(&found);
}

/* Nothing but the changed lines differs. */
static void test_put_and_taken(void **state)
{
	char *before = read_text("good/example.conf"), *with, *after;
	char ip[] = "ip 10.0.0.77/24;", *statements[] = { ip };
	struct conf_errors errors = { 0 };
	struct hc_edit *edit = hc_edit_begin("e", before, &errors);

	(void)state;
	hc_edit_block(edit, "service", "zz", statements, 1);
	hc_edit_rule(edit, "web", "after", "zz");
	hc_edit_member(edit, "web", "systemd x.service;", "httpd");
	hc_edit_set(edit, "service.web.stay", "no");
	with = hc_edit_end(edit);
	assert_non_null(with);
	edit = hc_edit_begin("e", with, &errors);
	hc_edit_set(edit, "service.web.stay", NULL);
	hc_edit_member_remove(edit, "web", "x");
	hc_edit_rule_remove(edit, "web", "after", "zz");
	hc_edit_remove(edit, "service", "zz");
	after = hc_edit_end(edit);
	assert_string_equal(after, before);
	free(before);
	free(with);
	free(after);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_edits),
	cmocka_unit_test(test_put_and_taken),
};

TEST_GROUP(edit_group, tests);
