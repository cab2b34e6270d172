/* SPDX-License-Identifier: GPL-2.0-only */
/* What is not as it should be, with a hint what to do about it. */
#ifndef HD_PROBLEMS_H
#define HD_PROBLEMS_H

#include "picture.h"

json_t *problems_find(struct picture *p);

/* And of this node alone: states that were kept aside. */
void problems_conflicts(json_t *list, const struct daemon *d);

#endif
