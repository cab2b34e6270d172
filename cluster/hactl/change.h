/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the cluster is changed. The configuration: get the text, edit it here,
 * show what that means, propose it as successor of the revision it was made
 * of. A decision: show what it leads to, then ask for it.
 */
#ifndef HACTL_CHANGE_H
#define HACTL_CHANGE_H

#include "edit.h"
#include "hactl.h"

/**
 * typedef hactl_edit_fn - change a configuration
 *
 * May be called again, on a newer text, when somebody else was faster.
 * Return: an exit status; errors of the edit itself need none.
 */
typedef int hactl_edit_fn(struct hactl *h, struct hc_edit *edit);

int hactl_change(struct hactl *h, hactl_edit_fn *edit);

/**
 * hactl_propose() - make a text the configuration
 * @parent: the revision it was made of
 * @old: its text
 */
int hactl_propose(struct hactl *h, int64_t parent, const char *old,
		  const char *text);

/**
 * hactl_get_config() - a revision of the configuration
 * @rev: 0 for the one in force; out, which it is
 * @text: out, to be freed
 */
int hactl_get_config(struct hactl *h, int64_t *rev, char **text);

/**
 * hactl_decide() - preview a decision, ask, have it made, wait for it
 * @decision: the arguments of "decide"; stolen
 * @expected: the service that may be disturbed without a question, or NULL
 * @done: what to say at the end
 */
int hactl_decide(struct hactl *h, json_t *decision, const char *expected,
		 const char *done);

/**
 * hactl_settle() - wait until what was decided is done, if wanted
 * @reply: of "propose_config" or "decide"
 */
int hactl_settle(struct hactl *h, const json_t *reply);

#endif
