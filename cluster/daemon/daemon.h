/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon: what its parts share, and what each may ask of the others. */
#ifndef HD_DAEMON_H
#define HD_DAEMON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "brain.h"
#include "conf.h"
#include "core.h"
#include "exec.h"
#include "fence.h"
#include "shim.h"

/**
 * struct places - where things are
 * @name: of this node
 * @libexec: directory of ha-member and of the shim
 * @view: a copy of the configuration for people, or NULL
 */
struct places {
	const char *name, *state_dir, *socket, *shim_socket, *libexec,
		   *ocf_root, *hadm, *agents;
	const char *view;
	bool no_reset;		/* where a reset would be somebody else's machine */
};

/**
 * struct daemon - one for the process
 * @conf: the configuration in force, borrowed from @model
 * @rev, @meta: its revision, and who made it
 * @user: revision of the last thing a person asked for
 * @stepped: the core took a step since the last look
 */
struct daemon {
	sd_event *event;
	struct places places;
	uint32_t id;
	struct brain *brain;
	struct core *core;
	struct store *store;
	struct ring *ring;
	struct ex *ex;
	struct fence *fence;
	struct shim *shim;
	struct members *members;
	struct devices *devices;
	struct ipc *ipc;
	struct events *events;
	struct watcher *watcher;
	struct checks *checks;
	struct alerts *alerts;
	struct watchdog *watchdog;
	struct model *model;
	const struct hc_config *conf;
	char *text;		/* as the core has it */
	int64_t rev;
	json_t *meta;
	uint64_t user;
	bool stepped;
	int64_t started_ms;	/* wall clock */
};

/* clock.c */
int64_t clock_boot(void);	/* what the core lives by */
int64_t clock_wall(void);	/* what people read */

/* log.c */
void say(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
