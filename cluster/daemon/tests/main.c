// SPDX-License-Identifier: GPL-2.0-only
/* All unit tests of the daemon. */
#include <stdio.h>

#include "tests.h"

int main(void)
{
	int failed = test_store() + test_facts() + test_members() +
		     test_devices() + test_notices();

	printf("%d groups failed\n", failed);
	return failed != 0;
}
