// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients want. An answer of 0 means: durable on every member of a view that
 * may write. A client whose entry was under way when the view broke is answered
 * when it is known what became of it, or told that it is not known.
 */
#include <errno.h>
#include <stdio.h>

#include "memory.h"
#include "rules.h"

static void drop(struct core *core, uint32_t i)
{
	core_blob_put(core->wishes[i].value);
	core->nr_wishes--;
	memmove(&core->wishes[i], &core->wishes[i + 1],
		(core->nr_wishes - i) * sizeof(*core->wishes));
}

static void finish(struct core *core, uint32_t i, int code, const char *text,
		   struct core_actions *out)
{
	core_reply(out, core->wishes[i].id, code, text);
	drop(core, i);
}

static const char *refusal(struct core *core, const struct core_request *request)
{
	struct core_shape shape = { 0 };
	const char *why = NULL;
	bool config = request->key && !strcmp(request->key, "config");

	if (!request->key || strlen(request->key) >= CORE_KEY ||
	    (!config && strncmp(request->key, "op/", 3)))
		return "no such key";
	if (request->kind == CORE_REQ_CLEAR)
		return config ? "the configuration cannot be removed" : NULL;
	if (request->value.size > CORE_VALUE)
		return "the value is too long";
	if (!config)
		return NULL;
	if (core->params.policy.shape(core->params.policy.ctx, request->value.data,
				      request->value.size, &shape, &why))
		why = NULL;
	else if (!why)
		why = "the configuration is not valid";
	free(shape.units);
	return why;
}

static void add_wish(struct core *core, const struct core_event *event, int64_t now)
{
	const struct core_request *request = &event->request;
	struct core_wish *wish;

	core->wishes = core_realloc(core->wishes,
				    (core->nr_wishes + 1) * sizeof(*core->wishes));
	wish = &core->wishes[core->nr_wishes++];
	memset(wish, 0, sizeof(*wish));
	wish->id = event->id;
	wish->kind = request->kind;
	wish->base = request->base;
	strcpy(wish->key, request->key);
	wish->value = core_blob_new(request->value.data, request->value.size);
	wish->deadline = now + 5 * core->params.hello_ms;
}

static void confirm(struct core *core, const struct core_event *event,
		    struct core_actions *out)
{
	uint32_t node = event->request.node;

	if (!node || node > CORE_NODES || node == ME(core) ||
	    (core_view_nodes(core) | core->session.members) & NODE_BIT(node)) {
		core_reply(out, event->id, -EBUSY, "that node is here");
		return;
	}
	core->proof[node - 1].how = CORE_HOW_CONFIRMED;
	core->proof[node - 1].boot = core->db.node[node - 1].boot;
	core->dirty = true;
	core_reply(out, event->id, 0, "taken as proof");
}

static void fence(struct core *core, const struct core_event *event,
		  struct core_actions *out)
{
	uint32_t node = event->request.node;

	if (!node || node > CORE_NODES || !(core->shape.fenceable & NODE_BIT(node)) ||
	    rule_coordinator(core) != ME(core) || !rule_may_fence(core)) {
		core_reply(out, event->id, -EPERM, "not from here, or not now");
		return;
	}
	core->fence_wanted |= NODE_BIT(node);
	core_reply(out, event->id, 0, "begun");
}

void core_request(struct core *core, const struct core_event *event, int64_t now,
		  struct core_actions *out)
{
	const char *why;

	switch (event->request.kind) {
	case CORE_REQ_CONFIRM:
		confirm(core, event, out);
		return;
	case CORE_REQ_FENCE:
		fence(core, event, out);
		return;
	case CORE_REQ_FORCE:
		core->forced = event->id;
		return;
	default:
		break;
	}
	why = refusal(core, &event->request);
	if (why)
		core_reply(out, event->id, -EINVAL, why);
	else
		add_wish(core, event, now);
}

void core_request_delivered(struct core *core, uint64_t id, bool accepted,
			    struct core_actions *out)
{
	uint32_t i;

	for (i = 0; i < core->nr_wishes; i++) {
		struct core_wish *wish = &core->wishes[i];

		if (wish->proposal != id)
			continue;
		if (accepted) {
			wish->at = core->next.at;
			return;
		}
		wish->proposal = 0;
		if (wish->base && wish->base != core->db.user.rev)
			finish(core, i, -ESTALE, "it was changed meanwhile", out);
		return;
	}
}

void core_request_committed(struct core *core, uint64_t id, struct core_actions *out)
{
	char text[64];
	uint32_t i;

	for (i = 0; i < core->nr_wishes; i++) {
		if (core->wishes[i].proposal != id)
			continue;
		snprintf(text, sizeof(text), "revision %llu",
			 (unsigned long long)core->db.user.rev);
		finish(core, i, 0, text, out);
		return;
	}
}

void core_request_session_over(struct core *core)
{
	uint32_t i;

	for (i = 0; i < core->nr_wishes; i++)
		core->wishes[i].proposal = 0;
}

static void propose(struct core *core, struct core_wish *wish, struct core_actions *out)
{
	struct core_shape shape = { 0 };
	const char *why;
	struct core_entry *entry =
		core_log_new(core, wish->kind == CORE_REQ_SET ? CORE_ENTRY_SET :
							       CORE_ENTRY_CLEAR);

	strcpy(entry->key, wish->key);
	if (wish->kind == CORE_REQ_SET)
		entry->value = core_blob_get(wish->value);
	if (wish->kind == CORE_REQ_SET && !strcmp(wish->key, "config") &&
	    core->params.policy.shape(core->params.policy.ctx, wish->value->data,
				      wish->value->size, &shape, &why)) {
		entry->nodes = shape.nodes;
		free(shape.units);
	}
	if (core_log_propose(core, entry, wish->base, out))
		wish->proposal = core->proposing;
}

/* The view broke with an entry under way: it is in the state now, or it is not. */
static bool found(struct core *core, uint32_t i, struct core_actions *out)
{
	struct core_wish *wish = &core->wishes[i];

	if (!wish->at.rev || wish->proposal)
		return false;
	if (core_db_contains(&core->db, &wish->at)) {
		finish(core, i, 0, "done", out);
		return true;
	}
	memset(&wish->at, 0, sizeof(wish->at));
	return false;
}

void core_request_try(struct core *core, int64_t now, struct core_actions *out)
{
	uint32_t i;

	for (i = 0; i < core->nr_wishes; i++) {
		struct core_wish *wish = &core->wishes[i];

		if (now >= wish->deadline) {
			finish(core, i--, wish->at.rev || wish->proposal ? -ETIMEDOUT : -EAGAIN,
			       wish->at.rev || wish->proposal ?
			       "not known whether it was done" : "no quorum", out);
			continue;
		}
		if (core->phase != PHASE_ACTIVE)
			continue;
		if (found(core, i, out)) {
			i--;
			continue;
		}
		if (!wish->proposal && !core->proposing && !core->pending.on &&
		    !core->hello_sent)
			propose(core, wish, out);
	}
	if (core->forced && core->phase == PHASE_ACTIVE) {
		core_reply(out, core->forced, 0, "this view goes on alone");
		core->forced = 0;
	}
}

int64_t core_request_deadline(const struct core *core, int64_t now)
{
	int64_t at = NEVER;
	uint32_t i;

	for (i = 0; i < core->nr_wishes; i++)
		at = core_sooner(at, core->wishes[i].deadline, now);
	return at;
}
