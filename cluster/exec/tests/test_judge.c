// SPDX-License-Identifier: GPL-2.0-only
/* What exit codes mean. */
#include "exec.h"
#include "tests.h"
#include "unit_state.h"

struct row {
	enum ex_action action;
	enum ex_role role;
	int code;
	enum ex_verdict verdict;
	enum ex_role now;
};

static const struct row rows[] = {
	/* Probes: everything that is a state is fine. */
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 0, EX_FINE, EX_ROLE_STARTED },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 7, EX_FINE, EX_ROLE_STOPPED },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 8, EX_FINE, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 9, EX_FAILED, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 5, EX_HARD, EX_ROLE_STOPPED },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 1, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 190, EX_DEGRADED, EX_ROLE_STARTED },
	{ EX_MONITOR, EX_ROLE_UNKNOWN, 191, EX_DEGRADED, EX_ROLE_PROMOTED },
	/* Monitors that expect a role. */
	{ EX_MONITOR, EX_ROLE_STARTED, 0, EX_FINE, EX_ROLE_STARTED },
	{ EX_MONITOR, EX_ROLE_STARTED, 7, EX_FAILED, EX_ROLE_STOPPED },
	{ EX_MONITOR, EX_ROLE_STARTED, 8, EX_FAILED, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_STARTED, 190, EX_DEGRADED, EX_ROLE_STARTED },
	{ EX_MONITOR, EX_ROLE_STARTED, 191, EX_FAILED, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_PROMOTED, 8, EX_FINE, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_PROMOTED, 0, EX_FAILED, EX_ROLE_STARTED },
	{ EX_MONITOR, EX_ROLE_PROMOTED, 9, EX_FAILED, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_PROMOTED, 191, EX_DEGRADED, EX_ROLE_PROMOTED },
	{ EX_MONITOR, EX_ROLE_STOPPED, 7, EX_FINE, EX_ROLE_STOPPED },
	{ EX_MONITOR, EX_ROLE_STOPPED, 0, EX_FAILED, EX_ROLE_STARTED },
	{ EX_MONITOR, EX_ROLE_STARTED, 6, EX_FATAL, EX_ROLE_UNKNOWN },
	{ EX_MONITOR, EX_ROLE_STARTED, 3, EX_HARD, EX_ROLE_UNKNOWN },
	{ EX_MONITOR, EX_ROLE_STARTED, 255, EX_FAILED, EX_ROLE_UNKNOWN },
	/* What changes something. */
	{ EX_START, 0, 0, EX_FINE, EX_ROLE_STARTED },
	{ EX_START, 0, 1, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 2, EX_HARD, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 3, EX_HARD, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 4, EX_HARD, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 5, EX_HARD, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 6, EX_FATAL, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 7, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_START, 0, 8, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_PROMOTE, 0, 0, EX_FINE, EX_ROLE_PROMOTED },
	{ EX_DEMOTE, 0, 0, EX_FINE, EX_ROLE_STARTED },
	{ EX_FORCE_DEMOTE, 0, 0, EX_FINE, EX_ROLE_STARTED },
	{ EX_NOTIFY, 0, 0, EX_FINE, EX_ROLE_UNKNOWN },
	{ EX_NOTIFY, 0, 3, EX_FINE, EX_ROLE_UNKNOWN },
	{ EX_NOTIFY, 0, 1, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_VALIDATE, 0, 6, EX_FATAL, EX_ROLE_UNKNOWN },
	/* A stop that failed has left it running here, whatever it says. */
	{ EX_STOP, 0, 0, EX_FINE, EX_ROLE_STOPPED },
	{ EX_STOP, 0, 6, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_STOP, 0, 5, EX_FAILED, EX_ROLE_UNKNOWN },
	{ EX_DEMOTE, 0, 6, EX_FAILED, EX_ROLE_UNKNOWN },
};

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		if (ex_judge(row->action, row->role, row->code) !=
		    row->verdict || ex_observed(row->action, row->code) !=
		    row->now)
			fail_msg("row %zu: %s of %d", i,
				 ex_action_word(row->action), row->code);
	}
}

/* No answer but the right one may make a stop count as done. */
static void stop_needs_zero(void **state)
{
	(void)state;
	for (int code = 1; code < 256; code++) {
		assert_int_equal(ex_judge(EX_STOP, 0, code), EX_FAILED);
		assert_int_equal(ex_observed(EX_STOP, code), EX_ROLE_UNKNOWN);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(table), cmocka_unit_test(stop_needs_zero),
};

TEST_GROUP(judge_group, tests);

static void unit_states(void **state)
{
	(void)state;
	assert_int_equal(unit_code("loaded", "active", "running"), 0);
	assert_int_equal(unit_code("loaded", "active", "exited"), 0);
	assert_int_equal(unit_code("loaded", "reloading", "reload"), 0);
	assert_int_equal(unit_code("loaded", "activating", "start"), 0);
	assert_int_equal(unit_code("loaded", "activating", "auto-restart"), 7);
	assert_int_equal(unit_code("loaded", "deactivating", "stop"), 1);
	assert_int_equal(unit_code("loaded", "inactive", "dead"), 7);
	assert_int_equal(unit_code("loaded", "failed", "failed"), 7);
	assert_int_equal(unit_code("not-found", "inactive", "dead"), 5);
	assert_int_equal(unit_code("masked", "inactive", "dead"), 5);
	/* Its file was removed while it runs. */
	assert_int_equal(unit_code("not-found", "active", "running"), 0);
}

static const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(unit_states),
};

TEST_GROUP(unit_state_group, unit_tests);
