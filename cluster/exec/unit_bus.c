// SPDX-License-Identifier: GPL-2.0-only
/* Connects to systemd, directly or by the system bus; passes on its signals. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "job.h"
#include "unit_bus.h"
#include "util.h"

/* systemd's own socket: works also while the bus is being restarted. */
#define DIRECT_PATH "/run/systemd/private"

/**
 * struct unit_bus - the connection
 * @direct: there is no bus in between, so messages have no sender
 * @lost: broken; closed with the next question
 */
struct unit_bus {
	struct ex *ex;
	sd_bus *bus;
	bool direct, lost;
	struct unit_wait *waits;
};

struct unit_wait {
	struct unit_wait *next, **prev;
	char *path;
	unit_job_done *done;
	void *arg;
};

void unit_wait_drop(struct unit_wait *wait)
{
	if (!wait)
		return;
	*wait->prev = wait->next;
	if (wait->next)
		wait->next->prev = wait->prev;
	free(wait->path);
	free(wait);
}

static void end_wait(struct unit_wait *wait, const char *result)
{
	unit_job_done *done = wait->done;
	void *arg = wait->arg;

	unit_wait_drop(wait);
	done(result, arg);
}

struct unit_wait *unit_bus_await(struct ex *ex, const char *path,
				 unit_job_done *done, void *arg)
{
	struct unit_bus *units = ex->bus;
	struct unit_wait *wait = xcalloc(1, sizeof(*wait));

	*wait = (struct unit_wait){ .path = xstrdup(path), .done = done,
				    .arg = arg, .next = units->waits,
				    .prev = &units->waits };
	if (wait->next)
		wait->next->prev = &wait->next;
	units->waits = wait;
	return wait;
}

static int on_job_removed(sd_bus_message *message, void *arg,
			  sd_bus_error *error)
{
	struct unit_bus *units = arg;
	const char *path, *unit, *result;
	struct unit_wait *wait;
	uint32_t id;

	(void)error;
	if (sd_bus_message_read(message, "uoss", &id, &path, &unit,
				&result) < 0)
		return 0;
	for (wait = units->waits; wait; wait = wait->next)
		if (!strcmp(wait->path, path))
			break;
	if (wait)
		end_wait(wait, result);
	return 0;
}

static bool is_unit(const struct ex_op *op, const void *arg)
{
	return !strcmp(op->agent, arg);
}

static int on_changed(sd_bus_message *message, void *arg, sd_bus_error *error)
{
	struct unit_bus *units = arg;
	char *name = NULL;

	(void)error;
	if (sd_bus_path_decode(sd_bus_message_get_path(message),
			       SYSTEMD_PATH "/unit", &name) > 0)
		ex_poke(units->ex, EX_KIND_SYSTEMD, is_unit, name);
	free(name);
	return 0;
}

static int on_lost(sd_bus_message *message, void *arg, sd_bus_error *error)
{
	struct unit_bus *units = arg;

	(void)message;
	(void)error;
	units->lost = true;
	while (units->waits)
		end_wait(units->waits, "disconnected");
	ex_poke(units->ex, EX_KIND_SYSTEMD, NULL, NULL);
	return 0;
}

static int open_direct(const char *address, sd_bus **bus)
{
	int ret = sd_bus_new(bus);

	if (ret >= 0)
		ret = sd_bus_set_address(*bus, address);
	if (ret >= 0)
		ret = sd_bus_start(*bus);
	return ret;
}

static int open_bus(struct unit_bus *units)
{
	const char *address = units->ex->set.bus_address;
	int ret;

	units->direct = true;
	if (address)
		return open_direct(address, &units->bus);
	if (sd_booted() <= 0)
		return -ENOENT;
	ret = open_direct("unix:path=" DIRECT_PATH, &units->bus);
	if (ret >= 0)
		return ret;
	units->bus = sd_bus_unref(units->bus);
	units->direct = false;
	return sd_bus_open_system(&units->bus);
}

static int subscribe(struct unit_bus *units)
{
	const char *sender = units->direct ? NULL : SYSTEMD_NAME;
	int ret = sd_bus_match_signal_async(units->bus, NULL, sender,
					    SYSTEMD_PATH, SYSTEMD_MANAGER,
					    "JobRemoved", on_job_removed, NULL,
					    units);

	if (ret >= 0)
		ret = sd_bus_match_signal_async(units->bus, NULL, sender, NULL,
						"org.freedesktop.DBus.Properties",
						"PropertiesChanged", on_changed,
						NULL, units);
	if (ret >= 0)
		ret = sd_bus_match_signal_async(units->bus, NULL, NULL, NULL,
						"org.freedesktop.DBus.Local",
						"Disconnected", on_lost, NULL,
						units);
	if (ret >= 0)
		ret = sd_bus_call_method_async(units->bus, NULL, SYSTEMD_NAME,
					       SYSTEMD_PATH, SYSTEMD_MANAGER,
					       "Subscribe", NULL, NULL, NULL);
	return ret;
}

static void close_bus(struct unit_bus *units)
{
	if (units->bus)
		sd_bus_detach_event(units->bus);
	units->bus = sd_bus_close_unref(units->bus);
	units->lost = false;
}

int unit_bus_get(struct ex *ex, sd_bus **bus)
{
	struct unit_bus *units = ex->bus;
	int ret;

	if (!units) {
		units = ex->bus = xcalloc(1, sizeof(*units));
		units->ex = ex;
	}
	if (units->lost)
		close_bus(units);
	if (!units->bus) {
		ret = open_bus(units);
		if (ret >= 0)
			ret = sd_bus_set_exit_on_disconnect(units->bus, false);
		if (ret >= 0)
			ret = sd_bus_attach_event(units->bus, ex->event, 0);
		if (ret >= 0)
			ret = subscribe(units);
		if (ret < 0) {
			close_bus(units);
			return ret;
		}
	}
	*bus = units->bus;
	return 0;
}

void unit_bus_free(struct unit_bus *units)
{
	if (!units)
		return;
	while (units->waits)
		unit_wait_drop(units->waits);
	close_bus(units);
	free(units);
}

const char *unit_error(sd_bus_message *answer)
{
	const sd_bus_error *error = sd_bus_message_get_error(answer);

	if (!error)
		return NULL;
	return error->message ? error->message : error->name;
}
