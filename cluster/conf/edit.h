/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of a configuration that leave the rest as a person wrote it: layout
 * and comments stay where they are. Nothing is changed in place: an edit
 * begins with a text, and ends with another one or with errors.
 */
#ifndef HC_EDIT_H
#define HC_EDIT_H

#include "conf.h"

struct hc_edit;

/**
 * hc_edit_begin() - begin to change a configuration
 * @errors: also of all that follows; kept until hc_edit_end()
 *
 * Return: NULL when @text is no configuration.
 */
struct hc_edit *hc_edit_begin(const char *file, const char *text,
			      struct conf_errors *errors);

/**
 * hc_edit_end() - check what has become of it
 *
 * Return: the new text, to be freed; NULL when there is any error.
 */
char *hc_edit_end(struct hc_edit *edit);

/**
 * hc_edit_block() - add a block, as "service web"
 * @kind, @name: of it
 * @statements: its contents, as in the file: "ip 10.0.0.5/24;"
 */
void hc_edit_block(struct hc_edit *edit, const char *kind, const char *name,
		   char *const *statements, unsigned int n);

/**
 * hc_edit_remove() - take a block away with the comment that belongs to it
 */
void hc_edit_remove(struct hc_edit *edit, const char *kind, const char *name);

/**
 * hc_edit_device() - have a device, the hadm resource of its name, if there
 * is none
 */
void hc_edit_device(struct hc_edit *edit, const char *name);

/**
 * hc_edit_node() - add a node with the next free id
 * @links: its addresses
 * @tiebreaker: it votes, and runs nothing
 */
void hc_edit_node(struct hc_edit *edit, const char *name,
		  const struct hc_words *links, bool tiebreaker);

/**
 * hc_edit_member() - add a member to a service or clone
 * @statement: as in the file
 * @before: the member it comes before, or NULL for the end
 */
void hc_edit_member(struct hc_edit *edit, const char *service,
		    const char *statement, const char *before);
void hc_edit_member_remove(struct hc_edit *edit, const char *service,
			   const char *member);

/**
 * hc_edit_rule() - add targets to a rule of a service
 * @kind: "prefer", "after", ...
 */
void hc_edit_rule(struct hc_edit *edit, const char *service, const char *kind,
		  const char *target);

/**
 * hc_edit_rule_remove() - take a target out of a rule
 * @target: NULL for all of the kind
 */
void hc_edit_rule_remove(struct hc_edit *edit, const char *service,
			 const char *kind, const char *target);

/**
 * hc_edit_set() - set a value
 * @path: keys joined by dots: "quorum.on-loss", "service.web.stay"
 * @value: words; NULL takes the statement away
 */
void hc_edit_set(struct hc_edit *edit, const char *path, const char *value);

#endif
