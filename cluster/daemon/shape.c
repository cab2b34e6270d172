// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration as the core sees it: units, what must be proved before one
 * may run elsewhere, and times. Pure.
 */
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "corosync_conf.h"
#include "to_policy.h"
#include "util.h"
#include "values.h"

#define MARGIN_MS	1000
#define FENCE_DELAY_MS	5000
#define STOP_MS		60000

static int first_set(int a, int b, int c)
{
	return a >= 0 ? a : b >= 0 ? b : c;
}

static bool has_storage(const struct hc_service *service)
{
	for (unsigned int i = 0; i < service->n_members; i++)
		if (service->members[i].kind == HC_STORAGE)
			return true;
	return false;
}

/* The most that any member wants; as the policy engine has it (needs_of). */
static enum core_requires requires_of(const struct hc_config *conf,
				      const struct hc_service *service)
{
	bool storage = has_storage(service), fence = false, wants_storage = false;

	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct hc_member *m = &service->members[i];
		int set = first_set(m->settings.requires,
				    service->settings.requires,
				    conf->defaults.requires);

		if (set == HC_REQ_FENCE)
			fence = true;
		else if (set == HC_REQ_STORAGE)
			wants_storage = true;
		else if (set == HC_REQ_QUORUM || m->kind == HC_IP)
			continue;
		else if (storage)
			wants_storage = true;
		else if (conf->n_fences || conf->watchdog.device)
			fence = true;
	}
	return fence ? CORE_REQUIRES_FENCE : wants_storage ?
	       CORE_REQUIRES_STORAGE : CORE_REQUIRES_QUORUM;
}

static enum core_on_loss loss_of(const struct hc_config *conf, bool storage)
{
	static const enum core_on_loss losses[] = {
		[HC_STOP] = CORE_LOSS_STOP, [HC_FREEZE] = CORE_LOSS_FREEZE,
		[HC_DEMOTE] = CORE_LOSS_DEMOTE, [HC_IGNORE] = CORE_LOSS_IGNORE,
		[HC_SUICIDE] = CORE_LOSS_SUICIDE,
	};

	if (conf->quorum.on_loss >= 0)
		return losses[conf->quorum.on_loss];
	return storage ? CORE_LOSS_FREEZE : CORE_LOSS_STOP;
}

static struct core_unit *add(struct core_shape *shape)
{
	struct core_unit *unit;

	shape->units = xreallocarray(shape->units, shape->count + 1,
				     sizeof(*shape->units));
	unit = &shape->units[shape->count++];
	memset(unit, 0, sizeof(*unit));
	return unit;
}

static bool add_device(struct core_shape *shape, const struct hc_config *conf,
		       const struct hc_device *device)
{
	struct core_unit *unit = add(shape);

	unit->exclusive = unit->promotable = true;
	unit->requires = CORE_REQUIRES_STORAGE;
	unit->on_loss = loss_of(conf, true);
	if (strlen(device->name) + strlen(DEVICE_PREFIX) >= sizeof(unit->name))
		return false;
	strcpy(stpcpy(unit->name, DEVICE_PREFIX), device->name);
	strcpy(unit->device, device->name);
	return true;
}

/* Of a service with storage, who has the device is the owner: see exclusion. */
static void add_service(struct core_shape *shape, const struct hc_config *conf,
			const struct hc_service *service)
{
	struct core_unit *unit = add(shape);

	strcpy(unit->name, service->name);
	unit->promotable = service->clone && service->promotable > 0;
	unit->exclusive = !service->clone ||
			  (unit->promotable && service->promoted_max <= 1);
	unit->requires = requires_of(conf, service);
	unit->on_loss = loss_of(conf, has_storage(service));
	unit->tier = 1;
	/* The device's own unit is what is fought for; this one follows it. */
	if (unit->requires == CORE_REQUIRES_STORAGE)
		unit->requires = CORE_REQUIRES_QUORUM;
}

static bool only_storage(const struct hc_service *service)
{
	for (unsigned int i = 0; i < service->n_members; i++)
		if (service->members[i].kind != HC_STORAGE)
			return false;
	return true;
}

/* The unit of what a service comes after; a service of storage only is its device. */
static struct core_unit *unit_named(struct core_shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (!shape->units[i].device[0] && !strcmp(shape->units[i].name, name))
			return &shape->units[i];
	return NULL;
}

static bool raise_above(struct core_shape *shape, struct core_unit *unit,
			const struct hc_rule *rule)
{
	bool raised = false;

	if (rule->kind != HC_AFTER && rule->kind != HC_WITH)
		return false;
	for (unsigned int i = 0; i < rule->targets.n; i++) {
		const struct core_unit *below = unit_named(shape, rule->targets.word[i]);

		if (!below || below == unit || below->tier < unit->tier)
			continue;
		unit->tier = below->tier + 1;
		raised = true;
	}
	return raised;
}

/* Above every device, and above the services it comes after; a circle ends, too. */
static void set_tiers(struct core_shape *shape, const struct hc_config *conf)
{
	bool raised = true;

	for (size_t round = 0; raised && round < shape->count; round++) {
		raised = false;
		for (unsigned int i = 0; i < conf->n_services; i++) {
			const struct hc_service *service = &conf->services[i];
			struct core_unit *unit = unit_named(shape, service->name);

			for (unsigned int j = 0; unit && j < service->n_rules; j++)
				raised |= raise_above(shape, unit, &service->rules[j]);
		}
	}
}

static void add_nodes(struct core_shape *out, const struct hc_config *conf)
{
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		const struct hc_node *node = &conf->nodes[i];
		uint32_t bit = 1u << (node->id - 1);

		out->nodes |= bit;
		for (unsigned int j = 0; j < conf->n_fences; j++)
			if (hc_words_have(&conf->fences[j].nodes, node->name))
				out->fenceable |= bit;
	}
}

bool brain_shape(const struct hc_config *conf, struct core_shape *out,
		 const char **why)
{
	struct hc_timing timing;

	memset(out, 0, sizeof(*out));
	hc_timing(conf, &timing);
	add_nodes(out, conf);
	out->device = conf->quorum.witness;
	out->lag_ms = timing.quorum_worst - timing.detect_worst + MARGIN_MS;
	out->loss_ms = timing.quorum_worst - timing.detect_worst +
		       timing.consensus + MARGIN_MS;
	out->stop_ms = conf->watchdog.device ? STOP_MS : 0;
	out->lease_ms = hc_watchdog_ms(conf);
	out->fence_delay_ms = FENCE_DELAY_MS;
	for (unsigned int i = 0; i < conf->n_devices; i++) {
		if (add_device(out, conf, &conf->devices[i]))
			continue;
		*why = "the name of a device is too long";
		free(out->units);
		return false;
	}
	for (unsigned int i = 0; i < conf->n_services; i++)
		if (!only_storage(&conf->services[i]))
			add_service(out, conf, &conf->services[i]);
	set_tiers(out, conf);
	return true;
}
