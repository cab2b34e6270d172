// SPDX-License-Identifier: GPL-2.0-only
/* Puts processes into scopes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "scope.h"
#include "unit_bus.h"
#include "util.h"

#define PATIENCE_MS 5000	/* an agent is not held back for longer */

/**
 * struct scope_request - one process on its way into a scope
 * @call: what was asked
 * @wait: for the job of it
 */
struct scope_request {
	struct ex *ex;
	char *name;
	pid_t pid;
	sd_bus_slot *call;
	struct unit_wait *wait;
	sd_event_source *clock;
	void (*ready)(void *arg);
	void *arg;
};

char *scope_name(const char *member)
{
	return xasprintf("ha-%s.scope", member);
}

bool scope_possible(struct ex *ex)
{
	sd_bus *bus;

	return !unit_bus_get(ex, &bus);
}

static void ready(struct scope_request *request)
{
	void (*done)(void *arg) = request->ready;

	request->clock = sd_event_source_disable_unref(request->clock);
	request->ready = NULL;
	if (done)
		done(request->arg);
}

static int on_patience(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	ready(arg);
	return 0;
}

static void on_job(const char *result, void *arg)
{
	struct scope_request *request = arg;

	(void)result;
	request->wait = NULL;
	ready(request);
}

static int on_attached(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
	(void)answer;
	(void)error;
	ready(arg);
	return 0;
}

/* The scope is there: something of the member still runs. */
static void attach(struct scope_request *request)
{
	sd_bus *bus;

	request->call = sd_bus_slot_unref(request->call);
	if (unit_bus_get(request->ex, &bus) ||
	    sd_bus_call_method_async(bus, &request->call, SYSTEMD_NAME,
				     SYSTEMD_PATH, SYSTEMD_MANAGER,
				     "AttachProcessesToUnit", on_attached,
				     request, "ssau", request->name, "", 1,
				     (uint32_t)request->pid) < 0)
		ready(request);
}

static int on_made(sd_bus_message *answer, void *arg, sd_bus_error *error)
{
	struct scope_request *request = arg;
	const char *path;

	(void)error;
	if (sd_bus_message_is_method_error(answer,
			SYSTEMD_NAME ".UnitExists"))
		attach(request);
	else if (unit_error(answer) ||
		 sd_bus_message_read(answer, "o", &path) < 0)
		ready(request);
	else
		request->wait = unit_bus_await(request->ex, path, on_job,
					       request);
	return 0;
}

/*
 * Stopped after the daemon when the machine goes down, so that the daemon can
 * stop members in its own order; gone by itself when the last process is.
 */
static int make(struct scope_request *request, sd_bus *bus)
{
	sd_bus_message *call = NULL;
	int ret = sd_bus_message_new_method_call(bus, &call, SYSTEMD_NAME,
						 SYSTEMD_PATH, SYSTEMD_MANAGER,
						 "StartTransientUnit");

	if (ret >= 0)
		ret = sd_bus_message_append(call, "ssa(sv)a(sa(sv))",
			request->name, "fail", 5,
			"Description", "s", "Member of a cluster service",
			"PIDs", "au", 1, (uint32_t)request->pid,
			"Before", "as", 1, "haclusterd.service",
			"Delegate", "b", 1,	/* else none can be added */
			"CollectMode", "s", "inactive-or-failed", 0);
	if (ret >= 0)
		ret = sd_bus_call_async(bus, &request->call, call, on_made,
					request, 0);
	sd_bus_message_unref(call);
	return ret;
}

struct scope_request *scope_request(struct ex *ex, const char *member,
				    pid_t pid, void (*done)(void *arg),
				    void *arg)
{
	struct scope_request *request = xcalloc(1, sizeof(*request));
	sd_bus *bus;

	*request = (struct scope_request){ .ex = ex, .pid = pid, .arg = arg,
					   .name = scope_name(member),
					   .ready = done };
	if (sd_event_add_time_relative(ex->event, &request->clock,
				       CLOCK_MONOTONIC, PATIENCE_MS * 1000,
				       1000, on_patience, request) < 0)
		abort();
	if (unit_bus_get(ex, &bus) || make(request, bus) < 0)
		ready(request);
	return request;
}

void scope_request_drop(struct scope_request *request)
{
	if (!request)
		return;
	sd_bus_slot_unref(request->call);
	unit_wait_drop(request->wait);
	sd_event_source_disable_unref(request->clock);
	free(request->name);
	free(request);
}

void scope_kill(struct ex *ex, const char *member)
{
	char *name = scope_name(member);
	sd_bus *bus;

	if (!unit_bus_get(ex, &bus))
		sd_bus_call_method_async(bus, NULL, SYSTEMD_NAME, SYSTEMD_PATH,
					 SYSTEMD_MANAGER, "KillUnit", NULL,
					 NULL, "ssi", name, "all", 9);
	free(name);
}
