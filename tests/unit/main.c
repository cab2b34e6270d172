// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run every suite of tests/kunit/ in user space, in TAP; arguments choose
 * suites or "suite.case" by the beginning of their names. The last line is the
 * sum, the exit status tells whether a case failed.
 */
#include "kunit_shim.h"

#include <string.h>

static struct kunit_suite *suites;
static unsigned int passed, failed, skipped;

/* Sorted by name: the order of constructors is the linker's. */
void kunit_shim_register(struct kunit_suite *suite)
{
	struct kunit_suite **at = &suites;

	while (*at && strcmp((*at)->name, suite->name) < 0)
		at = &(*at)->next;
	suite->next = *at;
	*at = suite;
}

void *kunit_shim_alloc(struct kunit *test, size_t size)
{
	void *p;

	if (test->blocks == sizeof(test->memory) / sizeof(test->memory[0]))
		return NULL;
	p = calloc(1, size);
	test->memory[test->blocks++] = p;
	return p;
}

/* Apart from run(): a longjmp() leaves the variables of its frame undefined. */
static void run_case(const struct kunit_case *c, struct kunit *test)
{
	if (!setjmp(test->out))
		c->run_case(test);
}

static void run(const struct kunit_suite *suite, const struct kunit_case *c)
{
	static unsigned int number;
	struct kunit test = { .failed = false };

	fflush(stdout);
	run_case(c, &test);
	while (test.blocks)
		free(test.memory[--test.blocks]);

	if (test.failed)
		failed++;
	else if (test.skipped)
		skipped++;
	else
		passed++;
	printf("%s %u %s.%s%s\n", test.failed ? "not ok" : "ok", ++number,
	       suite->name, c->name, test.skipped ? " # SKIP" : "");
}

static int wanted(const char *suite, const char *name, int argc, char **argv)
{
	char full[256];

	snprintf(full, sizeof(full), "%s.%s", suite, name);
	for (int i = 1; i < argc; i++)
		if (!strncmp(full, argv[i], strlen(argv[i])))
			return 1;
	return argc < 2;
}

int main(int argc, char **argv)
{
	const struct kunit_suite *suite;
	const struct kunit_case *c;

	for (suite = suites; suite; suite = suite->next)
		for (c = suite->test_cases; c->run_case; c++)
			if (wanted(suite->name, c->name, argc, argv))
				run(suite, c);
	printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return failed != 0;
}
