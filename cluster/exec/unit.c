// SPDX-License-Identifier: GPL-2.0-only
/* Members that are units of systemd. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "unit_bus.h"
#include "unit_dropin.h"
#include "unit_state.h"
#include "util.h"

/**
 * struct unit_job - what a job waits for
 * @call: the call under way
 * @wait: the job of systemd
 * @load: ..., states when the unit was asked
 */
struct unit_job {
	sd_bus_slot *call;
	struct unit_wait *wait;
	char *load, *active, *sub;
};

static void look(struct ex_job *job);

static sd_bus *bus_of(struct ex_job *job)
{
	sd_bus *bus = NULL;
	int ret = unit_bus_get(job->ex, &bus);

	if (ret == -ENOENT && job->op.action == EX_STOP)
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);	/* no systemd */
	else if (ret < 0)
		job_end(job, EX_END_DONE, EX_CODE_INSTALLED,
			"no connection to systemd: %s", strerror(-ret));
	return ret < 0 ? NULL : bus;
}

/* Arguments of a call as sd_bus_message_appendv() has them. */
static void call(struct ex_job *job, const char *method,
		 sd_bus_message_handler_t handler, const char *types,
		 const char *one, const char *two)
{
	struct unit_job *unit = job->priv;
	sd_bus *bus = bus_of(job);
	int ret;

	if (!bus)
		return;
	unit->call = sd_bus_slot_unref(unit->call);
	ret = sd_bus_call_method_async(bus, &unit->call, SYSTEMD_NAME,
				       SYSTEMD_PATH, SYSTEMD_MANAGER, method,
				       handler, job, types, one, two);
	if (ret < 0)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC, "systemd: %s",
			strerror(-ret));
}

void unit_forget(struct ex *ex, const char *unit)
{
	bool changed;
	sd_bus *bus;

	unit_dropin_remove(ex->set.unit_dir, unit, &changed);
	if (changed && !unit_bus_get(ex, &bus))
		sd_bus_call_method_async(bus, NULL, SYSTEMD_NAME, SYSTEMD_PATH,
					 SYSTEMD_MANAGER, "Reload", NULL, NULL,
					 NULL);
}

/* The job of systemd has ended; its result is a word, the state is the truth. */
static void on_job(const char *result, void *arg)
{
	struct ex_job *job = arg;
	struct unit_job *unit = job->priv;

	unit->wait = NULL;
	if (strcmp(result, "done") && strcmp(result, "skipped") &&
	    job->op.action != EX_STOP) {
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"%s: its %s ended as \"%s\"", job->op.agent,
			ex_action_word(job->op.action), result);
		return;
	}
	look(job);
}

static int on_accepted(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
	struct ex_job *job = arg;
	struct unit_job *unit = job->priv;
	const char *path;

	(void)error;
	if (job->op.action == EX_STOP &&
	    sd_bus_message_is_method_error(answer, SYSTEMD_NAME ".NoSuchUnit"))
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
	else if (unit_error(answer))
		job_end(job, EX_END_DONE,
			sd_bus_message_is_method_error(answer,
				SYSTEMD_NAME ".NoSuchUnit") ?
				EX_CODE_INSTALLED : EX_CODE_GENERIC,
			"%s", unit_error(answer));
	else if (sd_bus_message_read(answer, "o", &path) < 0)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"systemd's answer is not understood");
	else
		unit->wait = unit_bus_await(job->ex, path, on_job, job);
	return 0;
}

static void begin(struct ex_job *job)
{
	const char *method = job->op.action == EX_START ? "StartUnit" :
			     job->op.action == EX_STOP ? "StopUnit" :
			     "ReloadUnit";

	call(job, method, on_accepted, "ss", job->op.agent, "replace");
}

static int on_reread(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
	struct ex_job *job = arg;

	(void)error;
	if (unit_error(answer))
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"systemd cannot read its files again: %s",
			unit_error(answer));
	else if (job->op.action == EX_VALIDATE)
		look(job);
	else
		begin(job);
	return 0;
}

/* Systemd takes its time to read its files: better long before a start. */
static void prepare(struct ex_job *job)
{
	bool changed;
	int ret = unit_dropin_write(job->ex->set.unit_dir, job->op.agent,
				    &changed);

	if (ret)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"cannot write a drop-in for %s: %s", job->op.agent,
			strerror(-ret));
	else if (changed)
		call(job, "Reload", on_reread, NULL, NULL, NULL);
	else if (job->op.action == EX_VALIDATE)
		look(job);
	else
		begin(job);
}

