// SPDX-License-Identifier: GPL-2.0-only
/* Operations on a member, and what their ends make of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "engine.h"
#include "events.h"
#include "member.h"
#include "member_notice.h"
#include "util.h"

static const enum ex_action actions[CORE_VERB_NR] = {
	[CORE_START] = EX_START, [CORE_STOP] = EX_STOP,
	[CORE_PROMOTE] = EX_PROMOTE, [CORE_DEMOTE] = EX_DEMOTE,
	[CORE_NOTIFY] = EX_NOTIFY,
};

static bool fine(const struct ex_result *result)
{
	return result->verdict == EX_FINE || result->verdict == EX_DEGRADED;
}

void member_unwatch(struct member *m)
{
	if (m->watch)
		ex_watch_stop(m->watch);
	m->watch = NULL;
}

static void set_state(struct member *m, enum core_state state)
{
	if (m->state != state)
		m->since = clock_wall();
	m->state = state;
	m->promoted = m->blocked = false;
	if (state != CORE_STOPPED)
		return;
	m->changed = false;
	member_unwatch(m);
	if (!m->next_is.model)
		return;
	member_unbind(&m->is);
	m->is = m->next_is;
	memset(&m->next_is, 0, sizeof(m->next_is));
	free(m->digest);
	m->digest = member_digest(&m->is);
	m->hopeless = false;
}

static void state_by_role(struct member *m, enum ex_role role)
{
	if (role == EX_ROLE_STARTED)
		set_state(m, CORE_STARTED);
	else if (role == EX_ROLE_PROMOTED)
		set_state(m, CORE_PROMOTED);
	else if (role == EX_ROLE_STOPPED)
		set_state(m, CORE_STOPPED);
}

static void on_told(const struct ex_result *result, void *arg)
{
	struct member *m = arg;

	if (m->busy)
		return;
	if (fine(result)) {
		if (m->state != CORE_FAILED)
			state_by_role(m, result->role);
	} else {
		member_fail(m, EX_MONITOR, result);
		events_failed(m->all->d, m->is.service->name, m->is.member->name,
			      m->reason);
		member_unwatch(m);
	}
	member_tell(m);
}

void member_watch(struct member *m)
{
	struct member_op op;
	char *why = NULL;

	if (m->watch || (m->state != CORE_STARTED && m->state != CORE_PROMOTED))
		return;
	member_op(&m->is, m->instance, EX_MONITOR, &op);
	op.op.role = m->state == CORE_PROMOTED ? EX_ROLE_PROMOTED :
						 EX_ROLE_STARTED;
	m->watch = ex_watch_start(m->all->d->ex, &op.op, on_told, m, &why);
	if (!m->watch)
		say(3, "%s cannot be watched: %s", m->instance, why);
	free(why);
}

static void on_probed(const struct ex_result *result, void *arg)
{
	struct member *m = arg;

	m->probing = false;
	if (result->role != EX_ROLE_UNKNOWN && fine(result)) {
		state_by_role(m, result->role);
		m->sure = true;
	} else if (result->code == EX_CODE_NOT_RUNNING ||
		   member_needless(&m->is, m->all->d->places.name,
				   result->verdict)) {
		set_state(m, CORE_STOPPED);
	} else {
		m->n_times = 0;
		member_fail(m, EX_MONITOR, result);
		if (m->state == CORE_STOPPED)
			set_state(m, CORE_STOPPED);
	}
	m->sure = true;
	member_watch(m);
	member_tell(m);
	members_retire(m->all);
	members_all_probed(m->all);
}

void member_probe(struct member *m)
{
	struct member_op op;
	char *why = NULL;

	member_op(&m->is, m->instance, EX_MONITOR, &op);
	op.op.interval_ms = 0;
	op.op.role = EX_ROLE_UNKNOWN;
	m->probing = true;
	if (ex_start(m->all->d->ex, &op.op, on_probed, m, &why))
		return;
	say(3, "%s cannot be probed: %s", m->instance, why);
	m->probing = false;
	m->sure = m->hopeless = true;
	m->failed_op = EX_MONITOR;
	ha_replace(&m->reason, why);
	m->state = CORE_STOPPED;
	free(why);
	member_tell(m);
}

static void succeeded(struct member *m, enum core_verb verb)
{
	static const enum core_state after[CORE_VERB_NR] = {
		[CORE_START] = CORE_STARTED, [CORE_STOP] = CORE_STOPPED,
		[CORE_PROMOTE] = CORE_PROMOTED, [CORE_DEMOTE] = CORE_STARTED,
	};

	m->shaken = false;
	set_state(m, after[verb]);
	member_watch(m);
}

/* The row first: at the place of the end, all know what it led to. */
static void end(struct member *m, bool good, const struct ex_result *result)
{
	enum core_verb verb = m->verb;
	uint64_t id = m->id;

	m->busy = false;
	if (good)
		succeeded(m, verb);
	else
		member_fail(m, actions[verb], result);
	events_action(m->all->d, m->is.service->name, m->is.member, actions[verb],
		      m->begun, good ? NULL : m->reason);
	member_tell(m);
	if (id)
		engine_ended(m->all->d, id, good ? 0 : -EIO, m->reason);
	if (good && (verb == CORE_START || verb == CORE_PROMOTE))
		events_maybe_running(m->all->d, m->is.service->name);
	members_retire(m->all);
}

