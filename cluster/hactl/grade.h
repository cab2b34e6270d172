/* SPDX-License-Identifier: GPL-2.0-only */
/* How safe takeovers are in a configuration: a letter and a sentence. */
#ifndef HACTL_GRADE_H
#define HACTL_GRADE_H

#include "conf.h"

/**
 * struct grade - the verdict
 * @letter: 'A' to 'D'; 'F' means that nothing is taken over by itself
 * @text: why
 * @hint: what would make it better, or NULL
 */
struct grade {
	char letter;
	const char *text;
	const char *hint;
};

void grade_config(const struct hc_config *conf, struct grade *grade);

#endif
