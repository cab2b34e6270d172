// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that change services, clones and rules in the configuration. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "cmd.h"
#include "member.h"
#include "util.h"

/* A device that is named and not there yet is the hadm resource of its name. */
static void edit_devices(struct hactl *h, struct hc_edit *edit)
{
	const struct hc_words *devices = &h->options[OPT_STORAGE];

	for (unsigned int i = 0; i < devices->n; i++)
		hc_edit_device(edit, devices->word[i]);
}

/* --check: a check of its own, which the service needs. */
static void edit_check(struct hactl *h, struct hc_edit *edit,
		       struct statements *list)
{
	const char *command = hactl_opt(h, OPT_CHECK);
	char *name, *quoted, *statements[3];

	if (!command)
		return;
	name = xasprintf("%s-check", h->words[0]);
	quoted = hc_quote(command);
	statements[0] = xasprintf("exec %s;", quoted);
	statements[1] = xasprintf("every %s;", hactl_opt(h, OPT_MONITOR) ?
				  hactl_opt(h, OPT_MONITOR) : "2s");
	statements[2] = xstrdup("fail 3;");
	hc_edit_block(edit, "check", name, statements, 3);
	statements_add(list, xasprintf("needs %s;", name));
	for (int i = 0; i < 3; i++)
		free(statements[i]);
	free(quoted);
	free(name);
}

static int edit_create(struct hactl *h, struct hc_edit *edit)
{
	struct statements list = { 0 };
	int ret = members_from_options(h, &list);

	if (!ret && !list.n)
		ret = hactl_usage("what shall %s consist of? Give --storage, --mount, --ip, --ocf or --unit",
				  h->words[0]);
	if (!ret) {
		rules_from_options(h, &list);
		edit_devices(h, edit);
		edit_check(h, edit, &list);
		hc_edit_block(edit, "service", h->words[0], list.text, list.n);
	}
	statements_free(&list);
	return ret;
}

int cmd_service_create(struct hactl *h)
{
	return hactl_change(h, edit_create);
}

static int edit_add(struct hactl *h, struct hc_edit *edit)
{
	char *text = member_from_spec(h, h->words[1], h->words[2],
				      h->words + 3, h->n_words - 3);

	if (!text)
		return HACTL_USAGE;
	hc_edit_member(edit, h->words[0], text, hactl_opt(h, OPT_BEFORE));
	free(text);
	return HACTL_OK;
}

int cmd_service_add(struct hactl *h)
{
	return hactl_change(h, edit_add);
}

static int edit_remove(struct hactl *h, struct hc_edit *edit)
{
	if (h->n_words > 1)
		hc_edit_member_remove(edit, h->words[0], h->words[1]);
	else
		hc_edit_remove(edit, h->verb->group, h->words[0]);
	return HACTL_OK;
}

int cmd_service_remove(struct hactl *h)
{
	return hactl_change(h, edit_remove);
}

static int edit_clone(struct hactl *h, struct hc_edit *edit)
{
	struct statements list = { 0 };
	int ret = HACTL_OK;
	char *member;

	member = member_from_spec(h, hactl_opt(h, OPT_NAME), h->words[1],
				  h->words + 2, h->n_words - 2);
	if (!member)
		return HACTL_USAGE;
	statements_add(&list, member);
	if (h->options[OPT_PROMOTABLE].n)
		statements_add(&list, xstrdup("promotable yes;"));
	rules_from_options(h, &list);
	hc_edit_block(edit, "clone", h->words[0], list.text, list.n);
	statements_free(&list);
	return ret;
}

int cmd_clone_create(struct hactl *h)
{
	return hactl_change(h, edit_clone);
}

static int edit_rule(struct hactl *h, struct hc_edit *edit)
{
	const char *kind = h->words[0];
	const char *near;

	if (hc_word_find(hc_rule_words, kind) < 0) {
		near = ha_nearest(kind, hc_rule_words);
		return hactl_usage("unknown rule \"%s\"%s%s%s", kind,
				   near ? "; did you mean \"" : "",
				   near ? near : "", near ? "\"?" : "");
	}
	for (unsigned int i = 2; i < h->n_words; i++) {
		if (h->options[OPT_REMOVE].n)
			hc_edit_rule_remove(edit, h->words[1], kind,
					    h->words[i]);
		else
			hc_edit_rule(edit, h->words[1], kind, h->words[i]);
	}
	if (h->n_words == 2 && !h->options[OPT_REMOVE].n)
		return hactl_usage("%s what? hactl rule %s %s NAME", kind, kind,
				   h->words[1]);
	if (h->n_words == 2)
		hc_edit_rule_remove(edit, h->words[1], kind, NULL);
	return HACTL_OK;
}

int cmd_rule(struct hactl *h)
{
	return hactl_change(h, edit_rule);
}

static int edit_set(struct hactl *h, struct hc_edit *edit)
{
	char *value = NULL, *longer;

	for (unsigned int i = 1; i < h->n_words; i++) {
		longer = value ? xasprintf("%s %s", value, h->words[i]) :
				 xstrdup(h->words[i]);
		free(value);
		value = longer;
	}
	if (!value && !h->options[OPT_REMOVE].n)
		return hactl_usage("set %s to what?", h->words[0]);
	hc_edit_set(edit, h->words[0], value);
	free(value);
	return HACTL_OK;
}

int cmd_set(struct hactl *h)
{
	return hactl_change(h, edit_set);
}
