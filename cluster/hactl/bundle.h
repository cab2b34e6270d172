/* SPDX-License-Identifier: GPL-2.0-only */
/* What a node is given to become one of a cluster. */
#ifndef HACTL_BUNDLE_H
#define HACTL_BUNDLE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"

#define AUTHKEY_SIZE	256

/**
 * struct bundle - for one node
 * @node: its name
 * @config: text of the configuration
 * @rev: its revision
 * @key: corosync's authkey
 */
struct bundle {
	char *node;
	char *config;
	int64_t rev;
	uint8_t key[AUTHKEY_SIZE];
};

/**
 * bundle_new_key() - draw a key
 *
 * Return: 0, or -1 with errno set.
 */
int bundle_new_key(uint8_t key[AUTHKEY_SIZE]);

char *bundle_write(const struct bundle *bundle);

/**
 * bundle_read() - the opposite of bundle_write()
 *
 * Return: 0, or -1 when @text is no bundle.
 */
int bundle_read(const char *text, struct bundle *bundle);
void bundle_free(struct bundle *bundle);

/**
 * bundle_install() - write what a node needs below @root
 * @conf: the configuration of the bundle, loaded
 * @why: out, on failure a sentence to be freed
 */
int bundle_install(const struct bundle *bundle, const struct hc_config *conf,
		   const char *root, int64_t now_ms, char **why);

/**
 * bundle_send() - have a node do "cluster init-local" with it
 * @dry_run: only ask whether it would
 * @force: also where another cluster was
 *
 * Return: an exit status, after a message.
 */
int bundle_send(const struct hc_node *node, struct bundle *bundle, bool dry_run,
		bool force);

#endif
