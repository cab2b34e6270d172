// SPDX-License-Identifier: GPL-2.0-only
/* The table of verbs of the socket. */
#include <string.h>

#include "answers.h"
#include "events.h"
#include "util.h"

static void subscribe(struct daemon *d, struct ipc_call *call)
{
	(void)d;
	ipc_subscribe(call);
	ipc_ok(call, NULL);
}

static void history(struct daemon *d, struct ipc_call *call)
{
	const json_t *args = ipc_args(call);

	ipc_ok(call, json_pack("{s:o}", "events", events_find(d->events,
		ipc_text(call, "service"),
		json_integer_value(json_object_get(args, "since_ms")),
		json_integer_value(json_object_get(args, "limit")))));
}

static const struct {
	const char *verb;
	bool changes, needs_config;
	answers_fn *fn;
} verbs[] = {
	{ "get_status", false, true, answer_status },
	{ "why", false, true, answer_why },
	{ "plan", false, true, answer_plan },
	{ "history", false, false, history },
	{ "subscribe", false, false, subscribe },
	{ "get_config", false, true, answer_get_config },
	{ "list_revisions", false, false, answer_revisions },
	{ "timing", false, true, answer_timing },
	{ "wait", false, true, answer_wait },
	{ "propose_config", true, true, answer_propose },
	{ "decide", true, true, answer_decide },
	{ "set_secret", true, false, answer_secret },
};

bool answers_changes(const char *verb)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].verb, verb))
			return verbs[i].changes;
	return true;
}

void answers_call(struct daemon *d, const char *verb, struct ipc_call *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].verb, verb))
			continue;
		if (verbs[i].needs_config && !d->conf)
			ipc_fail(call, "no-quorum",
				 "this node has no configuration yet: it waits for the others");
		else
			verbs[i].fn(d, call);
		return;
	}
	ipc_fail(call, "usage", "unknown request \"%s\"", verb);
}
