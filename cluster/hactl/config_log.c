// SPDX-License-Identifier: GPL-2.0-only
/* The revisions of the configuration, as a table. */
#include <inttypes.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config_log.h"
#include "text.h"
#include "util.h"

static void add(struct libscols_table *table, const json_t *rev)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	time_t seconds = get_number(rev, "time_ms") / 1000;
	char number[TEXT_SIZE], when[TEXT_SIZE], *who;
	struct tm tm;

	if (!line)
		return;
	snprintf(number, sizeof(number), "%" PRId64, get_number(rev, "rev"));
	localtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	who = xasprintf("%s@%s", get_text(rev, "author"), get_text(rev, "host"));
	scols_line_set_data(line, 0, number);
	scols_line_set_data(line, 1, when);
	scols_line_set_data(line, 2, who);
	scols_line_set_data(line, 3, get_text(rev, "message"));
	free(who);
}

void show_revisions(const json_t *data, FILE *out)
{
	static const char *const heads[] = { "REV", "TIME", "WHO", "MESSAGE" };
	struct libscols_table *table = scols_new_table();
	const json_t *rev;
	char *text = NULL;
	size_t i;

	if (!table)
		return;
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		scols_table_new_column(table, heads[i], 0,
				       i ? 0 : SCOLS_FL_RIGHT);
	json_array_foreach(get_list(data, "revisions"), i, rev)
		add(table, rev);
	scols_print_table_to_string(table, &text);
	scols_unref_table(table);
	if (text)
		text_trimmed(text, out);
	free(text);
}
