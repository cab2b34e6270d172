// SPDX-License-Identifier: GPL-2.0-only
/*
 * Alerts: the program of each that wants an event of this kind, the event on its
 * input and in HA_ALERT_* of its environment. Nobody waits for it, and what it
 * answers only becomes a message.
 */
#include <stdlib.h>
#include <string.h>

#include "alerts.h"
#include "child.h"
#include "util.h"
#include "values.h"

#define TIMEOUT_MS	30000
#define AT_ONCE		16	/* a flood of events is no flood of programs */

struct alerts {
	struct daemon *d;
	struct child_pool pool;
	char *runner;
	int running;
};

/* The words of a configuration, for kinds of events. */
static const char *word_of(const char *kind)
{
	static const char *const words[][2] = {
		{ "running", "failover" }, { "node-lost", "node" },
		{ "node-joined", "node" }, { "fence", "fence" },
		{ "failure", "failure" }, { "quorum", "quorum" },
		{ "safety", "safety" },
	};

	for (size_t i = 0; kind && i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i][0], kind))
			return words[i][1];
	return NULL;
}

static void on_done(const struct child_end *end, void *arg)
{
	struct alerts *all = arg;

	all->running--;
	if (end->end != EX_END_DONE || end->code)
		say(4, "an alert failed (%s, status %d): %s",
		    ex_end_word(end->end), end->code, end->tail);
}

static char *environment(const json_t *event, const char *key, const char *name)
{
	const char *text = json_string_value(json_object_get(event, key));

	return xasprintf("HA_ALERT_%s=%s", name, text ? text : "");
}

static void run(struct alerts *all, const struct hc_alert *alert,
		const json_t *event)
{
	char *input = json_dumps(event, JSON_COMPACT);
	char *envp[] = {
		environment(event, "kind", "KIND"),
		environment(event, "text", "TEXT"),
		environment(event, "service", "SERVICE"),
		environment(event, "node", "NODE"),
		xstrdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), NULL,
	};
	const char *argv[] = { alert->exec, NULL };
	const struct child_spec spec = {
		.argv = argv, .envp = envp, .input = input,
		.timeout_ms = alert->timeout > 0 ? alert->timeout : TIMEOUT_MS,
	};

	if (child_start(&all->pool, &spec, on_done, all))
		all->running++;
	for (size_t i = 0; envp[i]; i++)
		free(envp[i]);
	free(input);
}

void alerts_event(struct alerts *all, const json_t *event)
{
	const char *by = json_string_value(json_object_get(event, "said_by"));
	const char *word = word_of(json_string_value(json_object_get(event,
								     "kind")));
	const struct hc_config *conf = all ? all->d->conf : NULL;

	if (!conf || !word || !by || strcmp(by, all->d->places.name))
		return;
	for (unsigned int i = 0; i < conf->n_alerts; i++) {
		const struct hc_alert *alert = &conf->alerts[i];

		if (alert->on.n && !hc_words_have(&alert->on, word))
			continue;
		if (all->running >= AT_ONCE)
			say(4, "alert %s is left out: too many are running",
			    alert->name);
		else
			run(all, alert, event);
	}
}

struct alerts *alerts_new(struct daemon *d)
{
	struct alerts *all = xcalloc(1, sizeof(*all));

	all->d = d;
	all->runner = xasprintf("%s/ha-run", d->places.libexec);
	all->pool = (struct child_pool){ .event = d->event,
					 .runner = all->runner,
					 .grace_ms = 1000, .stuck_ms = 2000 };
	return all;
}

void alerts_free(struct alerts *all)
{
	if (!all)
		return;
	child_pool_free(&all->pool);
	free(all->runner);
	free(all);
}
