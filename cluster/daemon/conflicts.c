// SPDX-License-Identifier: GPL-2.0-only
/* States of this node that gave way to the cluster's, as people can read them. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "conflicts.h"
#include "core.h"
#include "core_plan.h"
#include "store.h"
#include "util.h"

#define STATE ".state"

/* What is found in one state. */
struct found {
	char *text;
	json_t *meta, *decisions;
};

static void take(void *ctx, const struct core_fact *fact)
{
	struct found *found = ctx;
	char *value = xcalloc(fact->size + 1, 1);
	json_t *json;

	if (fact->size)
		memcpy(value, fact->value, fact->size);
	if (strcmp(fact->key, CONFIG_KEY)) {
		json = json_loads(value, JSON_DECODE_ANY, NULL);
		json_object_set_new(found->decisions, fact->key, json ? json : json_string(value));
	} else if (!found->text) {
		found->text = xstrdup(config_split(value, &found->meta));
	}
	free(value);
}

static bool read_state(const char *path, struct found *found)
{
	size_t size = 0;
	char *data = store_file_read(path, &size);
	bool good;

	*found = (struct found){ .decisions = json_object() };
	good = data && core_read_state((struct core_bytes){ data, size }, take, found);
	free(data);
	return good;
}

static void found_free(struct found *found)
{
	free(found->text);
	json_decref(found->meta);
	json_decref(found->decisions);
}

static int is_state(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > strlen(STATE) && !strcmp(entry->d_name + length - strlen(STATE), STATE);
}

static int later(const struct dirent **a, const struct dirent **b)
{
	long long x = atoll((*a)->d_name), y = atoll((*b)->d_name);

	return x < y ? 1 : x > y ? -1 : 0;
}

static int list(const char *dir, struct dirent ***names)
{
	char *path = store_path(dir, "conflicts");
	int n = scandir(path, names, is_state, later);

	free(path);
	return n < 0 ? 0 : n;
}

static json_t *one(const char *dir, const char *name)
{
	char *state = store_path(dir, "conflicts/%s", name);
	char *text = store_path(dir, "conflicts/%lld.conf", atoll(name));
	struct found found;
	json_t *out;

	out = json_pack("{s:I}", "time_ms", (json_int_t)atoll(name));
	if (read_state(state, &found)) {
		if (found.meta)
			json_object_update(out, found.meta);
		/* When it gave way, not when it was written. */
		json_object_set_new(out, "time_ms", json_integer(atoll(name)));
		json_object_set(out, "decisions", found.decisions);
	} else {
		json_object_set_new(out, "message", json_string("cannot be read"));
	}
	json_object_set_new(out, "file", json_string(access(text, F_OK) ? state : text));
	found_free(&found);
	free(text);
	free(state);
	return out;
}

json_t *conflicts_list(const char *dir)
{
	json_t *all = json_array();
	struct dirent **names;
	int n = list(dir, &names);

	for (int i = 0; i < n; i++) {
		json_array_append_new(all, one(dir, names[i]->d_name));
		free(names[i]);
	}
	if (n)
		free(names);
	return all;
}

int conflicts_count(const char *dir)
{
	struct dirent **names;
	int n = list(dir, &names);

	for (int i = 0; i < n; i++)
		free(names[i]);
	if (n)
		free(names);
	return n;
}

void conflicts_as_text(struct store *store, const char *dir)
{
	struct dirent **names;
	int n = list(dir, &names);

	for (int i = 0; i < n; i++) {
		char *state = store_path(dir, "conflicts/%s", names[i]->d_name);
		char *text = store_path(dir, "conflicts/%lld.conf", atoll(names[i]->d_name));
		struct found found;

		if (access(text, F_OK)) {
			if (read_state(state, &found) && found.text)
				store_save(store, text, found.text);
			found_free(&found);
		}
		free(text);
		free(state);
		free(names[i]);
	}
	if (n)
		free(names);
}
