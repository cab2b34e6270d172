/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection to systemd. Without systemd there is none, and who asks is
 * told so. When it breaks, it is made again with the next question.
 */
#ifndef HA_UNIT_BUS_H
#define HA_UNIT_BUS_H

#include <systemd/sd-bus.h>

struct ex;
struct unit_bus;
struct unit_wait;

#define SYSTEMD_NAME	"org.freedesktop.systemd1"
#define SYSTEMD_PATH	"/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER	"org.freedesktop.systemd1.Manager"
#define SYSTEMD_UNIT	"org.freedesktop.systemd1.Unit"

/**
 * typedef unit_job_done - a job of systemd ended
 * @result: "done", "failed", "timeout", "canceled", "dependency", ...
 */
typedef void unit_job_done(const char *result, void *arg);

/**
 * unit_bus_get() - the connection, made when there is none
 *
 * Return: 0 or -errno.
 */
int unit_bus_get(struct ex *ex, sd_bus **bus);
void unit_bus_free(struct unit_bus *units);

/**
 * unit_bus_await() - be told of the end of a job
 * @path: object path of the job, from the answer to the call that made it;
 *	call this when the answer is read, then the end cannot be missed
 * @done: called once, with "disconnected" when the connection is lost
 */
struct unit_wait *unit_bus_await(struct ex *ex, const char *path,
				 unit_job_done *done, void *arg);

/**
 * unit_wait_drop() - do not wait any more; NULL is fine
 */
void unit_wait_drop(struct unit_wait *wait);

/**
 * unit_forget() - the unit is ours no longer: remove its drop-in
 */
void unit_forget(struct ex *ex, const char *unit);

/**
 * unit_error() - text of a failed call, or NULL when it did not fail
 */
const char *unit_error(sd_bus_message *answer);

#endif
