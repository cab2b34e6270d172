// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services as resources of the policy engine. A service is a group of its
 * members; a device is a promotable clone on all nodes, and the service that
 * has it goes where it is promoted. A clone is a clone of its member, or of
 * the group of its members.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_make.h"
#include "util.h"

#define FORGET_MS	(30 * 60 * 1000)
#define RESTARTS	2
#define WINDOW_MS	(10 * 60 * 1000)

static int add(struct hc_make *m, enum hp_kind kind, int parent, char *name,
	       struct hc_thing thing)
{
	struct hp_input *in = &m->policy.in;
	int at = in->n_rscs++;
	struct hp_rsc *rsc;

	m->rscs = xreallocarray(m->rscs, in->n_rscs, sizeof(*m->rscs));
	m->things = xreallocarray(m->things, in->n_rscs, sizeof(*m->things));
	in->rscs = m->rscs;
	m->policy.things = m->things;
	m->things[at] = thing;
	rsc = &m->rscs[at];
	memset(rsc, 0, sizeof(*rsc));
	rsc->name = hc_own(m, name);
	rsc->kind = kind;
	rsc->parent = parent;
	rsc->clone_max = rsc->promoted_max = rsc->promoted_node_max = -1;
	return at;
}

static int first_set(int a, int b, int c)
{
	return a >= 0 ? a : b >= 0 ? b : c;
}

static int64_t first_time(int64_t a, int64_t b, int64_t c, int64_t preset)
{
	if (a < 0)
		a = b >= 0 ? b : c;
	return a >= 0 ? a : preset;
}

/* The nearest of member, service and defaults that says something. */
static void set_restart(const struct hc_make *m, struct hp_rsc *rsc,
			const struct hc_settings *own,
			const struct hc_settings *service)
{
	const struct hc_settings *defaults = &m->conf->defaults;
	const struct hc_settings *source = own;

	if (source->restart.count < 0)
		source = service;
	if (source->restart.count < 0)
		source = defaults;
	/* The failure after the last restart moves it. */
	rsc->restart.limit = (source->restart.count < 0 ? RESTARTS :
			      source->restart.count) + 1;
	rsc->restart.window_ms = source->restart.count >= 0 &&
				 source->restart.window < 0 ? 0 :
		first_time(source->restart.window, -1, -1, WINDOW_MS);
	rsc->restart.forget_ms = first_time(own->forget, service->forget,
					    defaults->forget, FORGET_MS);
}

static void set_stop_failure(const struct hc_make *m, struct hp_rsc *rsc,
			     const struct hc_settings *own,
			     const struct hc_settings *service)
{
	const struct hc_words *steps = &own->on_stop_fail;

	if (!steps->n)
		steps = &service->on_stop_fail;
	if (!steps->n)
		steps = &m->conf->defaults.on_stop_fail;
	/* The ladder's other steps are the executor's; it ends with one of these. */
	for (unsigned int i = 0; i < steps->n; i++) {
		if (!strcmp(steps->word[i], "fence"))
			rsc->on_fail[HP_OP_STOP] = HP_FAIL_FENCE;
		else if (!strcmp(steps->word[i], "block"))
			rsc->on_fail[HP_OP_STOP] = HP_FAIL_BLOCK;
	}
}

/* Addresses may be taken over on quorum alone; data must be safe first. */
static enum hp_needs needs_of(const struct hc_make *m,
			      const struct hc_service *service,
			      const struct hc_member *member, bool storage)
{
	int set = first_set(member->settings.requires,
			    service->settings.requires,
			    m->conf->defaults.requires);

	switch (set) {
	case HC_REQ_QUORUM:
		return HP_NEEDS_QUORUM;
	case HC_REQ_STORAGE:
		return HP_NEEDS_STORAGE;
	case HC_REQ_FENCE:
		return HP_NEEDS_FENCING;
	}
	if (member->kind == HC_IP)
		return HP_NEEDS_QUORUM;
	return storage ? HP_NEEDS_STORAGE : HP_NEEDS_DEFAULT;
}

static int64_t stay_score(const struct hc_make *m,
			  const struct hc_service *service)
{
	switch (first_set(service->settings.stay, m->conf->defaults.stay,
			  HC_STAY_STRONG)) {
	case HC_STAY_NO:
		return 0;
	case HC_STAY_WEAK:
		return SCORE_WEAK;
	}
	return SCORE_STRONG;
}

static unsigned int count_kind(const struct hc_service *service, bool storage)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < service->n_members; i++)
		n += (service->members[i].kind == HC_STORAGE) == storage;
	return n;
}

