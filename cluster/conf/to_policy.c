// SPDX-License-Identifier: GPL-2.0-only
/* The input of the policy engine: nodes, what holds for the cluster, look-ups. */
#include <stdlib.h>
#include <string.h>

#include "policy_make.h"
#include "util.h"
#include "values.h"

void *hc_own(struct hc_make *m, void *memory)
{
	m->owned = xreallocarray(m->owned, m->n_owned + 1, sizeof(*m->owned));
	m->owned[m->n_owned++] = memory;
	return memory;
}

int hc_node_index(const struct hc_make *m, const char *node)
{
	for (unsigned int i = 0; node && i < m->conf->n_nodes; i++)
		if (!strcmp(m->conf->nodes[i].name, node))
			return i;
	return -1;
}

int hc_rsc_of_device(const struct hc_make *m, const char *device, bool inner)
{
	for (int i = 0; i < m->policy.in.n_rscs; i++)
		if (m->things[i].device &&
		    !strcmp(m->things[i].device->name, device) &&
		    (m->rscs[i].kind == HP_PRIMITIVE) == inner)
			return i;
	return -1;
}

int hc_rsc_of_service(const struct hc_make *m, const char *service)
{
	const struct hc_service *found = hc_service_find(m->conf, service);

	for (int i = 0; i < m->policy.in.n_rscs; i++)
		if (m->things[i].service == found && !m->things[i].member &&
		    m->rscs[i].parent < 0)
			return found ? i : -1;
	if (!found || !found->n_members)
		return -1;
	return hc_rsc_of_device(m, found->members[0].what, false);
}

int hc_rsc_of_member(const struct hc_make *m, const char *service,
		     const char *member)
{
	const struct hc_service *in = hc_service_find(m->conf, service);
	const struct hc_member *found = in ? hc_member_find(in, member) : NULL;

	if (!found)
		return -1;
	if (found->kind == HC_STORAGE)
		return hc_rsc_of_device(m, found->what, true);
	for (int i = 0; i < m->policy.in.n_rscs; i++)
		if (m->things[i].member == found)
			return i;
	return -1;
}

static const struct hc_fact_node *fact_of(const struct hc_facts *facts,
					  const char *node)
{
	for (int i = 0; i < facts->n_nodes; i++)
		if (!strcmp(facts->nodes[i].node, node))
			return &facts->nodes[i];
	return NULL;
}

/* Of a node without facts the worst is assumed: it may run everything. */
static void make_node(struct hc_make *m, struct hp_node *to,
		      const struct hc_node *node)
{
	const struct hc_fact_node *fact = fact_of(m->facts, node->name);
	unsigned int n = node->attributes.n, known = fact ? fact->n_attrs : 0;
	struct hp_attr *attrs;

	attrs = hc_own(m, xcalloc(n + known + 1, sizeof(*attrs)));
	for (unsigned int i = 0; i < n; i++) {
		attrs[i].name = node->attributes.pair[i].name;
		attrs[i].value = node->attributes.pair[i].value;
	}
	for (unsigned int i = 0; i < known; i++)
		attrs[n + i] = fact->attrs[i];
	to->name = node->name;
	to->attrs = attrs;
	to->n_attrs = n + known;
	to->state = fact ? fact->state : HP_NODE_UNKNOWN;
	if (!fact)
		return;
	to->standby = fact->standby;
	to->standby_until_ms = fact->standby_until_ms;
	to->maintenance = fact->maintenance;
	to->shutdown = fact->shutdown;
	to->must_fence = fact->must_fence;
}

bool hc_no_takeover(const struct hc_config *conf)
{
	return conf->n_nodes == 2 && !conf->quorum.witness &&
	       !conf->n_fences && !conf->accept.n;
}

int64_t hc_watchdog_ms(const struct hc_config *conf)
{
	if (!conf->watchdog.device)
		return 0;
	return conf->watchdog.timeout > 0 ? conf->watchdog.timeout : HC_WATCHDOG_MS;
}

static void make_cluster(struct hc_make *m)
{
	static const enum hp_quorum_loss losses[] = {
		[HC_STOP] = HP_LOSS_STOP, [HC_FREEZE] = HP_LOSS_FREEZE,
		[HC_DEMOTE] = HP_LOSS_DEMOTE, [HC_IGNORE] = HP_LOSS_IGNORE,
		[HC_SUICIDE] = HP_LOSS_SUICIDE,
	};
	const struct hc_config *conf = m->conf;
	struct hp_input *in = &m->policy.in;

	in->now_ms = m->facts->now_ms;
	in->quorate = m->facts->quorate;
	in->view_pending = m->facts->view_pending;
	in->maintenance = m->facts->maintenance;
	in->fencing = in->fence_device = conf->n_fences > 0;
	in->no_takeover = hc_no_takeover(conf);
	in->loss = conf->quorum.on_loss < 0 ? HP_LOSS_STOP :
					      losses[conf->quorum.on_loss];
	in->self = hc_node_index(m, m->facts->self);
	for (unsigned int i = 0; i < conf->n_devices; i++)
		in->allow_remote_data |= conf->devices[i].allow_remote_data > 0;
	m->nodes = hc_own(m, xcalloc(conf->n_nodes + 1, sizeof(*m->nodes)));
	for (unsigned int i = 0; i < conf->n_nodes; i++)
		make_node(m, &m->nodes[i], &conf->nodes[i]);
	in->nodes = m->nodes;
	in->n_nodes = conf->n_nodes;
}

struct hc_policy *hc_to_policy(const struct hc_config *conf,
			       const struct hc_facts *facts)
{
	struct hc_make *m = xcalloc(1, sizeof(*m));

	m->conf = conf;
	m->facts = facts;
	make_cluster(m);
	hc_make_resources(m);
	hc_make_rules(m);
	hc_make_facts(m);
	return &m->policy;
}

void hc_policy_free(struct hc_policy *policy)
{
	struct hc_make *m = (struct hc_make *)policy;

	if (!m)
		return;
	for (unsigned int i = 0; i < m->n_owned; i++)
		free(m->owned[i]);
	free(m->owned);
	free(m->rscs);
	free(m->things);
	free(m->locations);
	free(m->colocations);
	free(m->orders);
	free(m->status);
	free(m->failures);
	free(m->promotions);
	free(m->storage);
	free(m);
}
