/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration as a model: plain data, complete once it is loaded. */
#ifndef HA_CONF_H
#define HA_CONF_H

#include <linux/ha.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

#include "conf_tree.h"
#include "option.h"

/**
 * struct ha_conf_handler - a program named for an event
 */
struct ha_conf_handler {
	char *name;
	char *command;
};

/**
 * struct ha_conf_settings - what "common" and a resource may both set
 * @values: options that are set
 * @secret: shared secret, or NULL
 * @auth_none: the file says that there shall be none
 */
struct ha_conf_settings {
	struct ha_values values;
	char *secret;
	bool auth_none;
	struct ha_conf_handler *handlers;
	unsigned int n_handlers;
};

/**
 * struct ha_conf_host - one "on" section
 * @node_id: slot, or -1 until the file is complete
 * @minor: of /dev/haMINOR, or -1 likewise
 * @disk: backing device
 * @meta_disk: device of the metadata; NULL means internal
 * @meta_internal: "internal" was written, so none is inherited
 */
struct ha_conf_host {
	char *name;
	int node_id;
	int minor;
	char *disk;
	char *meta_disk;
	bool meta_internal;
	struct sockaddr_storage address;
	struct conf_place place;
};

/**
 * struct ha_conf_resource - one resource
 * @everywhere: device, disk and meta-disk written at resource level
 */
struct ha_conf_resource {
	char *name;
	struct ha_conf_settings settings;
	struct ha_conf_host everywhere;
	struct ha_conf_host hosts[HA_MAX_SLOTS];
	unsigned int n_hosts;
	struct conf_place place;
};

/**
 * struct ha_conf - everything that was read
 * @files: names that places point to
 */
struct ha_conf {
	struct ha_conf_settings common;
	struct ha_conf_resource *resources;
	unsigned int n_resources;
	char **files;
	unsigned int n_files;
};

/**
 * ha_conf_load() - read a configuration with all it includes
 * @path: file name, the base of relative includes
 * @in: the open file, or NULL to open @path
 * @errors: what is wrong
 *
 * Return: the model, or NULL when there is any error.
 */
struct ha_conf *ha_conf_load(const char *path, FILE *in,
			     struct conf_errors *errors);
void ha_conf_free(struct ha_conf *conf);

/**
 * ha_conf_print() - write the model so that it can be read back
 */
void ha_conf_print(const struct ha_conf *conf, FILE *out);
void ha_conf_print_resource(const struct ha_conf_resource *res, FILE *out);

/**
 * ha_conf_equal() - whether two models say the same
 */
bool ha_conf_equal(const struct ha_conf *a, const struct ha_conf *b);

struct ha_conf_resource *ha_conf_find(const struct ha_conf *conf,
				      const char *name);

/**
 * ha_conf_host_find() - a resource's section for a host name
 *
 * A name matches also when only one of the two carries a domain.
 */
struct ha_conf_host *ha_conf_host_find(const struct ha_conf_resource *res,
				       const char *hostname);

/* The stages of ha_conf_load(), in this order. */
void ha_conf_build(struct ha_conf *conf, const struct conf_node *tree,
		   struct conf_errors *errors);
void ha_conf_complete(struct ha_conf *conf);
void ha_conf_check(const struct ha_conf *conf, struct conf_errors *errors);

#endif
