// SPDX-License-Identifier: GPL-2.0-only
/* What is kept of the output of a child. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "tests.h"

static void take(struct output *out, enum output_stream stream,
		 const char *text)
{
	output_take(out, stream, text, strlen(text));
}

static void last_reason_counts(void **state)
{
	struct output out;

	(void)state;
	output_init(&out, 0);
	take(&out, OUTPUT_STDERR, "noise\nocf-exit-reason: first\nmore\nocf-ex");
	/* Another stream in between does not tear the line apart. */
	take(&out, OUTPUT_STDOUT, "from elsewhere");
	take(&out, OUTPUT_STDERR, "it-reason:second\n");
	assert_string_equal(out.reason, "second");
	take(&out, OUTPUT_STDERR, "ocf-exit-reason:without end");
	assert_string_equal(out.reason, "second");
	output_end(&out);
	assert_string_equal(out.reason, "without end");
	output_free(&out);
}

static void reason_in_the_middle_is_none(void **state)
{
	struct output out;

	(void)state;
	output_init(&out, 0);
	take(&out, OUTPUT_STDERR, "x ocf-exit-reason:no\n");
	assert_string_equal(out.reason, "");
	output_free(&out);
}

static void long_lines_are_cut(void **state)
{
	char *line = malloc(100000);
	struct output out;

	(void)state;
	memset(line, 'a', 100000);
	memcpy(line, "ocf-exit-reason:", 16);
	line[99999] = '\0';
	output_init(&out, 0);
	for (int i = 0; i < 100000; i += 999)
		output_take(&out, OUTPUT_STDERR, line + i,
			    i + 999 < 99999 ? 999 : 99999 - i);
	take(&out, OUTPUT_STDERR, "\nnext\n");
	assert_int_equal(strlen(out.reason), OUTPUT_REASON - 1);
	assert_int_equal(out.reason[0], 'a');
	output_free(&out);
	free(line);
}

static void tail_begins_with_a_line(void **state)
{
	char text[64], *tail;
	struct output out;

	(void)state;
	output_init(&out, 0);
	for (int i = 0; i < 100000; i++) {
		snprintf(text, sizeof(text), "line %d\n", i);
		take(&out, OUTPUT_STDOUT, text);
	}
	tail = output_tail(&out);
	assert_true(strlen(tail) <= OUTPUT_TAIL);
	assert_true(strlen(tail) > OUTPUT_TAIL - 32);
	assert_memory_equal(tail, "line ", 5);
	assert_string_equal(tail + strlen(tail) - 11, "line 99999\n");
	free(tail);
	output_free(&out);
}

static void one_piece_larger_than_the_ring(void **state)
{
	size_t size = 3 * OUTPUT_TAIL + 17;
	char *piece = malloc(size), *tail;
	struct output out;

	(void)state;
	for (size_t i = 0; i < size; i++)
		piece[i] = 'a' + i % 26;
	output_init(&out, 0);
	take(&out, OUTPUT_STDOUT, "before");
	output_take(&out, OUTPUT_STDOUT, piece, size);
	tail = output_tail(&out);
	assert_int_equal(strlen(tail), OUTPUT_TAIL);
	assert_memory_equal(tail, piece + size - OUTPUT_TAIL, OUTPUT_TAIL);
	free(tail);
	free(piece);
	output_free(&out);
}

static void head_is_kept_whole(void **state)
{
	struct output out;

	(void)state;
	output_init(&out, 10);
	take(&out, OUTPUT_STDOUT, "12345");
	take(&out, OUTPUT_STDERR, "not this");
	take(&out, OUTPUT_STDOUT, "67890");
	assert_string_equal(out.head, "1234567890");
	assert_false(out.cut);
	take(&out, OUTPUT_STDOUT, "x");
	assert_string_equal(out.head, "1234567890");
	assert_true(out.cut);
	output_free(&out);
}

static void clean_makes_text(void **state)
{
	char text[] = "ok\ttab\nnl \x1b[1m \xc3\xa9 \xff \xc3 \xed\xa0\x80 \xf5";

	(void)state;
	output_clean(text);
	assert_string_equal(text, "ok\ttab\nnl  [1m \xc3\xa9 ? ? ??? ?");
}

static void last_line(void **state)
{
	static const struct {
		const char *text, *line;
	} cases[] = {
		{ "", "" }, { "\n\n", "" }, { "one", "one" },
		{ "one\ntwo\n\n", "two" }, { "one\n  two  \n", "  two" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *line = output_last_line(cases[i].text);

		assert_string_equal(line, cases[i].line);
		free(line);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(last_reason_counts),
	cmocka_unit_test(reason_in_the_middle_is_none),
	cmocka_unit_test(long_lines_are_cut),
	cmocka_unit_test(tail_begins_with_a_line),
	cmocka_unit_test(one_piece_larger_than_the_ring),
	cmocka_unit_test(head_is_kept_whole),
	cmocka_unit_test(clean_makes_text),
	cmocka_unit_test(last_line),
};

TEST_GROUP(output_group, tests);
