// SPDX-License-Identifier: GPL-2.0-only
/* Meta-data of agents. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocf_meta.h"
#include "tests.h"

static const char sample[] =
	"<?xml version=\"1.0\"?>\n"
	"<!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\">\n"
	"<resource-agent name=\"Thing\" version=\"1.1\">\n"
	"<version>1.1</version>\n"
	"<longdesc lang=\"en\">long &amp; boring</longdesc>\n"
	"<shortdesc lang=\"en\">\n  A thing\n</shortdesc>\n"
	"<shortdesc lang=\"de\">Ein Ding</shortdesc>\n"
	"<parameters>\n"
	"<parameter name=\"a\" unique=\"1\" required=\"1\">\n"
	"<longdesc lang=\"en\">x</longdesc>\n"
	"<shortdesc lang=\"en\">the a</shortdesc>\n"
	"<content type=\"integer\" default=\"5\"/></parameter>\n"
	"<parameter name=\"b\"><deprecated/><content type=\"string\"/>"
	"</parameter>\n"
	"<parameter name=\"c\" unique-group=\"g\" reloadable=\"1\"/>\n"
	"</parameters>\n"
	"<actions>\n"
	"<action name=\"start\" timeout=\"20s\"/>\n"
	"<action name=\"monitor\" timeout=\"20\" interval=\"10s\" depth=\"0\"/>\n"
	"<action name=\"monitor\" role=\"Promoted\" timeout=\"500ms\""
	" interval=\"1min\" depth=\"10\"/>\n"
	"<action name=\"stop\"/>\n"
	"</actions>\n"
	"</resource-agent>\n";

static void reads_all(void **state)
{
	const struct ocf_meta_action *action;
	const struct ocf_meta_param *param;
	struct ocf_meta meta;
	char *error;

	(void)state;
	assert_int_equal(ocf_meta_parse(sample, strlen(sample), &meta, &error),
			 0);
	assert_string_equal(meta.name, "Thing");
	assert_string_equal(meta.version, "1.1");
	assert_string_equal(meta.text, "A thing");
	assert_int_equal(meta.n_params, 3);
	param = ocf_meta_param(&meta, "a");
	assert_true(param->required && param->unique && !param->deprecated);
	assert_string_equal(param->type, "integer");
	assert_string_equal(param->preset, "5");
	assert_string_equal(param->text, "the a");
	param = ocf_meta_param(&meta, "b");
	assert_true(param->deprecated && !param->required);
	assert_null(param->preset);
	param = ocf_meta_param(&meta, "c");
	assert_true(param->unique && param->reloadable);
	assert_string_equal(param->type, "string");
	assert_null(ocf_meta_param(&meta, "d"));
	action = ocf_meta_action(&meta, "monitor", NULL);
	assert_int_equal(action->timeout_ms, 20000);
	assert_int_equal(action->interval_ms, 10000);
	action = ocf_meta_action(&meta, "monitor", "Promoted");
	assert_int_equal(action->timeout_ms, 500);
	assert_int_equal(action->interval_ms, 60000);
	assert_int_equal(action->depth, 10);
	action = ocf_meta_action(&meta, "stop", NULL);
	assert_int_equal(action->timeout_ms, -1);
	assert_null(ocf_meta_action(&meta, "promote", NULL));
	ocf_meta_free(&meta);
}

static void refused(const char *xml, const char *part)
{
	struct ocf_meta meta;
	char *error = NULL;

	assert_int_equal(ocf_meta_parse(xml, strlen(xml), &meta, &error),
			 -EBADMSG);
	if (!strstr(error, part))
		fail_msg("\"%s\" does not say \"%s\"", error, part);
	assert_int_equal(meta.n_params, 0);
	free(error);
}

static void bad_is_refused(void **state)
{
	char cut[sizeof(sample)];

	(void)state;
	refused("", "no element");
	refused("not xml", "line 1");
	refused("<html/>", "not a <resource-agent>");
	refused("<resource-agent><parameters><parameter/></parameters>"
		"</resource-agent>", "without name");
	refused("<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
		"<resource-agent>&b;</resource-agent>", "entity");
	/* Every beginning of it ends in an error, and frees what it had. */
	for (size_t n = 1; n < strlen(sample) - 2; n += 7) {
		memcpy(cut, sample, n);
		cut[n] = '\0';
		refused(cut, "meta-data, line");
	}
}

static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "20", 20000 }, { "20s", 20000 }, { "20 s", 20000 },
		{ "1min", 60000 }, { "2m", 120000 }, { "500ms", 500 },
		{ "1h", 3600000 }, { "0", 0 }, { "", -1 }, { "s", -1 },
		{ "-5", -1 }, { "5x", -1 }, { "99999999999999999999", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ocf_time(cases[i].text), cases[i].ms);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(reads_all), cmocka_unit_test(bad_is_refused),
	cmocka_unit_test(times),
};

TEST_GROUP(meta_group, tests);
