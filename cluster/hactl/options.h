/* SPDX-License-Identifier: GPL-2.0-only */
/* The options verbs may take; each verb says which of them. */
#ifndef HACTL_OPTIONS_H
#define HACTL_OPTIONS_H

#include <stdint.h>

enum hactl_option {
	/* of every verb */
	OPT_JSON, OPT_DRY_RUN, OPT_YES, OPT_WAIT, OPT_NO_WAIT, OPT_HELP,
	OPT_SOCKET, OPT_MAX_WAIT,
	/* of some */
	OPT_WATCH, OPT_VERBOSE, OPT_FOR, OPT_FOREVER, OPT_SINCE, OPT_FILE,
	OPT_CONFIG, OPT_IF, OPT_MESSAGE, OPT_LIMIT, OPT_FORCE, OPT_ROOT,
	OPT_STORAGE, OPT_MOUNT, OPT_IP, OPT_UNIT, OPT_OCF, OPT_WITH, OPT_AFTER,
	OPT_PREFER, OPT_AVOID, OPT_STAY, OPT_CHECK, OPT_MONITOR, OPT_TIMEOUT,
	OPT_BEFORE, OPT_NAME, OPT_PROMOTABLE, OPT_WITNESS, OPT_DETECT,
	OPT_TIEBREAKER, OPT_NODE, OPT_SECRET, OPT_REMOVE, OPT_ALL,
	OPT_NR,
};

#define TAKE(option)	(UINT64_C(1) << (option))
#define TAKE_COMMON	(TAKE(OPT_WATCH) - 1)

/**
 * struct hactl_option_info - how an option is written
 * @letter: its short form, or 0
 * @value: what its value is called; NULL for a switch
 */
struct hactl_option_info {
	const char *name;
	char letter;
	const char *value;
	const char *help;
};

extern const struct hactl_option_info hactl_options[OPT_NR];

#endif
