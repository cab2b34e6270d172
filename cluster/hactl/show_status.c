// SPDX-License-Identifier: GPL-2.0-only
/* The state of the cluster: problems first, then nodes, services, clones. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "text.h"

#define LABEL	10	/* "NODES" and the others, with what follows */

struct layout {
	int state, node, since;
};

static const char *state_colour(const char *state)
{
	static const char *const bad[] = { "failed", "blocked", "unknown",
					   "offline", "inquorate" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!strcmp(state, bad[i]))
			return RED;
	if (!strcmp(state, "running") || !strcmp(state, "online") ||
	    !strcmp(state, "quorate"))
		return GREEN;
	return YELLOW;
}

/* Painted, and then blanks up to a width that colours do not count for. */
static void cell(FILE *out, bool colour, const char *with, const char *text,
		 int width)
{
	text_paint(out, colour, with, text);
	fprintf(out, "%*s", width - (int)strlen(text) > 0 ?
		width - (int)strlen(text) : 1, "");
}

static void print_head(const json_t *status, bool colour, FILE *out)
{
	const json_t *quorum = json_object_get(status, "quorum");
	const json_t *detect = json_object_get(status, "detect");
	const json_t *safety = json_object_get(status, "safety");
	const char *state = get_text(quorum, "state");
	const char *witness = get_text(quorum, "witness");
	char worst[TEXT_SIZE];

	text_paint(out, colour, BOLD, get_text(status, "cluster"));
	fprintf(out, "  rev %" PRId64 "  ", get_number(status, "rev"));
	text_paint(out, colour, state_colour(state), state);
	fprintf(out, " %" PRId64 "/%" PRId64, get_number(quorum, "votes"),
		get_number(quorum, "expected"));
	if (*witness && strcmp(witness, "none"))
		fprintf(out, " (witness %s)", witness);
	if (*get_text(status, "coordinator"))
		fprintf(out, "  coordinator %s",
			get_text(status, "coordinator"));
	fprintf(out, "  detect %s (worst %s)", get_text(detect, "profile"),
		text_seconds(get_number(detect, "worst_ms"), worst));
	fputs("  SAFETY: ", out);
	text_paint(out, colour, *get_text(safety, "grade") <= 'B' ? GREEN : RED,
		   get_text(safety, "grade"));
	if (*get_text(safety, "text"))
		fprintf(out, " (%s)", get_text(safety, "text"));
	fputc('\n', out);
	if (get_flag(status, "maintenance"))
		fputs("MAINTENANCE: services are left alone; end it with hactl maintenance off\n",
		      out);
}

static void print_problems(const json_t *status, bool colour, FILE *out)
{
	const json_t *problems = get_list(status, "problems"), *problem;
	size_t i;

	if (!json_array_size(problems))
		return;
	fprintf(out, "%-*s%zu\n", LABEL, "PROBLEMS", json_array_size(problems));
	json_array_foreach(problems, i, problem) {
		fputs("  ", out);
		text_paint(out, colour, RED, "!");
		fputc(' ', out);
		if (*get_text(problem, "where"))
			fprintf(out, "%s: ", get_text(problem, "where"));
		fputs(get_text(problem, "text"), out);
		if (*get_text(problem, "hint"))
			fprintf(out, "; %s", get_text(problem, "hint"));
		fputc('\n', out);
	}
}

static void print_standby(const json_t *standby, int64_t now, FILE *out)
{
	int64_t until = get_number(standby, "until_ms");
	char left[TEXT_SIZE];

	fputs(", standby", out);
	if (!*get_text(standby, "by"))
		return;
	fprintf(out, " (by %s", get_text(standby, "by"));
	if (until)
		fprintf(out, ", %s left", text_age(until - now, left));
	fputc(')', out);
}

static void print_nodes(const json_t *status, bool colour, FILE *out)
{
	const json_t *node;
	size_t i;

	fprintf(out, "%-*s", LABEL, "NODES");
	json_array_foreach(get_list(status, "nodes"), i, node) {
		const char *state = get_text(node, "state");

		fprintf(out, "%s%s ", i ? "   " : "", get_text(node, "name"));
		text_paint(out, colour, state_colour(state), state);
		if (json_is_object(json_object_get(node, "standby")))
			print_standby(json_object_get(node, "standby"),
				      get_number(status, "time_ms"), out);
		if (get_flag(node, "maintenance"))
			fputs(", maintenance", out);
	}
	fputc('\n', out);
}

