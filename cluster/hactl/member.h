/* SPDX-License-Identifier: GPL-2.0-only */
/* Statements of the configuration, made of words of the command line. */
#ifndef HACTL_MEMBER_H
#define HACTL_MEMBER_H

#include "hactl.h"

/**
 * struct statements - statements to be, each a string
 */
struct statements {
	char **text;
	unsigned int n;
};

void statements_add(struct statements *list, char *text);
void statements_free(struct statements *list);

/**
 * member_from_spec() - a member as "ocf:heartbeat:mariadb", "systemd:UNIT",
 * "ip:ADDRESS/LENGTH", "storage:DEVICE"
 * @name: of the member, or NULL
 * @params: "name=value" words, @n of them
 *
 * Takes --monitor and --timeout into account.
 * Return: a statement to be freed, or NULL after a message.
 */
char *member_from_spec(const struct hactl *h, const char *name,
		       const char *spec, char **params, unsigned int n);

/**
 * members_from_options() - the members that --storage, --mount, --ip, --ocf
 * and --unit name, in this order
 *
 * Return: an exit status.
 */
int members_from_options(const struct hactl *h, struct statements *list);

/**
 * rules_from_options() - what --prefer, --avoid, --with, --after, --stay say
 */
void rules_from_options(const struct hactl *h, struct statements *list);

#endif
