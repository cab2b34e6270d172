// SPDX-License-Identifier: GPL-2.0-only
/* Steps of the core: actions in their order, events that they lead to after. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <sys/reboot.h>

#include "config.h"
#include "devices.h"
#include "engine.h"
#include "events.h"
#include "fencing.h"
#include "members.h"
#include "ring.h"
#include "store.h"
#include "util.h"
#include "watchdog.h"

#define HELLO_MS	2000
#define MARGIN_MS	1000
#define PLAN_MS		10000
#define REJOIN_MS	10000

/* An event that came while a step was under way. */
struct waiting {
	struct waiting *next;
	struct core_event event;
	char *unit, *member, *detail, *text, *key;
	void *bytes;
};

struct asked {
	struct asked *next;
	uint64_t id;
	engine_reply *reply;
	void *arg;
};

static struct {
	sd_event_source *timer;
	bool stepping;
	struct waiting *first, **last;
	struct asked *asked;
	uint64_t ids;
} engine = { .last = &engine.first };

static char *copy_text(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static void *copy_bytes(struct core_bytes *bytes)
{
	void *copy = bytes->size ? xcalloc(1, bytes->size) : NULL;

	if (copy)
		memcpy(copy, bytes->data, bytes->size);
	bytes->data = copy;
	return copy;
}

/* Not for messages and memberships: those come from the loop alone. */
static void wait_for_turn(const struct core_event *event)
{
	struct waiting *w = xcalloc(1, sizeof(*w));
	struct core_event *e = &w->event;

	*e = *event;
	e->row.unit = w->unit = copy_text(event->row.unit);
	e->row.member = w->member = copy_text(event->row.member);
	e->row.detail = w->detail = copy_text(event->row.detail);
	e->text = w->text = copy_text(event->text);
	e->request.key = w->key = copy_text(event->request.key);
	w->bytes = copy_bytes(&e->request.value);
	*engine.last = w;
	engine.last = &w->next;
}

static void waiting_free(struct waiting *w)
{
	free(w->unit);
	free(w->member);
	free(w->detail);
	free(w->text);
	free(w->key);
	free(w->bytes);
	free(w);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *arg)
{
	const struct core_event event = { .kind = CORE_EV_TIMER };

	(void)source;
	(void)usec;
	engine_feed(arg, &event);
	return 0;
}

static void set_timer(struct daemon *d, int64_t at)
{
	int64_t usec = at == INT64_MAX ? 0 : at * 1000;

	if (at == INT64_MAX) {
		if (engine.timer)
			sd_event_source_set_enabled(engine.timer, SD_EVENT_OFF);
		return;
	}
	if (!engine.timer &&
	    sd_event_add_time(d->event, &engine.timer, CLOCK_BOOTTIME, usec,
			      1000, on_timer, d) < 0)
		abort();
	sd_event_source_set_time(engine.timer, usec);
	sd_event_source_set_enabled(engine.timer, SD_EVENT_ONESHOT);
}

static void replied(uint64_t id, int code, const char *text)
{
	for (struct asked **at = &engine.asked; *at; at = &(*at)->next) {
		struct asked *asked = *at;

		if (asked->id != id)
			continue;
		*at = asked->next;
		if (asked->reply)
			asked->reply(code, text ? text : "", asked->arg);
		free(asked);
		return;
	}
}

static void reset(struct daemon *d)
{
	say(0, "this node resets itself");
	if (!d->places.no_reset) {
		watchdog_reset(d->watchdog);
		reboot(RB_AUTOBOOT);
	}
	_exit(70);
}

static void perform(struct daemon *d, struct core_action *a)
{
	switch (a->kind) {
	case CORE_ACT_SEND:
		ring_send(d->ring, RING_CORE, a->data, a->size);
		break;
	case CORE_ACT_WRITE:
		store_write(d->store, a->id, a->write, a->data, a->size);
		break;
	case CORE_ACT_OP:
		members_order(d->members, a->id, a->verb, a->unit, a->member);
		break;
	case CORE_ACT_TIMER:
		set_timer(d, a->at);
		break;
	case CORE_ACT_REPLY:
		replied(a->id, a->code, a->text);
		break;
	case CORE_ACT_FENCE:
		fencing_start(d, a->id, a->node);
		break;
	case CORE_ACT_ANSWER:
		devices_answer(d->devices, a->device, a->node, a->answer);
		break;
	case CORE_ACT_COMMITTED:
		config_committed(d, a->text, a->data, a->size, a->id);
		break;
	case CORE_ACT_LOG:
		say(a->code, "%s", a->text);
		break;
	case CORE_ACT_RESET:
		reset(d);
		break;
	case CORE_ACT_EXIT:
		say(5, "everything is stopped; the others know");
		sd_event_exit(d->event, 0);
		break;
	case CORE_ACT_LEASE:
		watchdog_lease(d->watchdog, a->at);
		break;
	}
}

static void step(struct daemon *d, const struct core_event *event)
{
	struct core_actions out = { 0 };

	core_step(d->core, event, clock_boot(), &out);
	for (size_t i = 0; i < out.count; i++)
		perform(d, &out.list[i]);
	core_actions_clear(&out);
	events_plan(d);
	d->stepped = true;
}

void engine_feed(struct daemon *d, const struct core_event *event)
{
	struct waiting *w;

	if (engine.stepping) {
		wait_for_turn(event);
		return;
	}
	engine.stepping = true;
	step(d, event);
	while ((w = engine.first)) {
		engine.first = w->next;
		if (!engine.first)
			engine.last = &engine.first;
		step(d, &w->event);
		waiting_free(w);
	}
	engine.stepping = false;
}

void engine_status(struct daemon *d, const char *unit, const char *member,
		   enum core_state state, const char *detail)
{
	const struct core_event event = {
		.kind = CORE_EV_STATUS,
		.row = { unit, member, state, detail },
	};

	engine_feed(d, &event);
}

void engine_ended(struct daemon *d, uint64_t id, int code, const char *text)
{
	const struct core_event event = { .kind = CORE_EV_OP, .id = id,
					  .code = code, .text = text };

	engine_feed(d, &event);
}

void engine_disk(struct daemon *d, uint64_t id, bool ok)
{
	const struct core_event event = { .kind = CORE_EV_DISK, .id = id,
					  .yes = ok };

	engine_feed(d, &event);
}

void engine_request(struct daemon *d, const struct core_request *request,
		    engine_reply *reply, void *arg)
{
	struct asked *asked = xcalloc(1, sizeof(*asked));
	const struct core_event event = { .kind = CORE_EV_REQUEST,
					  .id = ++engine.ids,
					  .request = *request };

	*asked = (struct asked){ engine.asked, event.id, reply, arg };
	engine.asked = asked;
	engine_feed(d, &event);
}

void engine_set(struct daemon *d, const char *key, const json_t *value,
		uint64_t base, engine_reply *reply, void *arg)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	const struct core_request request = {
		.kind = text ? CORE_REQ_SET : CORE_REQ_CLEAR, .base = base,
		.key = key, .value = { text, text ? strlen(text) : 0 },
	};

	engine_request(d, &request, reply, arg);
	free(text);
}

char *engine_start(struct daemon *d)
{
	struct core_params params = {
		.node = d->id, .boot = store_boot(d->store),
		.hello_ms = HELLO_MS, .margin_ms = MARGIN_MS,
		.plan_ms = PLAN_MS, .rejoin_ms = REJOIN_MS, .policy = brain_policy(d->brain),
	};
	struct core_bytes snapshot, *entries;
	const char *why = "";
	size_t count;

	if (getrandom(&params.incarnation, sizeof(params.incarnation), 0) !=
	    sizeof(params.incarnation))
		return xstrdup("the kernel gives no random bytes");
	store_loaded(d->store, &snapshot, &entries, &count);
	d->core = core_create(&params, snapshot, entries, count, &why);
	return d->core ? NULL : xstrdup(why);
}
