/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket that the commands OCF agents call (crm_master, attrd_updater, ...)
 * talk to: reads requests, hands them on, writes answers. See shim/protocol in
 * Documentation/cluster/executor.rst. Keeps no attribute itself.
 */
#ifndef HA_SHIM_H
#define HA_SHIM_H

#include <jansson.h>
#include <stdbool.h>
#include <systemd/sd-event.h>

struct shim;
struct shim_call;
struct shim_memory;

enum shim_verb {
	SHIM_SET,		/* attribute: node, name, value, lifetime */
	SHIM_GET,
	SHIM_DELETE,
	SHIM_QUERY_ALL,		/* one attribute on all nodes */
	SHIM_NODES,		/* names and ids of nodes, members of the view */
	SHIM_QUORUM,
	SHIM_MEMBER,		/* where a member runs */
	SHIM_VERB_NR,
};

enum shim_scope {
	SHIM_TRANSIENT,		/* gone when the node leaves: lifetime reboot */
	SHIM_FOREVER,		/* of the node */
	SHIM_CLUSTER,		/* not of a node: crm_config */
	SHIM_UTILIZATION,
};

/**
 * struct shim_ask - one request, checked; strings live as long as the call
 * @verb: what
 * @scope: which attributes
 * @node: the node meant; the shim puts this node's name where none was given
 * @name: of the attribute; a promotion score is "master-MEMBER"
 * @value: of SHIM_SET
 * @member: member whose agent calls, OCF_RESOURCE_INSTANCE; or NULL
 * @delay_ms: dampening of SHIM_SET, -1 when not given
 */
struct shim_ask {
	enum shim_verb verb;
	enum shim_scope scope;
	const char *node, *name, *value, *member;
	int64_t delay_ms;
};

/**
 * typedef shim_request - a request came; answer now or later, exactly once
 */
typedef void shim_request(struct shim_call *call, const struct shim_ask *ask,
			  void *arg);

/**
 * shim_new() - listen
 * @path: of the socket; mode 0600, an old one is replaced
 * @node: name of this node
 */
int shim_new(sd_event *event, const char *path, const char *node,
	     shim_request *request, void *arg, struct shim **out);
void shim_free(struct shim *shim);

/**
 * shim_answer() - end a call that went well
 * @value: taken over; a string for SHIM_GET, see the protocol for the others
 */
void shim_answer(struct shim_call *call, json_t *value);

/**
 * shim_refuse() - end a call that did not
 * @error: -errno; -ENXIO: there is no such attribute
 */
void shim_refuse(struct shim_call *call, int error, const char *text);

/**
 * shim_parse() - a line into an ask; pure
 * @line: decoded line, which must outlive @ask
 *
 * Return: NULL, or what is wrong with it (a constant).
 */
const char *shim_parse(json_t *line, const char *node, struct shim_ask *ask);

/*
 * The same answered from a table in memory: tests, and a single node.
 */
struct shim_memory *shim_memory_new(const char *node);
void shim_memory_free(struct shim_memory *memory);
shim_request shim_memory_request;	/* arg: struct shim_memory */

#endif
