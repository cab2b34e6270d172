// SPDX-License-Identifier: GPL-2.0-only
/* Statements of the configuration, made of words of the command line. */
#include <stdlib.h>
#include <string.h>

#include "member.h"
#include "util.h"

#define BY_RESOURCE "/dev/ha/by-resource/"

void statements_add(struct statements *list, char *text)
{
	list->text = xreallocarray(list->text, list->n + 1,
				   sizeof(*list->text));
	list->text[list->n++] = text;
}

void statements_free(struct statements *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		free(list->text[i]);
	free(list->text);
	memset(list, 0, sizeof(*list));
}

/* Appends to a string that is owned. */
static char *append(char *text, char *more)
{
	char *longer = xasprintf("%s%s", text, more);

	free(text);
	free(more);
	return longer;
}

static char *params_text(char *text, char **params, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const char *equals = strchr(params[i], '=');
		char *name, *value;

		if (!equals || equals == params[i]) {
			hactl_usage("\"%s\" is no parameter: write NAME=VALUE",
				    params[i]);
			free(text);
			return NULL;
		}
		name = xasprintf("%.*s", (int)(equals - params[i]), params[i]);
		value = hc_quote(equals + 1);
		text = append(text, xasprintf(" param %s %s;", name, value));
		free(name);
		free(value);
	}
	return text;
}

/* What is in the block of a member: nothing, or its own settings. */
static char *settings_text(const struct hactl *h, const char *name)
{
	const char *monitor = hactl_opt(h, OPT_MONITOR);
	const char *timeout = hactl_opt(h, OPT_TIMEOUT);
	char *text = xstrdup("");

	if (name) {
		char *quoted = hc_quote(name);

		text = append(text, xasprintf(" name %s;", quoted));
		free(quoted);
	}
	if (monitor)
		text = append(text, xasprintf(" monitor %s%s%s;", monitor,
					      timeout ? " timeout " : "",
					      timeout ? timeout : ""));
	return text;
}

static char *statement(const char *head, char *settings)
{
	char *text = *settings ? xasprintf("%s {%s }", head, settings) :
				 xasprintf("%s;", head);

	free(settings);
	return text;
}

char *member_from_spec(const struct hactl *h, const char *name,
		       const char *spec, char **params, unsigned int n)
{
	static const char *const kinds[] = { "systemd", "ip", "storage" };
	char *head, *text, *settings;
	size_t length = strcspn(spec, ":");

	if (!strncmp(spec, "ocf:", 4)) {
		const char *type = strrchr(spec, ':') + 1;

		head = xasprintf("ocf %s %s", name ? name : type, spec);
		settings = settings_text(h, NULL);
		settings = params_text(settings, params, n);
		text = settings ? statement(head, settings) : NULL;
		free(head);
		return text;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		char *what;

		if (strlen(kinds[i]) != length || !spec[length] ||
		    strncmp(spec, kinds[i], length))
			continue;
		if (n) {
			hactl_usage("a %s member has no parameters", kinds[i]);
			return NULL;
		}
		what = hc_quote(spec + length + 1);
		head = xasprintf("%s %s", kinds[i], what);
		text = statement(head, settings_text(h, name));
		free(head);
		free(what);
		return text;
	}
	hactl_usage("\"%s\" is no member: write ocf:PROVIDER:TYPE, systemd:UNIT, ip:ADDRESS/LENGTH or storage:DEVICE",
		    spec);
	return NULL;
}

/* DIR[:FSTYPE[:DEVICE]]; the device is that of the storage before it. */
static char *mount_text(const struct hactl *h, const char *value)
{
	char *copy = xstrdup(value), *rest = copy;
	const char *dir = strsep(&rest, ":"), *type = strsep(&rest, ":");
	const char *storage = hactl_opt(h, OPT_STORAGE);
	char *quoted = hc_quote(dir), *text = NULL;

	if (rest)
		text = xasprintf("mount %s %s %s;", rest, quoted, type);
	else if (storage)
		text = xasprintf("mount %s%s %s %s;", BY_RESOURCE, storage,
				 quoted, type && *type ? type : "auto");
	else
		hactl_usage("--mount %s: of which device? Give --storage, or --mount DIR:FSTYPE:DEVICE",
			    value);
	free(quoted);
	free(copy);
	return text;
}

static char *ip_text(const char *value)
{
	/* After the prefix's length, so that IPv6 addresses may have colons. */
	const char *slash = strchr(value, '/');
	const char *dev = slash ? strchr(slash, ':') : NULL;

	if (!dev)
		return xasprintf("ip %s;", value);
	return xasprintf("ip %.*s { dev %s; }", (int)(dev - value), value,
			 dev + 1);
}

static char *ocf_text(const struct hactl *h, const char *value)
{
	const char *equals = strchr(value, '=');
	char *name, *text;

	if (!equals)
		return member_from_spec(h, NULL, value, NULL, 0);
	name = xasprintf("%.*s", (int)(equals - value), value);
	text = member_from_spec(h, name, equals + 1, NULL, 0);
	free(name);
	return text;
}

static char *option_text(const struct hactl *h, enum hactl_option option,
			 const char *value)
{
	switch (option) {
	case OPT_STORAGE:
		return xasprintf("storage %s;", value);
	case OPT_MOUNT:
		return mount_text(h, value);
	case OPT_IP:
		return ip_text(value);
	case OPT_OCF:
		return ocf_text(h, value);
	default:
		return xasprintf("systemd %s;", value);
	}
}

int members_from_options(const struct hactl *h, struct statements *list)
{
	static const enum hactl_option options[] = {
		OPT_STORAGE, OPT_MOUNT, OPT_IP, OPT_OCF, OPT_UNIT,
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const struct hc_words *values = &h->options[options[i]];

		for (unsigned int j = 0; j < values->n; j++) {
			char *text = option_text(h, options[i],
						 values->word[j]);

			if (!text)
				return HACTL_USAGE;
			statements_add(list, text);
		}
	}
	return HACTL_OK;
}

void rules_from_options(const struct hactl *h, struct statements *list)
{
	static const struct {
		enum hactl_option option;
		const char *rule;
	} rules[] = {
		{ OPT_STAY, "stay" }, { OPT_PREFER, "prefer" },
		{ OPT_AVOID, "avoid" }, { OPT_AFTER, "after" },
		{ OPT_WITH, "with" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct hc_words *values = &h->options[rules[i].option];

		for (unsigned int j = 0; j < values->n; j++)
			statements_add(list, xasprintf("%s %s;", rules[i].rule,
						       values->word[j]));
	}
}
