// SPDX-License-Identifier: GPL-2.0-only
/* Requests of the shim. */
#include <stdlib.h>
#include <string.h>

#include "shim.h"
#include "tests.h"

static const char *parse(const char *text, struct shim_ask *ask, json_t **line)
{
	*line = json_loads(text, JSON_DECODE_ANY, NULL);
	assert_non_null(*line);
	return shim_parse(*line, "here", ask);
}

static void good(void **state)
{
	struct shim_ask ask;
	json_t *line;

	(void)state;
	assert_null(parse("{\"v\":1,\"verb\":\"set\",\"scope\":\"forever\","
			  "\"node\":\"n2\",\"name\":\"master-db\","
			  "\"value\":\"10\",\"member\":\"db\","
			  "\"delay_ms\":500}", &ask, &line));
	assert_int_equal(ask.verb, SHIM_SET);
	assert_int_equal(ask.scope, SHIM_FOREVER);
	assert_string_equal(ask.node, "n2");
	assert_string_equal(ask.name, "master-db");
	assert_string_equal(ask.value, "10");
	assert_string_equal(ask.member, "db");
	assert_int_equal(ask.delay_ms, 500);
	json_decref(line);
	assert_null(parse("{\"v\":1,\"verb\":\"get\",\"name\":\"x\"}", &ask,
			  &line));
	assert_string_equal(ask.node, "here");
	assert_int_equal(ask.scope, SHIM_TRANSIENT);
	assert_int_equal(ask.delay_ms, -1);
	json_decref(line);
	assert_null(parse("{\"v\":1,\"verb\":\"quorum\"}", &ask, &line));
	json_decref(line);
}

static void bad(void **state)
{
	static const char *const cases[] = {
		"[]", "5", "{}", "{\"v\":2,\"verb\":\"nodes\"}",
		"{\"v\":1}", "{\"v\":1,\"verb\":\"explode\"}",
		"{\"v\":1,\"verb\":5}", "{\"v\":1,\"verb\":\"get\"}",
		"{\"v\":1,\"verb\":\"get\",\"name\":\"\"}",
		"{\"v\":1,\"verb\":\"get\",\"name\":[]}",
		"{\"v\":1,\"verb\":\"set\",\"name\":\"x\"}",
		"{\"v\":1,\"verb\":\"get\",\"name\":\"x\",\"scope\":\"no\"}",
		"{\"v\":1,\"verb\":\"member\"}",
		"{\"v\":1,\"verb\":\"get\",\"name\":\"x\",\"node\":1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shim_ask ask;
		json_t *line;

		if (!parse(cases[i], &ask, &line))
			fail_msg("case %zu is taken", i);
		json_decref(line);
	}
}

static void long_text(void **state)
{
	json_t *line = json_object();
	struct shim_ask ask;
	char *text = malloc(5001);

	(void)state;
	memset(text, 'x', 5000);
	text[5000] = '\0';
	json_object_set_new(line, "v", json_integer(1));
	json_object_set_new(line, "verb", json_string("get"));
	json_object_set_new(line, "name", json_string(text));
	assert_non_null(shim_parse(line, "here", &ask));
	json_decref(line);
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(good), cmocka_unit_test(bad),
	cmocka_unit_test(long_text),
};

TEST_GROUP(shim_group, tests);
