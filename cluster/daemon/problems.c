// SPDX-License-Identifier: GPL-2.0-only
/* Problems: the view, nodes that are missing, members that failed, what is blocked. */
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "conflicts.h"
#include "problems.h"
#include "util.h"

static void add(json_t *list, const char *where, char *text, const char *hint)
{
	json_t *problem = json_pack("{s:s, s:s}", "where", where, "text", text);

	if (hint)
		json_object_set_new(problem, "hint", json_string(hint));
	json_array_append_new(list, problem);
	free(text);
}

static void about_view(json_t *list, const struct picture *p)
{
	if (!p->view.quorate)
		add(list, "", xstrdup("no quorum: nothing is started, changed or taken over"),
		    NULL);
	else if (strcmp(p->view.phase, "active"))
		add(list, "", xasprintf("the view is not settled (%s)",
					p->view.phase), NULL);
	if (hc_no_takeover(p->conf))
		add(list, "", xstrdup("two nodes and no arbiter: nothing is taken over by itself"),
		    "add fence devices, a witness, or a third node");
}

static void about_nodes(json_t *list, const struct picture *p)
{
	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct hc_node *node = &p->conf->nodes[i];
		char *hint;

		if (p->view.members & 1u << (node->id - 1))
			continue;
		if (p->standing[node->id - 1] == CORE_NODE_OUT) {
			add(list, node->name, xstrdup("is off"), NULL);
			continue;
		}
		hint = xasprintf("if it is off: hactl fence confirm %s",
				 node->name);
		add(list, node->name, xstrdup("is not heard, and not known to be off"),
		    hint);
		free(hint);
	}
}

/* From a node whose watchdog is not counted on nothing is taken by waiting. */
static void about_watchdogs(json_t *list, const struct picture *p)
{
	if (!p->conf->watchdog.device || strcmp(p->view.phase, "active"))
		return;
	for (unsigned int i = 0; i < p->conf->n_nodes; i++) {
		const struct hc_node *node = &p->conf->nodes[i];
		uint32_t bit = 1u << (node->id - 1);

		/* Of one that runs nothing there is nothing to take. */
		if (!(p->view.members & bit) || p->view.leased & bit ||
		    node->role == HC_TIEBREAKER)
			continue;
		if (p->watchdog && node->id == (int)p->self)
			add(list, node->name, xasprintf("no watchdog guards it: %s",
							p->watchdog),
			    "hactl doctor, and systemctl status hawatchd");
		else
			add(list, node->name, xstrdup("no watchdog guards it"),
			    "hactl doctor on that node");
	}
}

static void about_row(json_t *list, const struct picture *p,
		      const struct picture_row *row)
{
	const struct hc_node *node = facts_node(p->conf, row->node);
	const struct hc_service *service;
	const struct hc_member *member;
	const char *op, *reason;
	int64_t failures;
	char *hint, *times;

	if (node && !strcmp(row->unit, CHECK_UNIT) &&
	    json_is_true(json_object_get(row->detail, "failed")))
		add(list, node->name, xasprintf("check %s fails", row->member),
		    NULL);
	if (!node || !facts_place(p->conf, row->unit, row->member, &service,
				  &member))
		return;
	failures = json_integer_value(json_object_get(row->detail, "failures"));
	if (!failures && row->state != CORE_FAILED)
		return;
	op = json_string_value(json_object_get(row->detail, "failed_op"));
	reason = json_string_value(json_object_get(row->detail, "reason"));
	times = failures > 1 ? xasprintf(" %lldx", (long long)failures) :
			       xstrdup("");
	hint = xasprintf("hactl clear %s %s", service->name, node->name);
	add(list, node->name, xasprintf("%s: %s failed%s (%s)", member->name,
					op ? op : "monitor", times,
					reason && *reason ? reason :
					"no reason given"), hint);
	free(hint);
	free(times);
}

static void about_plan(json_t *list, struct picture *p)
{
	const struct thought *t = picture_think(p);

	if (t->ret) {
		add(list, "", xasprintf("no plan can be made: %s",
					t->plan.error), NULL);
		return;
	}
	for (int i = 0; i < t->plan.n_blocked; i++) {
		const struct hp_blocked *b = &t->plan.blocked[i];
		char *what = wants_text(t, b->act, b->rsc, b->node);
		char *why = wants_why(t, b->why, b->other);

		add(list, "", xasprintf("cannot %s: %s", what, why), NULL);
		free(why);
		free(what);
	}
}

/* It ends when somebody has looked, and taken the files away. */
void problems_conflicts(json_t *list, const struct daemon *d)
{
	int n = conflicts_count(d->places.state_dir);

	if (n)
		add(list, d->places.name,
		    xasprintf("%d state%s of this node gave way to the cluster's, kept in %s/conflicts",
			      n, n > 1 ? "s" : "", d->places.state_dir),
		    "hactl config log; then remove what is there");
}

json_t *problems_find(struct picture *p)
{
	json_t *list = json_array();

	about_view(list, p);
	about_nodes(list, p);
	about_watchdogs(list, p);
	for (size_t i = 0; i < p->n_rows; i++)
		about_row(list, p, &p->rows[i]);
	if (p->view.quorate && !strcmp(p->view.phase, "active"))
		about_plan(list, p);
	return list;
}
