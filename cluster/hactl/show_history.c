// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happened, and where the time of an outage went. The daemon logs single
 * events; that an outage began when a node was last heard, and which actions
 * ended it, is put together here.
 */
#include <inttypes.h>
#include <string.h>

#include "show.h"
#include "text.h"

#define EVENT_COLUMN	100	/* where the name of an event stands */

/* The last one until then: a daemon that starts anew counts from the beginning. */
static const json_t *find_event(const json_t *events, const char *kind,
				const char *key, const char *value,
				int64_t until)
{
	const json_t *event, *found = NULL;
	size_t i;

	json_array_foreach(events, i, event)
		if ((!kind || !strcmp(get_text(event, "kind"), kind)) &&
		    !strcmp(get_text(event, key), value) &&
		    get_number(event, "time_ms") <= until)
			found = event;
	return found;
}

static void print_part(FILE *out, const char *name, int64_t ms, bool *first)
{
	int64_t hundredths = (ms + 5) / 10;

	if (ms < 0)
		hundredths = 0;
	fprintf(out, "%s%s %" PRId64 ".%02d", *first ? "" : ", ", name,
		hundredths / 100, (int)(hundredths % 100));
	*first = false;
}

/* What an action is called among the parts of an outage. */
static const char *part_name(const json_t *action)
{
	const char *kind = get_text(action, "member_kind");
	const char *op = get_text(action, "op");

	if (!strcmp(op, "promote") || !strcmp(op, "exclude") ||
	    !strcmp(op, "fence"))
		return op;
	if (!strcmp(kind, "mount") || !strcmp(kind, "ip"))
		return kind;
	return get_text(action, "member");
}

struct outage {
	const json_t *events, *running, *plan, *cause;
	int64_t begin, end;
};

/* Is it one of the actions that brought this service back? */
static bool belongs(const struct outage *o, const json_t *event)
{
	return get_number(event, "start_ms") >= o->begin &&
	       get_number(event, "time_ms") <= o->end &&
	       !strcmp(get_text(event, "kind"), "action") &&
	       !strcmp(get_text(event, "plan"), get_text(o->plan, "plan")) &&
	       (!strcmp(get_text(event, "service"),
			get_text(o->running, "service")) ||
		!*get_text(event, "service")) &&
	       strcmp(get_text(event, "op"), "exclude");
}

static bool find_outage(const json_t *events, const json_t *running,
			struct outage *o)
{
	o->events = events;
	o->running = running;
	o->end = get_number(running, "time_ms");
	o->plan = find_event(events, "plan", "plan", get_text(running, "plan"),
			     o->end);
	o->cause = o->plan ? find_event(events, NULL, "id",
					get_text(o->plan, "cause"), o->end) :
			     NULL;
	if (!o->cause)
		return false;
	o->begin = get_number(o->cause, "down_ms");
	if (!o->begin)
		o->begin = get_number(o->cause, "time_ms");
	return o->begin <= o->end;
}

static void print_outage(const struct outage *o, FILE *out)
{
	int64_t detected = get_number(o->cause, "time_ms"), first_start = o->end;
	const json_t *event;
	char total[TEXT_SIZE];
	bool first = true;
	size_t i;

	json_array_foreach(o->events, i, event)
		if (belongs(o, event) &&
		    get_number(event, "start_ms") < first_start)
			first_start = get_number(event, "start_ms");
	fprintf(out, "; outage %s (", text_seconds(o->end - o->begin, total));
	print_part(out, "detect", detected - o->begin, &first);
	print_part(out, "verdict", first_start - detected, &first);
	json_array_foreach(o->events, i, event)
		if (belongs(o, event))
			print_part(out, part_name(event),
				   get_number(event, "time_ms") -
				   get_number(event, "start_ms"), &first);
	fputc(')', out);
}

static void print_event(const json_t *events, const json_t *event, FILE *out)
{
	const char *id = get_text(event, "id");
	struct outage outage;
	char clock[TEXT_SIZE];
	int column;

	column = fprintf(out, "%s %s",
			 text_clock(get_number(event, "time_ms"), true, clock),
			 get_text(event, "text"));
	if (!strcmp(get_text(event, "kind"), "running") &&
	    find_outage(events, event, &outage))
		print_outage(&outage, out);
	else if (*id)
		fprintf(out, "%*sevent %s", column < EVENT_COLUMN ?
			EVENT_COLUMN - column : 2, "", id);
	fputc('\n', out);
}

void show_history(const json_t *history, bool verbose, FILE *out)
{
	const json_t *events = get_list(history, "events"), *event;
	size_t i;

	json_array_foreach(events, i, event)
		if (verbose || strcmp(get_text(event, "kind"), "action"))
			print_event(events, event, out);
}
