/* SPDX-License-Identifier: GPL-2.0-only */
/* An executor on a loop, for tests that run programs. */
#ifndef HA_EXEC_TEST_LOOP_H
#define HA_EXEC_TEST_LOOP_H

#include "fence.h"
#include "job.h"

/**
 * struct loop - @dir: an empty directory of its own
 */
struct loop {
	sd_event *event;
	struct ex *ex;
	char dir[64];
};

void loop_begin(struct loop *loop);
void loop_end(struct loop *loop);

/**
 * loop_run() - until *@done is true; fails the test after @ms
 */
void loop_run(struct loop *loop, const bool *done, int ms);

/**
 * loop_script() - write a shell script into the directory
 *
 * Return: its path, to be freed.
 */
char *loop_script(struct loop *loop, const char *name, const char *text);

/**
 * loop_read() - a file of the directory, "" when it is not there; to be freed
 */
char *loop_read(struct loop *loop, const char *name);

#endif
