// SPDX-License-Identifier: GPL-2.0-only
/* Runs the hand-written cases of the policy engine and says how many passed. */
#include "check.h"

#include <stdio.h>

int main(void)
{
	static int (*const groups[])(void) = {
		place_tests, order_tests, failure_tests, quorum_tests,
		fence_tests, storage_tests, clone_tests, json_tests,
	};
	unsigned int failed = 0;
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		failed += (unsigned int)groups[i]();
	forget();
	fflush(stderr);
	printf("%u passed, %u failed, 0 skipped\n", tests_run - failed, failed);
	return failed != 0;
}
