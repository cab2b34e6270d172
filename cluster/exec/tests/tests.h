/* SPDX-License-Identifier: GPL-2.0-only */
/* Groups of unit tests of the executor. */
#ifndef HA_EXEC_TESTS_H
#define HA_EXEC_TESTS_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct test_group {
	const char *name;
	const struct CMUnitTest *tests;
	size_t n;
};

#define TEST_GROUP(group, list)						\
	const struct test_group group = {				\
		#group, list, sizeof(list) / sizeof((list)[0])		\
	}

extern const struct test_group output_group, op_group, judge_group, meta_group,
	env_group, ip_group, mount_group, facts_group, fence_input_group,
	shim_group, child_group, fence_group, job_group, unit_state_group;

#endif
