/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which statements each kind of block knows. One table serves reading,
 * printing and the messages; what is not in it does not exist.
 */
#ifndef HC_KEYS_H
#define HC_KEYS_H

#include <stddef.h>

#include "conf.h"

enum hc_section {
	HC_S_TOP, HC_S_CLUSTER, HC_S_DETECT, HC_S_QUORUM, HC_S_CRYPTO,
	HC_S_WATCHDOG, HC_S_DEFAULTS, HC_S_NODE, HC_S_FENCE, HC_S_DEVICE,
	HC_S_SERVICE, HC_S_CLONE, HC_S_STORAGE, HC_S_MOUNT, HC_S_IP,
	HC_S_SYSTEMD, HC_S_OCF, HC_S_CHECK, HC_S_ALERT, HC_S_NR,
};

/* What a statement's values are, and what is at its offset. */
enum hc_kind {
	HC_K_WORD,	/* one of @words: int */
	HC_K_COUNT,	/* a number up to @limit: int */
	HC_K_TIME,	/* int64_t */
	HC_K_TEXT,	/* char * */
	HC_K_SECRET,	/* char *, written with an @ */
	HC_K_LIST,	/* struct hc_words; of @words, if there are any */
	HC_K_ADDRESS,	/* struct hc_words, one per statement */
	HC_K_PAIR,	/* struct hc_pairs, one per statement */
	HC_K_MONITOR,	/* struct hc_monitor */
	HC_K_RESTART,	/* struct hc_restart */
	HC_K_RULE,	/* of @arg, into the service */
	HC_K_MEMBER,	/* of @arg, into the service */
	HC_K_BLOCK,	/* a block of section @arg at its offset */
	HC_K_NAMED,	/* likewise with a name, into an array there */
	HC_K_CLUSTER,
	HC_K_DETECT,	/* a profile, or a block */
};

/**
 * struct hc_key - one statement
 * @min, @max: how many words follow the first
 * @block: of those kinds that may have one: it must not (-1), may, must
 */
struct hc_key {
	const char *name;
	enum hc_kind kind;
	unsigned int min, max;
	int block;
	size_t offset;
	const char *const *words;
	int arg;
};

/**
 * struct hc_section_info - one kind of block
 * @free: a word that is not in @keys is a parameter, at this offset
 */
struct hc_section_info {
	const char *name;
	const struct hc_key *keys;
	bool has_free;
	size_t free;
};

extern const struct hc_section_info hc_sections[HC_S_NR];

/* The words of the crypto block, as corosync names them. */
extern const char *const hc_cipher_words[], *const hc_hash_words[];

/**
 * hc_unset() - make nothing of an object set, as if no statement was read
 */
void hc_unset(enum hc_section section, void *object);

const struct hc_key *hc_key_find(enum hc_section section, const char *name);

static inline void *hc_at(const struct hc_key *key, const void *object)
{
	return (char *)object + key->offset;
}

#endif
