// SPDX-License-Identifier: GPL-2.0-only
/* Runs the hand-written cases of the policy engine. */
#include "check.h"

int main(void)
{
	int failed = place_tests() + order_tests() + failure_tests() + quorum_tests() +
		     fence_tests() + storage_tests() + clone_tests() + json_tests();

	forget();
	return failed != 0;
}
