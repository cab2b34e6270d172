// SPDX-License-Identifier: GPL-2.0-only
/* Operations: what is refused; words there and back. */
#include <stdlib.h>
#include <string.h>

#include "op.h"
#include "tests.h"

static const struct ex_op good = {
	.member = "web.db:1", .kind = EX_KIND_OCF,
	.agent = "ocf:heartbeat:Dummy", .action = EX_START,
};

static void refused(struct ex_op op, const char *part)
{
	char *why = op_check(&op);

	assert_non_null(why);
	if (!strstr(why, part))
		fail_msg("\"%s\" does not say \"%s\"", why, part);
	free(why);
}

static void good_is_taken(void **state)
{
	(void)state;
	assert_null(op_check(&good));
}

static void members(void **state)
{
	static const char *const bad[] = {
		NULL, "", "a/b", ".hidden", "-x", "a b", "a=b", "a\nb",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ex_op op = good;

		op.member = bad[i];
		refused(op, "name of a member");
	}
}

static void agents(void **state)
{
	static const struct {
		enum ex_kind kind;
		const char *agent;
	} bad[] = {
		{ EX_KIND_OCF, NULL }, { EX_KIND_OCF, "Dummy" },
		{ EX_KIND_OCF, "ocf::Dummy" }, { EX_KIND_OCF, "ocf:a:" },
		{ EX_KIND_OCF, "ocf:a:../../bin/sh" },
		{ EX_KIND_OCF, "ocf:..:sh" }, { EX_KIND_OCF, "ocf:a:b:c" },
		{ EX_KIND_OCF, "ocf:a:.." },
		{ EX_KIND_SYSTEMD, "httpd" }, { EX_KIND_SYSTEMD, "a/b.service" },
		{ EX_KIND_STORAGE, "" }, { EX_KIND_STORAGE, "-f" },
		{ EX_KIND_STORAGE, "a b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ex_op op = good;

		op.kind = bad[i].kind;
		op.agent = bad[i].agent;
		refused(op, "is not");
	}
}

static void params(void **state)
{
	static const struct ex_param bad_name = { "a b", "1" };
	static const struct ex_param no_value = { "a", NULL };
	struct ex_op op = good;

	(void)state;
	op.n_params = 1;
	op.params = &bad_name;
	refused(op, "cannot be a parameter");
	op.params = &no_value;
	refused(op, "has no value");
}

static void actions(void **state)
{
	struct ex_op op = good;

	(void)state;
	op.action = EX_FORCE_DEMOTE;
	refused(op, "storage only");
	op.action = EX_ACTION_NR;
	refused(op, "no action");
	op = good;
	op.timeout_ms = -1;
	refused(op, "negative");
}

static void copies_own_their_strings(void **state)
{
	char name[] = "name", value[] = "value", member[] = "member";
	struct ex_param param = { name, value };
	struct ex_op op = good, copy;

	(void)state;
	op.member = member;
	op.params = &param;
	op.n_params = 1;
	op_copy(&copy, &op);
	memset(name, 'x', 4);
	memset(value, 'x', 5);
	memset(member, 'x', 6);
	assert_string_equal(copy.member, "member");
	assert_string_equal(op_param(&copy, "name"), "value");
	assert_null(op_param(&copy, "nam"));
	op_free(&copy);
}

static void yes_and_no(void **state)
{
	static const struct ex_param list[] = {
		{ "a", "yes" }, { "b", "True" }, { "c", "no" }, { "d", "" },
		{ "e", "1" },
	};
	struct ex_op op = good;

	(void)state;
	op.params = list;
	op.n_params = 5;
	assert_true(op_yes(&op, "a", false));
	assert_true(op_yes(&op, "b", false));
	assert_false(op_yes(&op, "c", true));
	assert_false(op_yes(&op, "d", true));
	assert_true(op_yes(&op, "e", false));
	assert_true(op_yes(&op, "f", true));
	assert_false(op_yes(&op, "f", false));
}

static void words(void **state)
{
	(void)state;
	for (int i = 0; i < EX_ACTION_NR; i++)
		assert_int_equal(ex_action_find(ex_action_word(i)), i);
	for (int i = 0; i < EX_KIND_NR; i++)
		assert_int_equal(ex_kind_find(ex_kind_word(i)), i);
	for (int i = 0; i < EX_STEP_NR; i++)
		assert_int_equal(ex_step_find(ex_step_word(i)), i);
	assert_null(ex_action_word(EX_ACTION_NR));
	assert_int_equal(ex_action_find("explode"), -1);
	assert_null(ex_code_word(42));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(good_is_taken), cmocka_unit_test(members),
	cmocka_unit_test(agents), cmocka_unit_test(params),
	cmocka_unit_test(actions), cmocka_unit_test(copies_own_their_strings),
	cmocka_unit_test(yes_and_no), cmocka_unit_test(words),
};

TEST_GROUP(op_group, tests);
