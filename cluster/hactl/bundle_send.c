// SPDX-License-Identifier: GPL-2.0-only
/* A bundle on its way to a node. */
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "hactl.h"
#include "remote.h"

int bundle_send(const struct hc_node *node, struct bundle *bundle, bool dry_run,
		bool force)
{
	const char *argv[6] = { "hactl", "cluster", "init-local" };
	int n = 3, ret;
	char *text;

	if (dry_run)
		argv[n++] = "--dry-run";
	if (force)
		argv[n] = "--force";
	bundle->node = node->name;
	text = bundle_write(bundle);
	ret = remote_run(node->name, node->links.word[0], argv, text, NULL);
	explicit_bzero(text, strlen(text));
	free(text);
	if (ret == 127)
		return hactl_error("%s has no hactl", node->name);
	if (ret)
		return hactl_error("%s cannot become a node (status %d); nothing was %s",
				   node->name, ret,
				   dry_run ? "changed" : "started");
	return HACTL_OK;
}
