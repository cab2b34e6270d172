/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of hactl share: the context, the verbs, their options. */
#ifndef HACTL_H
#define HACTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "options.h"
#include "values.h"

/* Exit statuses of every verb. */
enum {
	HACTL_OK, HACTL_FAILED, HACTL_USAGE, HACTL_NO_QUORUM, HACTL_CONFLICT,
	HACTL_UNSAFE,
};

#define HACTL_SCHEMA	1	/* of what --json prints */

struct hactl;

/* What a word of a verb is, for completion. */
enum hactl_word {
	W_NONE, W_NODE, W_SERVICE, W_CLONE, W_FILE, W_VERB, W_RULE, W_REV,
	W_FENCE, W_ON_OFF,
};

/**
 * struct hactl_verb - one verb
 * @group: "service" of "service create", or NULL
 * @args: its words, for people
 * @min, @max: how many of them
 * @takes: options, TAKE(OPT_x)
 * @words: what they are, the last one repeated
 * @help: one line
 * @more: further lines, or NULL
 * @run: returns an exit status
 */
struct hactl_verb {
	const char *group, *name;
	const char *args;
	unsigned int min, max;
	uint64_t takes;
	enum hactl_word words[3];
	const char *help, *more;
	int (*run)(struct hactl *h);
};

extern const struct hactl_verb hactl_verbs[];	/* ends with a name of NULL */

/**
 * struct hactl - one run of the program
 * @words: of the verb
 * @options: values given, in their order; those of a switch are empty
 * @json, @dry_run, @yes: switches every verb has
 * @colour: the output may have colours
 * @socket: of the daemon
 * @now_ms: the time, for what is printed
 */
struct hactl {
	const struct hactl_verb *verb;
	char **words;
	unsigned int n_words;
	struct hc_words options[OPT_NR];
	bool json, dry_run, yes, colour;
	const char *socket;
	int fd;
	int64_t now_ms;
};

/* main.c */
int hactl_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int hactl_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * hactl_print_json() - data with its schema, as --json promises it
 * @data: stolen
 */
int hactl_print_json(json_t *data);

/* arguments.c */
int hactl_parse(struct hactl *h, int argc, char **argv);
void hactl_free(struct hactl *h);

/**
 * hactl_opt() - the last value of an option, or NULL
 */
const char *hactl_opt(const struct hactl *h, enum hactl_option option);

/**
 * hactl_opt_time() - an option that is a time
 *
 * Return: an exit status, after a message; @ms stays when it is not given.
 */
int hactl_opt_time(const struct hactl *h, enum hactl_option option,
		   int64_t *ms);

/* ask.c */
/**
 * hactl_confirm() - whether the person at the terminal agrees
 *
 * Without a terminal, only --yes does.
 */
bool hactl_confirm(const struct hactl *h, const char *question);

/**
 * hactl_wanted_wait() - whether to wait for what was asked to be done
 */
bool hactl_wanted_wait(const struct hactl *h);

/* verbs.c */
const struct hactl_verb *hactl_verb_find(const char *group, const char *name);
bool hactl_is_group(const char *name);

#endif
