// SPDX-License-Identifier: GPL-2.0-only
/* Runs all groups and says how many tests passed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests.h"

char *read_text(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!in)
		fail_msg("cannot read %s", path);
	if (getdelim(&text, &size, '\0', in) < 0)
		strcpy(text, "");
	fclose(in);
	return text;
}

void assert_golden(const char *path, const char *text)
{
	const char *mode = getenv("GOLDEN");
	char *expected;
	FILE *out;

	if (mode && !strcmp(mode, "write")) {
		out = fopen(path, "we");
		assert_non_null(out);
		fputs(text, out);
		fclose(out);
		return;
	}
	expected = read_text(path);
	assert_string_equal(text, expected);
	free(expected);
}

int main(void)
{
	static const struct test_group *const groups[] = {
#ifdef HAVE_POLICY
		&policy_group,
#endif
		&conf_group, &edit_group, &corosync_group, &show_group,
	};
	unsigned int all = 0, bad = 0;

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
