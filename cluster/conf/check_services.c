// SPDX-License-Identifier: GPL-2.0-only
/* Whether services can be run as written: members, rules, cycles. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "util.h"
#include "values.h"

#define COMPLAIN(place, ...) conf_error(errors, place, __VA_ARGS__)

static void check_known(const char *what, const char *name,
			const char *const *known,
			const struct conf_place *place,
			struct conf_errors *errors)
{
	const char *near = ha_nearest(name, known);

	if (near)
		COMPLAIN(place, "there is no %s \"%s\"; did you mean \"%s\"?",
			 what, name, near);
	else
		COMPLAIN(place, "there is no %s \"%s\"", what, name);
}

#define NAMES_OF(array) \
	static const char **names_of_##array(const struct hc_config *conf) \
	{ \
		const char **names = xcalloc(conf->n_##array + 1, \
					     sizeof(*names)); \
		for (unsigned int i = 0; i < conf->n_##array; i++) \
			names[i] = conf->array[i].name; \
		return names; \
	}

NAMES_OF(services)
NAMES_OF(devices)
NAMES_OF(checks)

static void check_ip(const struct hc_member *member,
		     struct conf_errors *errors)
{
	char address[64];
	int length;

	if (!hc_address_split(member->what, address, &length))
		COMPLAIN(&member->place, "\"%s\" is no IP address",
			 member->what);
	else if (length < 0)
		COMPLAIN(&member->place,
			 "\"%s\" needs the length of its prefix, as in %s/24",
			 member->what, member->what);
}

/* PROVIDER:TYPE or ocf:PROVIDER:TYPE, each part a file name. */
static void check_agent(const struct hc_member *member,
			struct conf_errors *errors)
{
	const char *agent = member->what, *colon;

	if (!strncmp(agent, "ocf:", 4))
		agent += 4;
	colon = strchr(agent, ':');
	if (!colon || colon == agent || !colon[1] || strchr(colon + 1, ':') ||
	    strchr(agent, '/') || *agent == '.' || colon[1] == '.')
		COMPLAIN(&member->place,
			 "\"%s\" is no agent: write ocf:PROVIDER:TYPE",
			 member->what);
}

static void check_storage(const struct hc_config *conf,
			  const struct hc_member *member,
			  struct conf_errors *errors)
{
	const char **names;

	if (hc_device_find(conf, member->what))
		return;
	names = names_of_devices(conf);
	check_known("device", member->what, names, &member->place, errors);
	free(names);
}

static void check_unit(const struct hc_member *member,
		       struct conf_errors *errors)
{
	const char *dot = strrchr(member->what, '.');

	if (!dot || strchr(member->what, '/'))
		COMPLAIN(&member->place,
			 "\"%s\" is no unit: write %s.service", member->what,
			 member->what);
}

static void check_member(const struct hc_config *conf,
			 const struct hc_member *member,
			 struct conf_errors *errors)
{
	switch (member->kind) {
	case HC_STORAGE:
		check_storage(conf, member, errors);
		break;
	case HC_MOUNT:
		if (*member->where != '/' || strstr(member->where, "/../"))
			COMPLAIN(&member->place,
				 "\"%s\" is no directory: it begins with /",
				 member->where);
		break;
	case HC_IP:
		check_ip(member, errors);
		break;
	case HC_SYSTEMD:
		check_unit(member, errors);
		break;
	case HC_OCF:
		check_agent(member, errors);
		break;
	}
	if (!member->settings.monitor.interval)
		COMPLAIN(&member->place, "monitor 0s: leave it out instead");
}

/* What only one service may have: the thing, and how it is called. */
static const char *sole_thing(const struct hc_member *member)
{
	switch (member->kind) {
	case HC_STORAGE:
	case HC_SYSTEMD:
	case HC_IP:
		return member->what;
	case HC_MOUNT:
		return member->where;
	}
	return NULL;
}

static bool same_thing(const struct hc_member *a, const struct hc_member *b)
{
	char address[2][64];
	int length;

	if (a->kind != b->kind || !sole_thing(a))
		return false;
	if (a->kind == HC_IP &&
	    hc_address_split(a->what, address[0], &length) &&
	    hc_address_split(b->what, address[1], &length))
		return !strcmp(address[0], address[1]);
	return !strcmp(sole_thing(a), sole_thing(b));
}

static void check_sole(const struct hc_config *conf, unsigned int at,
		       const struct hc_member *member,
		       struct conf_errors *errors)
{
	for (unsigned int i = 0; i < at; i++) {
		const struct hc_service *other = &conf->services[i];

		for (unsigned int j = 0; j < other->n_members; j++) {
			if (!same_thing(member, &other->members[j]))
				continue;
			COMPLAIN(&member->place,
				 "%s %s is in %s %s already",
				 hc_member_words[member->kind],
				 sole_thing(member),
				 other->clone ? "clone" : "service",
				 other->name);
		}
	}
}

static void check_members(const struct hc_config *conf, unsigned int at,
			  struct conf_errors *errors)
{
	const struct hc_service *service = &conf->services[at];

