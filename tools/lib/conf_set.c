// SPDX-License-Identifier: GPL-2.0-only
/* Setters: take the value of one statement into the model. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "conf_keys.h"
#include "util.h"

#define MINOR_MAX	32767

/* A number from 0 to @max, or -1. */
static long small_number(const char *text, long max)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)*text))
		return -1;
	n = strtol(text, &end, 10);
	return *end || n > max ? -1 : n;
}

void conf_set_option(struct conf_scope *scope, const struct conf_key *key,
		     const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;
	uint64_t value;
	char *wrong;

	wrong = ha_option_parse(&ha_options[key->arg], word->text, true,
				&value);
	if (wrong)
		conf_error(scope->errors, &word->place, "%s", wrong);
	else
		ha_values_set(&scope->settings->values, key->arg, value);
	free(wrong);
}

void conf_set_protocol(struct conf_scope *scope, const struct conf_key *key,
		       const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;

	(void)key;
	if (strcmp(word->text, "C"))
		conf_error(scope->errors, &word->place,
			   "only protocol C is known: a write is done when every replica has it");
}

void conf_set_transport(struct conf_scope *scope, const struct conf_key *key,
			const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;

	(void)key;
	if (strcmp(word->text, "tcp"))
		conf_error(scope->errors, &word->place,
			   "only transport tcp is known");
}

void conf_set_single_primary(struct conf_scope *scope,
			     const struct conf_key *key,
			     const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;

	(void)key;
	if (!word || strcmp(word->text, "no"))
		conf_error(scope->errors, &node->words->place,
			   "a resource has one Primary; allow-two-primaries is not known");
}

void conf_set_secret(struct conf_scope *scope, const struct conf_key *key,
		     const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;

	(void)key;
	if (!*word->text)
		conf_error(scope->errors, &word->place,
			   "the shared-secret is empty; write \"auth none;\" for a link without authentication");
	else if (strlen(word->text) >= HA_SECRET_LEN)
		conf_error(scope->errors, &word->place,
			   "the shared-secret has %d characters at most",
			   HA_SECRET_LEN - 1);
	else
		ha_replace(&scope->settings->secret, word->text);
}

void conf_set_auth(struct conf_scope *scope, const struct conf_key *key,
		   const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;

	(void)key;
	if (strcmp(word->text, "none"))
		conf_error(scope->errors, &word->place,
			   "auth can only be \"none\"; with a shared-secret it is always HMAC-SHA256");
	else
		scope->settings->auth_none = true;
}

void conf_set_handler(struct conf_scope *scope, const struct conf_key *key,
		      const struct conf_node *node)
{
	struct ha_conf_settings *settings = scope->settings;
	const struct conf_word *word = node->words->next;

	for (unsigned int i = 0; i < settings->n_handlers; i++) {
		if (!strcmp(settings->handlers[i].name, key->name)) {
			ha_replace(&settings->handlers[i].command, word->text);
			return;
		}
	}
	settings->handlers = xreallocarray(settings->handlers,
					   settings->n_handlers + 1,
					   sizeof(*settings->handlers));
	settings->handlers[settings->n_handlers].name = xstrdup(key->name);
	settings->handlers[settings->n_handlers].command = xstrdup(word->text);
	settings->n_handlers++;
}

/* "/dev/haN", "/dev/haN minor N" or "minor N" */
void conf_set_device(struct conf_scope *scope, const struct conf_key *key,
		     const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;
	const struct conf_word *number = word->next;
	long minor = -1, written = -1;

	(void)key;
	if (!strncmp(word->text, "/dev/ha", 7)) {
		minor = small_number(word->text + 7, MINOR_MAX);
		if (minor >= 0 && number && !strcmp(number->text, "minor") &&
		    number->next)
			written = small_number(number->next->text, MINOR_MAX);
		else if (number)
			minor = -1;
		else
			written = minor;
	} else if (!strcmp(word->text, "minor") && number && !number->next) {
		minor = written = small_number(number->text, MINOR_MAX);
	} else if (!strncmp(word->text, "/dev/drbd", 9)) {
		conf_error(scope->errors, &word->place,
			   "devices are named /dev/ha0, /dev/ha1, ...; write /dev/ha%s",
			   word->text + 9);
		return;
	}
	if (minor < 0 || minor != written)
		conf_error(scope->errors, &word->place,
			   "a device is written as /dev/haN, N from 0 to %d",
			   MINOR_MAX);
	else
		scope->host->minor = minor;
}

static bool path_is_bad(struct conf_scope *scope, const struct conf_word *word)
{
	if (*word->text != '/')
		conf_error(scope->errors, &word->place,
			   "a disk is written with its full path, as /dev/sdb1, not \"%s\"",
			   word->text);
	else if (strlen(word->text) >= HA_PATH_LEN)
		conf_error(scope->errors, &word->place,
			   "a path has %d characters at most", HA_PATH_LEN - 1);
	else if (strchr(word->text, '['))
		conf_error(scope->errors, &word->place,
			   "a metadata device serves one resource: no [index]");
	else
		return false;
	return true;
}

void conf_set_disk(struct conf_scope *scope, const struct conf_key *key,
		   const struct conf_node *node)
{
	(void)key;
	if (!path_is_bad(scope, node->words->next))
		ha_replace(&scope->host->disk, node->words->next->text);
}

void conf_set_meta_disk(struct conf_scope *scope, const struct conf_key *key,
			const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;

	(void)key;
	scope->host->meta_internal = !strcmp(word->text, "internal");
	if (scope->host->meta_internal)
		ha_replace(&scope->host->meta_disk, NULL);
	else if (!path_is_bad(scope, word))
		ha_replace(&scope->host->meta_disk, word->text);
}

void conf_set_address(struct conf_scope *scope, const struct conf_key *key,
		      const struct conf_node *node)
{
	const struct conf_word *family = node->words->next;
	const struct conf_word *word = family->next ? family->next : family;
	struct sockaddr_storage address;
	const char *wrong;
	bool ipv6;

	(void)key;
	ipv6 = !strcmp(family->text, "ipv6");
	if (word != family && !ipv6 && strcmp(family->text, "ipv4")) {
		conf_error(scope->errors, &family->place,
			   "an address is of family ipv4 or ipv6, not \"%s\"",
			   family->text);
		return;
	}
	wrong = ha_address_parse(word->text, &address);
	if (!wrong && word != family && ipv6 != (address.ss_family == AF_INET6))
		wrong = "is of the other family";
	if (wrong)
		conf_error(scope->errors, &word->place, "address \"%s\" %s",
			   word->text, wrong);
	else
		scope->host->address = address;
}

void conf_set_node_id(struct conf_scope *scope, const struct conf_key *key,
		      const struct conf_node *node)
{
	const struct conf_word *word = node->words->next;
	long id = small_number(word->text, HA_MAX_SLOTS - 1);

	(void)key;
	if (id < 0)
		conf_error(scope->errors, &word->place,
			   "node-id must be a number from 0 to %d",
			   HA_MAX_SLOTS - 1);
	else
		scope->host->node_id = id;
}
