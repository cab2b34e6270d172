// SPDX-License-Identifier: GPL-2.0-only
/* Rules and decisions as locations, colocations and orders. */
#include <stdlib.h>
#include <string.h>

#include "policy_make.h"
#include "util.h"
#include "values.h"

static struct hp_location *locate(struct hc_make *m, char *id, int rsc,
				  int node, int64_t score)
{
	struct hp_input *in = &m->policy.in;
	struct hp_location *l;

	m->locations = xreallocarray(m->locations, in->n_locations + 1,
				     sizeof(*m->locations));
	in->locations = m->locations;
	l = &m->locations[in->n_locations++];
	memset(l, 0, sizeof(*l));
	l->id = hc_own(m, id);
	l->rsc = rsc;
	l->node = node;
	l->score = score;
	return l;
}

static struct hp_colocation *colocate(struct hc_make *m, char *id, int rsc,
				      int with, int64_t score)
{
	struct hp_input *in = &m->policy.in;
	struct hp_colocation *c;

	m->colocations = xreallocarray(m->colocations, in->n_colocations + 1,
				       sizeof(*m->colocations));
	in->colocations = m->colocations;
	c = &m->colocations[in->n_colocations++];
	memset(c, 0, sizeof(*c));
	c->id = hc_own(m, id);
	c->rsc = rsc;
	c->with = with;
	c->score = score;
	return c;
}

static struct hp_order *order(struct hc_make *m, char *id, int first, int then)
{
	struct hp_input *in = &m->policy.in;
	struct hp_order *o;
	int *list;

	m->orders = xreallocarray(m->orders, in->n_orders + 1,
				  sizeof(*m->orders));
	in->orders = m->orders;
	o = &m->orders[in->n_orders++];
	memset(o, 0, sizeof(*o));
	list = hc_own(m, xcalloc(1, sizeof(*list)));
	*list = first;
	o->id = hc_own(m, id);
	o->first = list;
	o->n_first = 1;
	o->first_op = HP_OP_START;
	o->then = then;
	o->then_op = HP_OP_START;
	return o;
}

static char *rule_id(const struct hc_service *service,
		     const struct hc_rule *rule, const char *target)
{
	return xasprintf("%s %s %s", service->name, hc_rule_words[rule->kind],
			 target);
}

/* Where a check fails. What needs it must not be there; others avoid it. */
static void rule_check(struct hc_make *m, char *id, int rsc,
		       const struct hc_probe *check)
{
	struct hp_cond *cond = hc_own(m, xcalloc(1, sizeof(*cond)));
	bool stop = check->then > 0;	/* "stop" of avoid and stop */

	cond->cmp = HP_CMP_EQ;
	cond->type = HP_TYPE_STRING;
	cond->attr = hc_own(m, xasprintf("check-%s", check->name));
	cond->value = "failed";
	locate(m, id, rsc, -1, stop ? -HP_INF : SCORE_CHECK)->cond = cond;
}

static void rule_only_on(struct hc_make *m, const struct hc_service *service,
			 const struct hc_rule *rule, int rsc)
{
	for (unsigned int i = 0; i < m->conf->n_nodes; i++) {
		const char *name = m->conf->nodes[i].name;

		if (!hc_words_have(&rule->targets, name))
			locate(m, rule_id(service, rule, name), rsc, i,
			       -HP_INF);
	}
}

static void rule_one(struct hc_make *m, const struct hc_service *service,
		     const struct hc_rule *rule, int rsc, unsigned int at)
{
	const char *target = rule->targets.word[at];
	char *id = rule_id(service, rule, target);
	int node = hc_node_index(m, target);
	int other = hc_rsc_of_service(m, target);

	switch (rule->kind) {
	case HC_PREFER:
		locate(m, id, rsc, node, SCORE_PREFER > SCORE_RANK * (int)at ?
		       SCORE_PREFER - SCORE_RANK * (int)at : 1);
		return;
	case HC_AVOID:
		locate(m, id, rsc, node, -SCORE_PREFER);
		return;
	case HC_NEEDS:
		rule_check(m, id, rsc, hc_check_find(m->conf, target));
		return;
	case HC_AFTER:
		order(m, id, other, rsc);
		return;
	case HC_WITH:
		/* An instance that restarts elsewhere is no reason to stop. */
		order(m, xasprintf("%s start", id), other, rsc)->kind =
			HP_ORDER_OPTIONAL;
		colocate(m, id, rsc, other, HP_INF);
		return;
	case HC_TOGETHER:
		colocate(m, id, rsc, other, HP_INF);
		return;
	case HC_APART:
		colocate(m, id, rsc, other, -HP_INF);
		return;
	}
	free(id);
}

