// SPDX-License-Identifier: GPL-2.0-only
/* The table of options with reading and writing of values; no I/O. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/ha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "util.h"
#include "words.h"

#define TIME(n, a, unit, dflt) \
	{ .name = n, .attr = a, .kind = HA_KIND_TIME, .file_unit = unit, \
	  .min = 100, .max = 600000, .preset = dflt }
#define WORD(n, a, list) \
	{ .name = n, .attr = a, .kind = HA_KIND_WORD, .words = list }

const struct ha_option ha_options[HA_OPT_NR] = {
	[HA_OPT_ON_IO_ERROR] =
		WORD("on-io-error", HA_A_ON_IO_ERROR, ha_io_error_words),
	[HA_OPT_ON_NO_DATA] =
		WORD("on-no-data", HA_A_ON_NO_DATA, ha_no_data_words),
	[HA_OPT_FENCING] =
		WORD("fencing", HA_A_FENCING, ha_fencing_words),
	[HA_OPT_RESYNC_RATE] = {
		.name = "resync-rate", .attr = HA_A_RESYNC_RATE,
		.kind = HA_KIND_RATE, .max = 1ull << 40,
	},
	[HA_OPT_TRUST_BUFFERS] = {
		.name = "trust-buffers", .attr = HA_A_TRUST_BUFFERS,
		.kind = HA_KIND_BOOL, .max = 1,
	},
	[HA_OPT_TIMEOUT] =
		TIME("timeout", HA_PEER_TIMEOUT, 100, 6000),
	[HA_OPT_PING_INTERVAL] =
		TIME("ping-interval", HA_PEER_PING_INTERVAL, 1000, 3000),
	[HA_OPT_PING_TIMEOUT] =
		TIME("ping-timeout", HA_PEER_PING_TIMEOUT, 100, 3000),
	[HA_OPT_CONNECT_INTERVAL] =
		TIME("connect-interval", HA_PEER_CONNECT_INTERVAL, 1000, 1000),
	[HA_OPT_KO_COUNT] = {
		.name = "ko-count", .attr = HA_PEER_KO_COUNT,
		.kind = HA_KIND_COUNT, .max = 200, .preset = 7,
	},
	[HA_OPT_DATA_STREAMS] = {
		.name = "data-streams", .attr = HA_PEER_DATA_STREAMS,
		.kind = HA_KIND_COUNT, .max = 8,
	},
	[HA_OPT_AFTER_SB_0PRI] =
		WORD("after-sb-0pri", HA_PEER_AFTER_SB_0PRI, ha_after_sb_words),
	[HA_OPT_AFTER_SB_1PRI] =
		WORD("after-sb-1pri", HA_PEER_AFTER_SB_1PRI, ha_after_sb_words),
	[HA_OPT_AFTER_SB_2PRI] =
		WORD("after-sb-2pri", HA_PEER_AFTER_SB_2PRI, ha_after_sb_words),
};

void ha_values_set(struct ha_values *values, int id, uint64_t value)
{
	values->set |= 1u << id;
	values->value[id] = value;
}

uint64_t ha_values_effective(const struct ha_values *values, int id)
{
	if (values->set & (1u << id))
		return values->value[id];
	return ha_options[id].preset;
}

/* Splits "10M" into 10 and "M". */
static bool split_number(const char *text, uint64_t *number, const char **unit)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	*unit = end;
	return !errno;
}

static char *parse_word(const struct ha_option *opt, const char *text,
			uint64_t *value)
{
	const char *near;
	int found = ha_word_find(opt->words, text);
	char *list, *longer;

	if (found >= 0) {
		*value = found;
		return NULL;
	}
	near = ha_nearest(text, opt->words);
	if (near)
		return xasprintf("unknown value \"%s\" of %s; did you mean \"%s\"?",
				 text, opt->name, near);
	list = xstrdup(opt->words[0]);
	for (int i = 1; opt->words[i]; i++) {
		longer = xasprintf("%s, %s", list, opt->words[i]);
		free(list);
		list = longer;
	}
	longer = xasprintf("unknown value \"%s\" of %s; known are %s",
			   text, opt->name, list);
	free(list);
	return longer;
}

