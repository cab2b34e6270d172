/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of KUnit as the suites of tests/kunit/ use, for user space: a suite
 * registers itself before main(), an expectation that fails is reported and the
 * case goes on, an assertion ends it.
 */
#ifndef KUNIT_SHIM_H
#define KUNIT_SHIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct kunit {
	bool failed;
	bool skipped;
	void *memory[8];	/* freed at the end of the case */
	unsigned int blocks;
	jmp_buf out;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
	struct kunit_suite *next;
};

void kunit_shim_register(struct kunit_suite *suite);
void *kunit_shim_alloc(struct kunit *test, size_t size);

#define GFP_KERNEL		0
#define kunit_kzalloc(test, size, gfp)	kunit_shim_alloc(test, size)

#define KUNIT_CASE(function)	{ .run_case = function, .name = #function }
#define kunit_test_suite(suite)						\
	static void __attribute__((constructor)) register_##suite(void)	\
	{								\
		kunit_shim_register(&suite);				\
	}

#define kunit_info(test, fmt, ...)	printf("# " fmt "\n", ##__VA_ARGS__)
#define kunit_skip(test, fmt, ...)					\
	do {								\
		printf("# skipped: " fmt "\n", ##__VA_ARGS__);		\
		(test)->skipped = true;					\
		longjmp((test)->out, 1);				\
	} while (0)
#define KUNIT_FAIL(test, fmt, ...)					\
	do {								\
		(test)->failed = true;					\
		printf("# %s:%d: " fmt "\n", __FILE__, __LINE__,	\
		       ##__VA_ARGS__);					\
	} while (0)
#define SHIM_CHECK(test, ok, then, fmt, ...)				\
	do {								\
		if (!(ok)) {						\
			KUNIT_FAIL(test, fmt, ##__VA_ARGS__);		\
			then;						\
		}							\
	} while (0)
#define SHIM_TWO(test, left, op, right, then)				\
	do {								\
		__auto_type l_ = (left);				\
		__typeof__(l_) r_ = (__typeof__(l_))(right);		\
		SHIM_CHECK(test, l_ op r_, then,			\
			   #left " " #op " " #right ": %lld, %lld",	\
			   (long long)l_, (long long)r_);		\
	} while (0)
#define SHIM_OUT(test)		longjmp((test)->out, 1)

#define KUNIT_EXPECT_TRUE(test, ok)	SHIM_CHECK(test, ok, , "not " #ok)
#define KUNIT_EXPECT_FALSE(test, ok)	SHIM_CHECK(test, !(ok), , #ok)
#define KUNIT_EXPECT_EQ(test, l, r)	SHIM_TWO(test, l, ==, r, )
#define KUNIT_EXPECT_NE(test, l, r)	SHIM_TWO(test, l, !=, r, )
#define KUNIT_EXPECT_LE(test, l, r)	SHIM_TWO(test, l, <=, r, )
#define KUNIT_EXPECT_GE(test, l, r)	SHIM_TWO(test, l, >=, r, )
#define KUNIT_EXPECT_EQ_MSG(test, l, r, fmt, ...)			\
	SHIM_CHECK(test, (l) == (r), , #l " != " #r ": " fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_TRUE_MSG(test, ok, fmt, ...)			\
	SHIM_CHECK(test, ok, , "not " #ok ": " fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_TRUE(test, ok)					\
	SHIM_CHECK(test, ok, SHIM_OUT(test), "not " #ok)
#define KUNIT_ASSERT_EQ(test, l, r)	SHIM_TWO(test, l, ==, r, SHIM_OUT(test))
#define KUNIT_ASSERT_NOT_NULL(test, p)					\
	SHIM_CHECK(test, p, SHIM_OUT(test), #p " is NULL")

#endif
