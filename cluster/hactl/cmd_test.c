// SPDX-License-Identifier: GPL-2.0-only
/*
 * "test failover": what would happen is shown, done, measured and undone. It
 * moves the service in order, so nothing is lost when it goes wrong; killing a
 * node is another test.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "change.h"
#include "cmd.h"
#include "ipc.h"
#include "show.h"
#include "text.h"
#include "util.h"

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static const json_t *find_service(const json_t *status, const char *name)
{
	const json_t *service;
	size_t i;

	json_array_foreach(get_list(status, "services"), i, service)
		if (!strcmp(get_text(service, "name"), name))
			return service;
	return NULL;
}

/* Where it runs and where it would go; a failover needs both. */
static int find_ends(struct hactl *h, char **from, char **to)
{
	const char *name = h->words[0];
	const json_t *service, *failover;
	json_t *status;
	int ret = hactl_call(h, "get_status", NULL, &status);

	if (ret)
		return ret;
	service = find_service(status, name);
	failover = json_object_get(service, "failover");
	if (!service)
		ret = hactl_error("there is no service \"%s\"", name);
	else if (strcmp(get_text(service, "state"), "running"))
		ret = hactl_error("%s is %s: it must run before it can fail over",
				  name, get_text(service, "state"));
	else if (!*get_text(failover, "node") || !get_flag(failover, "ready"))
		ret = hactl_error("%s has no node to go to; see hactl why %s",
				  name, name);
	if (!ret) {
		*from = xstrdup(get_text(service, "node"));
		*to = xstrdup(get_text(failover, "node"));
	}
	json_decref(status);
	return ret;
}

static int move(struct hactl *h, const char *to)
{
	char *done = xasprintf("%s runs on %s", h->words[0], to);
	int ret = hactl_decide(h, json_pack("{s:s, s:s, s:s}", "what", "move",
					    "service", h->words[0], "node", to),
			       h->words[0], done);

	free(done);
	return ret;
}

static int report(struct hactl *h, int64_t since)
{
	json_t *data;
	int ret = hactl_call(h, "history",
			     json_pack("{s:s, s:I}", "service", h->words[0],
				       "since_ms", (json_int_t)since), &data);

	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		show_history(data, true, stdout);
	json_decref(data);
	return ret;
}

int cmd_test_failover(struct hactl *h)
{
	char *from = NULL, *to = NULL, *question;
	int64_t since = now_ms();
	int ret = find_ends(h, &from, &to);

	if (ret)
		return ret;
	question = xasprintf("Move %s from %s to %s and back?", h->words[0],
			     from, to);
	if (h->dry_run)
		ret = move(h, to);
	else if (!hactl_confirm(h, question))
		ret = HACTL_UNSAFE;
	else
		ret = move(h, to);
	if (!ret && !h->dry_run)
		ret = move(h, from);
	if (!h->dry_run && ret != HACTL_UNSAFE && report(h, since))
		ret = HACTL_FAILED;
	free(question);
	free(from);
	free(to);
	return ret;
}
