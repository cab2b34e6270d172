// SPDX-License-Identifier: GPL-2.0-only
/* What makes a module of the suites; they register themselves. */
#include "suite.h"

#ifdef __KERNEL__
MODULE_DESCRIPTION("KUnit suites of the pure files of ha");
MODULE_LICENSE("GPL");
#endif
