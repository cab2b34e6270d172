// SPDX-License-Identifier: GPL-2.0-only
/* From the names on the command line to resources of this host. */
#include <stdlib.h>
#include <string.h>

#include "hadm.h"

static void add_target(struct hadm *hadm, const char *name,
		       const struct ha_conf_resource *res)
{
	struct hadm_target *target;

	hadm->targets = xreallocarray(hadm->targets, hadm->n_targets + 1,
				      sizeof(*hadm->targets));
	target = &hadm->targets[hadm->n_targets++];
	target->name = name;
	target->res = res;
	target->self = res ? ha_conf_host_find(res, hadm->host) : NULL;
}

static int not_our_host(const struct hadm *hadm,
			const struct ha_conf_resource *res)
{
	char *hosts = xstrdup(res->hosts[0].name);
	int ret;

	for (unsigned int i = 1; i < res->n_hosts; i++) {
		char *longer = xasprintf("%s, %s", hosts, res->hosts[i].name);

		free(hosts);
		hosts = longer;
	}
	ret = hadm_error(res->name, "this host (%s) is not among its hosts: %s",
			 hadm->host, hosts);
	free(hosts);
	return ret;
}

static int unknown_name(const struct hadm *hadm, const char *name)
{
	const struct ha_conf *conf = hadm->conf;
	const char **known = xcalloc(conf->n_resources + 1, sizeof(*known));
	const char *near;
	int ret;

	for (unsigned int i = 0; i < conf->n_resources; i++)
		known[i] = conf->resources[i].name;
	near = ha_nearest(name, known);
	if (near)
		ret = hadm_error(name, "no such resource in %s; did you mean \"%s\"?",
				 hadm->conf_path, near);
	else
		ret = hadm_error(name, "no such resource in %s",
				 hadm->conf_path);
	free(known);
	return ret;
}

static int find_all(struct hadm *hadm)
{
	const struct ha_conf *conf = hadm->conf;

	for (unsigned int i = 0; i < conf->n_resources; i++) {
		const struct ha_conf_resource *res = &conf->resources[i];

		if ((hadm->verb->takes & HADM_ANY_HOST) ||
		    ha_conf_host_find(res, hadm->host))
			add_target(hadm, res->name, res);
	}
	return 0;
}

int hadm_find_targets(struct hadm *hadm)
{
	unsigned int takes = hadm->verb->takes;

	if (hadm->all)
		return find_all(hadm);
	for (char **word = hadm->words; *word; word++) {
		const struct ha_conf_resource *res =
			ha_conf_find(hadm->conf, *word);

		if (!res && !(takes & HADM_KERNEL))
			return unknown_name(hadm, *word);
		if (res && !(takes & (HADM_ANY_HOST | HADM_KERNEL)) &&
		    !ha_conf_host_find(res, hadm->host))
			return not_our_host(hadm, res);
		add_target(hadm, *word, res);
	}
	return 0;
}
