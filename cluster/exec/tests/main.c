// SPDX-License-Identifier: GPL-2.0-only
/* Runs all groups and says how many tests passed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests.h"

int main(void)
{
	static const struct test_group *const groups[] = {
		&output_group, &op_group, &judge_group, &meta_group, &env_group,
		&ip_group, &mount_group, &facts_group, &fence_input_group,
		&shim_group, &unit_state_group, &child_group, &fence_group,
		&job_group,
	};
	unsigned int all = 0, bad = 0;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		all += groups[i]->n;
		bad += _cmocka_run_group_tests(groups[i]->name,
					       groups[i]->tests, groups[i]->n,
					       NULL, NULL);
	}
	fflush(stderr);
	printf("%u passed, %u failed, 0 skipped\n", all - bad, bad);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
