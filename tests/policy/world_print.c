// SPDX-License-Identifier: GPL-2.0-only
/* A made-up cluster and its plan as text, to look at what went wrong. */
#include <stdio.h>

#include "world.h"

static const char *rsc(const struct world *w, int r)
{
	return r < 0 ? "-" : w->rscs[r].name;
}

static const char *node(const struct world *w, int n)
{
	return n < 0 ? "-" : w->nodes[n].name;
}

static void print_config(const struct world *w)
{
	static const char *const states[] = { "online", "pending", "down", "unknown" };
	const struct hp_rsc *r;
	const struct hp_node *n;
	int i;

	printf("quorate %d pending %d loss %d fencing %d device %d no-takeover %d opt-in %d\n",
	       w->in.quorate, w->in.view_pending, w->in.loss, w->in.fencing,
	       w->in.fence_device, w->in.no_takeover, w->in.opt_in);
	for (i = 0; i < w->in.n_nodes; i++) {
		n = &w->nodes[i];
		printf("node %s %s%s%s%s%s\n", n->name, states[n->state],
		       n->standby ? " standby" : "", n->maintenance ? " maintenance" : "",
		       n->shutdown ? " shutdown" : "", n->must_fence ? " must-fence" : "");
	}
	for (i = 0; i < w->in.n_rscs; i++) {
		r = &w->rscs[i];
		printf("%s %s kind %d in %s sticky %lld%s%s%s%s max %d needs %d limit %lld\n",
		       r->promotable ? "promotable" : "resource", r->name, r->kind,
		       rsc(w, r->parent), (long long)r->stickiness,
		       r->unmanaged ? " unmanaged" : "", r->limited ? " stopped" : "",
		       r->interleave ? " interleave" : "", r->storage ? " device" : "",
		       r->clone_max, r->needs, (long long)r->restart.limit);
	}
}

static void print_rules(const struct world *w)
{
	int i;

	for (i = 0; i < w->in.n_locations; i++)
		printf("location %s: %s on %s %lld role %d until %lld\n", w->locations[i].id,
		       rsc(w, w->locations[i].rsc), node(w, w->locations[i].node),
		       (long long)w->locations[i].score, w->locations[i].role,
		       (long long)w->locations[i].until_ms);
	for (i = 0; i < w->in.n_colocations; i++)
		printf("colocation %s: %s role %d with %s role %d %lld\n",
		       w->colocations[i].id, rsc(w, w->colocations[i].rsc),
		       w->colocations[i].rsc_role, rsc(w, w->colocations[i].with),
		       w->colocations[i].with_role, (long long)w->colocations[i].score);
	for (i = 0; i < w->in.n_orders; i++)
		printf("order %s: %s op %d then %s op %d kind %d%s\n", w->orders[i].id,
		       rsc(w, w->orders[i].first[0]), w->orders[i].first_op,
		       rsc(w, w->orders[i].then), w->orders[i].then_op, w->orders[i].kind,
		       w->orders[i].asymmetric ? " asymmetric" : "");
}

static void print_facts(const struct world *w)
{
	int i;

	for (i = 0; i < w->in.n_status; i++)
		printf("runs %s on %s as %s%s%s\n", rsc(w, w->status[i].rsc),
		       node(w, w->status[i].node), hp_role_word(w->status[i].role),
		       w->status[i].failed ? " failed" : "",
		       w->status[i].blocked ? " blocked" : "");
	for (i = 0; i < w->in.n_failures; i++)
		printf("failures %s on %s: %lld\n", rsc(w, w->failures[i].rsc),
		       node(w, w->failures[i].node), (long long)w->failures[i].count);
	for (i = 0; i < w->in.n_promotions; i++)
		printf("promotion %s on %s: %lld\n", rsc(w, w->promotions[i].rsc),
		       node(w, w->promotions[i].node), (long long)w->promotions[i].score);
	for (i = 0; i < w->in.n_storage; i++)
		printf("data %s on %s: %d%s%s\n", rsc(w, w->storage[i].rsc),
		       node(w, w->storage[i].node), w->storage[i].data,
		       w->storage[i].excluded ? " excluded" : "",
		       w->storage[i].split_brain ? " split-brain" : "");
}

void world_print(const struct world *w, const struct hp_plan *p)
{
	int i;

	print_config(w);
	print_rules(w);
	print_facts(w);
	for (i = 0; i < p->n_places; i++)
		if (p->places[i].node >= 0)
			printf("-> %s:%d on %s as %s\n", rsc(w, p->places[i].rsc),
			       p->places[i].instance, node(w, p->places[i].node),
			       hp_role_word(p->places[i].role));
	for (i = 0; i < p->n_actions; i++)
		printf("action %d: %s %s:%d %s why %s\n", i, hp_act_word(p->actions[i].act),
		       rsc(w, p->actions[i].rsc), p->actions[i].instance,
		       node(w, p->actions[i].node), hp_why_word(p->actions[i].why));
	for (i = 0; i < p->n_edges; i++)
		printf("edge %d -> %d\n", p->edges[i].first, p->edges[i].then);
	for (i = 0; i < p->n_blocked; i++)
		printf("blocked: %s %s:%d %s why %s\n", hp_act_word(p->blocked[i].act),
		       rsc(w, p->blocked[i].rsc), p->blocked[i].instance,
		       node(w, p->blocked[i].node), hp_why_word(p->blocked[i].why));
}
