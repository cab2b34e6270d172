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

static void print_time(int64_t ms, FILE *out)
{
	time_t seconds = ms / 1000;
	char when[TEXT_SIZE];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	fputs(when, out);
}

/* States that lost against the cluster's, in what they say that people said. */
static void show_conflicts(const json_t *list, FILE *out)
{
	const json_t *one, *value;
	const char *key;
	size_t i;

	if (!json_array_size(list))
		return;
	fputs("\nGAVE WAY to the cluster's state, and kept aside on this node:\n", out);
	json_array_foreach(list, i, one) {
		fputs("  ", out);
		print_time(get_number(one, "time_ms"), out);
		if (get_number(one, "rev"))
			fprintf(out, "  rev %" PRId64 " by %s@%s", get_number(one, "rev"),
				get_text(one, "author"), get_text(one, "host"));
		fprintf(out, "  %s\n    %s\n", get_text(one, "message"), get_text(one, "file"));
		json_object_foreach(json_object_get(one, "decisions"), key, value) {
			char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

			fprintf(out, "    %s %s\n", key, text);
			free(text);
		}
	}
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
	show_conflicts(get_list(data, "conflicts"), out);
}
