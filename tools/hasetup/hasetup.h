/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of hasetup share: the context and the commands. */
#ifndef HASETUP_H
#define HASETUP_H

#include <stdbool.h>

#include "request.h"

struct ha_genl;

/**
 * struct hasetup_verb - a command that is not a single request
 * @args: its arguments, for the help
 * @help: one line
 * @run: argv[0] is the verb
 */
struct hasetup_verb {
	const char *name;
	const char *args;
	const char *help;
	int (*run)(int argc, char **argv);
};

/* request_cmd.c */
int hasetup_request(const struct ha_request_kind *kind, int argc, char **argv);
void hasetup_request_usage(const struct ha_request_kind *kind);

/* request_args.c */
int hasetup_parse(struct ha_request *req, const struct ha_request_kind *kind,
		  int argc, char **argv);

/* show.c */
int hasetup_status(int argc, char **argv);
int hasetup_events(int argc, char **argv);
int hasetup_udev(int argc, char **argv);

/* meta.c */
int hasetup_create_md(int argc, char **argv);
int hasetup_dump_md(int argc, char **argv);
int hasetup_wipe_md(int argc, char **argv);

/* main.c */
int hasetup_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
struct ha_genl *hasetup_open(void);

#endif
