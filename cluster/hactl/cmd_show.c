// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that only look: status, why, plan, history. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "ipc.h"
#include "show.h"
#include "text.h"

static int show_once(struct hactl *h)
{
	json_t *data;
	int ret = hactl_call(h, "get_status", NULL, &data);

	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		show_status(data, h->colour, stdout);
	json_decref(data);
	return ret;
}

/* A connection of its own hears of changes, the other one asks. */
static int watch(struct hactl *h)
{
	struct hactl events = { .socket = h->socket, .fd = -1 };
	json_t *data, *event = NULL;
	int ret = hactl_call(&events, "subscribe", NULL, &data);

	json_decref(data);
	while (!ret) {
		if (h->colour)
			fputs("\033[H\033[2J", stdout);
		ret = show_once(h);
		fflush(stdout);
		json_decref(event);
		event = ret ? NULL : hactl_next(&events);
		if (!ret && !event)
			ret = hactl_error("haclusterd ended the connection");
		if (!h->colour && !h->json)
			putchar('\n');
	}
	return ret;
}

int cmd_status(struct hactl *h)
{
	return h->options[OPT_WATCH].n ? watch(h) : show_once(h);
}

int cmd_why(struct hactl *h)
{
	json_t *args, *data;
	int ret;

	if (hactl_opt(h, OPT_FILE))
		return cmd_why_offline(h);
	args = json_pack("{s:s}", "service", h->words[0]);
	if (h->n_words > 1)
		json_object_set_new(args, "node", json_string(h->words[1]));
	ret = hactl_call(h, "why", args, &data);
	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		show_why(data, h->colour, stdout);
	json_decref(data);
	return ret;
}

int cmd_plan(struct hactl *h)
{
	const struct hc_words *ifs = &h->options[OPT_IF];
	json_t *list, *data;
	int ret;

	if (hactl_opt(h, OPT_FILE))
		return cmd_plan_offline(h);
	list = json_array();
	for (unsigned int i = 0; i < ifs->n; i++)
		json_array_append_new(list, json_string(ifs->word[i]));
	ret = hactl_call(h, "plan", json_pack("{s:o}", "if", list), &data);
	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		show_plan(data, h->colour, stdout);
	json_decref(data);
	return ret;
}

int cmd_history(struct hactl *h)
{
	json_t *args = json_object(), *data;
	const char *limit = hactl_opt(h, OPT_LIMIT);
	int64_t since = 24 * 3600 * 1000;
	int ret, n = 0;

	if (limit && !hc_number_parse(limit, 1000000, &n)) {
		json_decref(args);
		return hactl_usage("--limit: \"%s\" is no number", limit);
	}
	ret = hactl_opt_time(h, OPT_SINCE, &since);
	if (ret) {
		json_decref(args);
		return ret;
	}
	if (h->n_words)
		json_object_set_new(args, "service", json_string(h->words[0]));
	if (n)
		json_object_set_new(args, "limit", json_integer(n));
	json_object_set_new(args, "since_ms", json_integer(h->now_ms - since));
	ret = hactl_call(h, "history", args, &data);
	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		show_history(data, h->options[OPT_VERBOSE].n, stdout);
	json_decref(data);
	return ret;
}
