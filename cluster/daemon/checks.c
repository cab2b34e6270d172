// SPDX-License-Identifier: GPL-2.0-only
/* Runs checks, one run of each at a time. */
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "child.h"
#include "engine.h"
#include "events.h"
#include "util.h"

#define EVERY_MS	2000
#define TIMEOUT_MS	5000
#define FAIL		3
#define HOSTS		16

/* A host that answers is enough: the network is there. */
static const char ping_any[] =
	"for host; do ping -n -q -c 1 -W \"$0\" \"$host\" && exit 0; done; exit 1";

/**
 * struct check - @bad: failures in a row
 * @gone: not in the configuration any more, to be freed after its run
 */
struct check {
	struct checks *all;
	struct check *next;
	struct model *model;
	const struct hc_probe *is;
	char *name;
	struct child *child;
	sd_event_source *clock;
	int bad;
	bool failed, told, gone;
};

struct checks {
	struct daemon *d;
	struct child_pool pool;
	char *runner;
	struct check *first;
};

static int64_t or_preset(int64_t value, int64_t preset)
{
	return value > 0 ? value : preset;
}

static void tell(struct check *check)
{
	json_t *detail = json_pack("{s:b}", "failed", check->failed);
	char *text = json_dumps(detail, JSON_COMPACT);

	check->told = true;
	engine_status(check->all->d, CHECK_UNIT, check->name, CORE_STOPPED, text);
	free(text);
	json_decref(detail);
}

static void say_change(struct check *check, const char *why)
{
	struct daemon *d = check->all->d;
	char *text = xasprintf("check %s on %s %s%s%s", check->name,
			       d->places.name, check->failed ? "failed" : "is well",
			       check->failed && *why ? ": " : "",
			       check->failed ? why : "");

	events_say(d, json_pack("{s:s, s:s, s:s}", "kind",
				check->failed ? "failure" : "note", "node",
				d->places.name, "text", text), true);
	free(text);
}

static void drop(struct check *check)
{
	sd_event_source_disable_unref(check->clock);
	model_put(check->model);
	free(check->name);
	free(check);
}

static void on_done(const struct child_end *end, void *arg)
{
	struct check *check = arg;
	bool good = end->end == EX_END_DONE && !end->code, was = check->failed;

	check->child = NULL;
	if (check->gone) {
		drop(check);
		return;
	}
	check->bad = good ? 0 : check->bad + 1;
	check->failed = check->bad >= or_preset(check->is->fail, FAIL);
	if (check->failed != was)
		say_change(check, end->tail);
	if (check->failed != was || !check->told)
		tell(check);
	sd_event_source_set_time_relative(check->clock,
					  or_preset(check->is->every, EVERY_MS) *
					  1000);
	sd_event_source_set_enabled(check->clock, SD_EVENT_ONESHOT);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct check *check = arg;
	int64_t timeout = or_preset(check->is->timeout, TIMEOUT_MS);
	char seconds[16];
	const char *argv[HOSTS + 5] = { "/bin/sh", "-c", check->is->exec };
	struct child_spec spec = { .argv = argv, .timeout_ms = timeout };

	(void)usec;
	if (!check->is->exec) {
		snprintf(seconds, sizeof(seconds), "%d",
			 (int)((timeout + 999) / 1000));
		argv[2] = ping_any;
		argv[3] = seconds;
		for (unsigned int i = 0; i < check->is->ping.n && i < HOSTS; i++)
			argv[4 + i] = check->is->ping.word[i];
	}
	check->child = child_start(&check->all->pool, &spec, on_done, check);
	if (check->child)
		return 0;
	sd_event_source_set_time_relative(source, EVERY_MS * 1000);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void add(struct checks *all, const char *name)
{
	struct check *check = xcalloc(1, sizeof(*check));

	check->all = all;
	check->name = xstrdup(name);
	check->next = all->first;
	all->first = check;
	if (sd_event_add_time_relative(all->d->event, &check->clock,
				       CLOCK_MONOTONIC, 0, 1000, on_clock,
				       check) < 0)
		abort();
}

static struct check *find(struct checks *all, const char *name)
{
	struct check *check = all->first;

	while (check && strcmp(check->name, name))
		check = check->next;
	return check;
}

/* What is not asked any more has not failed. */
static void retire(struct check *check)
{
	if (check->failed) {
		check->failed = false;
		tell(check);
	}
	check->gone = true;
	if (check->child)
		child_cancel(check->child);
	else
		drop(check);
}

void checks_configure(struct checks *all, struct model *model)
{
	const struct hc_config *conf = model->conf;
	struct check **at = &all->first, *check;

	while ((check = *at)) {
		if (hc_check_find(conf, check->name)) {
			at = &check->next;
			continue;
		}
		*at = check->next;
		retire(check);
	}
	for (unsigned int i = 0; i < conf->n_checks; i++) {
		if (!find(all, conf->checks[i].name))
			add(all, conf->checks[i].name);
		check = find(all, conf->checks[i].name);
		model_put(check->model);
		check->model = model_get(model);
		check->is = &conf->checks[i];
	}
}

struct checks *checks_new(struct daemon *d)
{
	struct checks *all = xcalloc(1, sizeof(*all));

	all->d = d;
	all->runner = xasprintf("%s/ha-run", d->places.libexec);
	all->pool = (struct child_pool){ .event = d->event,
					 .runner = all->runner,
					 .grace_ms = 1000, .stuck_ms = 2000 };
	return all;
}

void checks_free(struct checks *all)
{
	struct check *check;

	if (!all)
		return;
	while ((check = all->first)) {
		all->first = check->next;
		drop(check);
	}
	child_pool_free(&all->pool);
	free(all->runner);
	free(all);
}
