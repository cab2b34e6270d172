// SPDX-License-Identifier: GPL-2.0-only
/* Whether the agents that a configuration names are installed on this host. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "util.h"
#include "values.h"

/* The agent of a directory whose name is nearest; to be freed. */
static char *nearest_in(const char *dir, const char *name, const char *prefix)
{
	struct hc_words found = { 0 };
	const char **known, *near;
	struct dirent *entry;
	DIR *open = opendir(dir);
	char *copy;

	while (open && (entry = readdir(open)))
		if (!strncmp(entry->d_name, prefix, strlen(prefix)))
			hc_words_add(&found, entry->d_name);
	if (open)
		closedir(open);
	known = xcalloc(found.n + 1, sizeof(*known));
	for (unsigned int i = 0; i < found.n; i++)
		known[i] = found.word[i];
	near = ha_nearest(name, known);
	copy = near ? xstrdup(near) : NULL;
	free(known);
	hc_words_free(&found);
	return copy;
}

static void check_file(const char *dir, const char *name, const char *prefix,
		       const char *before, const struct conf_place *place,
		       struct conf_errors *errors)
{
	char *path = xasprintf("%s/%s", dir, name), *near;

	if (access(path, X_OK)) {
		near = nearest_in(dir, name, prefix);
		if (near)
			conf_error(errors, place,
				   "agent %s%s is not installed here; did you mean \"%s%s\"?",
				   before, name, before, near);
		else
			conf_error(errors, place,
				   "agent %s%s is not installed here", before,
				   name);
		free(near);
	}
	free(path);
}

static void check_member(const struct hc_member *member, const char *ocf_root,
			 struct conf_errors *errors)
{
	const char *agent = member->what;
	const char *colon;
	char *dir, *before;

	if (member->kind != HC_OCF)
		return;
	if (!strncmp(agent, "ocf:", 4))
		agent += 4;
	colon = strchr(agent, ':');
	dir = xasprintf("%s/resource.d/%.*s", ocf_root, (int)(colon - agent),
			agent);
	before = xasprintf("ocf:%.*s:", (int)(colon - agent), agent);
	check_file(dir, colon + 1, "", before, &member->place, errors);
	free(before);
	free(dir);
}

void hc_agents_check(const struct hc_config *conf, const char *ocf_root,
		     const char *fence_dir, struct conf_errors *errors)
{
	for (unsigned int i = 0; i < conf->n_fences; i++)
		check_file(fence_dir, conf->fences[i].agent, "fence_", "",
			   &conf->fences[i].place, errors);
	for (unsigned int i = 0; i < conf->n_services; i++)
		for (unsigned int j = 0; j < conf->services[i].n_members; j++)
			check_member(&conf->services[i].members[j], ocf_root,
				     errors);
}
