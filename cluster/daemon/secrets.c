// SPDX-License-Identifier: GPL-2.0-only
/* Secrets in files; on the wire they are as safe as corosync's encryption. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ring.h"
#include "secrets.h"
#include "store.h"
#include "util.h"

static bool good_name(const char *name)
{
	size_t i;

	for (i = 0; name && name[i]; i++)
		if (!isalnum((unsigned char)name[i]) &&
		    !(i && strchr("_.-", name[i])))
			return false;
	return i && i < 64;
}

bool secrets_set(struct daemon *d, const char *name, const char *value)
{
	json_t *secret;

	if (!good_name(name) || !value)
		return false;
	secret = json_pack("{s:s, s:s}", "name", name, "value", value);
	ring_send_json(d->ring, RING_SECRET, secret);
	if (!ring_joined(d->ring))
		secrets_take(d, secret);
	json_decref(secret);
	return true;
}

void secrets_take(struct daemon *d, const json_t *secret)
{
	const char *name = json_string_value(json_object_get(secret, "name"));
	const char *value = json_string_value(json_object_get(secret, "value"));
	char *path;

	if (!good_name(name) || !value)
		return;
	path = store_path(d->places.state_dir, "secrets/%s", name);
	store_save(d->store, path, value);
	say(5, "secret @%s is set", name);
	free(path);
}

char *secrets_get(const struct daemon *d, const char *name)
{
	char *path, *text;

	name += *name == '@';
	if (!good_name(name))
		return NULL;
	path = store_path(d->places.state_dir, "secrets/%s", name);
	text = store_file_read(path, NULL);
	free(path);
	return text;
}

void secrets_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
