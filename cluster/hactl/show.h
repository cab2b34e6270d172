/* SPDX-License-Identifier: GPL-2.0-only */
/* Replies of the daemon as text for people; pure but for the stream. */
#ifndef HACTL_SHOW_H
#define HACTL_SHOW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

void show_status(const json_t *status, bool colour, FILE *out);
void show_why(const json_t *why, bool colour, FILE *out);
void show_plan(const json_t *plan, bool colour, FILE *out);

/**
 * show_history() - events, and of each recovery where its time went
 * @verbose: also every single action
 */
void show_history(const json_t *history, bool verbose, FILE *out);

/**
 * show_timing() - how long a failover takes, as configured and as measured
 */
void show_timing(const json_t *timing, FILE *out);

#endif
