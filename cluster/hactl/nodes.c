// SPDX-License-Identifier: GPL-2.0-only
/* Nodes as the command line names them. */
#include <stdlib.h>
#include <string.h>

#include "nodes.h"
#include "util.h"

int nodes_parse(const char *word, char **name, struct hc_words *links)
{
	const char *equals = strchr(word, '=');
	char *copy, *rest, *address;

	*name = NULL;
	if (!equals || equals == word || !equals[1])
		return hactl_usage("\"%s\" is no node: write NAME=ADDRESS[,ADDRESS]",
				   word);
	*name = xasprintf("%.*s", (int)(equals - word), word);
	copy = rest = xstrdup(equals + 1);
	while ((address = strsep(&rest, ",")))
		hc_words_add(links, address);
	free(copy);
	return HACTL_OK;
}
