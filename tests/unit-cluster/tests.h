/* SPDX-License-Identifier: GPL-2.0-only */
/* The groups of tests, one per file, and what they share. */
#ifndef TESTS_H
#define TESTS_H

/* Included in this order, as cmocka wants it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

/**
 * struct test_group - tests of one file
 */
struct test_group {
	const char *name;
	const struct CMUnitTest *tests;
	unsigned int n;
};

#define TEST_GROUP(group, list) \
	const struct test_group group = { #group, list, sizeof(list) / sizeof((list)[0]) }

extern const struct test_group conf_group, corosync_group, edit_group, show_group, policy_group;

/**
 * read_text() - a file as a string to be freed; fails the test without it
 */
char *read_text(const char *path);

/**
 * assert_golden() - compare with a file; GOLDEN=write in the environment
 * writes the file instead
 */
void assert_golden(const char *path, const char *text);

#endif
