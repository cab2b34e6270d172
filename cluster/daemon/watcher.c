// SPDX-License-Identifier: GPL-2.0-only
/* The view as events, the ends of decisions, the end of a shutdown. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "engine.h"
#include "events.h"
#include "facts.h"
#include "members.h"
#include "util.h"
#include "watcher.h"

#define LOOK_MS		100
#define EXPIRE_MS	1000

/**
 * struct watcher - @clearing: a fact is being removed, one at a time
 * @quiet: looks in a row that found nothing to do
 */
struct watcher {
	struct daemon *d;
	sd_event_source *post, *soon, *clock;
	bool armed, clearing, leaving;
	int quiet;
	char phase[16];
	bool quorate, known_quorate;
	json_t *changed;	/* what those who subscribed are told */
};

/* While the view is pending nothing is known; then its first node says it. */
static void say_quorum(struct watcher *w, const struct core_view *view)
{
	if (!strcmp(view->phase, "pending") || view->quorate == w->known_quorate)
		return;
	w->known_quorate = view->quorate;
	if (!(view->members & ((1u << (w->d->id - 1)) - 1)))
		events_say(w->d, json_pack("{s:s, s:s, s:s}", "kind", "quorum",
					   "node", w->d->places.name, "text",
					   view->quorate ? "quorum is there" :
					   "quorum is lost"), false);
}

static void say_view(struct watcher *w, const struct core_view *view)
{
	bool active = !strcmp(view->phase, "active");

	if (!strcmp(view->phase, w->phase) && view->quorate == w->quorate)
		return;
	say(6, "view: %s, %s, members %#x, coordinator %u", view->phase,
	    view->quorate ? "quorate" : "not quorate", view->members,
	    view->coordinator);
	say_quorum(w, view);
	if (active && view->coordinator == w->d->id &&
	    strcmp(w->phase, "active"))
		events_say(w->d, json_pack("{s:s, s:s}", "kind", "view", "text",
					   "the view is settled"), false);
	snprintf(w->phase, sizeof(w->phase), "%s", view->phase);
	w->quorate = view->quorate;
}

static void on_cleared(int code, const char *text, void *arg)
{
	struct watcher *w = arg;

	(void)code;
	(void)text;
	w->clearing = false;
	w->armed = false;
}

static void clear(struct watcher *w, const char *key)
{
	w->clearing = true;
	say(6, "%s is done", key);
	engine_set(w->d, key, NULL, 0, on_cleared, w);
}

static bool has(const char *key, const char *prefix)
{
	return !strncmp(key, prefix, strlen(prefix));
}

static int64_t member_of(const char *value, const char *key)
{
	json_t *json = json_loads(value, 0, NULL);
	int64_t number = json_integer_value(json_object_get(json, key));

	json_decref(json);
	return number;
}

/* A time that has run out; a node that was shut down and is back. */
static bool is_over(struct watcher *w, const struct picture_fact *fact)
{
	int64_t until = member_of(fact->value, "until_ms");

	if (!has(fact->key, "op/"))
		return false;
	if (until && until <= clock_wall())
		return true;
	return has(fact->key, OP_SHUTDOWN) &&
	       !strcmp(fact->key + strlen(OP_SHUTDOWN), w->d->places.name) &&
	       member_of(fact->value, "time_ms") < w->d->started_ms;
}

static bool is_done(const struct picture_fact *fact)
{
	return has(fact->key, OP_MOVE) || has(fact->key, OP_RESTART) ||
	       has(fact->key, OP_CLEAR);
}

static void end_decisions(struct watcher *w, struct picture *p)
{
	bool mine = p->view.coordinator == w->d->id, quiet;
	const struct thought *t;

	if (w->clearing)
		return;
	for (size_t i = 0; i < p->n_facts; i++)
		if (is_over(w, &p->facts[i]) &&
		    (mine || has(p->facts[i].key, OP_SHUTDOWN))) {
			clear(w, p->facts[i].key);
			return;
		}
	if (!mine)
		return;
	for (size_t i = 0; i < p->n_facts; i++) {
		if (!is_done(&p->facts[i]))
			continue;
		t = picture_think(p);
		quiet = !p->n_ops && !t->ret && !t->plan.n_actions;
		w->quiet = quiet ? w->quiet + 1 : 0;
		/* Twice: the members may not have taken notice yet. */
		if (w->quiet > 2)
			clear(w, p->facts[i].key);
		w->armed = true;
		return;
	}
	w->quiet = 0;
}

/* Everything has moved away from here: say goodbye and end. */
static void end_shutdown(struct watcher *w, struct picture *p)
{
	static const struct core_event leave = { .kind = CORE_EV_LEAVE };
	char *key = xasprintf(OP_SHUTDOWN "%s", w->d->places.name);
	const char *value = picture_fact(p, key);
	bool mine = value && member_of(value, "time_ms") >= w->d->started_ms;

	free(key);
	if (!mine || w->leaving)
		return;
	for (unsigned int i = 0; i < p->conf->n_services; i++)
		if (picture_where(p, &p->conf->services[i]) == w->d->id)
			return;
	w->leaving = true;
	say(5, "nothing runs here any more: leaving the cluster");
	engine_feed(w->d, &leave);
}

static void arm(struct watcher *w, int64_t ms)
{
	sd_event_source_set_time_relative(w->soon, ms * 1000);
	sd_event_source_set_enabled(w->soon, SD_EVENT_ONESHOT);
}

static int on_soon(sd_event_source *source, uint64_t usec, void *arg)
{
	struct watcher *w = arg;
	struct picture *p;

	(void)source;
	(void)usec;
	w->armed = false;
	if (!w->d->conf)
		return 0;
	p = picture_take(w->d);
	if (!strcmp(p->view.phase, "active")) {
		end_decisions(w, p);
		end_shutdown(w, p);
	}
	picture_free(p);
	waits_look(w->d);
	ipc_event(w->d->ipc, w->changed);
	if (w->armed)
		arm(w, LOOK_MS);
	return 0;
}

static int on_post(sd_event_source *source, void *arg)
{
	struct watcher *w = arg;
	struct core_view view;

	(void)source;
	if (!w->d->stepped)
		return 0;
	w->d->stepped = false;
	core_look(w->d->core, &view);
	say_view(w, &view);
	if (!w->armed) {
		w->armed = true;
		arm(w, LOOK_MS);
	}
	return 0;
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct watcher *w = arg;

	(void)usec;
	w->d->stepped = true;
	sd_event_source_set_time_relative(source, EXPIRE_MS * 1000);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

int watcher_start(struct daemon *d, struct watcher **out)
{
	struct watcher *w = xcalloc(1, sizeof(*w));
	int ret;

	w->d = d;
	w->changed = json_pack("{s:s}", "event", "status");
	*out = w;
	ret = sd_event_add_post(d->event, &w->post, on_post, w);
	if (ret >= 0)
		ret = sd_event_add_time_relative(d->event, &w->soon,
						 CLOCK_MONOTONIC, 0, 1000,
						 on_soon, w);
	if (ret >= 0)
		ret = sd_event_add_time_relative(d->event, &w->clock,
						 CLOCK_MONOTONIC, 0, 1000,
						 on_clock, w);
	return ret < 0 ? ret : 0;
}

void watcher_stop(struct watcher *w)
{
	if (!w)
		return;
	sd_event_source_disable_unref(w->post);
	sd_event_source_disable_unref(w->soon);
	sd_event_source_disable_unref(w->clock);
	json_decref(w->changed);
	free(w);
}
