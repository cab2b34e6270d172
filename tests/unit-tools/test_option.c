// SPDX-License-Identifier: GPL-2.0-only
/* Values of options: what is read, what is refused, what is written. */
#include <stdlib.h>

#include "address.h"
#include "option.h"
#include "tests.h"
#include "util.h"
#include "words.h"

#define REFUSED	UINT64_MAX

static const struct {
	int id;
	const char *text;
	uint64_t in_file, on_command_line;
	const char *printed;
} values[] = {
	{ HA_OPT_TIMEOUT, "60", 6000, REFUSED, "6s" },
	{ HA_OPT_TIMEOUT, "600", 60000, 600, "60s" },
	{ HA_OPT_TIMEOUT, "6s", 6000, 6000, "6s" },
	{ HA_OPT_TIMEOUT, "1500ms", 1500, 1500, "1500ms" },
	{ HA_OPT_TIMEOUT, "99ms", REFUSED, REFUSED, NULL },
	{ HA_OPT_TIMEOUT, "601s", REFUSED, REFUSED, NULL },
	{ HA_OPT_TIMEOUT, "18446744073709551615s", REFUSED, REFUSED, NULL },
	{ HA_OPT_TIMEOUT, "18446744073709551616", REFUSED, REFUSED, NULL },
	{ HA_OPT_TIMEOUT, "-6s", REFUSED, REFUSED, NULL },
	{ HA_OPT_TIMEOUT, "6 s", REFUSED, REFUSED, NULL },
	{ HA_OPT_TIMEOUT, "", REFUSED, REFUSED, NULL },
	{ HA_OPT_PING_INTERVAL, "10", 10000, REFUSED, "10s" },
	{ HA_OPT_PING_TIMEOUT, "5", 500, REFUSED, "500ms" },
	{ HA_OPT_RESYNC_RATE, "0", 0, 0, "0" },
	{ HA_OPT_RESYNC_RATE, "100M", 100 << 20, 100 << 20, "100M" },
	{ HA_OPT_RESYNC_RATE, "1024k", 1 << 20, 1 << 20, "1M" },
	{ HA_OPT_RESYNC_RATE, "100", REFUSED, 100, NULL },
	{ HA_OPT_RESYNC_RATE, "100MB", REFUSED, REFUSED, NULL },
	{ HA_OPT_RESYNC_RATE, "99999999999G", REFUSED, REFUSED, NULL },
	{ HA_OPT_KO_COUNT, "0", 0, 0, "0" },
	{ HA_OPT_KO_COUNT, "201", REFUSED, REFUSED, NULL },
	{ HA_OPT_KO_COUNT, "7x", REFUSED, REFUSED, NULL },
	{ HA_OPT_DATA_STREAMS, "8", 8, 8, "8" },
	{ HA_OPT_DATA_STREAMS, "9", REFUSED, REFUSED, NULL },
	{ HA_OPT_ON_IO_ERROR, "pass_on", 1, 1, "pass_on" },
	{ HA_OPT_ON_IO_ERROR, "pass-on", 1, 1, "pass_on" },
	{ HA_OPT_ON_IO_ERROR, "det", REFUSED, REFUSED, NULL },
	{ HA_OPT_TRUST_BUFFERS, "yes", 1, 1, "yes" },
	{ HA_OPT_TRUST_BUFFERS, "1", REFUSED, REFUSED, NULL },
};

static void check(int id, const char *text, bool in_file, uint64_t expected)
{
	uint64_t value = 0;
	char *wrong = ha_option_parse(&ha_options[id], text, in_file, &value);

	if (!wrong != (expected != REFUSED))
		fail_msg("%s \"%s\": %s", ha_options[id].name, text,
			 wrong ? wrong : "accepted");
	if (!wrong)
		assert_int_equal(value, expected);
	free(wrong);
}

static void test_values(void **state)
{
	char text[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		check(values[i].id, values[i].text, true, values[i].in_file);
		check(values[i].id, values[i].text, false,
		      values[i].on_command_line);
		if (!values[i].printed)
			continue;
		ha_option_format(&ha_options[values[i].id], values[i].in_file,
				 text, sizeof(text));
		assert_string_equal(text, values[i].printed);
		check(values[i].id, text, false, values[i].in_file);
	}
}

static void test_every_option_is_complete(void **state)
{
	char text[64];

	(void)state;
	for (int id = 0; id < HA_OPT_NR; id++) {
		const struct ha_option *opt = &ha_options[id];

		assert_non_null(opt->name);
		assert_true(opt->attr);
		ha_option_format(opt, opt->preset, text, sizeof(text));
		check(id, text, true, opt->preset);
	}
}

static void test_addresses(void **state)
{
	static const char *const good[] = {
		"192.168.1.10:7788", "[fd00::1]:1", "[::1]:65535",
	};
	static const char *const bad[] = {
		"", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536",
		"1.2.3:7788", "host:7788", "fd00::1:7788", "[fd00::1]",
		"[fd00::1:7788", "[]:1", "]:1", "[1.2.3.4]:1", "1.2.3.4:7x",
	};
	struct sockaddr_storage address;
	char text[HA_ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_null(ha_address_parse(good[i], &address));
		ha_address_format(&address, text);
		assert_string_equal(text, good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!ha_address_parse(bad[i], &address))
			fail_msg("\"%s\" is accepted", bad[i]);
}

static void test_nearest(void **state)
{
	static const char *const known[] = {
		"primary", "secondary", "status", "up", "down", NULL
	};

	(void)state;
	assert_string_equal(ha_nearest("primry", known), "primary");
	assert_string_equal(ha_nearest("stauts", known), "status");
	assert_string_equal(ha_nearest("uo", known), "up");
	assert_null(ha_nearest("frobnicate", known));
	assert_null(ha_nearest("a-word-that-is-longer-than-any-known-word-is",
			       known));
	assert_string_equal(ha_word(ha_role_words, 99), "Unknown");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_values),
	cmocka_unit_test(test_every_option_is_complete),
	cmocka_unit_test(test_addresses),
	cmocka_unit_test(test_nearest),
};

TEST_GROUP(option_group, tests);
