// SPDX-License-Identifier: GPL-2.0-only
/* Fence operations as values. */
#include <stdlib.h>
#include <string.h>

#include "fence_input.h"
#include "tests.h"

static const struct ex_param params[] = {
	{ "ip", "10.0.0.1" }, { "password", "s p=c" },
};

static const struct fence_device device = {
	.name = "ipmi", .agent = "fence_ipmilan", .params = params,
	.n_params = 2,
};

static void input(void **state)
{
	char *text = fence_input(&device, "off", "n1");

	(void)state;
	assert_string_equal(text, "action=off\nnodename=n1\nip=10.0.0.1\n"
			    "password=s p=c\n");
	free(text);
}

static char *check(struct fence_device one, const char *target)
{
	struct fence_level level = { &one, 1 };
	struct fence_op op = { .target = target, .action = FENCE_OFF,
			       .levels = &level, .n_levels = 1 };

	return fence_check(&op);
}

static void good_is_taken(void **state)
{
	(void)state;
	assert_null(check(device, "n1"));
}

static void bad_is_refused(void **state)
{
	static const struct ex_param bad[] = {
		{ "ip", "1\naction=on" }, { "action", "on" },
		{ "option", "on" }, { "a=b", "c" }, { "nodename", "n2" },
	};
	struct fence_device one = device;
	char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		one.params = &bad[i];
		one.n_params = 1;
		why = check(one, "n1");
		if (!why)
			fail_msg("case %zu is taken", i);
		assert_null(strstr(why, "action=on"));
		free(why);
	}
	one = device;
	one.agent = "../bin/sh";
	free((why = check(one, "n1")));
	assert_non_null(why);
	free((why = check(device, "n1\n")));
	assert_non_null(why);
	free((why = check(device, NULL)));
	assert_non_null(why);
}

static void empty_levels(void **state)
{
	struct fence_level none = { NULL, 0 };
	struct fence_op op = { .target = "n1", .action = FENCE_OFF };
	char *why = fence_check(&op);

	(void)state;
	assert_non_null(strstr(why, "no fence device"));
	free(why);
	op.levels = &none;
	op.n_levels = 1;
	why = fence_check(&op);
	assert_non_null(strstr(why, "empty"));
	free(why);
}

static void status(void **state)
{
	(void)state;
	assert_int_equal(fence_status(0), FENCE_POWER_ON);
	assert_int_equal(fence_status(2), FENCE_POWER_OFF);
	for (int code = 0; code < 256; code++)
		if (code != 0 && code != 2)
			assert_int_equal(fence_status(code),
					 FENCE_POWER_UNKNOWN);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(input), cmocka_unit_test(good_is_taken),
	cmocka_unit_test(bad_is_refused), cmocka_unit_test(empty_levels),
	cmocka_unit_test(status),
};

TEST_GROUP(fence_input_group, tests);