static char *parse_bool(const struct ha_option *opt, const char *text,
			uint64_t *value)
{
	*value = !strcmp(text, "yes");
	if (*value || !strcmp(text, "no"))
		return NULL;
	return xasprintf("%s must be yes or no, not \"%s\"", opt->name, text);
}

static char *parse_time(const struct ha_option *opt, const char *text,
			bool in_file, uint64_t *value)
{
	uint64_t number, factor = 0;
	const char *unit;

	if (split_number(text, &number, &unit)) {
		if (!*unit)
			factor = in_file ? opt->file_unit : 1;
		else if (!strcmp(unit, "ms"))
			factor = 1;
		else if (!strcmp(unit, "s"))
			factor = 1000;
	}
	if (!factor)
		return xasprintf("%s must be a time such as 6s or 500ms, not \"%s\"",
				 opt->name, text);
	*value = number <= opt->max ? number * factor : opt->max + 1;
	if (*value >= opt->min && *value <= opt->max)
		return NULL;
	return xasprintf("%s must be from %" PRIu64 "ms to %" PRIu64 "s, not \"%s\"",
			 opt->name, opt->min, opt->max / 1000, text);
}

static char *parse_rate(const struct ha_option *opt, const char *text,
			bool in_file, uint64_t *value)
{
	static const char units[] = "KMGT";
	const char *unit, *found;
	uint64_t number;
	int shift = 0;

	if (!split_number(text, &number, &unit) || (*unit && unit[1]))
		goto bad;
	if (!*unit && in_file && number)
		return xasprintf("%s needs a unit: %s is %sK, %sM or %sG bytes a second?",
				 opt->name, text, text, text, text);
	if (*unit) {
		found = strchr(units, toupper((unsigned char)*unit));
		if (!found)
			goto bad;
		shift = 10 * (int)(found - units + 1);
	}
	if (number > opt->max >> shift)
		return xasprintf("%s may be 1T at most, not \"%s\"",
				 opt->name, text);
	*value = number << shift;
	return NULL;
bad:
	return xasprintf("%s must be bytes a second such as 100M, not \"%s\"",
			 opt->name, text);
}

static char *parse_count(const struct ha_option *opt, const char *text,
			 uint64_t *value)
{
	const char *unit;

	if (split_number(text, value, &unit) && !*unit && *value <= opt->max)
		return NULL;
	return xasprintf("%s must be a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
			 opt->name, opt->min, opt->max, text);
}

char *ha_option_parse(const struct ha_option *opt, const char *text,
		      bool in_file, uint64_t *value)
{
	switch (opt->kind) {
	case HA_KIND_WORD:
		return parse_word(opt, text, value);
	case HA_KIND_BOOL:
		return parse_bool(opt, text, value);
	case HA_KIND_TIME:
		return parse_time(opt, text, in_file, value);
	case HA_KIND_RATE:
		return parse_rate(opt, text, in_file, value);
	case HA_KIND_COUNT:
		break;
	}
	return parse_count(opt, text, value);
}

static void format_rate(uint64_t value, char *buf, size_t size)
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	unsigned int unit = 0;

	while (value && !(value & 1023) && unit + 1 < ARRAY_SIZE(units)) {
		value >>= 10;
		unit++;
	}
	snprintf(buf, size, "%" PRIu64 "%s", value, units[unit]);
}

void ha_option_format(const struct ha_option *opt, uint64_t value,
		      char *buf, size_t size)
{
	switch (opt->kind) {
	case HA_KIND_WORD:
		snprintf(buf, size, "%s", ha_word(opt->words, value));
		return;
	case HA_KIND_BOOL:
		snprintf(buf, size, "%s", value ? "yes" : "no");
		return;
	case HA_KIND_TIME:
		if (value % 1000)
			snprintf(buf, size, "%" PRIu64 "ms", value);
		else
			snprintf(buf, size, "%" PRIu64 "s", value / 1000);
		return;
	case HA_KIND_RATE:
		format_rate(value, buf, size);
		return;
	case HA_KIND_COUNT:
		snprintf(buf, size, "%" PRIu64, value);
		return;
	}
}