static void print_member(const json_t *member, FILE *out)
{
	const char *kind = get_text(member, "kind");
	const char *name = get_text(member, "name");
	const char *state = get_text(member, "state");

	if (!strcmp(kind, "storage") && *get_text(member, "role"))
		fprintf(out, "%s=%s/%s", name, get_text(member, "role"),
			get_text(member, "disk"));
	else if (!strcmp(kind, "mount"))
		fprintf(out, "fs %s", name);
	else if (!strcmp(kind, "ip"))
		fprintf(out, "ip %s", name);
	else
		fputs(name, out);
	if (get_number(member, "pid"))
		fprintf(out, " (pid %" PRId64 ")", get_number(member, "pid"));
	if (*state && strcmp(state, "running"))
		fprintf(out, " %s", state);
}

static void print_notes(const json_t *service, int indent, FILE *out)
{
	const json_t *notes = get_list(service, "notes");
	const json_t *failover = json_object_get(service, "failover");

	if (!json_array_size(notes) && !json_is_object(failover))
		return;
	fprintf(out, "%*s", indent, "");
	text_join(out, notes, "     ");
	if (json_is_object(failover)) {
		fputs(json_array_size(notes) ? "     " : "", out);
		if (*get_text(failover, "node"))
			fprintf(out, "failover target: %s (%s)",
				get_text(failover, "node"),
				get_flag(failover, "ready") ? "ready" :
							      "not ready");
		else
			fputs("failover target: none", out);
	}
	fputc('\n', out);
}

static void print_service(const json_t *status, const json_t *service,
			  const struct layout *w, int first, bool colour,
			  FILE *out)
{
	const char *state = get_text(service, "state"), *name;
	int64_t since = get_number(service, "since_ms");
	const json_t *member;
	char age[TEXT_SIZE] = "-";
	size_t i;

	if (since)
		text_age(get_number(status, "time_ms") - since, age);
	fputc(' ', out);
	cell(out, colour, BOLD, get_text(service, "name"), first - 1);
	cell(out, colour, state_colour(state), state, w->state);
	name = get_text(service, "node");
	cell(out, false, "", *name ? name : "-", w->node);
	cell(out, false, "", age, w->since);
	json_array_foreach(get_list(service, "members"), i, member) {
		fputs(i ? "  " : "", out);
		print_member(member, out);
	}
	if (*get_text(service, "with"))
		fprintf(out, " with %s", get_text(service, "with"));
	fputc('\n', out);
	print_notes(service, first + w->state + w->node + w->since, out);
}

static int widest(const json_t *list, const char *key, int least)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		int width = strlen(get_text(item, key));

		if (width > least)
			least = width;
	}
	return least;
}

static void print_services(const json_t *status, const struct layout *w,
			   bool colour, FILE *out)
{
	const json_t *services = get_list(status, "services"), *service;
	int first = widest(services, "name", LABEL - 3) + 3;
	size_t i;

	if (!json_array_size(services))
		return;
	fprintf(out, "%-*s%-*s%-*s%-*s%s\n", first, "SERVICE", w->state,
		"STATE", w->node, "NODE", w->since, "SINCE", "MEMBERS");
	json_array_foreach(services, i, service)
		print_service(status, service, w, first, colour, out);
}

/* Nodes of one state together: "n1 n2 running, n3 standby". */
static void print_clone(const json_t *clone, bool colour, FILE *out)
{
	const json_t *node;
	const char *before = "";
	size_t i;

	json_array_foreach(get_list(clone, "nodes"), i, node) {
		const char *state = get_text(node, "state");
		const json_t *next = json_array_get(get_list(clone, "nodes"),
						    i + 1);

		fprintf(out, "%s%s", before, get_text(node, "node"));
		before = " ";
		if (next && !strcmp(get_text(next, "state"), state))
			continue;
		fputc(' ', out);
		text_paint(out, colour, state_colour(state), state);
		before = ", ";
	}
	fputc('\n', out);
}

static void print_clones(const json_t *status, const struct layout *w,
			 bool colour, FILE *out)
{
	const json_t *clones = get_list(status, "clones"), *clone;
	int width = widest(clones, "name", w->state - 2) + 2;
	size_t i;

	json_array_foreach(clones, i, clone) {
		fprintf(out, "%-*s", LABEL, i ? "" : "CLONE");
		cell(out, colour, BOLD, get_text(clone, "name"), width);
		print_clone(clone, colour, out);
	}
}

void show_status(const json_t *status, bool colour, FILE *out)
{
	const json_t *services = get_list(status, "services");
	const struct layout w = {
		.state = widest(services, "state", 5) + 2,
		.node = widest(services, "node", 4) + 2,
		.since = 8,
	};
	char *text = NULL;
	size_t size;
	FILE *all = open_memstream(&text, &size);

	print_head(status, colour, all);
	print_problems(status, colour, all);
	print_nodes(status, colour, all);
	print_services(status, &w, colour, all);
	print_clones(status, &w, colour, all);
	fclose(all);
	text_trimmed(text, out);
	free(text);
}
