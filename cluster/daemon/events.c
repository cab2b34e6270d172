// SPDX-License-Identifier: GPL-2.0-only
/* The list of events: said, taken, kept, found. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alerts.h"
#include "events.h"
#include "events_list.h"
#include "ipc.h"
#include "ring.h"
#include "store.h"
#include "util.h"

#define KEPT 4000

static char *day_file(const struct daemon *d, int64_t ms)
{
	time_t seconds = ms / 1000;
	char day[16];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%Y%m%d", &tm);
	return store_path(d->places.state_dir, "events/%s.jsonl", day);
}

static void load_day(struct events *e, int64_t ms)
{
	char *path = day_file(e->d, ms), *text = store_file_read(path, NULL);
	char *rest = text, *line;
	json_t *event;

	while (rest && (line = strsep(&rest, "\n"))) {
		event = json_loads(line, 0, NULL);
		if (json_is_object(event))
			json_array_append(e->list, event);
		json_decref(event);
	}
	free(text);
	free(path);
}

struct events *events_open(struct daemon *d)
{
	struct events *e = xcalloc(1, sizeof(*e));

	e->d = d;
	e->list = json_array();
	d->events = e;
	load_day(e, clock_wall() - 24 * 3600 * INT64_C(1000));
	load_day(e, clock_wall());
	return e;
}

void events_close(struct events *e)
{
	if (!e)
		return;
	json_decref(e->list);
	json_decref(e->planned);
	free(e->plan);
	free(e->cause);
	free(e);
}

static void keep(struct daemon *d, json_t *event)
{
	int64_t ms = json_integer_value(json_object_get(event, "time_ms"));
	char *path = day_file(d, ms);
	FILE *out = fopen(path, "ae");

	if (out) {
		json_dumpf(event, out, JSON_COMPACT);
		fputc('\n', out);
		fclose(out);
	}
	free(path);
}

void events_take(struct daemon *d, json_t *event)
{
	struct events *e = d->events;
	const char *id = json_string_value(json_object_get(event, "id"));
	const char *plan = json_string_value(json_object_get(event, "plan"));
	const char *kind = json_string_value(json_object_get(event, "kind"));

	if (!kind || !json_is_string(json_object_get(event, "text")))
		return;
	if (id)
		ha_replace(&e->cause, id);
	if (!strcmp(kind, "plan"))
		ha_replace(&e->plan, plan);
	json_array_append(e->list, event);
	while (json_array_size(e->list) > KEPT)
		json_array_remove(e->list, 0);
	keep(d, event);
	ipc_event(d->ipc, event);
	alerts_event(d->alerts, event);
}

void events_say(struct daemon *d, json_t *event, bool cause)
{
	struct events *e = d->events;
	char *id = xasprintf("e%u.%u", d->id, ++e->count);

	if (cause)
		json_object_set_new(event, "id", json_string(id));
	free(id);
	if (!json_object_get(event, "time_ms"))
		json_object_set_new(event, "time_ms",
				    json_integer(clock_wall()));
	json_object_set_new(event, "said_by", json_string(d->places.name));
	if (ring_joined(d->ring))
		ring_send_json(d->ring, RING_EVENT, event);
	else
		events_take(d, event);
	json_decref(event);
}

json_t *events_find(const struct events *e, const char *service,
		    int64_t since_ms, int limit)
{
	json_t *found = json_array(), *event;
	size_t i;

	json_array_foreach(e->list, i, event) {
		const char *of = json_string_value(json_object_get(event,
								   "service"));

		if (json_integer_value(json_object_get(event, "time_ms")) <
		    since_ms || (service && of && strcmp(of, service)))
			continue;
		json_array_append(found, event);
	}
	while (limit > 0 && json_array_size(found) > (size_t)limit)
		json_array_remove(found, 0);
	return found;
}
