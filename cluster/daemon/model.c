// SPDX-License-Identifier: GPL-2.0-only
/* Counts who points into a configuration. */
#include <stdlib.h>

#include "model.h"
#include "util.h"

struct model *model_new(struct hc_config *conf)
{
	struct model *model = xcalloc(1, sizeof(*model));

	model->refs = 1;
	model->conf = conf;
	return model;
}

struct model *model_get(struct model *model)
{
	model->refs++;
	return model;
}

void model_put(struct model *model)
{
	if (!model || --model->refs)
		return;
	hc_free(model->conf);
	free(model);
}
