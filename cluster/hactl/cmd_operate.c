// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs an operator works with: decisions that are no configuration, each
 * with an end where that makes sense.
 */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "cmd.h"
#include "util.h"

/* {"what": WHAT, key: name} and what --for and --forever say. */
static json_t *decision(const struct hactl *h, const char *what,
			const char *key, const char *name)
{
	int64_t length = 0;
	json_t *args;

	if (hactl_opt_time(h, OPT_FOR, &length))
		return NULL;
	args = json_pack("{s:s}", "what", what);
	if (name)
		json_object_set_new(args, key, json_string(name));
	if (length)
		json_object_set_new(args, "for_ms", json_integer(length));
	return args;
}

static int decide(struct hactl *h, json_t *args, const char *expected,
		  char *done)
{
	int ret = args ? hactl_decide(h, args, expected, done) : HACTL_USAGE;

	free(done);
	return ret;
}

/* A decision about the service that is the first word. */
static int decide_service(struct hactl *h, const char *what, const char *done)
{
	const char *service = h->words[0];

	return decide(h, decision(h, what, "service", service), service,
		      xasprintf("%s %s", service, done));
}

int cmd_service_move(struct hactl *h)
{
	json_t *args = decision(h, "move", "service", h->words[0]);
	char *done;

	if (args && h->n_words > 1)
		json_object_set_new(args, "node", json_string(h->words[1]));
	done = xasprintf("%s moved", h->words[0]);
	return decide(h, args, h->words[0], done);
}

int cmd_service_ban(struct hactl *h)
{
	json_t *args;

	if (!hactl_opt(h, OPT_FOR) && !h->options[OPT_FOREVER].n)
		return hactl_usage("for how long? --for TIME, or --forever");
	args = decision(h, "ban", "service", h->words[0]);
	if (args)
		json_object_set_new(args, "node", json_string(h->words[1]));
	return decide(h, args, h->words[0],
		      xasprintf("%s is banned from %s", h->words[0],
				h->words[1]));
}

int cmd_service_stop(struct hactl *h)
{
	return decide_service(h, "stop", "stopped");
}

int cmd_service_start(struct hactl *h)
{
	return decide_service(h, "start", "may run");
}

int cmd_service_restart(struct hactl *h)
{
	return decide_service(h, "restart", "restarted");
}

/* Failures, bans and moves of a service are forgotten. */
int cmd_clear(struct hactl *h)
{
	json_t *args = decision(h, "clear", "service", h->words[0]);

	if (args && h->n_words > 1)
		json_object_set_new(args, "node", json_string(h->words[1]));
	return decide(h, args, h->words[0],
		      xasprintf("%s is cleared", h->words[0]));
}

int cmd_node_standby(struct hactl *h)
{
	return decide(h, decision(h, "standby", "node", h->words[0]), NULL,
		      xasprintf("%s runs no services now", h->words[0]));
}

int cmd_node_resume(struct hactl *h)
{
	return decide(h, decision(h, "resume", "node", h->words[0]), NULL,
		      xasprintf("%s may run services", h->words[0]));
}

/* "maintenance on|off": of the node that is the first word, or of all. */
static int maintenance(struct hactl *h, const char *node, const char *word)
{
	bool on = !strcmp(word, "on");
	json_t *args;

	if (!on && strcmp(word, "off"))
		return hactl_usage("maintenance is on or off, not \"%s\"", word);
	args = decision(h, "maintenance", "node", node);
	if (args)
		json_object_set_new(args, "on", json_boolean(on));
	return decide(h, args, NULL,
		      xasprintf("maintenance of %s is %s",
				node ? node : "the cluster", word));
}

int cmd_node_maintenance(struct hactl *h)
{
	return maintenance(h, h->words[0], h->words[1]);
}

int cmd_maintenance(struct hactl *h)
{
	return maintenance(h, NULL, h->words[0]);
}