/* The unit is in a known state: what does it say about what was asked? */
static void conclude(struct ex_job *job)
{
	struct unit_job *unit = job->priv;
	int code = unit_code(unit->load, unit->active, unit->sub);
	bool up = code == EX_CODE_OK;

	switch (job->op.action) {
	case EX_START:
	case EX_RELOAD:
		if (!up && code == EX_CODE_NOT_RUNNING)
			code = EX_CODE_GENERIC;
		break;
	case EX_STOP:
		code = up || code == EX_CODE_GENERIC ? EX_CODE_GENERIC :
						       EX_CODE_OK;
		break;
	case EX_VALIDATE:
		code = code == EX_CODE_INSTALLED ? code : EX_CODE_OK;
		break;
	default:
		break;
	}
	if (code == EX_CODE_OK)
		job_end(job, EX_END_DONE, code, NULL);
	else
		job_end(job, EX_END_DONE, code, "%s is %s (%s, %s)",
			job->op.agent, unit->active, unit->sub, unit->load);
}

static int read_states(sd_bus_message *answer, struct unit_job *unit)
{
	int ret = sd_bus_message_enter_container(answer, 'a', "{sv}");

	while (ret >= 0 &&
	       (ret = sd_bus_message_enter_container(answer, 'e', "sv")) > 0) {
		const char *name, *value;
		char **where;

		ret = sd_bus_message_read(answer, "s", &name);
		if (ret < 0)
			break;
		where = !strcmp(name, "LoadState") ? &unit->load :
			!strcmp(name, "ActiveState") ? &unit->active :
			!strcmp(name, "SubState") ? &unit->sub : NULL;
		ret = where ? sd_bus_message_read(answer, "v", "s", &value) :
			      sd_bus_message_skip(answer, "v");
		if (ret >= 0 && where)
			ha_replace(where, value);
		if (ret >= 0)
			ret = sd_bus_message_exit_container(answer);
	}
	if (ret >= 0 && (!unit->load || !unit->active || !unit->sub))
		ret = -EBADMSG;
	return ret;
}

static int on_states(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
	struct ex_job *job = arg;
	int ret;

	(void)error;
	if (unit_error(answer)) {
		job_end(job, EX_END_DONE, EX_CODE_GENERIC, "%s",
			unit_error(answer));
		return 0;
	}
	ret = read_states(answer, job->priv);
	if (ret < 0)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"systemd's answer is not understood: %s",
			strerror(-ret));
	else
		conclude(job);
	return 0;
}

static int on_loaded(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
	struct ex_job *job = arg;
	struct unit_job *unit = job->priv;
	sd_bus *bus = bus_of(job);
	const char *path;

	(void)error;
	if (!bus)
		return 0;
	if (unit_error(answer)) {
		job_end(job, EX_END_DONE, EX_CODE_INSTALLED, "%s",
			unit_error(answer));
		return 0;
	}
	unit->call = sd_bus_slot_unref(unit->call);
	if (sd_bus_message_read(answer, "o", &path) < 0 ||
	    sd_bus_call_method_async(bus, &unit->call, SYSTEMD_NAME, path,
				     "org.freedesktop.DBus.Properties",
				     "GetAll", on_states, job, "s",
				     SYSTEMD_UNIT) < 0)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"systemd cannot be asked for the state");
	return 0;
}

static void look(struct ex_job *job)
{
	call(job, "LoadUnit", on_loaded, "s", job->op.agent, NULL);
}

static void start(struct ex_job *job)
{
	job->priv = xcalloc(1, sizeof(struct unit_job));
	job_arm(job, "systemd");
	switch (job->op.action) {
	case EX_START:
	case EX_VALIDATE:
		prepare(job);
		break;
	case EX_STOP:
	case EX_RELOAD:
		begin(job);
		break;
	case EX_MONITOR:
		look(job);
		break;
	default:
		job_end(job, EX_END_DONE, EX_CODE_UNIMPLEMENTED,
			"a unit has no %s", ex_action_word(job->op.action));
	}
}

static void cancel(struct ex_job *job)
{
	job_end(job, EX_END_CANCELLED, 0, "cancelled");
}

static void release(struct ex_job *job)
{
	struct unit_job *unit = job->priv;

	if (!unit)
		return;
	sd_bus_slot_unref(unit->call);
	unit_wait_drop(unit->wait);
	free(unit->load);
	free(unit->active);
	free(unit->sub);
	free(unit);
}

static void listen_units(struct ex *ex)
{
	sd_bus *bus;

	unit_bus_get(ex, &bus);
}

const struct kind_ops unit_kind = {
	.start = start, .cancel = cancel, .release = release,
	.listen = listen_units,
};
