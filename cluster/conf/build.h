/* SPDX-License-Identifier: GPL-2.0-only */
/* For the files that make the model of the tree: build.c and set.c. */
#ifndef HC_BUILD_H
#define HC_BUILD_H

#include "keys.h"

/**
 * struct hc_scope - the block that is read
 * @object: what its statements fill
 * @service: the service it is, or is inside
 */
struct hc_scope {
	struct hc_config *conf;
	struct conf_errors *errors;
	enum hc_section section;
	void *object;
	struct hc_service *service;
};

/**
 * hc_build_block() - take the statements of a block into the object of @scope
 */
void hc_build_block(struct hc_scope *scope, const struct conf_node *node);

/**
 * hc_set() - take one statement, whose shape is right, into the object
 */
void hc_set(struct hc_scope *scope, const struct hc_key *key,
	    const struct conf_node *node);

/**
 * hc_name_is_bad() - complain of a word that cannot be a name
 */
bool hc_name_is_bad(struct conf_errors *errors, const struct conf_word *word,
		    const char *what);

#endif
