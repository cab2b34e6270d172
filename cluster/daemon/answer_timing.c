// SPDX-License-Identifier: GPL-2.0-only
/* How long things took, from the events that are kept. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "events.h"

static int64_t number(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

static const char *word(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

/* From the first action of the same plan on the service to "running". */
static int64_t start_of(const json_t *events, const json_t *running)
{
	int64_t first = number(running, "time_ms");
	const json_t *event;
	size_t i;

	json_array_foreach(events, i, event)
		if (!strcmp(word(event, "kind"), "action") &&
		    !strcmp(word(event, "plan"), word(running, "plan")) &&
		    !strcmp(word(event, "service"), word(running, "service")) &&
		    (!strcmp(word(event, "op"), "start") ||
		     !strcmp(word(event, "op"), "promote")) &&
		    number(event, "start_ms") < first)
			first = number(event, "start_ms");
	return number(running, "time_ms") - first;
}

static json_t *of_service(struct daemon *d, const char *name)
{
	json_t *events = events_find(d->events, name, 0, 0);
	const json_t *event;
	int64_t worst = 0;
	int runs = 0;
	size_t i;

	json_array_foreach(events, i, event) {
		int64_t took;

		if (strcmp(word(event, "kind"), "running"))
			continue;
		took = start_of(events, event);
		worst = took > worst ? took : worst;
		runs++;
	}
	json_decref(events);
	return json_pack("{s:s, s:I, s:i}", "name", name, "p99_ms",
			 (json_int_t)worst, "runs", runs);
}

void answer_timing(struct daemon *d, struct ipc_call *call)
{
	json_t *services = json_array();

	for (unsigned int i = 0; i < d->conf->n_services; i++)
		if (!d->conf->services[i].clone)
			json_array_append_new(services, of_service(d,
				d->conf->services[i].name));
	ipc_ok(call, json_pack("{s:o}", "services", services));
}
