/* SPDX-License-Identifier: GPL-2.0-only */
/* A configuration that lives as long as something points into it. */
#ifndef HD_MODEL_H
#define HD_MODEL_H

#include "conf.h"

struct model {
	unsigned int refs;
	struct hc_config *conf;
};

/* Takes @conf over; one reference is the caller's. */
struct model *model_new(struct hc_config *conf);
struct model *model_get(struct model *model);
void model_put(struct model *model);

#endif
