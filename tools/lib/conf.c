// SPDX-License-Identifier: GPL-2.0-only
/* Life of the configuration model: load with includes, find, compare, free. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "conf.h"
#include "util.h"

#define INCLUDE_DEPTH	8

struct loader {
	struct ha_conf *conf;
	struct conf_errors *errors;
	unsigned int depth;
};

static const char *own_file_name(struct ha_conf *conf, const char *path)
{
	conf->files = xreallocarray(conf->files, conf->n_files + 1,
				    sizeof(*conf->files));
	conf->files[conf->n_files] = xstrdup(path);
	return conf->files[conf->n_files++];
}

static void load_file(struct loader *loader, const char *path, FILE *in,
		      const struct conf_place *from);

static void load_include(struct loader *loader, const struct conf_node *node)
{
	const struct conf_word *pattern = node->words->next;
	const char *base, *slash;
	char *full;
	glob_t found;

	if (!pattern || pattern->next || node->block)
		return;		/* the builder complains of the shape */
	base = pattern->place.file;
	slash = strrchr(base, '/');
	if (*pattern->text == '/' || !slash)
		full = xstrdup(pattern->text);
	else
		full = xasprintf("%.*s/%s", (int)(slash - base), base,
				 pattern->text);
	if (loader->depth >= INCLUDE_DEPTH) {
		conf_error(loader->errors, &pattern->place,
			   "includes are nested too deeply");
	} else if (!glob(full, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			load_file(loader, found.gl_pathv[i], NULL,
				  &pattern->place);
		globfree(&found);
	} else if (!strpbrk(full, "*?[")) {
		conf_error(loader->errors, &pattern->place,
			   "cannot include %s: no such file", full);
	}
	free(full);
}

static void load_file(struct loader *loader, const char *path, FILE *in,
		      const struct conf_place *from)
{
	const char *file = own_file_name(loader->conf, path);
	struct conf_place start = { .file = file };
	FILE *opened = NULL;
	struct conf_node *tree;

	if (!in)
		in = opened = fopen(path, "re");
	if (!in) {
		conf_error(loader->errors, from ? from : &start,
			   "cannot read %s: %s", path, strerror(errno));
		return;
	}
	tree = conf_tree_parse(in, file, loader->errors);
	if (opened)
		fclose(opened);
	loader->depth++;
	for (struct conf_node *node = tree; node; node = node->next)
		if (!strcmp(node->words->text, "include"))
			load_include(loader, node);
	loader->depth--;
	ha_conf_build(loader->conf, tree, loader->errors);
	conf_tree_free(tree);
}

struct ha_conf *ha_conf_load(const char *path, FILE *in,
			     struct conf_errors *errors)
{
	struct ha_conf *conf = xcalloc(1, sizeof(*conf));
	struct loader loader = { .conf = conf, .errors = errors };

	load_file(&loader, path, in, NULL);
	if (!errors->count) {
		ha_conf_complete(conf);
		ha_conf_check(conf, errors);
	}
	if (errors->count) {
		ha_conf_free(conf);
		return NULL;
	}
	return conf;
}

static void settings_free(struct ha_conf_settings *settings)
{
	free(settings->secret);
	for (unsigned int i = 0; i < settings->n_handlers; i++) {
		free(settings->handlers[i].name);
		free(settings->handlers[i].command);
	}
	free(settings->handlers);
}

static void host_free(struct ha_conf_host *host)
{
	free(host->name);
	free(host->disk);
	free(host->meta_disk);
}

void ha_conf_free(struct ha_conf *conf)
{
	if (!conf)
		return;
	for (unsigned int i = 0; i < conf->n_resources; i++) {
		struct ha_conf_resource *res = &conf->resources[i];

		for (unsigned int j = 0; j < res->n_hosts; j++)
			host_free(&res->hosts[j]);
		host_free(&res->everywhere);
		settings_free(&res->settings);
		free(res->name);
	}
	free(conf->resources);
	settings_free(&conf->common);
	for (unsigned int i = 0; i < conf->n_files; i++)
		free(conf->files[i]);
	free(conf->files);
	free(conf);
}

static bool settings_equal(const struct ha_conf_settings *a,
			   const struct ha_conf_settings *b)
{
	if (!ha_streq(a->secret, b->secret) || a->auth_none != b->auth_none ||
	    a->n_handlers != b->n_handlers || a->values.set != b->values.set)
		return false;
	for (int id = 0; id < HA_OPT_NR; id++)
		if ((a->values.set & (1u << id)) &&
		    a->values.value[id] != b->values.value[id])
			return false;
	for (unsigned int i = 0; i < a->n_handlers; i++)
		if (!ha_streq(a->handlers[i].name, b->handlers[i].name) ||
		    !ha_streq(a->handlers[i].command, b->handlers[i].command))
			return false;
	return true;
}

static bool host_equal(const struct ha_conf_host *a,
		       const struct ha_conf_host *b)
{
	return ha_streq(a->name, b->name) && a->node_id == b->node_id &&
	       a->minor == b->minor && ha_streq(a->disk, b->disk) &&
	       ha_streq(a->meta_disk, b->meta_disk) &&
	       ha_address_equal(&a->address, &b->address);
}

bool ha_conf_equal(const struct ha_conf *a, const struct ha_conf *b)
{
	if (a->n_resources != b->n_resources)
		return false;
	for (unsigned int i = 0; i < a->n_resources; i++) {
		const struct ha_conf_resource *ra = &a->resources[i];
		const struct ha_conf_resource *rb = &b->resources[i];

		if (!ha_streq(ra->name, rb->name) ||
		    ra->n_hosts != rb->n_hosts ||
		    !settings_equal(&ra->settings, &rb->settings))
			return false;
		for (unsigned int j = 0; j < ra->n_hosts; j++)
			if (!host_equal(&ra->hosts[j], &rb->hosts[j]))
				return false;
	}
	return true;
}

struct ha_conf_resource *ha_conf_find(const struct ha_conf *conf,
				      const char *name)
{
	for (unsigned int i = 0; i < conf->n_resources; i++)
		if (!strcmp(conf->resources[i].name, name))
			return &conf->resources[i];
	return NULL;
}

static bool same_host(const char *a, const char *b)
{
	size_t la = strcspn(a, "."), lb = strcspn(b, ".");

	if (a[la] && b[lb])
		return !strcmp(a, b);
	return la == lb && !strncmp(a, b, la);
}

struct ha_conf_host *ha_conf_host_find(const struct ha_conf_resource *res,
				       const char *hostname)
{
	for (unsigned int i = 0; i < res->n_hosts; i++)
		if (same_host(res->hosts[i].name, hostname))
			return (struct ha_conf_host *)&res->hosts[i];
	return NULL;
}