static void service_rules(struct hc_make *m, const struct hc_service *service)
{
	int rsc = hc_rsc_of_service(m, service->name);

	for (unsigned int i = 0; i < service->n_rules; i++) {
		const struct hc_rule *rule = &service->rules[i];

		if (rule->kind == HC_ONLY_ON) {
			rule_only_on(m, service, rule, rsc);
			continue;
		}
		for (unsigned int j = 0; j < rule->targets.n; j++)
			rule_one(m, service, rule, rsc, j);
	}
}

/* The service is where its device is promoted, and starts after that. */
static void storage_rules(struct hc_make *m, const struct hc_service *service)
{
	int rsc = hc_rsc_of_service(m, service->name), device;

	for (unsigned int i = 0; i < service->n_members; i++) {
		const char *name = service->members[i].what;

		if (service->members[i].kind != HC_STORAGE)
			continue;
		device = hc_rsc_of_device(m, name, false);
		if (device == rsc)
			continue;
		colocate(m, xasprintf("%s on %s", service->name, name), rsc,
			 device, HP_INF)->with_role = HP_ROLE_PROMOTED;
		order(m, xasprintf("%s from %s", service->name, name), device,
		      rsc)->first_op = HP_OP_PROMOTE;
	}
}

static bool is_needed(const struct hc_config *conf, const char *check)
{
	for (unsigned int i = 0; i < conf->n_services; i++)
		for (unsigned int j = 0; j < conf->services[i].n_rules; j++)
			if (conf->services[i].rules[j].kind == HC_NEEDS &&
			    hc_words_have(&conf->services[i].rules[j].targets,
					  check))
				return true;
	return false;
}

/* They vote and run nothing. */
static void not_on_tiebreaker(struct hc_make *m, const char *name, int rsc,
			      unsigned int node)
{
	const struct hc_node *at = &m->conf->nodes[node];

	if (at->role == HC_TIEBREAKER)
		locate(m, xasprintf("%s not on tiebreaker %s", name, at->name),
		       rsc, node, -HP_INF);
}

static bool is_up(const struct hc_make *m, const char *device,
		  const char *node)
{
	int rsc = hc_rsc_of_device(m, device, true);

	for (int i = 0; i < m->facts->n_members; i++) {
		const struct hc_fact_member *f = &m->facts->members[i];

		if (f->role != HP_ROLE_STOPPED && !strcmp(f->node, node) &&
		    hc_rsc_of_member(m, f->service, f->member) == rsc)
			return true;
	}
	return false;
}

/* A tiebreaker has no replica to bring up. One that is up there may vote too. */
static void device_rules(struct hc_make *m, const struct hc_device *device)
{
	int rsc = hc_rsc_of_device(m, device->name, false);

	for (unsigned int i = 0; i < m->conf->n_nodes; i++)
		if (!is_up(m, device->name, m->conf->nodes[i].name))
			not_on_tiebreaker(m, device->name, rsc, i);
}

/* A check that no service names is about all. */
static void common_rules(struct hc_make *m, const struct hc_service *service)
{
	int rsc = hc_rsc_of_service(m, service->name);

	for (unsigned int i = 0; i < m->conf->n_nodes; i++)
		not_on_tiebreaker(m, service->name, rsc, i);
	for (unsigned int i = 0; i < m->conf->n_checks && !service->clone; i++)
		if (!is_needed(m->conf, m->conf->checks[i].name))
			rule_check(m, xasprintf("%s check %s", service->name,
						m->conf->checks[i].name), rsc,
				   &m->conf->checks[i]);
}

static void decision(struct hc_make *m, const struct hc_fact_decision *d)
{
	int rsc = hc_rsc_of_service(m, d->service);
	int node = hc_node_index(m, d->node);

	if (rsc < 0 || node < 0 || d->kind == HC_STOPPED)
		return;
	if (d->kind == HC_BAN || d->away) {
		locate(m, xasprintf("%s %s %s", d->service,
				    d->kind == HC_BAN ? "ban" : "move from",
				    d->node), rsc, node, -HP_INF)->until_ms =
			d->until_ms;
		return;
	}
	for (unsigned int i = 0; i < m->conf->n_nodes; i++)
		if ((int)i != node)
			locate(m, xasprintf("%s move to %s, not %s", d->service,
					    d->node, m->conf->nodes[i].name),
			       rsc, i, -HP_INF)->until_ms = d->until_ms;
}

void hc_make_rules(struct hc_make *m)
{
	for (unsigned int i = 0; i < m->conf->n_devices; i++)
		device_rules(m, &m->conf->devices[i]);
	for (unsigned int i = 0; i < m->conf->n_services; i++) {
		storage_rules(m, &m->conf->services[i]);
		common_rules(m, &m->conf->services[i]);
		service_rules(m, &m->conf->services[i]);
	}
	for (int i = 0; i < m->facts->n_decisions; i++)
		decision(m, &m->facts->decisions[i]);
}
