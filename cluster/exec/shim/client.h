/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands that OCF agents call; each asks the daemon and prints. */
#ifndef HA_SHIM_CLIENT_H
#define HA_SHIM_CLIENT_H

#include <jansson.h>

/* Exit statuses that agents may look at. */
enum {
	SHIM_EXIT_OK		= 0,
	SHIM_EXIT_ERROR		= 1,
	SHIM_EXIT_USAGE		= 64,
	SHIM_EXIT_UNAVAILABLE	= 69,
	SHIM_EXIT_NONE		= 105,	/* there is no such thing */
};

/**
 * client_ask() - send a request
 * @request: taken over; the version and the calling member are added
 * @value: out, to be released
 *
 * Return: an exit status; what is wrong has been printed, but for
 * SHIM_EXIT_NONE.
 */
int client_ask(json_t *request, json_t **value);

/**
 * client_attribute() - the beginning of a request on an attribute
 * @scope: "transient", "forever", "cluster", "utilization"
 * @node: NULL: this one
 */
json_t *client_attribute(const char *verb, const char *scope, const char *node,
			 const char *name);

/**
 * client_score_name() - attribute of the promotion score of a member
 * @member: NULL: whose agent calls
 *
 * Return: to be freed; NULL when there is no member.
 */
char *client_score_name(const char *member);

int client_usage(const char *command);

typedef int client_command(int argc, char **argv);

client_command client_crm_attribute, client_crm_master, client_attrd_updater,
	client_crm_node, client_crm_resource;

#endif
