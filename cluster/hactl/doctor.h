/* SPDX-License-Identifier: GPL-2.0-only */
/* What the doctor's checks share. */
#ifndef HACTL_DOCTOR_H
#define HACTL_DOCTOR_H

#include <jansson.h>

#include "conf.h"

enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD };

/**
 * struct doctor - one examination
 * @root: where the host's files are
 * @alive: the host itself runs below @root: ask its kernel and its systemd
 * @findings: what was said, in order
 * @worst: the worst level of all
 */
struct doctor {
	const struct hc_config *conf;
	const char *root;
	bool alive;
	json_t *findings;
	enum doctor_level worst;
};

/**
 * doctor_say() - add a finding
 * @what: the check, a word or two
 * @hint: what to do, or NULL
 */
void doctor_say(struct doctor *d, enum doctor_level level, const char *what,
		const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/**
 * doctor_file() - a file below the root, to be freed; NULL without it
 */
char *doctor_file(const struct doctor *d, const char *path);
bool doctor_exists(const struct doctor *d, const char *path);

/* The checks. */
void doctor_corosync(struct doctor *d);
void doctor_authkey(struct doctor *d);
void doctor_watchdog(struct doctor *d);
void doctor_units(struct doctor *d);
void doctor_managed_units(struct doctor *d);
void doctor_nonlocal_bind(struct doctor *d);
void doctor_module(struct doctor *d);
void doctor_agents(struct doctor *d);
void doctor_clock(struct doctor *d);
void doctor_scheduling(struct doctor *d);
void doctor_safety(struct doctor *d);

#endif
