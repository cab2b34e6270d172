/* SPDX-License-Identifier: GPL-2.0-only */
/* The groups of tests; each returns how many failed. */
#ifndef HD_TESTS_H
#define HD_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int test_store(void);
int test_facts(void);
int test_members(void);
int test_devices(void);
int test_notices(void);

#endif
