// SPDX-License-Identifier: GPL-2.0-only
/* Changing the cluster: preview, question, compare-and-swap, wait. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "ipc.h"
#include "show.h"
#include "text.h"
#include "util.h"

#define TRIES		3
#define WAIT_MS		(10 * 60 * 1000)

int hactl_get_config(struct hactl *h, int64_t *rev, char **text)
{
	json_t *args = *rev ? json_pack("{s:I}", "rev", (json_int_t)*rev) : NULL;
	json_t *data;
	int ret = hactl_call(h, "get_config", args, &data);

	if (!ret) {
		*rev = get_number(data, "rev");
		*text = xstrdup(get_text(data, "text"));
	}
	json_decref(data);
	return ret;
}

static void say_errors(struct conf_errors *errors)
{
	conf_errors_print(errors, stderr);
	conf_errors_free(errors);
}

static int say_diff(const char *old, const char *text, FILE *out)
{
	struct conf_errors errors = { 0 };
	struct hc_config *from = hc_load("(in force)", old, &errors);
	struct hc_config *to = hc_load("(new)", text, &errors);
	char *diff = from && to ? hc_diff(from, to) : NULL;

	if (diff)
		fputs(*diff ? diff : "only layout or comments change\n", out);
	else
		say_errors(&errors);
	free(diff);
	hc_free(from);
	hc_free(to);
	return diff ? HACTL_OK : HACTL_FAILED;
}

/* Services a plan stops or moves, but for one that is expected to. */
static char *disturbed(const json_t *plan, const char *expected)
{
	const json_t *name;
	char *list = NULL;
	size_t i;

	json_array_foreach(get_list(plan, "disturbs"), i, name) {
		const char *service = json_string_value(name);
		char *longer;

		if (!service || ha_streq(service, expected))
			continue;
		longer = list ? xasprintf("%s, %s", list, service) :
				xstrdup(service);
		free(list);
		list = longer;
	}
	return list;
}

/*
 * Shows what would follow. What disturbs services that run wants a yes, and
 * what the daemon calls unsafe is not done at all.
 */
static int preview(struct hactl *h, json_t *args, const char *expected)
{
	json_t *plan;
	char *services, *question;
	int ret = hactl_call(h, "plan", args, &plan);

	if (ret)
		goto out;
	if (h->json && h->dry_run)
		hactl_print_json(json_incref(plan));
	else if (!h->json)
		show_plan(plan, h->colour, stdout);
	if (*get_text(plan, "unsafe")) {
		hactl_error("it would be unsafe: %s", get_text(plan, "unsafe"));
		ret = HACTL_UNSAFE;
		goto out;
	}
	services = disturbed(plan, expected);
	if (services && !h->dry_run) {
		question = xasprintf("This disturbs what runs: %s. Do it?",
				     services);
		fflush(stdout);
		if (!hactl_confirm(h, question))
			ret = HACTL_UNSAFE;
		free(question);
	}
	free(services);
out:
	json_decref(plan);
	return ret;
}

int hactl_settle(struct hactl *h, const json_t *reply)
{
	int64_t timeout = WAIT_MS;
	json_t *args, *data;
	int ret;

	if (json_is_true(json_object_get(reply, "left")))
		return HACTL_OK;
	ret = hactl_opt_time(h, OPT_MAX_WAIT, &timeout);
	if (ret || !hactl_wanted_wait(h))
		return ret;
	args = json_pack("{s:I, s:O?}", "timeout_ms", (json_int_t)timeout,
			 "ticket", json_object_get(reply, "ticket"));
	ret = hactl_call(h, "wait", args, &data);
	json_decref(data);
	return ret;
}

static int propose(struct hactl *h, int64_t parent, const char *text)
{
	const char *message = hactl_opt(h, OPT_MESSAGE);
	char *error;
	json_t *data;
	int ret;

	ret = hactl_try(h, "propose_config",
			json_pack("{s:s, s:I, s:s}", "text", text, "parent",
				  (json_int_t)parent, "message",
				  message ? message : ""), &data, &error);
	if (ret && ret != HACTL_CONFLICT)
		hactl_error("%s", error);
	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		printf("rev %" PRId64 "\n", get_number(data, "rev"));
	if (!ret)
		ret = hactl_settle(h, data);
	free(error);
	json_decref(data);
	return ret;
}

int hactl_propose(struct hactl *h, int64_t parent, const char *old,
		  const char *text)
{
	int ret;

	if (!strcmp(old, text)) {
		fputs("nothing to change\n", h->json ? stderr : stdout);
		return HACTL_OK;
	}
	ret = say_diff(old, text, h->json ? stderr : stdout);
	if (!ret)
		ret = preview(h, json_pack("{s:s}", "config", text), NULL);
	if (ret || h->dry_run)
		return ret;
	return propose(h, parent, text);
}

static int change_once(struct hactl *h, hactl_edit_fn *edit_fn)
{
	struct conf_errors errors = { 0 };
	char *old = NULL, *text;
	struct hc_edit *edit;
	int64_t rev = 0;
	int ret;

	ret = hactl_get_config(h, &rev, &old);
	if (ret)
		return ret;
	edit = hc_edit_begin("(the configuration in force)", old, &errors);
	if (edit) {
		ret = edit_fn(h, edit);
		text = hc_edit_end(edit);
		if (!ret && text)
			ret = hactl_propose(h, rev, old, text);
		free(text);
	}
	if (errors.count && !ret) {
		say_errors(&errors);
		ret = HACTL_FAILED;
	}
	conf_errors_free(&errors);
	free(old);
	return ret;
}

int hactl_change(struct hactl *h, hactl_edit_fn *edit)
{
	int ret = HACTL_CONFLICT;

	for (int i = 0; i < TRIES && ret == HACTL_CONFLICT; i++)
		ret = change_once(h, edit);
	if (ret == HACTL_CONFLICT)
		hactl_error("others change the configuration all the time; nothing was changed");
	return ret;
}

int hactl_decide(struct hactl *h, json_t *decision, const char *expected,
		 const char *done)
{
	json_t *data = NULL;
	int ret;

	ret = preview(h, json_pack("{s:O}", "decide", decision), expected);
	if (ret || h->dry_run) {
		json_decref(decision);
		return ret;
	}
	ret = hactl_call(h, "decide", decision, &data);
	if (!ret)
		ret = hactl_settle(h, data);
	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		printf("%s\n", done);
	json_decref(data);
	return ret;
}
