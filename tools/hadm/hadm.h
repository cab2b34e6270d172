/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of hadm share: the context, the verbs, the targets. */
#ifndef HADM_H
#define HADM_H

#include <stdbool.h>

#include "conf.h"
#include "genl.h"
#include "plan.h"
#include "util.h"

/* What a verb takes and needs. */
enum {
	HADM_FORCE	= 1 << 0,
	HADM_JSON	= 1 << 1,
	HADM_WATCH	= 1 << 2,
	HADM_TIMEOUT	= 1 << 3,
	HADM_DISCARD	= 1 << 4,
	HADM_PEER	= 1 << 5,
	HADM_OPTIONAL	= 1 << 6,	/* no name means all */
	HADM_KERNEL	= 1 << 7,	/* names the file lacks are the kernel's */
	HADM_ANY_HOST	= 1 << 8,	/* this host need not be among the hosts */
	HADM_NO_FILE	= 1 << 9,	/* takes no resources and no file */
};

struct hadm;

/**
 * struct hadm_verb - one verb
 * @takes: HADM_*
 * @help: one line
 * @more: further lines for "hadm help VERB", or NULL
 * @cmd: of a verb that is a single request
 * @run: returns an exit status
 */
struct hadm_verb {
	const char *name;
	unsigned int takes;
	const char *help;
	const char *more;
	uint8_t cmd;
	int (*run)(struct hadm *hadm);
};

extern const struct hadm_verb hadm_verbs[];	/* ends with a name of NULL */

const struct hadm_verb *hadm_verb_find(const char *name);

/**
 * struct hadm_target - one resource a verb is to be applied to
 * @name: its name
 * @res: its configuration; NULL for a name only the kernel may know
 * @self: this host's section, or NULL
 */
struct hadm_target {
	const char *name;
	const struct ha_conf_resource *res;
	const struct ha_conf_host *self;
};

/**
 * struct hadm - one run of the program
 * @host: name of this host
 * @words: names given, NULL-terminated
 * @all: they are to be all
 * @peer: value of --peer
 * @timeout: value of --timeout in seconds, 0 for none
 * @genl: the connection to the kernel, once it is open
 */
struct hadm {
	const struct hadm_verb *verb;
	const char *conf_path;
	bool dry_run;
	bool force, json, watch, discard_my_data;
	const char *peer;
	unsigned int timeout;
	char host[256];
	struct ha_conf *conf;
	char **words;
	bool all;
	struct hadm_target *targets;
	unsigned int n_targets;
	struct ha_genl *genl;
};

/* main.c */
int hadm_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int hadm_error(const char *name, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* arguments.c */
int hadm_parse(struct hadm *hadm, int argc, char **argv);

/* targets.c */
int hadm_find_targets(struct hadm *hadm);

/* apply.c */
int hadm_open(struct hadm *hadm);
int hadm_kernel_failed(const struct hadm *hadm, const char *name);
int hadm_apply(struct hadm *hadm, const char *name, const struct ha_plan *plan);

/* cmd_*.c */
int hadm_up(struct hadm *hadm);
int hadm_adjust(struct hadm *hadm);
int hadm_attach(struct hadm *hadm);
int hadm_down(struct hadm *hadm);
int hadm_single(struct hadm *hadm);
int hadm_create_md(struct hadm *hadm);
int hadm_dump_md(struct hadm *hadm);
int hadm_wipe_md(struct hadm *hadm);
int hadm_status(struct hadm *hadm);
int hadm_role(struct hadm *hadm);
int hadm_cstate(struct hadm *hadm);
int hadm_dstate(struct hadm *hadm);
int hadm_events(struct hadm *hadm);
int hadm_wait_connect(struct hadm *hadm);
int hadm_wait_sync(struct hadm *hadm);
int hadm_dump(struct hadm *hadm);
int hadm_help(struct hadm *hadm);

#endif
