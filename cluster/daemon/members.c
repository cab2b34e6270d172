// SPDX-License-Identifier: GPL-2.0-only
/* The list of members: made of the configuration, told to the core. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "member.h"
#include "util.h"

#define LOOK_MS 5000

void member_unbind(struct binding *b)
{
	model_put(b->model);
	memset(b, 0, sizeof(*b));
}

void member_free(struct member *m)
{
	member_unwatch(m);
	member_unbind(&m->is);
	member_unbind(&m->next_is);
	free(m->instance);
	free(m->digest);
	free(m->reason);
	free(m->told);
	json_decref(m->notice);
	free(m);
}

static char *detail_of(const struct member *m)
{
	static const char *const kinds[] = {
		[HC_STORAGE] = "storage", [HC_MOUNT] = "mount", [HC_IP] = "ip",
		[HC_SYSTEMD] = "systemd", [HC_OCF] = "ocf",
	};
	json_t *detail = json_pack("{s:s}", "kind", kinds[m->is.member->kind]);
	int failures = member_failures(m, clock_wall());
	char *text;

	if (m->since && member_active(m))
		json_object_set_new(detail, "since", json_integer(m->since));
	if (failures)
		json_object_set_new(detail, "failures", json_integer(failures));
	if (m->n_times)
		json_object_set_new(detail, "last_ms",
				    json_integer(m->times[m->n_times - 1]));
	if (m->hopeless)
		json_object_set_new(detail, "hopeless", json_true());
	if (m->changed)
		json_object_set_new(detail, "changed", json_true());
	if (failures || m->state == CORE_FAILED || m->hopeless) {
		json_object_set_new(detail, "failed_op", json_string(
			ex_action_word(m->failed_op)));
		json_object_set_new(detail, "reason", json_string(
			m->reason ? m->reason : ""));
	}
	if (m->blocked)
		json_object_set_new(detail, "blocked", json_true());
	if (m->promoted)
		json_object_set_new(detail, "promoted", json_true());
	if (m->has_score)
		json_object_set_new(detail, "score", json_integer(m->score));
	if (m->notice)
		json_object_set(detail, "notice", m->notice);
	text = json_dumps(detail, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(detail);
	return text;
}

void member_tell(struct member *m)
{
	enum core_state state = m->sure ? m->state : CORE_UNSURE;
	char *detail = detail_of(m);

	if (m->told && m->told_state == state && !strcmp(m->told, detail)) {
		free(detail);
		return;
	}
	free(m->told);
	m->told = detail;
	m->told_state = state;
	engine_status(m->all->d, m->unit, m->name, state, detail);
}

static struct member *find(struct members *all, const char *unit,
			   const char *name)
{
	for (struct member *m = all->first; m; m = m->next)
		if (!strcmp(m->unit, unit) && !strcmp(m->name, name))
			return m;
	return NULL;
}

static struct member *add(struct members *all, const char *unit,
			  const char *name)
{
	struct member *m = xcalloc(1, sizeof(*m)), **end = &all->first;

	while (*end)
		end = &(*end)->next;
	*end = m;
	m->all = all;
	m->state = CORE_FAILED;
	snprintf(m->unit, sizeof(m->unit), "%.63s", unit);
	snprintf(m->name, sizeof(m->name), "%.63s", name);
	return m;
}

/* Another configuration: at once, or when what runs by the old one has ended. */
static void bind(struct member *m, struct binding b)
{
	char *digest = member_digest(&b);
	bool same = ha_streq(digest, m->digest), is_new = !m->digest;

	m->gone = false;
	model_get(b.model);
	member_unbind(&m->next_is);
	if (!same && !is_new && (m->busy || (m->sure && member_active(m)))) {
		m->next_is = b;
		m->changed = true;
		free(digest);
		member_tell(m);
		return;
	}
	member_unbind(&m->is);
	m->is = b;
	free(m->digest);
	m->digest = digest;
	m->changed = false;
	if (!same)
		m->hopeless = false;
	if (m->watch) {
		member_unwatch(m);
		member_watch(m);
	}
	if (is_new) {
		member_tell(m);
		member_probe(m);
	}
}

static void bind_one(struct members *all, struct model *model,
		     const struct hc_service *service,
		     const struct hc_member *member)
{
	struct binding b = { model, service, member, NULL };
	char unit[128], *instance;
	struct member *m;
	const char *name = member->name;

	snprintf(unit, sizeof(unit), "%s", service->name);
	if (member->kind == HC_STORAGE) {
		b.device = hc_device_find(model->conf, member->what);
		snprintf(unit, sizeof(unit), DEVICE_PREFIX "%s", member->what);
		name = DEVICE_MEMBER;
	}
	instance = member_instance(service->name, member->name);
	m = find(all, unit, name);
	if (!m) {
		m = add(all, unit, name);
		m->instance = xstrdup(instance);
	}
	free(instance);
	bind(m, b);
}

