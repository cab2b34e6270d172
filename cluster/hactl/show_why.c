// SPDX-License-Identifier: GPL-2.0-only
/* Why a service is where it is, and what keeps it from other nodes. */
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "text.h"

static void print_head(const json_t *why, bool colour, FILE *out)
{
	const char *node = get_text(why, "node");

	text_paint(out, colour, BOLD, get_text(why, "service"));
	if (*node)
		fprintf(out, " runs on %s because: ", node);
	else
		fprintf(out, " is %s because: ", get_text(why, "state"));
	text_join(out, get_list(why, "because"), "; ");
	fputs(".\n", out);
}

static void print_node(const json_t *node, int width, bool colour, FILE *out)
{
	const char *verdict = get_text(node, "verdict");
	const json_t *needs = get_list(node, "needs");
	bool possible = !strcmp(verdict, "possible");
	char estimate[TEXT_SIZE];

	fprintf(out, "  %-*s", width + 2, get_text(node, "node"));
	text_paint(out, colour, possible ? GREEN : RED, verdict);
	fprintf(out, "%*s", 11 - (int)strlen(verdict) > 0 ?
		11 - (int)strlen(verdict) : 1, "");
	text_join(out, get_list(node, "reasons"), "; ");
	if (json_array_size(needs)) {
		fputs(json_array_size(get_list(node, "reasons")) ?
		      ", would need: " : "would need: ", out);
		text_join(out, needs, ", ");
	}
	if (get_number(node, "estimate_ms"))
		fprintf(out, "   est. %s",
			text_seconds(get_number(node, "estimate_ms"), estimate));
	fputc('\n', out);
}

void show_why(const json_t *why, bool colour, FILE *out)
{
	const json_t *node;
	char *text = NULL;
	size_t size, i;
	FILE *all = open_memstream(&text, &size);
	int width = 0;

	print_head(why, colour, all);
	json_array_foreach(get_list(why, "nodes"), i, node)
		if ((int)strlen(get_text(node, "node")) > width)
			width = strlen(get_text(node, "node"));
	json_array_foreach(get_list(why, "nodes"), i, node)
		print_node(node, width, colour, all);
	fclose(all);
	text_trimmed(text, out);
	free(text);
}
