/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests to the daemon; Documentation/cluster/ipc.rst says what they are. */
#ifndef HACTL_IPC_H
#define HACTL_IPC_H

#include "hactl.h"

/**
 * hactl_call() - send a request and wait for its reply
 * @args: stolen; NULL for none
 * @data: out, the reply's data, or on failure what came with the error
 *
 * Return: an exit status, after a message when it is not 0.
 */
int hactl_call(struct hactl *h, const char *verb, json_t *args, json_t **data);

/**
 * hactl_try() - as hactl_call(), without a message
 * @error: out, the text, to be freed
 */
int hactl_try(struct hactl *h, const char *verb, json_t *args, json_t **data,
	      char **error);

/**
 * hactl_next() - the next event after "subscribe"
 *
 * Return: NULL at the end of the connection.
 */
json_t *hactl_next(struct hactl *h);

#endif
