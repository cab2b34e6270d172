/* SPDX-License-Identifier: GPL-2.0-only */
/* The words people read and write for the numbers of the netlink interface. */
#ifndef HA_TOOLS_WORDS_H
#define HA_TOOLS_WORDS_H

#include <stdint.h>

/* Each list is indexed by the enum of linux/ha.h and ends with NULL. */
extern const char *const ha_role_words[];
extern const char *const ha_disk_words[];
extern const char *const ha_conn_words[];
extern const char *const ha_repl_words[];
extern const char *const ha_io_error_words[];
extern const char *const ha_no_data_words[];
extern const char *const ha_fencing_words[];
extern const char *const ha_after_sb_words[];
extern const char *const ha_suspended_words[];	/* by bit number */

/**
 * ha_word() - the word for a value; a value of a newer kernel is "Unknown"
 */
const char *ha_word(const char *const *words, uint32_t value);

/**
 * ha_word_find() - the value for a word, '_' and '-' being the same
 *
 * Return: the value, or -1.
 */
int ha_word_find(const char *const *words, const char *word);

#endif