/* What an agent makes of it is its own affair. */
static void on_notified(struct member *m, const struct ex_result *result)
{
	uint64_t id = m->id;

	m->busy = false;
	if (!fine(result))
		say(4, "%s: notify failed: %s", m->instance, result->reason);
	member_watch(m);
	member_tell(m);
	engine_ended(m->all->d, id, 0, NULL);
	members_retire(m->all);
}

static void on_done(const struct ex_result *result, void *arg)
{
	struct member *m = arg;

	if (m->verb == CORE_NOTIFY) {
		on_notified(m, result);
		return;
	}
	end(arg, fine(result), result);
}

static void on_ladder(enum ex_step step, const struct ex_result *result,
		      void *arg)
{
	end(arg, step != EX_STEP_FENCE, result);
}

/* From now on the I/O of its device fails, whoever does it. */
static void shake(struct member *m)
{
	for (struct member *one = m->all->first; one; one = one->next)
		if (one->is.service && !strcmp(one->is.service->name,
					       m->is.service->name))
			one->shaken = true;
}

static void on_step(enum ex_step step, const struct ex_result *last, void *arg)
{
	struct member *m = arg;

	if (step == EX_STEP_DEMOTE_FORCE)
		shake(m);
	if (step != EX_STEP_AGENT)
		say(4, "%s does not stop (%s): %s", m->instance, last->reason,
		    ex_step_word(step));
}

/* By the plan that the order came of: what is done, and who is told of it. */
static const json_t *notice_of(const struct member *m)
{
	return brain_notice(m->all->d->brain, m->unit, m->name);
}

/* Who does it knows of it: the end will be told to it, too. */
static void take_notice(struct member *m, enum core_verb verb)
{
	const json_t *notice = notice_of(m);
	const char *op = json_string_value(json_object_get(notice, "op"));

	if (!op || (verb != CORE_NOTIFY && strcmp(op, ex_action_word(actions[verb]))))
		return;
	json_decref(m->notice);
	m->notice = json_copy((json_t *)notice);
	if (verb != CORE_NOTIFY)
		json_object_set_new(m->notice, "phase", json_string("pre"));
}

static bool begin_stop(struct member *m, json_t *texts, char **why)
{
	enum ex_step steps[EX_STEP_NR];
	struct ex_ladder_op ladder = { .steps = steps };
	struct member_op op;

	member_op(&m->is, m->instance, EX_STOP, &op);
	if (notice_of(m))
		member_notice(m->is.model->conf, notice_of(m), texts, &op);
	ladder.op = op.op;
	ladder.n_steps = member_ladder(&m->is, steps);
	ladder.storage = member_ladder_storage(&m->is);
	return ex_ladder_start(m->all->d->ex, &ladder, on_step, on_ladder, m,
			       why);
}

static bool begin_other(struct member *m, enum core_verb verb, json_t *texts,
			char **why)
{
	const char *device = m->is.device ? m->is.device->name : NULL;
	const struct devices *devices = m->all->d->devices;
	const char *fenced = NULL;
	struct member_op op;

	member_op(&m->is, m->instance, actions[verb], &op);
	if (notice_of(m))
		member_notice(m->is.model->conf, notice_of(m), texts, &op);
	if (device && verb == CORE_PROMOTE)
		fenced = devices_excluded(devices, device);
	if (device && verb == CORE_DEMOTE && devices_lost(devices, device)) {
		op.op.action = EX_FORCE_DEMOTE;
		shake(m);
	}
	if (fenced)
		op.params[op.op.n_params++] =
			(struct ex_param){ "fenced", fenced };
	return ex_start(m->all->d->ex, &op.op, on_done, m, why);
}

/* Already so: orders may be repeated. */
static bool done_before(const struct member *m, enum core_verb verb)
{
	switch (verb) {
	case CORE_START:
		return m->state == CORE_STARTED || m->state == CORE_PROMOTED;
	case CORE_STOP:
		return m->state == CORE_STOPPED;
	case CORE_PROMOTE:
		return m->state == CORE_PROMOTED;
	case CORE_DEMOTE:
		return m->state == CORE_STARTED || m->state == CORE_STOPPED;
	case CORE_NOTIFY:
		return !notice_of(m);
	default:
		return false;
	}
}

void member_begin(struct member *m, uint64_t id, enum core_verb verb)
{
	char *why = NULL;
	json_t *texts;
	bool begun;

	if (verb == CORE_PROBE) {
		member_probe(m);
		engine_ended(m->all->d, id, 0, NULL);
		return;
	}
	if (done_before(m, verb)) {
		member_tell(m);
		engine_ended(m->all->d, id, 0, NULL);
		return;
	}
	texts = json_array();
	member_unwatch(m);
	m->busy = true;
	m->id = id;
	m->verb = verb;
	m->begun = clock_wall();
	take_notice(m, verb);
	begun = verb == CORE_STOP ? begin_stop(m, texts, &why) :
				    begin_other(m, verb, texts, &why);
	json_decref(texts);
	if (!begun) {
		m->busy = false;
		say(3, "%s: %s", m->instance, why);
		engine_ended(m->all->d, id, -EINVAL, why);
	}
	free(why);
}

void member_stop_gone(struct member *m)
{
	char *why = NULL;
	json_t *texts;

	if (m->busy || m->probing || !member_active(m))
		return;
	member_unwatch(m);
	m->busy = true;
	m->id = 0;
	m->verb = CORE_STOP;
	m->begun = clock_wall();
	texts = json_array();
	if (!begin_stop(m, texts, &why)) {
		m->busy = false;
		m->blocked = true;
		say(3, "%s cannot be stopped: %s", m->instance, why);
	}
	json_decref(texts);
	free(why);
}
