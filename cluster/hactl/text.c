// SPDX-License-Identifier: GPL-2.0-only
/* Times and colours as people read them, and access to replies. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "text.h"

const char *text_age(int64_t ms, char text[TEXT_SIZE])
{
	int64_t s = ms < 0 ? 0 : ms / 1000, m = s / 60, h = m / 60, d = h / 24;

	if (d)
		snprintf(text, TEXT_SIZE, "%" PRId64 "d%02dh", d, (int)(h % 24));
	else if (h)
		snprintf(text, TEXT_SIZE, "%dh%02dm", (int)h, (int)(m % 60));
	else if (m)
		snprintf(text, TEXT_SIZE, "%dm", (int)m);
	else
		snprintf(text, TEXT_SIZE, "%ds", (int)s);
	return text;
}

const char *text_seconds(int64_t ms, char text[TEXT_SIZE])
{
	int64_t tenths = (ms + 99) / 100;

	snprintf(text, TEXT_SIZE, "%" PRId64 ".%d s", tenths / 10,
		 (int)(tenths % 10));
	return text;
}

const char *text_clock(int64_t ms, bool exact, char text[TEXT_SIZE])
{
	time_t seconds = ms / 1000;
	struct tm tm;
	size_t length;

	localtime_r(&seconds, &tm);
	length = strftime(text, TEXT_SIZE, exact ? "%H:%M:%S" : "%H:%M", &tm);
	if (exact)
		snprintf(text + length, TEXT_SIZE - length, ".%03d",
			 (int)(ms % 1000));
	return text;
}

void text_paint(FILE *out, bool colour, const char *with, const char *text)
{
	fprintf(out, "%s%s%s", colour ? with : "", text, colour ? RESET : "");
}

void text_trimmed(char *text, FILE *out)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) && (*line || rest)) {
		size_t length = strlen(line);

		while (length && line[length - 1] == ' ')
			length--;
		fprintf(out, "%.*s\n", (int)length, line);
	}
}

const char *get_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

int64_t get_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

bool get_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

const json_t *get_list(const json_t *object, const char *key)
{
	return json_object_get(object, key);
}

void text_join(FILE *out, const json_t *list, const char *between)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		fprintf(out, "%s%s", i ? between : "", json_string_value(item));
}
