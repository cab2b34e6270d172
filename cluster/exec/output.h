/* SPDX-License-Identifier: GPL-2.0-only */
/* What a child prints, bounded: beginning, end, and the reason it gives. */
#ifndef HA_OUTPUT_H
#define HA_OUTPUT_H

#include <stddef.h>

#define OUTPUT_TAIL	4096
#define OUTPUT_REASON	512

enum output_stream {
	OUTPUT_STDOUT,
	OUTPUT_STDERR,
	OUTPUT_NR,
};

/**
 * struct output - all that is kept of one child
 * @head: the first bytes of stdout, ends with NUL; or NULL
 * @head_max: how many are kept
 * @cut: stdout had more
 * @ring: the last bytes of both streams
 * @total: bytes that went through @ring
 * @line: the line under way of each stream
 * @line_len: its length; more than the array holds when it is too long
 * @reason: text of the last "ocf-exit-reason:" line
 */
struct output {
	char *head;
	size_t head_len, head_max;
	int cut;
	char ring[OUTPUT_TAIL];
	unsigned long long total;
	char line[OUTPUT_NR][OUTPUT_REASON + 32];
	size_t line_len[OUTPUT_NR];
	char reason[OUTPUT_REASON];
};

/**
 * output_init() - @head_max 0 keeps no beginning
 */
void output_init(struct output *out, size_t head_max);
void output_free(struct output *out);

void output_take(struct output *out, enum output_stream stream,
		 const char *data, size_t length);

/**
 * output_end() - the streams are at their end: a line without newline counts
 */
void output_end(struct output *out);

/**
 * output_tail() - the last lines, whole ones where possible
 *
 * Return: valid UTF-8 without control characters but newline and tab, to be
 * freed.
 */
char *output_tail(const struct output *out);

/**
 * output_last_line() - the last line that is not empty, or ""
 * @tail: from output_tail()
 *
 * Return: to be freed.
 */
char *output_last_line(const char *tail);

/**
 * output_clean() - make text printable in place: see output_tail()
 */
void output_clean(char *text);

#endif
