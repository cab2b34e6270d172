// SPDX-License-Identifier: GPL-2.0-only
/* Reading and writing of single values, lists of words and pairs; no I/O. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"
#include "values.h"

#define TEN_YEARS	(INT64_C(3660) * 24 * 3600 * 1000)

static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{ "d", 24 * 3600 * 1000 },
	{ "h", 3600 * 1000 },
	{ "m", 60 * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

bool hc_time_parse(const char *text, int64_t *ms)
{
	unsigned long long number;
	char *unit;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	number = strtoull(text, &unit, 10);
	if (errno)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(unit, units[i].name))
			continue;
		if (number > (uint64_t)(TEN_YEARS / units[i].ms))
			return false;
		*ms = number * units[i].ms;
		return true;
	}
	return false;
}

const char *hc_time_text(int64_t ms, char text[HC_TIME_TEXT])
{
	size_t i = 0;

	if (!ms)
		return strcpy(text, "0s");
	while (ms % units[i].ms)
		i++;
	snprintf(text, HC_TIME_TEXT, "%" PRId64 "%s", ms / units[i].ms,
		 units[i].name);
	return text;
}

bool hc_number_parse(const char *text, int limit, int *number)
{
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value > (unsigned long)limit)
		return false;
	*number = value;
	return true;
}

int hc_word_find(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], text))
			return i;
	return -1;
}

char *hc_words_text(const char *const *words)
{
	char *list = xstrdup(words[0]);

	for (int i = 1; words[i]; i++) {
		char *longer = xasprintf("%s%s%s", list,
					 words[i + 1] ? ", " : " or ", words[i]);

		free(list);
		list = longer;
	}
	return list;
}

static bool is_plain(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f ||
		    strchr("{};#\"", *text))
			return false;
	return true;
}

char *hc_quote(const char *text)
{
	char *quoted, *to;

	if (is_plain(text))
		return xstrdup(text);
	quoted = to = xcalloc(2 * strlen(text) + 3, 1);
	*to++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '"';
	return quoted;
}

void hc_words_add(struct hc_words *words, const char *text)
{
	words->word = xreallocarray(words->word, words->n + 1,
				    sizeof(*words->word));
	words->word[words->n++] = xstrdup(text);
}

bool hc_words_have(const struct hc_words *words, const char *text)
{
	for (unsigned int i = 0; i < words->n; i++)
		if (!strcmp(words->word[i], text))
			return true;
	return false;
}

void hc_words_free(struct hc_words *words)
{
	for (unsigned int i = 0; i < words->n; i++)
		free(words->word[i]);
	free(words->word);
	memset(words, 0, sizeof(*words));
}

void hc_pairs_add(struct hc_pairs *pairs, const char *name, const char *value)
{
	struct hc_pair *pair;

	pairs->pair = xreallocarray(pairs->pair, pairs->n + 1, sizeof(*pair));
	pair = &pairs->pair[pairs->n++];
	pair->name = xstrdup(name);
	pair->value = xstrdup(value);
}

const char *hc_pairs_get(const struct hc_pairs *pairs, const char *name)
{
	for (unsigned int i = 0; i < pairs->n; i++)
		if (!strcmp(pairs->pair[i].name, name))
			return pairs->pair[i].value;
	return NULL;
}

void hc_pairs_free(struct hc_pairs *pairs)
{
	for (unsigned int i = 0; i < pairs->n; i++) {
		free(pairs->pair[i].name);
		free(pairs->pair[i].value);
	}
	free(pairs->pair);
	memset(pairs, 0, sizeof(*pairs));
}

int hc_address_split(const char *text, char *address, int *length)
{
	const char *slash = strchr(text, '/');
	size_t size = slash ? (size_t)(slash - text) : strlen(text);
	char alone[INET6_ADDRSTRLEN];
	struct in6_addr binary;
	int family;

	*length = -1;
	if (size >= sizeof(alone))
		return 0;
	memcpy(alone, text, size);
	alone[size] = '\0';
	family = strchr(alone, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(family, alone, &binary) != 1 ||
	    !inet_ntop(family, &binary, address, INET6_ADDRSTRLEN))
		return 0;
	if (slash && !hc_number_parse(slash + 1, family == AF_INET ? 32 : 128,
				      length))
		return 0;
	return family;
}
