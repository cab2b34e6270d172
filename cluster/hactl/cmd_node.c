// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that change nodes and devices in the configuration. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "cmd.h"
#include "nodes.h"

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

int cmd_node_add(struct hactl *h)
{
	return hactl_change(h, edit_add);
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
