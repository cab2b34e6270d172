/* SPDX-License-Identifier: GPL-2.0-only */
/* Nodes to switch off: from the core, or asked for by a person. */
#ifndef HD_FENCING_H
#define HD_FENCING_H

#include "daemon.h"

/**
 * fencing_start() - the core wants a node off; it hears of the end by @id
 */
void fencing_start(struct daemon *d, uint64_t id, uint32_t node);

/* A person's wish, at any node; the coordinator carries it out. */
void fencing_ask(struct daemon *d, const char *what, uint32_t node);
void fencing_asked(struct daemon *d, const json_t *ask);

typedef void fencing_tested(bool good, const char *text, void *arg);

/* Ask the devices of a node for its state; false: it has none. */
bool fencing_test(struct daemon *d, const struct hc_node *node,
		  fencing_tested *done, void *arg);

#endif
