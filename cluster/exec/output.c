// SPDX-License-Identifier: GPL-2.0-only
/* Keeps a bounded part of what a child prints. Pure. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "util.h"

#define REASON_PREFIX "ocf-exit-reason:"

void output_init(struct output *out, size_t head_max)
{
	memset(out, 0, sizeof(*out));
	out->head_max = head_max;
	if (head_max)
		out->head = xcalloc(1, head_max + 1);
}

void output_free(struct output *out)
{
	free(out->head);
	out->head = NULL;
}

static void keep_head(struct output *out, const char *data, size_t length)
{
	size_t room = out->head_max - out->head_len;

	if (!out->head)
		return;
	if (length > room) {
		length = room;
		out->cut = 1;
	}
	memcpy(out->head + out->head_len, data, length);
	out->head_len += length;
}

static void keep_tail(struct output *out, const char *data, size_t length)
{
	if (length > OUTPUT_TAIL) {
		out->total += length - OUTPUT_TAIL;
		data += length - OUTPUT_TAIL;
		length = OUTPUT_TAIL;
	}
	while (length) {
		size_t at = out->total % OUTPUT_TAIL;
		size_t part = OUTPUT_TAIL - at < length ? OUTPUT_TAIL - at :
							  length;

		memcpy(out->ring + at, data, part);
		out->total += part;
		data += part;
		length -= part;
	}
}

static void end_line(struct output *out, enum output_stream stream)
{
	char *line = out->line[stream], *text;
	size_t length = out->line_len[stream];

	if (length >= sizeof(out->line[stream]))
		length = sizeof(out->line[stream]) - 1;
	line[length] = '\0';
	out->line_len[stream] = 0;
	if (strncmp(line, REASON_PREFIX, strlen(REASON_PREFIX)))
		return;
	text = line + strlen(REASON_PREFIX);
	text += strspn(text, " \t");
	length = strlen(text);
	if (length >= sizeof(out->reason))
		length = sizeof(out->reason) - 1;
	memcpy(out->reason, text, length);
	out->reason[length] = '\0';
	output_clean(out->reason);
}

void output_take(struct output *out, enum output_stream stream,
		 const char *data, size_t length)
{
	if (stream == OUTPUT_STDOUT)
		keep_head(out, data, length);
	keep_tail(out, data, length);
	while (length) {
		const char *end = memchr(data, '\n', length);
		size_t part = end ? (size_t)(end - data) : length;
		size_t at = out->line_len[stream];
		size_t room = at < sizeof(out->line[0]) ?
			      sizeof(out->line[0]) - at : 0;

		memcpy(out->line[stream] + (room ? at : 0), data,
		       part < room ? part : room);
		out->line_len[stream] += part < room ? part : room;
		if (!end)
			return;
		end_line(out, stream);
		data = end + 1;
		length -= part + 1;
	}
}

void output_end(struct output *out)
{
	for (int stream = 0; stream < OUTPUT_NR; stream++)
		if (out->line_len[stream])
			end_line(out, stream);
}

/* Length of the valid UTF-8 character at @s, or 0. */
static int character(const unsigned char *s)
{
	int more = s[0] < 0x80 ? 0 : s[0] >= 0xc2 && s[0] < 0xe0 ? 1 :
		   (s[0] & 0xf0) == 0xe0 ? 2 :
		   s[0] >= 0xf0 && s[0] < 0xf5 ? 3 : -1;

	for (int i = 1; i <= more; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return more + 1;
}

void output_clean(char *text)
{
	unsigned char *s = (unsigned char *)text;

	while (*s) {
		int length = character(s);
		bool control = *s < 0x20 || *s == 0x7f;

		if (!length || (control && *s != '\n' && *s != '\t'))
			*s++ = length ? ' ' : '?';
		else
			s += length;
	}
}

char *output_tail(const struct output *out)
{
	size_t length = out->total < OUTPUT_TAIL ? out->total : OUTPUT_TAIL;
	size_t start = out->total < OUTPUT_TAIL ? 0 : out->total % OUTPUT_TAIL;
	char *text = xcalloc(1, length + 1), *line;

	memcpy(text, out->ring + start, length - start);
	memcpy(text + length - start, out->ring, start);
	for (size_t i = 0; i < length; i++)
		if (!text[i])
			text[i] = ' ';
	/* What was cut begins within a line, most likely. */
	line = out->total > OUTPUT_TAIL ? strchr(text, '\n') : NULL;
	if (line && line[1])
		memmove(text, line + 1, strlen(line));
	output_clean(text);
	return text;
}

char *output_last_line(const char *tail)
{
	size_t end = strlen(tail), start;
	char *line;

	while (end && strchr("\n\t ", tail[end - 1]))
		end--;
	for (start = end; start && tail[start - 1] != '\n'; start--)
		;
	line = xcalloc(1, end - start + 1);
	memcpy(line, tail + start, end - start);
	return line;
}
