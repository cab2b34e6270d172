// SPDX-License-Identifier: GPL-2.0-only
/* Clients that wait until what was decided is done. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "util.h"

#define LOOK_MS	50

struct waiter {
	struct waiter *next;
	struct ipc_call *call;
	struct daemon *d;
	uint64_t ticket;
	int64_t deadline, since;
	sd_event_source *clock;
	bool due;
};

static struct waiter *waiters;
static sd_event_source *soon;

static void end(struct waiter *w, const char *code, const char *text)
{
	struct waiter **at = &waiters;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	sd_event_source_disable_unref(w->clock);
	if (code)
		ipc_fail(w->call, code, "%s", text);
	else
		ipc_ok(w->call, NULL);
	free(w);
}

static bool all_rows(const struct picture *p)
{
	for (unsigned int n = 0; n < p->conf->n_nodes; n++) {
		uint32_t id = p->conf->nodes[n].id;

		if (p->standing[id - 1] != CORE_NODE_READY)
			continue;
		for (unsigned int i = 0; i < p->conf->n_services; i++)
			for (unsigned int j = 0;
			     j < p->conf->services[i].n_members; j++) {
				const struct picture_row *row =
					picture_member(p, id,
						       &p->conf->services[i],
						       &p->conf->services[i].members[j]);

				if (!row || row->state == CORE_UNSURE)
					return false;
			}
	}
	return true;
}

static char *what_blocks(const struct thought *t)
{
	char *text = NULL, *longer;

	for (int i = 0; i < t->plan.n_blocked; i++) {
		const struct hp_blocked *b = &t->plan.blocked[i];
		char *what = wants_text(t, b->act, b->rsc, b->node);
		char *why = wants_why(t, b->why, b->other);

		longer = xasprintf("%s%scannot %s: %s", text ? text : "",
				   text ? "; " : "", what, why);
		free(text);
		free(what);
		free(why);
		text = longer;
	}
	return text;
}

/* Restarts and moves are done when the coordinator has taken the fact away. */
static bool in_flight(const struct picture *p)
{
	for (size_t i = 0; i < p->n_facts; i++)
		if (!strncmp(p->facts[i].key, OP_RESTART, strlen(OP_RESTART)) ||
		    !strncmp(p->facts[i].key, OP_MOVE, strlen(OP_MOVE)) ||
		    !strncmp(p->facts[i].key, OP_CLEAR, strlen(OP_CLEAR)))
			return true;
	return false;
}

enum settled { UNDER_WAY, DONE, BLOCKED };

static enum settled look(struct daemon *d, char **why)
{
	struct picture *p = picture_take(d);
	enum settled settled = UNDER_WAY;
	const struct thought *t;

	*why = NULL;
	if (!strcmp(p->view.phase, "active") && !p->n_ops && all_rows(p) &&
	    !in_flight(p)) {
		t = picture_think(p);
		if (!t->ret && !t->plan.n_actions) {
			*why = what_blocks(t);
			settled = *why ? BLOCKED : DONE;
		}
	}
	picture_free(p);
	return settled;
}

static int on_soon(sd_event_source *source, uint64_t usec, void *arg)
{
	struct daemon *d = arg;
	struct waiter *w, *next;
	enum settled settled;
	char *why;

	(void)source;
	(void)usec;
	if (!waiters)
		return 0;
	settled = look(d, &why);
	for (w = waiters; w; w = next) {
		next = w->next;
		if (settled == UNDER_WAY || d->user < w->ticket) {
			w->since = 0;
			continue;
		}
		/* Twice in a row: the coordinator may just be thinking. */
		if (!w->since++)
			continue;
		if (settled == DONE)
			end(w, NULL, NULL);
		else
			end(w, "failed", why);
	}
	free(why);
	if (waiters) {
		sd_event_source_set_time_relative(soon, LOOK_MS * 1000);
		sd_event_source_set_enabled(soon, SD_EVENT_ONESHOT);
	}
	return 0;
}

void waits_look(struct daemon *d)
{
	if (!waiters)
		return;
	if (!soon && sd_event_add_time_relative(d->event, &soon,
						CLOCK_MONOTONIC, LOOK_MS * 1000,
						1000, on_soon, d) < 0)
		abort();
	if (sd_event_source_get_enabled(soon, NULL) > 0)
		return;
	sd_event_source_set_time_relative(soon, LOOK_MS * 1000);
	sd_event_source_set_enabled(soon, SD_EVENT_ONESHOT);
}

static int on_late(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	end(arg, "failed", "it is still under way");
	return 0;
}

void answer_wait(struct daemon *d, struct ipc_call *call)
{
	int64_t ms = json_integer_value(json_object_get(ipc_args(call),
							"timeout_ms"));
	struct waiter *w = xcalloc(1, sizeof(*w));

	w->d = d;
	w->call = call;
	w->ticket = json_integer_value(json_object_get(ipc_args(call),
						       "ticket"));
	w->next = waiters;
	waiters = w;
	if (sd_event_add_time_relative(d->event, &w->clock, CLOCK_MONOTONIC,
				       (ms > 0 ? ms : 60000) * 1000, 1000,
				       on_late, w) < 0)
		abort();
	waits_look(d);
}
