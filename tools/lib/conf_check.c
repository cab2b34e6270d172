// SPDX-License-Identifier: GPL-2.0-only
/* Completing a model with what is inherited, then checking it as a whole. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "address.h"
#include "conf.h"
#include "util.h"

#define SECRET_LETTERS	32

static void inherit_settings(struct ha_conf_settings *settings,
			     const struct ha_conf_settings *common)
{
	for (int id = 0; id < HA_OPT_NR; id++) {
		uint32_t bit = 1u << id;

		if ((common->values.set & bit) && !(settings->values.set & bit))
			ha_values_set(&settings->values, id,
				      common->values.value[id]);
	}
	if (!settings->secret && !settings->auth_none) {
		ha_replace(&settings->secret, common->secret);
		settings->auth_none = common->auth_none;
	}
	if (settings->n_handlers || !common->n_handlers)
		return;
	settings->handlers = xcalloc(common->n_handlers,
				     sizeof(*settings->handlers));
	settings->n_handlers = common->n_handlers;
	for (unsigned int i = 0; i < common->n_handlers; i++) {
		settings->handlers[i].name = xstrdup(common->handlers[i].name);
		settings->handlers[i].command =
			xstrdup(common->handlers[i].command);
	}
}

static void inherit_host(struct ha_conf_host *host,
			 const struct ha_conf_host *everywhere)
{
	if (host->minor < 0)
		host->minor = everywhere->minor;
	if (!host->disk)
		ha_replace(&host->disk, everywhere->disk);
	if (!host->meta_disk && !host->meta_internal)
		ha_replace(&host->meta_disk, everywhere->meta_disk);
}

void ha_conf_complete(struct ha_conf *conf)
{
	for (unsigned int i = 0; i < conf->n_resources; i++) {
		struct ha_conf_resource *res = &conf->resources[i];

		inherit_settings(&res->settings, &conf->common);
		for (unsigned int j = 0; j < res->n_hosts; j++) {
			inherit_host(&res->hosts[j], &res->everywhere);
			if (res->hosts[j].node_id < 0)
				res->hosts[j].node_id = j;
		}
	}
}

/* A secret nobody else has: 32 letters of 5 random bits each. */
static void draw_secret(char secret[SECRET_LETTERS + 1])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	unsigned char random[SECRET_LETTERS];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort();
	for (int i = 0; i < SECRET_LETTERS; i++)
		secret[i] = letters[random[i] % 32];
	secret[SECRET_LETTERS] = '\0';
}

static void check_secret(const struct ha_conf_resource *res,
			 struct conf_errors *errors)
{
	char secret[SECRET_LETTERS + 1];

	if (res->settings.secret && res->settings.auth_none)
		conf_error(errors, &res->place,
			   "resource %s has a shared-secret and \"auth none\"",
			   res->name);
	if (res->settings.secret || res->settings.auth_none)
		return;
	draw_secret(secret);
	conf_error(errors, &res->place,
		   "resource %s has no shared-secret; paste this line into it on all nodes:\n"
		   "  net { shared-secret \"%s\"; }", res->name, secret);
}

static void check_host(const struct ha_conf_host *host,
		       struct conf_errors *errors)
{
	if (host->minor < 0)
		conf_error(errors, &host->place,
			   "host %s has no device; write for example: device /dev/ha0;",
			   host->name);
	if (!host->disk)
		conf_error(errors, &host->place,
			   "host %s has no disk; write for example: disk /dev/sdb1;",
			   host->name);
	if (!host->address.ss_family)
		conf_error(errors, &host->place,
			   "host %s has no address; write for example: address 192.168.1.10:7788;",
			   host->name);
	if (host->meta_disk && ha_streq(host->meta_disk, host->disk))
		conf_error(errors, &host->place,
			   "host %s: metadata on the disk itself is written as: meta-disk internal;",
			   host->name);
}

static void check_host_pair(const struct ha_conf_host *a,
			    const struct ha_conf_host *b,
			    struct conf_errors *errors)
{
	char text[HA_ADDRESS_TEXT];

	if (a->node_id == b->node_id)
		conf_error(errors, &b->place,
			   "node-id %d of %s is used already, by %s at %s:%u",
			   b->node_id, b->name, a->name, a->place.file,
			   a->place.line);
	if (!a->address.ss_family || !b->address.ss_family)
		return;
	ha_address_format(&b->address, text);
	if (a->address.ss_family != b->address.ss_family)
		conf_error(errors, &b->place,
			   "the addresses of %s and %s are of different families",
			   a->name, b->name);
	else if (ha_address_equal(&a->address, &b->address))
		conf_error(errors, &b->place,
			   "%s and %s have the same address %s",
			   a->name, b->name, text);
}

static void check_resource(const struct ha_conf_resource *res,
			   struct conf_errors *errors)
{
	if (res->n_hosts < 2)
		conf_error(errors, &res->place,
			   "resource %s needs an \"on HOST { ... }\" section for each of its nodes, at least two",
			   res->name);
	for (unsigned int i = 0; i < res->n_hosts; i++) {
		check_host(&res->hosts[i], errors);
		for (unsigned int j = 0; j < i; j++)
			check_host_pair(&res->hosts[j], &res->hosts[i],
					errors);
	}
	check_secret(res, errors);
}

/* What two resources must not share on one host. */
static void check_shared(const struct ha_conf_host *a, const char *owner,
			 const struct ha_conf_host *b,
			 struct conf_errors *errors)
{
	if (a->minor == b->minor && a->minor >= 0)
		conf_error(errors, &b->place,
			   "device /dev/ha%d of host %s is used already, by resource %s at %s:%u",
			   b->minor, b->name, owner, a->place.file,
			   a->place.line);
	if (a->disk && (ha_streq(a->disk, b->disk) ||
			ha_streq(a->disk, b->meta_disk)))
		conf_error(errors, &b->place,
			   "disk %s of host %s is used already, by resource %s at %s:%u",
			   a->disk, b->name, owner, a->place.file,
			   a->place.line);
	if (a->meta_disk && (ha_streq(a->meta_disk, b->disk) ||
			     ha_streq(a->meta_disk, b->meta_disk)))
		conf_error(errors, &b->place,
			   "disk %s of host %s is used already, for metadata of resource %s at %s:%u",
			   a->meta_disk, b->name, owner, a->place.file,
			   a->place.line);
	if (a->address.ss_family &&
	    ha_address_equal(&a->address, &b->address))
		conf_error(errors, &b->place,
			   "the address of host %s is used already, by resource %s at %s:%u; give each resource a port of its own",
			   b->name, owner, a->place.file, a->place.line);
}

void ha_conf_check(const struct ha_conf *conf, struct conf_errors *errors)
{
	for (unsigned int i = 0; i < conf->n_resources; i++) {
		const struct ha_conf_resource *res = &conf->resources[i];

		check_resource(res, errors);
		for (unsigned int j = 0; j < i; j++) {
			const struct ha_conf_resource *other =
				&conf->resources[j];

			for (unsigned int k = 0; k < res->n_hosts; k++) {
				const struct ha_conf_host *host =
					ha_conf_host_find(other,
							  res->hosts[k].name);
				if (host)
					check_shared(host, other->name,
						     &res->hosts[k], errors);
			}
		}
	}
}
