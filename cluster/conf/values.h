/* SPDX-License-Identifier: GPL-2.0-only */
/* Values as they are written: times, numbers, words of a list. */
#ifndef HC_VALUES_H
#define HC_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "conf_types.h"

#define HC_TIME_TEXT	24

/**
 * hc_time_parse() - a time with its unit: ms, s, m, h or d
 *
 * Return: false when it is none, or longer than ten years.
 */
bool hc_time_parse(const char *text, int64_t *ms);

/**
 * hc_time_text() - the shortest way to write it exactly
 */
const char *hc_time_text(int64_t ms, char text[HC_TIME_TEXT]);

/**
 * hc_number_parse() - a decimal number without sign, at most @limit
 */
bool hc_number_parse(const char *text, int limit, int *number);

/**
 * hc_word_find() - place of a word in a list
 *
 * Return: its index, or -1.
 */
int hc_word_find(const char *const *words, const char *text);

/**
 * hc_words_text() - the words of a list as a sentence says them
 */
char *hc_words_text(const char *const *words);

/**
 * hc_quote() - a word as it must be written to be read as one; to be freed
 */
char *hc_quote(const char *text);

void hc_words_add(struct hc_words *words, const char *text);
bool hc_words_have(const struct hc_words *words, const char *text);
void hc_words_free(struct hc_words *words);

void hc_pairs_add(struct hc_pairs *pairs, const char *name, const char *value);
const char *hc_pairs_get(const struct hc_pairs *pairs, const char *name);
void hc_pairs_free(struct hc_pairs *pairs);

/**
 * hc_address_split() - "ADDRESS/LENGTH" or "ADDRESS" into its parts
 * @address: out, at least INET6_ADDRSTRLEN bytes, in normal form
 * @length: out, -1 when none was written
 *
 * Return: AF_INET or AF_INET6, or 0 when it is no address.
 */
int hc_address_split(const char *text, char *address, int *length);

#endif
