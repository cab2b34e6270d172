// SPDX-License-Identifier: GPL-2.0-only
/* Takes the configuration into use, and carries out decisions for this node. */
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "config.h"
#include "devices.h"
#include "engine.h"
#include "facts.h"
#include "members.h"
#include "model.h"
#include "store.h"
#include "util.h"
#include "watchdog.h"

const char *config_split(const char *data, json_t **meta)
{
	size_t length = strlen(CONFIG_HEAD);
	const char *end = strchr(data, '\n');

	*meta = NULL;
	if (strncmp(data, CONFIG_HEAD, length) || !end)
		return data;
	*meta = json_loadb(data + length, end - data - length, 0, NULL);
	return end + 1;
}

char *config_join(const json_t *meta, const char *text)
{
	char *head = json_dumps(meta, JSON_COMPACT), *all;

	all = xasprintf(CONFIG_HEAD "%s\n%s", head, text);
	free(head);
	return all;
}

static int64_t rev_of(const json_t *meta)
{
	int64_t rev = json_integer_value(json_object_get(meta, "rev"));

	return rev > 0 ? rev : 1;
}

/* Return: false when the text is no configuration for this daemon. */
static bool take(struct daemon *d, const char *data)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf;
	const char *text;
	json_t *meta;

	text = config_split(data, &meta);
	if (d->model && ha_streq(d->text, data)) {
		json_decref(meta);
		return true;
	}
	conf = hc_load("cluster.conf", text, &errors);
	conf_errors_free(&errors);
	if (!conf) {
		say(2, "the configuration in force cannot be read by this version");
		json_decref(meta);
		return false;
	}
	ha_replace(&d->text, data);
	json_decref(d->meta);
	d->meta = meta;
	d->rev = rev_of(meta);
	model_put(d->model);
	d->model = model_new(conf);
	d->conf = conf;
	store_config_save(d->store, d->places.state_dir, d->rev, text, meta);
	if (d->places.view)
		store_save(d->store, d->places.view, text);
	watchdog_configure(d->watchdog, conf);
	devices_configure(d->devices, d->model);
	members_configure(d->members, d->model);
	checks_configure(d->checks, d->model);
	return true;
}

static const char *after(const char *key, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(key, prefix, length) ? NULL : key + length;
}

void config_committed(struct daemon *d, const char *key, const char *data,
		      size_t size, uint64_t user)
{
	const char *name;
	char *text;

	d->user = user;
	text = xcalloc(size + 1, 1);
	if (data)
		memcpy(text, data, size);
	if (!strcmp(key, CONFIG_KEY))
		take(d, text);
	else if (data && (name = after(key, OP_CLEAR)))
		members_clear(d->members, name);
	else if (data && (name = after(key, OP_RESTART)))
		members_restart(d->members, name);
	free(text);
}

static char *seed(struct daemon *d)
{
	struct core_policy policy = brain_policy(d->brain);
	int64_t rev = 0;
	char *text = store_config_text(d->places.state_dir, &rev);
	struct core_bytes bytes;
	const char *why = "no reason";
	size_t size;
	void *data;
	int ret;

	/* Without one it is a node that joins: the others have it. */
	if (!text)
		return NULL;
	bytes = (struct core_bytes){ text, strlen(text) };
	data = core_seed(&policy, bytes, &size, &why);
	if (!data) {
		char *error = xasprintf("the first configuration: %s", why);

		free(text);
		return error;
	}
	ret = store_seed(d->store, data, size);
	free(data);
	free(text);
	return ret ? xasprintf("the state cannot be written: %s",
			       strerror(-ret)) : NULL;
}

char *config_start(struct daemon *d)
{
	char *error = store_empty(d->store) ? seed(d) : NULL;
	const void *data;
	char *text;
	size_t size;

	if (!error)
		error = engine_start(d);
	if (error)
		return error;
	data = core_fact(d->core, CONFIG_KEY, &size);
	if (!data) {
		static const struct core_event probed = {
			.kind = CORE_EV_PROBED };

		engine_feed(d, &probed);
		return NULL;
	}
	text = xcalloc(size + 1, 1);
	memcpy(text, data, size);
	if (!take(d, text))
		error = xstrdup("the state has a configuration that cannot be read");
	free(text);
	return error;
}
