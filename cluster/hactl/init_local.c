// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of "cluster init" that each node does itself: reads a bundle from
 * its input, refuses what would destroy another cluster, writes its files.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "cmd.h"
#include "files.h"
#include "units.h"
#include "util.h"

#define MADE_BY	"# Made by hactl"

/* What Debian's package brings: one node on the loopback. */
static bool is_packaged(const char *text)
{
	const char *first = strstr(text, "ring0_addr:");

	return strstr(text, "cluster_name: debian\n") && first &&
	       !strstr(first + 1, "ring0_addr:") &&
	       !strncmp(first, "ring0_addr: 127.0.0.1\n", 22);
}

/* A revision of another cluster; or a corosync.conf of somebody else. */
static char *other_cluster(const char *root)
{
	char *pattern = file_below(root, "/var/lib/hacluster/config/*.conf");
	char *path = file_below(root, "/etc/corosync/corosync.conf");
	char *text = file_read(path), *found = NULL;
	glob_t revisions;

	if (!glob(pattern, 0, NULL, &revisions)) {
		found = xasprintf("this node is one of a cluster already (%s)",
				  revisions.gl_pathv[0]);
		globfree(&revisions);
	} else if (text && strncmp(text, MADE_BY, strlen(MADE_BY)) &&
		   strstr(text, "nodelist") && !is_packaged(text)) {
		found = xasprintf("%s is there already, and not made by hactl",
				  path);
	}
	free(text);
	free(path);
	free(pattern);
	return found;
}

static int put_unit(const char *root, const char *name, const char *text)
{
	char *in_package = xasprintf("/usr/lib/systemd/system/%s", name);
	char *in_etc = xasprintf("/etc/systemd/system/%s", name);
	char *packaged = file_below(root, in_package), *own = file_below(root, in_etc);
	int ret = 0;

	if (access(packaged, F_OK))
		ret = file_write(own, text, strlen(text), 0644);
	if (ret)
		hactl_error("cannot write %s: %s", own, strerror(errno));
	free(packaged);
	free(own);
	free(in_package);
	free(in_etc);
	return ret ? HACTL_FAILED : HACTL_OK;
}

/* The units of the daemons, where no package brought them. */
static int put_units(const char *root)
{
	int ret = put_unit(root, "haclusterd.service", haclusterd_service);

	return ret ? ret : put_unit(root, "hawatchd.service", hawatchd_service);
}

static int install(struct hactl *h, const struct bundle *bundle,
		   const struct hc_config *conf)
{
	const char *root = hactl_opt(h, OPT_ROOT);
	char *why = h->options[OPT_FORCE].n ? NULL : other_cluster(root);

	if (why) {
		hactl_error("%s: %s; --force replaces it", bundle->node, why);
		free(why);
		return HACTL_UNSAFE;
	}
	if (h->dry_run)
		return HACTL_OK;
	if (bundle_install(bundle, conf, root, h->now_ms, &why)) {
		hactl_error("%s: %s", bundle->node, why);
		free(why);
		return HACTL_FAILED;
	}
	return put_units(root);
}

int cmd_cluster_init_local(struct hactl *h)
{
	struct conf_errors errors = { 0 };
	char *text = file_read("-");
	struct hc_config *conf = NULL;
	struct bundle bundle = { 0 };
	int ret;

	if (!text || bundle_read(text, &bundle))
		ret = hactl_usage("what stands on the input is no bundle of hactl cluster init");
	else if (!(conf = hc_load("bundle", bundle.config, &errors)))
		ret = hactl_error("the configuration of the bundle is wrong: %s",
				  errors.text[0]);
	else if (!hc_node_find(conf, bundle.node))
		ret = hactl_error("the configuration has no node %s",
				  bundle.node);
	else
		ret = install(h, &bundle, conf);
	conf_errors_free(&errors);
	hc_free(conf);
	bundle_free(&bundle);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	return ret;
}
