// SPDX-License-Identifier: GPL-2.0-only
/* What leaves the core: actions, and messages cut into parts. */
#include <stdarg.h>
#include <stdio.h>

#include "memory.h"
#include "types.h"

struct core_action *core_act(struct core_actions *out, enum core_action_kind kind)
{
	struct core_action *action;

	if (out->count == out->room) {
		out->room = out->room * 2 + 8;
		out->list = core_realloc(out->list, out->room * sizeof(*out->list));
	}
	action = &out->list[out->count++];
	memset(action, 0, sizeof(*action));
	action->kind = kind;
	return action;
}

void core_actions_clear(struct core_actions *actions)
{
	size_t i;

	for (i = 0; i < actions->count; i++) {
		free(actions->list[i].unit);
		free(actions->list[i].member);
		free(actions->list[i].device);
		free(actions->list[i].text);
		free(actions->list[i].data);
	}
	free(actions->list);
	memset(actions, 0, sizeof(*actions));
}

void core_log(struct core_actions *out, int level, const char *format, ...)
{
	struct core_action *action = core_act(out, CORE_ACT_LOG);
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	action->code = level;
	action->text = core_text(text);
}

void core_reply(struct core_actions *out, uint64_t id, int code, const char *text)
{
	struct core_action *action = core_act(out, CORE_ACT_REPLY);

	action->id = id;
	action->code = code;
	action->text = core_text(text);
}

uint64_t core_new_id(struct core *core)
{
	return (uint64_t)ME(core) << 56 | (core->params.incarnation & 0xffffff) << 32 |
	       (++core->counter & 0xffffffff);
}

static void send_bytes(struct core_actions *out, struct core_writer *w)
{
	struct core_action *action = core_act(out, CORE_ACT_SEND);

	action->data = w->data;
	action->size = w->size;
}

void core_send(struct core *core, struct core_actions *out, struct core_msg *msg)
{
	struct core_writer w = { 0 };
	uint32_t part, parts;

	msg->sid.ring = core->ring;
	if (msg->type != CORE_MSG_HELLO && msg->type != CORE_MSG_SYNC) {
		msg->sid.node = core->session.sid.node;
		msg->sid.seq = core->session.sid.seq;
	}
	core_msg_put(&w, msg);
	if (w.size <= CORE_CHUNK) {
		send_bytes(out, &w);
		return;
	}
	parts = (w.size + CORE_CHUNK - 1) / CORE_CHUNK;
	for (part = 0; part < parts && parts <= CORE_PARTS; part++) {
		struct core_writer piece = { 0 };
		struct core_msg cut = { .type = CORE_MSG_PART, .sid = msg->sid,
					.part = part, .parts = parts };

		cut.bytes = w.data + (size_t)part * CORE_CHUNK;
		cut.size = part + 1 < parts ? CORE_CHUNK : w.size - (size_t)part * CORE_CHUNK;
		core_msg_put(&piece, &cut);
		send_bytes(out, &piece);
	}
	free(w.data);
}
