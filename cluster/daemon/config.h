/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration in force, and decisions as they become so. As the core
 * keeps it, a revision is its text behind a line "#@ " with who made it, when,
 * and its number: to the parser a comment.
 */
#ifndef HD_CONFIG_H
#define HD_CONFIG_H

#include "daemon.h"

#define CONFIG_HEAD "#@ "

/**
 * config_start() - what the core has; of a new cluster, what the disk has
 *
 * Return: NULL, or what is wrong; to be freed.
 */
char *config_start(struct daemon *d);

/* Something is committed; @data NULL: removed. */
void config_committed(struct daemon *d, const char *key, const char *data,
		      size_t size, uint64_t user);

/* The text people wrote; @meta: out, may be NULL, to be released. */
const char *config_split(const char *data, json_t **meta);

/* What is to be committed; to be freed. */
char *config_join(const json_t *meta, const char *text);

#endif
