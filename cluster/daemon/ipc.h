/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket for hactl: messages of a length (four bytes, network order) and
 * JSON. Who may ask what is checked here; what the answer is, in answers.
 */
#ifndef HD_IPC_H
#define HD_IPC_H

#include "daemon.h"

struct ipc;
struct ipc_call;

int ipc_start(struct daemon *d, struct ipc **out);
void ipc_stop(struct ipc *ipc);

/* To all who have subscribed. */
void ipc_event(struct ipc *ipc, const json_t *event);

/**
 * ipc_ok() - end a call; @data is stolen, NULL: none
 * ipc_fail() - end a call that failed
 * @code: "failed", "usage", "no-quorum", "conflict", "unsafe"
 *
 * Exactly one of them, at once or later.
 */
void ipc_ok(struct ipc_call *call, json_t *data);
void ipc_fail(struct ipc_call *call, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Who asks: the name of the user, or the number. */
const char *ipc_who(const struct ipc_call *call);
const json_t *ipc_args(const struct ipc_call *call);
void ipc_subscribe(struct ipc_call *call);

/* A string of the arguments; NULL when it is not there. */
const char *ipc_text(const struct ipc_call *call, const char *key);

#endif
