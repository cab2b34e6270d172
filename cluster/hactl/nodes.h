/* SPDX-License-Identifier: GPL-2.0-only */
/* Nodes as the command line names them: NAME=ADDRESS,ADDRESS. */
#ifndef HACTL_NODES_H
#define HACTL_NODES_H

#include "hactl.h"

/**
 * nodes_parse() - take "n1=10.0.0.1,10.1.0.1" apart
 * @name: out, to be freed; NULL after a message
 */
int nodes_parse(const char *word, char **name, struct hc_words *links);

#endif
