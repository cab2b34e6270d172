/* SPDX-License-Identifier: GPL-2.0-only */
/* Which words each section of the configuration knows, and which DRBD knew. */
#ifndef HA_CONF_KEYS_H
#define HA_CONF_KEYS_H

#include "conf.h"

enum conf_section {
	CONF_TOP,
	CONF_GLOBAL,
	CONF_COMMON,
	CONF_RESOURCE,
	CONF_OPTIONS,
	CONF_NET,
	CONF_DISK,
	CONF_HANDLERS,
	CONF_STARTUP,
	CONF_HOST,
	CONF_SECTION_NR,
};

/**
 * struct conf_scope - what the statements of a section apply to
 * @settings: options, secret, handlers
 * @host: device, disk, address
 * @resource: the resource, if inside one
 */
struct conf_scope {
	struct ha_conf *conf;
	struct conf_errors *errors;
	struct ha_conf_settings *settings;
	struct ha_conf_host *host;
	struct ha_conf_resource *resource;
};

/**
 * struct conf_key - one statement a section knows
 * @name: its first word; NULL ends a table
 * @block: it has a block
 * @min: least number of words that follow the first
 * @max: greatest number of them
 * @set: takes it into the model; NULL: accepted and without effect
 * @arg: for @set, an ha_option_id or a conf_section
 */
struct conf_key {
	const char *name;
	bool block;
	unsigned int min, max;
	void (*set)(struct conf_scope *scope, const struct conf_key *key,
		    const struct conf_node *node);
	int arg;
};

extern const struct conf_key *const conf_keys[CONF_SECTION_NR];
extern const char *const conf_section_names[CONF_SECTION_NR];

/**
 * conf_legacy() - what to do instead of a word that DRBD had
 *
 * Return: a sentence, or NULL.
 */
const char *conf_legacy(const char *word);

/* Setters, in conf_set.c. */
typedef void conf_setter(struct conf_scope *scope, const struct conf_key *key,
			 const struct conf_node *node);
conf_setter conf_set_address, conf_set_auth, conf_set_device, conf_set_disk,
	conf_set_handler, conf_set_meta_disk, conf_set_node_id,
	conf_set_option, conf_set_protocol, conf_set_secret,
	conf_set_single_primary, conf_set_transport;

/* Openers of sections, in conf_build.c. */
conf_setter conf_open_host, conf_open_resource, conf_open_section;

#endif