	if (!service->n_members)
		COMPLAIN(&service->place, "%s %s has no member",
			 service->clone ? "clone" : "service", service->name);
	for (unsigned int i = 0; i < service->n_members; i++) {
		const struct hc_member *member = &service->members[i];

		for (unsigned int j = 0; j < i; j++)
			if (!strcmp(service->members[j].name, member->name))
				COMPLAIN(&member->place,
					 "member %s of %s is there already",
					 member->name, service->name);
		check_member(conf, member, errors);
		check_sole(conf, at, member, errors);
		if (service->clone && member->kind != HC_SYSTEMD &&
		    member->kind != HC_OCF)
			COMPLAIN(&member->place,
				 "a clone has systemd and ocf members, and no %s",
				 hc_member_words[member->kind]);
	}
	if (service->promotable > 0 &&
	    (service->n_members != 1 || service->members[0].kind != HC_OCF))
		COMPLAIN(&service->place,
			 "promotable clone %s needs one ocf member, and only that",
			 service->name);
}

static void check_target(const struct hc_config *conf,
			 const struct hc_service *service,
			 const struct hc_rule *rule, const char *name,
			 struct conf_errors *errors)
{
	const struct hc_node *node;
	const char **names = NULL;

	switch (rule->kind) {
	case HC_PREFER:
	case HC_AVOID:
	case HC_ONLY_ON:
		hc_check_node_name(conf, name, &rule->place, errors);
		node = hc_node_find(conf, name);
		if (node && rule->kind != HC_AVOID &&
		    node->role == HC_TIEBREAKER)
			COMPLAIN(&rule->place,
				 "node %s is a tiebreaker and runs no services",
				 name);
		break;
	case HC_NEEDS:
		if (!hc_check_find(conf, name)) {
			names = names_of_checks(conf);
			check_known("check", name, names, &rule->place, errors);
		}
		break;
	default:
		if (!strcmp(name, service->name)) {
			COMPLAIN(&rule->place, "%s is %s itself", name,
				 service->clone ? "the clone" : "the service");
		} else if (!hc_service_find(conf, name)) {
			names = names_of_services(conf);
			check_known("service", name, names, &rule->place,
				    errors);
		}
	}
	free(names);
}

static bool has_rule(const struct hc_service *service, int kind,
		     const char *target)
{
	for (unsigned int i = 0; i < service->n_rules; i++)
		if (service->rules[i].kind == kind &&
		    hc_words_have(&service->rules[i].targets, target))
			return true;
	return false;
}

static void check_rules(const struct hc_config *conf,
			const struct hc_service *service,
			struct conf_errors *errors)
{
	for (unsigned int i = 0; i < service->n_rules; i++) {
		const struct hc_rule *rule = &service->rules[i];

		for (unsigned int j = 0; j < rule->targets.n; j++) {
			const char *name = rule->targets.word[j];

			check_target(conf, service, rule, name, errors);
			if (rule->kind == HC_AVOID &&
			    has_rule(service, HC_PREFER, name))
				COMPLAIN(&rule->place,
					 "%s prefers and avoids %s",
					 service->name, name);
			if (rule->kind == HC_APART &&
			    (has_rule(service, HC_TOGETHER, name) ||
			     has_rule(service, HC_WITH, name)))
				COMPLAIN(&rule->place,
					 "%s is to be together with %s and apart",
					 service->name, name);
		}
	}
}

/* Rules that make one wait for the other: a ring of them starts nothing. */
struct walk {
	const struct hc_config *conf;
	struct conf_errors *errors;
	unsigned char *state;	/* per service: 0 new, 1 on the way, 2 done */
};

static bool walk(struct walk *w, const struct hc_service *service)
{
	unsigned int at = service - w->conf->services;

	if (w->state[at])
		return w->state[at] == 1;
	w->state[at] = 1;
	for (unsigned int i = 0; i < service->n_rules; i++) {
		const struct hc_rule *rule = &service->rules[i];

		if (rule->kind != HC_AFTER && rule->kind != HC_WITH)
			continue;
		for (unsigned int j = 0; j < rule->targets.n; j++) {
			const struct hc_service *next =
				hc_service_find(w->conf, rule->targets.word[j]);

			if (next && next != service && walk(w, next)) {
				conf_error(w->errors, &rule->place,
					   "%s waits for %s, which waits for it",
					   service->name, next->name);
				w->state[at] = 2;
				return false;
			}
		}
	}
	w->state[at] = 2;
	return false;
}

void hc_check_services(const struct hc_config *conf,
		       struct conf_errors *errors)
{
	struct walk w = { .conf = conf, .errors = errors };

	w.state = xcalloc(conf->n_services + 1, 1);
	for (unsigned int i = 0; i < conf->n_services; i++) {
		check_members(conf, i, errors);
		check_rules(conf, &conf->services[i], errors);
	}
	for (unsigned int i = 0; i < conf->n_services; i++)
		walk(&w, &conf->services[i]);
	free(w.state);
}
