/* SPDX-License-Identifier: GPL-2.0-only */
/* Statements put into and taken out of a tree that keeps its layout. */
#ifndef HC_SPLICE_H
#define HC_SPLICE_H

#include "conf_tree.h"

/**
 * struct hc_spot - the layout at a place of the file
 * @unit: one step of indentation
 * @depth: of the statements of the block
 */
struct hc_spot {
	const char *unit;
	unsigned int depth;
};

/**
 * hc_layout() - give statements the layout that new ones have
 *
 * A block that fits a line is put on one.
 */
void hc_layout(struct conf_node *node, const struct hc_spot *spot);

/**
 * hc_splice() - put a statement into a block
 * @after: the statement of the block it follows; NULL: it comes first
 */
void hc_splice(struct conf_node *block, struct conf_node *after,
	       struct conf_node *node, const struct hc_spot *spot);

/**
 * hc_unsplice() - take a statement out of its block and free it
 */
void hc_unsplice(struct conf_node *block, struct conf_node *node);

/**
 * hc_unit_of() - the indentation a file uses; to be freed
 */
char *hc_unit_of(const struct conf_node *cluster);

#endif
