// SPDX-License-Identifier: GPL-2.0-only
/* Operations as values. Pure. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "op.h"
#include "util.h"

#define NAME_MAX_LENGTH	200

static bool all_of(const char *text, const char *more)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(more, *text))
			return false;
	return true;
}

/* It becomes part of file names and of D-Bus names of scopes. */
static bool member_ok(const char *name)
{
	return name && *name && *name != '.' && *name != '-' &&
	       strlen(name) <= NAME_MAX_LENGTH && all_of(name, "_.:-");
}

bool param_name_ok(const char *name)
{
	return name && *name && strlen(name) <= NAME_MAX_LENGTH &&
	       all_of(name, "_-");
}

static bool ocf_agent_ok(const char *agent)
{
	const char *provider, *type;

	if (!agent || strncmp(agent, "ocf:", 4))
		return false;
	provider = agent + 4;
	type = strchr(provider, ':');
	return type && type != provider && type[1] && *provider != '.' &&
	       type[1] != '.' && !strchr(type + 1, ':') &&
	       all_of(agent, "_.:-");
}

static char *check_agent(const struct ex_op *op)
{
	const char *agent = op->agent ? op->agent : "";

	switch (op->kind) {
	case EX_KIND_OCF:
		if (!ocf_agent_ok(agent))
			return xasprintf("\"%s\" is not ocf:PROVIDER:TYPE",
					 agent);
		return NULL;
	case EX_KIND_SYSTEMD:
		if (!*agent || !strchr(agent, '.') || strchr(agent, '/'))
			return xasprintf("\"%s\" is not the name of a unit",
					 agent);
		return NULL;
	case EX_KIND_STORAGE:
		if (!*agent || !all_of(agent, "_.-") || *agent == '-')
			return xasprintf("\"%s\" is not the name of a resource",
					 agent);
		return NULL;
	case EX_KIND_IP:
	case EX_KIND_MOUNT:
		return NULL;
	default:
		return xasprintf("%d is no kind of member", op->kind);
	}
}

static char *check_params(const struct ex_param *params, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!param_name_ok(params[i].name))
			return xasprintf("\"%s\" cannot be a parameter",
					 params[i].name ? params[i].name : "");
		if (!params[i].value)
			return xasprintf("parameter %s has no value",
					 params[i].name);
	}
	return NULL;
}

char *op_check(const struct ex_op *op)
{
	char *why;

	if (!member_ok(op->member))
		return xasprintf("\"%s\" cannot be the name of a member",
				 op->member ? op->member : "");
	if ((unsigned int)op->action >= EX_ACTION_NR)
		return xasprintf("%d is no action", op->action);
	if (op->action == EX_FORCE_DEMOTE && op->kind != EX_KIND_STORAGE)
		return xstrdup("force-demote is for storage only");
	if (op->timeout_ms < 0 || op->interval_ms < 0)
		return xstrdup("a time is negative");
	why = check_agent(op);
	if (!why)
		why = check_params(op->params, op->n_params);
	if (!why)
		why = check_params(op->meta, op->n_meta);
	return why;
}

struct ex_param *params_copy(const struct ex_param *params, size_t n)
{
	struct ex_param *copy = xcalloc(n ? n : 1, sizeof(*copy));

	for (size_t i = 0; i < n; i++) {
		copy[i].name = xstrdup(params[i].name);
		copy[i].value = xstrdup(params[i].value);
	}
	return copy;
}

void params_free(const struct ex_param *params, size_t n)
{
	for (size_t i = 0; params && i < n; i++) {
		free((char *)params[i].name);
		free((char *)params[i].value);
	}
	free((struct ex_param *)params);
}

void op_copy(struct ex_op *to, const struct ex_op *from)
{
	*to = *from;
	to->member = xstrdup(from->member);
	to->agent = from->agent ? xstrdup(from->agent) : NULL;
	to->params = params_copy(from->params, from->n_params);
	to->meta = params_copy(from->meta, from->n_meta);
}

void op_free(struct ex_op *op)
{
	free((char *)op->member);
	free((char *)op->agent);
	params_free(op->params, op->n_params);
	params_free(op->meta, op->n_meta);
	memset(op, 0, sizeof(*op));
}

const char *op_param(const struct ex_op *op, const char *name)
{
	for (size_t i = 0; i < op->n_params; i++)
		if (!strcmp(op->params[i].name, name))
			return op->params[i].value;
	return NULL;
}

bool op_yes(const struct ex_op *op, const char *name, bool preset)
{
	static const char *const yes[] = { "yes", "true", "on", "1", "y" };
	const char *value = op_param(op, name);

	if (!value)
		return preset;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (!strcasecmp(value, yes[i]))
			return true;
	return false;
}

int64_t op_timeout(const struct ex_op *op)
{
	if (op->timeout_ms)
		return op->timeout_ms;
	switch (op->kind) {
	case EX_KIND_IP:
		return 5000;
	case EX_KIND_MOUNT:
	case EX_KIND_SYSTEMD:
		return 60000;
	default:
		return 20000;
	}
}
