// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: what the core of the cluster manager reads from others, a message or
 * its disk. Refused, or within bounds: written again and read again it is the same;
 * and a core in a view of its own takes any message without harm.
 */
#include "codec.h"
#include "core.h"
#include "fuzz.h"

static bool shape(void *ctx, const void *config, size_t size, struct core_shape *out,
		  const char **why)
{
	(void)ctx;
	memset(out, 0, sizeof(*out));
	*why = "not one byte";
	out->nodes = size ? *(const uint8_t *)config : 0;
	return size == 1;
}

static void plan(void *ctx, const struct core_plan_in *in, struct core_plan *out)
{
	(void)ctx;
	(void)in;
	(void)out;
}

static const struct core_policy policy = { .shape = shape, .plan = plan };

static void round_trip(struct input *in)
{
	struct core_writer once = { 0 }, twice = { 0 };
	struct core_msg msg;

	if (!core_msg_get(in->data, in->size, 2, &msg))
		return;
	core_msg_put(&once, &msg);
	core_msg_clear(&msg);
	MUST(core_msg_get(once.data, once.size, 2, &msg));
	core_msg_put(&twice, &msg);
	core_msg_clear(&msg);
	MUST(once.size == twice.size && !memcmp(once.data, twice.data, once.size));
	free(once.data);
	free(twice.data);
}

static struct core *create(struct core_bytes snapshot, struct core_bytes entry,
			   size_t entries)
{
	struct core_params params = { .node = 1, .boot = 1, .incarnation = 1,
				      .hello_ms = 2000, .policy = policy };
	const char *why;

	return core_create(&params, snapshot, &entry, entries, &why);
}

static void step(struct core *core, struct core_event *event)
{
	struct core_actions out = { 0 };

	core_step(core, event, 1000, &out);
	core_actions_clear(&out);
}

/* One node, and a stranger that sends what it likes. */
static void into_core(struct input *in)
{
	const struct core_member members[] = { { 1, 10 }, { 2, 20 } };
	struct core_bytes config = { "\x03", 1 }, none = { 0 }, snapshot;
	struct core_event event = { .members = members, .count = 2, .yes = true,
				    .ring = { 1, 4 }, .nodes = 3, .from = { 2, 20 } };
	const char *why;
	struct core *core;

	snapshot.data = core_seed(&policy, config, &snapshot.size, &why);
	core = create(snapshot, none, 0);
	free((void *)snapshot.data);
	MUST(core);
	event.kind = CORE_EV_CPG;
	step(core, &event);
	event.kind = CORE_EV_RING;
	step(core, &event);
	event.kind = CORE_EV_QUORUM;
	step(core, &event);
	event.kind = CORE_EV_PROBED;
	step(core, &event);
	event.kind = CORE_EV_MESSAGE;
	while (in->size > 2) {
		size_t size = take_byte(in) | take_byte(in) << 8;

		event.bytes.data = in->data;
		event.bytes.size = size < in->size ? size : in->size;
		step(core, &event);
		in->data += event.bytes.size;
		in->size -= event.bytes.size;
	}
	core_free(core);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct core_bytes bytes, none = { 0 };

	switch (take_byte(&in) % 4) {
	case 0:
		round_trip(&in);
		break;
	case 1:
		into_core(&in);
		break;
	case 2:
		bytes = (struct core_bytes){ in.data, in.size };
		core_free(create(bytes, none, 0));
		break;
	default:
		bytes = (struct core_bytes){ in.data, in.size };
		core_free(create(none, bytes, 1));
	}
	return 0;
}
