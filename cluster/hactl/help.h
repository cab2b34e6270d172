/* SPDX-License-Identifier: GPL-2.0-only */
/* Help and completion, made of the table of verbs. */
#ifndef HACTL_HELP_H
#define HACTL_HELP_H

#include "hactl.h"

void hactl_help_all(void);
void hactl_help_group(const char *group);
void hactl_help_verb(const struct hactl_verb *verb);

/**
 * hactl_help_near() - the verb that was probably meant, or NULL
 */
const char *hactl_help_near(const char *group, const char *word);

int hactl_help(struct hactl *h);
int hactl_complete(struct hactl *h);

#endif