/* The members of a service share its worth of staying: groups add theirs up. */
static void add_members(struct hc_make *m, const struct hc_service *service,
			int parent)
{
	bool storage = count_kind(service, true);
	unsigned int n = count_kind(service, false);

	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct hc_member *member = &service->members[i];
		const struct hc_settings *own = &member->settings;
		struct hp_rsc *rsc;
		int at;

		if (member->kind == HC_STORAGE)
			continue;
		at = add(m, HP_PRIMITIVE, parent,
			 xasprintf("%s/%s", service->name, member->name),
			 (struct hc_thing){ service, member, NULL });
		rsc = &m->rscs[at];
		rsc->stickiness = stay_score(m, service) / n;
		rsc->needs = needs_of(m, service, member, storage);
		set_restart(m, rsc, own, &service->settings);
		set_stop_failure(m, rsc, own, &service->settings);
	}
}

static bool is_stopped(const struct hc_make *m,
		       const struct hc_service *service)
{
	if (service->disabled > 0)
		return true;
	for (int i = 0; i < m->facts->n_decisions; i++)
		if (m->facts->decisions[i].kind == HC_STOPPED &&
		    !strcmp(m->facts->decisions[i].service, service->name))
			return true;
	return false;
}

/* What holds for a service or clone as a whole. */
static void set_whole(struct hc_make *m, int at,
		      const struct hc_service *service)
{
	struct hp_rsc *rsc = &m->rscs[at];

	rsc->priority = service->priority < 0 ? 0 : service->priority;
	if (!is_stopped(m, service))
		return;
	rsc->limited = true;
	rsc->target = HP_ROLE_STOPPED;
}

static void add_clone(struct hc_make *m, const struct hc_service *service)
{
	const struct hc_thing thing = { service, NULL, NULL };
	int at = add(m, HP_CLONE, -1, xstrdup(service->name), thing);
	struct hp_rsc *rsc = &m->rscs[at];
	int parent = at;

	rsc->clone_max = service->max;
	rsc->interleave = service->interleave != 0;
	rsc->promotable = service->promotable > 0;
	rsc->promoted_max = service->promoted_max;
	set_whole(m, at, service);
	if (service->n_members > 1)
		parent = add(m, HP_GROUP, at,
			     xasprintf("%s/all", service->name), thing);
	add_members(m, service, parent);
}

/* The service that a device belongs to; the device stops with it. */
static const struct hc_service *service_of(const struct hc_config *conf,
					   const struct hc_device *device)
{
	for (unsigned int i = 0; i < conf->n_services; i++)
		for (unsigned int j = 0; j < conf->services[i].n_members; j++)
			if (conf->services[i].members[j].kind == HC_STORAGE &&
			    !strcmp(conf->services[i].members[j].what,
				    device->name))
				return &conf->services[i];
	return NULL;
}

/* A device nobody uses stays Secondary. */
static void add_device(struct hc_make *m, const struct hc_device *device)
{
	const struct hc_service *service = service_of(m->conf, device);
	const struct hc_thing thing = { NULL, NULL, device };
	int at = add(m, HP_CLONE, -1, xasprintf("device:%s", device->name),
		     thing), inner;

	m->rscs[at].promotable = true;
	m->rscs[at].interleave = true;
	m->rscs[at].needs = HP_NEEDS_STORAGE;
	if (service)
		m->rscs[at].priority = service->priority < 0 ? 0 :
							       service->priority;
	if (!service || is_stopped(m, service)) {
		m->rscs[at].limited = true;
		m->rscs[at].target = HP_ROLE_UNPROMOTED;
	}
	inner = add(m, HP_PRIMITIVE, at,
		    xasprintf("device:%s/replica", device->name), thing);
	m->rscs[inner].storage = true;
	m->rscs[inner].needs = HP_NEEDS_STORAGE;
	if (service)
		m->rscs[inner].stickiness = stay_score(m, service);
	/* What is suspended loses nothing: better frozen than stopped. */
	if (m->conf->quorum.on_loss < 0) {
		m->rscs[at].own_loss = m->rscs[inner].own_loss = true;
		m->rscs[at].loss = m->rscs[inner].loss = HP_LOSS_FREEZE;
	}
}

static void add_service(struct hc_make *m, const struct hc_service *service)
{
	int at;

	if (!count_kind(service, false))
		return;
	at = add(m, HP_GROUP, -1, xstrdup(service->name),
		 (struct hc_thing){ service, NULL, NULL });
	set_whole(m, at, service);
	if (count_kind(service, true) && m->conf->quorum.on_loss < 0) {
		m->rscs[at].own_loss = true;
		m->rscs[at].loss = HP_LOSS_FREEZE;
	}
	add_members(m, service, at);
}

void hc_make_resources(struct hc_make *m)
{
	for (unsigned int i = 0; i < m->conf->n_devices; i++)
		add_device(m, &m->conf->devices[i]);
	for (unsigned int i = 0; i < m->conf->n_services; i++) {
		if (m->conf->services[i].clone)
			add_clone(m, &m->conf->services[i]);
		else
			add_service(m, &m->conf->services[i]);
	}
}
