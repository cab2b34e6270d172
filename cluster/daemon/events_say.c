// SPDX-License-Identifier: GPL-2.0-only
/* Events of operations, services and plans. */
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "events_list.h"
#include "members.h"
#include "util.h"

static const char *member_kind(const struct hc_member *member)
{
	static const char *const kinds[] = {
		[HC_STORAGE] = "storage", [HC_MOUNT] = "mount", [HC_IP] = "ip",
		[HC_SYSTEMD] = "systemd", [HC_OCF] = "ocf",
	};

	return kinds[member->kind];
}

static void add_plan(const struct daemon *d, json_t *event)
{
	if (d->events->plan)
		json_object_set_new(event, "plan",
				    json_string(d->events->plan));
}

void events_action(struct daemon *d, const char *service,
		   const struct hc_member *member, enum ex_action action,
		   int64_t begun_ms, const char *failure)
{
	const char *op = ex_action_word(action), *node = d->places.name;
	json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}",
				  "kind", failure ? "failure" : "action",
				  "service", service, "op", op, "member",
				  member->name, "member_kind",
				  member_kind(member), "node", node,
				  "start_ms", (json_int_t)begun_ms);
	char *text;

	if (failure)
		text = xasprintf("%s %s %s failed: %s", op, member->name, node,
				 failure);
	else
		text = xasprintf("%s %s %s: ok", op, member->name, node);
	json_object_set_new(event, "text", json_string(text));
	free(text);
	add_plan(d, event);
	events_say(d, event, failure);
}

void events_failed(struct daemon *d, const char *service, const char *member,
		   const char *why)
{
	char *text = xasprintf("%s failed on %s: %s", member, d->places.name,
			       why ? why : "no reason given");

	events_say(d, json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "failure",
				"service", service, "member", member, "node",
				d->places.name, "text", text), true);
	free(text);
}

void events_maybe_running(struct daemon *d, const char *service)
{
	json_t *event;
	char *text;

	if (!members_complete(d->members, service))
		return;
	text = xasprintf("%s running on %s", service, d->places.name);
	event = json_pack("{s:s, s:s, s:s, s:s}", "kind", "running", "service",
			  service, "node", d->places.name, "text", text);
	add_plan(d, event);
	events_say(d, event, false);
	free(text);
}

void events_conflict(struct daemon *d, bool kept)
{
	char *text = xasprintf("the state of %s is another than that of the cluster and gives way; it %s in %s/conflicts",
			       d->places.name, kept ? "is kept" :
			       "could not be kept", d->places.state_dir);

	say(1, "%s", text);
	events_say(d, json_pack("{s:s, s:s, s:s}", "kind", "safety", "node",
				d->places.name, "text", text), true);
	free(text);
}

/* A plan of which nothing is new is the rest of the one before. */
static bool is_rest(const json_t *before, const json_t *actions)
{
	const json_t *action;
	size_t i;

	json_array_foreach(actions, i, action) {
		const json_t *old;
		bool found = false;
		size_t j;

		json_array_foreach(before, j, old)
			found = found || json_equal(old, action);
		if (!found)
			return false;
	}
	return true;
}

static char *join(const json_t *actions)
{
	char *text = xstrdup(""), *longer;
	const json_t *action;
	size_t i;

	json_array_foreach(actions, i, action) {
		longer = xasprintf("%s%s%s", text, i ? ", " : "",
				   json_string_value(action));
		free(text);
		text = longer;
	}
	return text;
}

void events_plan(struct daemon *d)
{
	struct events *e = d->events;
	json_t *actions = brain_planned(d->brain), *event;
	struct core_view view;
	char *id, *list, *text;

	if (!actions)
		return;
	core_look(d->core, &view);
	if (view.coordinator != d->id || is_rest(e->planned, actions)) {
		/* Once it has all been done, the same again is another plan. */
		if (!json_array_size(actions)) {
			json_decref(e->planned);
			e->planned = NULL;
		}
		json_decref(actions);
		return;
	}
	json_decref(e->planned);
	e->planned = actions;
	id = xasprintf("p%u.%u", d->id, ++e->plans);
	list = join(actions);
	text = xasprintf("plan %s (rev %lld%s%s): %s", id, (long long)d->rev,
			 e->cause ? ", cause " : "", e->cause ? e->cause : "",
			 list);
	event = json_pack("{s:s, s:s, s:s}", "kind", "plan", "plan", id, "text",
			  text);
	if (e->cause)
		json_object_set_new(event, "cause", json_string(e->cause));
	free(text);
	free(list);
	free(id);
	events_say(d, event, false);
}
