// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that change nodes and devices in the configuration. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "change.h"
#include "cmd.h"
#include "files.h"
#include "nodes.h"
#include "start.h"
#include "witness.h"

#define AUTHKEY	"/etc/corosync/authkey"

static int edit_add(struct hactl *h, struct hc_edit *edit)
{
	struct hc_words links = { 0 };
	char *name;
	int ret = nodes_parse(h->words[0], &name, &links);

	if (!ret)
		hc_edit_node(edit, name, &links, h->options[OPT_TIEBREAKER].n);
	free(name);
	hc_words_free(&links);
	return ret;
}

static int read_key(const struct hactl *h, uint8_t key[AUTHKEY_SIZE])
{
	char *path = file_below(hactl_opt(h, OPT_ROOT), AUTHKEY);
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = HACTL_OK;

	if (fd < 0 || read(fd, key, AUTHKEY_SIZE) != AUTHKEY_SIZE)
		ret = hactl_error("cannot read %s: %s", path,
				  fd < 0 ? strerror(errno) : "too short");
	if (fd >= 0)
		close(fd);
	free(path);
	return ret;
}

/* The configuration names it; now it gets its files, and is started. */
static int bring_in(struct hactl *h, struct bundle *bundle)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("(in force)", bundle->config, &errors);
	size_t length = strcspn(h->words[0], "=");
	struct hc_node *node = NULL;
	int ret;

	for (unsigned int i = 0; conf && i < conf->n_nodes; i++)
		if (strlen(conf->nodes[i].name) == length &&
		    !strncmp(conf->nodes[i].name, h->words[0], length))
			node = &conf->nodes[i];
	if (!node)
		ret = hactl_error("the new configuration does not have the node");
	else
		ret = bundle_send(node, bundle, false, false);
	if (!ret && conf->quorum.witness)
		ret = witness_add_node(conf, node);
	if (!ret)
		ret = start_node(conf, node, START_FIRST);
	conf_errors_free(&errors);
	hc_free(conf);
	return ret;
}

int cmd_node_add(struct hactl *h)
{
	struct bundle bundle = { 0 };
	int ret = read_key(h, bundle.key);

	if (!ret)
		ret = hactl_change(h, edit_add);
	if (!ret && !h->dry_run)
		ret = hactl_get_config(h, &bundle.rev, &bundle.config);
	if (!ret && !h->dry_run)
		ret = bring_in(h, &bundle);
	free(bundle.config);
	explicit_bzero(bundle.key, sizeof(bundle.key));
	return ret;
}

static int edit_remove(struct hactl *h, struct hc_edit *edit)
{
	hc_edit_remove(edit, h->verb->group, h->words[0]);
	return HACTL_OK;
}

/* Its services go first: a node that leaves must run nothing. */
int cmd_node_remove(struct hactl *h)
{
	json_t *args = json_pack("{s:s, s:s}", "what", "standby", "node",
				 h->words[0]);
	int ret = hactl_decide(h, args, NULL, "drained");

	return ret || h->dry_run ? ret : hactl_change(h, edit_remove);
}

static int edit_device(struct hactl *h, struct hc_edit *edit)
{
	hc_edit_device(edit, h->words[0]);
	return HACTL_OK;
}

int cmd_device_add(struct hactl *h)
{
	return hactl_change(h, edit_device);
}

int cmd_device_remove(struct hactl *h)
{
	return hactl_change(h, edit_remove);
}
