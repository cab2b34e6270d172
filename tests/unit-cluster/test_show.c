// SPDX-License-Identifier: GPL-2.0-only
/* Replies of the daemon as people read them; the examples are those documented. */
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config_log.h"
#include "show.h"
#include "tests.h"
#include "text.h"

static void show(const char *path, const json_t *data, FILE *out)
{
	const char *name = strchr(path, '/') + 1;

	if (!strncmp(name, "status", 6))
		show_status(data, false, out);
	else if (!strncmp(name, "why", 3))
		show_why(data, false, out);
	else if (!strncmp(name, "plan", 4))
		show_plan(data, false, out);
	else if (!strncmp(name, "history", 7))
		show_history(data, false, out);
	else if (!strncmp(name, "timing", 6))
		show_timing(data, out);
	else
		show_revisions(data, out);
}

static void test_replies(void **state)
{
	glob_t found;

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_int_equal(glob("show/*.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		json_t *data = json_load_file(path, 0, NULL);
		char *text = NULL, *golden = strdup(path);
		size_t size;
		FILE *out = open_memstream(&text, &size);

		assert_non_null(data);
		show(path, data, out);
		fclose(out);
		strcpy(golden + strlen(golden) - 4, "txt");
		assert_golden(golden, text);
		free(golden);
		free(text);
		json_decref(data);
	}
	globfree(&found);
}

/* Replies with members missing or of another type are printed without harm. */
static void test_odd_replies(void **state)
{
	static const char *const odd[] = {
		"{}", "[]", "{\"nodes\": 3, \"services\": {}, \"clones\": [null, 1]}",
		"{\"events\": [null, {}], \"actions\": [{\"after\": 3}, {}], \"nodes\": [{}, 4]}",
		"{\"services\": [{\"members\": [3, {}], \"notes\": [1], \"failover\": {}}]}",
	};
	static const char *const kinds[] = { "x/status", "x/why", "x/plan",
					     "x/history", "x/timing", "x/rev" };
	FILE *out = fopen("/dev/null", "we");

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++) {
			json_t *data = json_loads(odd[i], 0, NULL);

			assert_non_null(data);
			show(kinds[j], data, out);
			json_decref(data);
		}
	fclose(out);
}

static void test_ages(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} ages[] = {
		{ 0, "0s" }, { -5, "0s" }, { 45999, "45s" }, { 720000, "12m" },
		{ 4320000, "1h12m" }, { 273600000, "3d04h" },
	};
	char text[TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
		assert_string_equal(text_age(ages[i].ms, text), ages[i].text);
	assert_string_equal(text_seconds(2301, text), "2.4 s");
	assert_string_equal(text_seconds(0, text), "0.0 s");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_replies),
	cmocka_unit_test(test_odd_replies),
	cmocka_unit_test(test_ages),
};

TEST_GROUP(show_group, tests);
