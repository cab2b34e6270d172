// SPDX-License-Identifier: GPL-2.0-only
/*
 * A written order of events, one in a line, in the words in which one is printed:
 * for what a search is too wide for and a walk does not come across.
 */
#include "search.h"

#define REST	"(all settles without faults)"

/* The event of these words; false when there is none. */
static bool read_event(const char *line, struct event *e)
{
	char text[200];

	*e = (struct event){ .type = SETTLE };
	if (!strcmp(line, REST))
		return true;
	*e = (struct event){ 0 };
	do {
		event_words(*e, text, sizeof(text));
		if (!strcmp(line, text))
			return true;
	} while (event_advance(e, true));
	return false;
}

/* 0: it may go on; 3: the line is no event, or cannot happen now. */
static int carry_out_line(char *line, u32 *done)
{
	struct event e;

	line[strcspn(line, "\n")] = '\0';
	if (!line[0] || line[0] == '#')
		return 0;
	++*done;
	if (read_event(line, &e) && walk_carry_out(e) == EV_DONE)
		return 0;
	printf("trace: event %u does not happen: %s\n", *done, line);
	return 3;
}

int trace_run(const char *path)
{
	FILE *file = fopen(path, "r");
	int status = file ? 0 : 3;
	char line[200];
	u32 done = 0;

	search_remember();
	if (!file)
		printf("trace: cannot read %s\n", path);
	while (!status && !broken[0] && fgets(line, sizeof(line), file))
		status = carry_out_line(line, &done);
	if (file)
		fclose(file);
	if (status)
		return status;
	if (broken[0]) {
		printf("  trace of %u events: %s\n", done, broken);
		tell_nodes();
	}
	printf("%s: a trace of %u events\n", broken[0] ? "BROKEN" : "clean", done);
	return broken[0] ? 1 : 0;
}
