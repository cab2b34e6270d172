/* SPDX-License-Identifier: GPL-2.0-only */
/* The revisions of the configuration, as a table. */
#ifndef HACTL_CONFIG_LOG_H
#define HACTL_CONFIG_LOG_H

#include <jansson.h>
#include <stdio.h>

void show_revisions(const json_t *data, FILE *out);

#endif
