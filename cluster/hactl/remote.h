/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands on this and other nodes, by ssh. */
#ifndef HACTL_REMOTE_H
#define HACTL_REMOTE_H

#include <stdbool.h>

/**
 * remote_is_local() - whether a node is this host
 */
bool remote_is_local(const char *name);

/**
 * remote_run() - run a command and wait for it
 * @name: of the node; this host is not reached by ssh
 * @address: where it is
 * @argv: the command, NULL-terminated
 * @input: for its standard input, or NULL
 * @output: out, what it wrote to its standard output, to be freed; or NULL
 *
 * What it writes to its standard error is seen as it comes. HACTL_SSH replaces
 * "ssh" with its options.
 *
 * Return: its exit status, or -1 when it could not be run.
 */
int remote_run(const char *name, const char *address, const char *const *argv,
	       const char *input, char **output);

#endif