void members_retire(struct members *all)
{
	struct member **at = &all->first, *m, *stop = NULL;

	while ((m = *at)) {
		if (m->gone && !m->busy && !m->probing && m->sure &&
		    !member_active(m)) {
			*at = m->next;
			member_free(m);
			continue;
		}
		/* The last one first, as they would be stopped in a service. */
		if (m->gone && (m->busy || !m->blocked))
			stop = m;
		at = &m->next;
	}
	if (stop && stop->sure && !stop->busy)
		member_stop_gone(stop);
}

void members_all_probed(struct members *all)
{
	static const struct core_event probed = { .kind = CORE_EV_PROBED };

	if (all->probed)
		return;
	for (struct member *m = all->first; m; m = m->next)
		if (!m->sure)
			return;
	all->probed = true;
	engine_feed(all->d, &probed);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct members *all = arg;
	int64_t now = clock_wall();

	(void)usec;
	for (struct member *m = all->first; m; m = m->next) {
		member_forget_old(m, now);
		if (m->sure)
			member_tell(m);
	}
	members_retire(all);
	members_all_probed(all);
	sd_event_source_set_time_relative(source, (all->probed ? LOOK_MS : 50) *
					  1000);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

struct members *members_new(struct daemon *d)
{
	struct members *all = xcalloc(1, sizeof(*all));

	all->d = d;
	if (sd_event_add_time_relative(d->event, &all->clock, CLOCK_MONOTONIC,
				       20000, 1000, on_clock, all) < 0)
		abort();
	return all;
}

void members_configure(struct members *all, struct model *model)
{
	struct hc_config *conf = model->conf;

	model_put(all->model);
	all->model = model_get(model);
	for (struct member *m = all->first; m; m = m->next)
		m->gone = true;
	for (unsigned int i = 0; i < conf->n_services; i++)
		for (unsigned int j = 0; j < conf->services[i].n_members; j++)
			bind_one(all, model, &conf->services[i],
				 &conf->services[i].members[j]);
	members_retire(all);
}

void members_order(struct members *all, uint64_t id, enum core_verb verb,
		   const char *unit, const char *name)
{
	struct member *m = find(all, unit, name);

	if (!m)
		engine_ended(all->d, id, -ENOENT, "no such member here");
	else if (m->busy || m->probing)
		engine_ended(all->d, id, -EBUSY, "it is being operated on");
	else
		member_begin(m, id, verb);
}

void members_clear(struct members *all, const char *service)
{
	for (struct member *m = all->first; m; m = m->next) {
		if (service && strcmp(m->is.service->name, service))
			continue;
		m->n_times = 0;
		m->hopeless = m->blocked = false;
		if (m->state == CORE_FAILED && !m->busy && !m->probing)
			member_probe(m);
		member_tell(m);
	}
}

void members_restart(struct members *all, const char *service)
{
	for (struct member *m = all->first; m; m = m->next) {
		if (strcmp(m->unit, service) || !member_active(m))
			continue;
		m->changed = true;
		member_tell(m);
	}
}

void members_score(struct members *all, const char *instance, int64_t score,
		   bool remove)
{
	for (struct member *m = all->first; m; m = m->next) {
		if (strcmp(m->instance, instance))
			continue;
		m->has_score = !remove;
		m->score = score;
		member_tell(m);
	}
}

bool members_active(const struct members *all, const char *service)
{
	for (const struct member *m = all->first; m; m = m->next)
		if (!strcmp(m->is.service->name, service) &&
		    (m->busy || member_active(m)))
			return true;
	return false;
}

bool members_complete(const struct members *all, const char *service)
{
	bool any = false;

	for (const struct member *m = all->first; m; m = m->next) {
		if (strcmp(m->is.service->name, service) || m->gone)
			continue;
		if (m->is.device ? m->state != CORE_PROMOTED :
		    m->state != CORE_STARTED && m->state != CORE_PROMOTED)
			return false;
		any = true;
	}
	return any;
}

void members_free(struct members *all)
{
	struct member *m;

	if (!all)
		return;
	while ((m = all->first)) {
		all->first = m->next;
		member_free(m);
	}
	model_put(all->model);
	sd_event_source_disable_unref(all->clock);
	free(all);
}
