// SPDX-License-Identifier: GPL-2.0-only
/* Builds the environment of an OCF agent. Pure. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ocf_env.h"
#include "op.h"
#include "util.h"

/* Agents choose between forms of commands by it; the shim knows the new ones. */
#define FEATURE_SET "3.16.2"

struct list {
	char **at;
	size_t n;
};

static void add(struct list *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct list *list, const char *fmt, ...)
{
	va_list args;

	list->at = xreallocarray(list->at, list->n + 2, sizeof(*list->at));
	va_start(args, fmt);
	list->at[list->n++] = xvasprintf(fmt, args);
	va_end(args);
	list->at[list->n] = NULL;
}

/* Names of variables have no '-'; agents know meta attributes with '_'. */
static void add_param(struct list *list, const char *prefix,
		      const struct ex_param *param)
{
	size_t skip = strlen(prefix);

	add(list, "%s%s=%s", prefix, param->name, param->value);
	for (char *s = list->at[list->n - 1] + skip; *s && *s != '='; s++)
		if (*s == '-')
			*s = '_';
}

static void add_site(struct list *list, const struct ocf_site *site)
{
	add(list, "PATH=%s:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
	    "/sbin:/bin", site->shim_dir);
	add(list, "HA_SBIN_DIR=%s", site->shim_dir);
	add(list, "HA_SHIM_SOCKET=%s", site->shim_socket);
	add(list, "HA_SHIM_NODE=%s", site->node);
	add(list, "HA_RSCTMP=%s", site->rsctmp);
	add(list, "HA_LOGFACILITY=none");	/* to stderr, which we read */
	add(list, "HA_debug=0");
	add(list, "HA_cluster_type=corosync");
	add(list, "LANG=C.UTF-8");
	add(list, "LC_ALL=C.UTF-8");
	add(list, "HOME=/root");
	add(list, "OCF_ROOT=%s", site->ocf_root);
	add(list, "OCF_RA_VERSION_MAJOR=1");
	add(list, "OCF_RA_VERSION_MINOR=1");
}

static void add_agent(struct list *list, const struct ex_op *op)
{
	const char *provider = op->agent + strlen("ocf:");
	const char *type = strchr(provider, ':');

	add(list, "OCF_RESOURCE_INSTANCE=%s", op->member);
	add(list, "OCF_RESOURCE_PROVIDER=%.*s", (int)(type - provider),
	    provider);
	add(list, "OCF_RESOURCE_TYPE=%s", type + 1);
	add(list, OCF_MARK "=%s", op->member);
	if (op->action == EX_MONITOR)
		add(list, "OCF_CHECK_LEVEL=%d", op->depth);
}

static void add_meta(struct list *list, const struct ocf_site *site,
		     const struct ex_op *op)
{
	static const char prefix[] = "OCF_RESKEY_CRM_meta_";

	add(list, "%stimeout=%lld", prefix, (long long)op_timeout(op));
	add(list, "%sinterval=%lld", prefix, (long long)op->interval_ms);
	add(list, "%sname=%s", prefix, ex_action_word(op->action));
	add(list, "%son_node=%s", prefix, site->node);
	for (size_t i = 0; i < op->n_meta; i++)
		add_param(list, prefix, &op->meta[i]);
}

char **ocf_env(const struct ocf_site *site, const struct ex_op *op)
{
	struct list list = { 0 };

	add_site(&list, site);
	add_agent(&list, op);
	add(&list, "OCF_RESKEY_crm_feature_set=" FEATURE_SET);
	for (size_t i = 0; i < op->n_params; i++)
		add_param(&list, "OCF_RESKEY_", &op->params[i]);
	add_meta(&list, site, op);
	return list.at;
}

void ocf_env_free(char **env)
{
	for (char **one = env; env && *one; one++)
		free(*one);
	free(env);
}

char *ocf_path(const char *ocf_root, const char *agent)
{
	const char *provider = agent + strlen("ocf:");
	const char *type = strchr(provider, ':');

	return xasprintf("%s/resource.d/%.*s/%s", ocf_root,
			 (int)(type - provider), provider, type + 1);
}
