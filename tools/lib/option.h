/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of resources and peers: one table for file, command line, netlink. */
#ifndef HA_OPTION_H
#define HA_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ha_option_id {
	HA_OPT_ON_IO_ERROR,
	HA_OPT_ON_NO_DATA,
	HA_OPT_FENCING,
	HA_OPT_RESYNC_RATE,
	HA_OPT_TRUST_BUFFERS,
	HA_OPT_RESOURCE_NR,	/* the options before are a resource's ... */

	HA_OPT_TIMEOUT = HA_OPT_RESOURCE_NR,	/* ... from here a peer's */
	HA_OPT_PING_INTERVAL,
	HA_OPT_PING_TIMEOUT,
	HA_OPT_CONNECT_INTERVAL,
	HA_OPT_KO_COUNT,
	HA_OPT_DATA_STREAMS,
	HA_OPT_AFTER_SB_0PRI,
	HA_OPT_AFTER_SB_1PRI,
	HA_OPT_AFTER_SB_2PRI,
	HA_OPT_NR,
};

#define HA_OPTS_RESOURCE	((1u << HA_OPT_RESOURCE_NR) - 1)
#define HA_OPTS_PEER		(((1u << HA_OPT_NR) - 1) & ~HA_OPTS_RESOURCE)

enum ha_option_kind {
	HA_KIND_WORD,	/* one of a list */
	HA_KIND_BOOL,	/* yes or no */
	HA_KIND_COUNT,
	HA_KIND_TIME,	/* milliseconds */
	HA_KIND_RATE,	/* bytes per second */
};

/**
 * struct ha_option - what is known about one option
 * @name: its name on the command line, and in the file where it is not older
 * @attr: netlink attribute, of the resource or of the peer
 * @kind: how it is written
 * @words: the list of HA_KIND_WORD
 * @file_unit: milliseconds of a bare number in the file, as DRBD counts it
 * @min: least value
 * @max: greatest value
 * @preset: value when nobody sets it
 */
struct ha_option {
	const char *name;
	uint16_t attr;
	enum ha_option_kind kind;
	const char *const *words;
	uint32_t file_unit;
	uint64_t min, max;
	uint64_t preset;
};

extern const struct ha_option ha_options[HA_OPT_NR];

/**
 * struct ha_values - values of options
 * @set: bit per option that has one
 * @value: by ha_option_id
 */
struct ha_values {
	uint32_t set;
	uint64_t value[HA_OPT_NR];
};

void ha_values_set(struct ha_values *values, int id, uint64_t value);

/**
 * ha_values_effective() - the value of an option, or its preset
 */
uint64_t ha_values_effective(const struct ha_values *values, int id);

/**
 * ha_option_parse() - read a value
 * @opt: the option
 * @text: as written
 * @in_file: bare numbers have the units of the configuration file
 * @value: out
 *
 * Return: NULL, or what is wrong; the caller frees it.
 */
char *ha_option_parse(const struct ha_option *opt, const char *text,
		      bool in_file, uint64_t *value);

/**
 * ha_option_format() - write a value so that ha_option_parse() reads it back
 */
void ha_option_format(const struct ha_option *opt, uint64_t value,
		      char *buf, size_t size);

#endif
