/* SPDX-License-Identifier: GPL-2.0-only */
/* What the core knows, in the words of the configuration. Pure. */
#ifndef HD_FACTS_H
#define HD_FACTS_H

#include <jansson.h>

#include "core.h"
#include "to_policy.h"

/* Keys of decisions are these, then the names of what they are about. */
#define OP_STANDBY	"op/standby/"
#define OP_MAINTENANCE	"op/maintenance/"
#define OP_ALL		"*"		/* maintenance of the cluster */
#define OP_SHUTDOWN	"op/shutdown/"
#define OP_BAN		"op/ban/"	/* SERVICE/NODE */
#define OP_MOVE		"op/move/"
#define OP_STOPPED	"op/stopped/"
#define OP_CLEAR	"op/clear/"
#define OP_RESTART	"op/restart/"

/**
 * struct facts - @hc with all it points to
 *
 * The caller sets .quorate and may change the rest before it is used.
 */
struct facts {
	struct hc_facts hc;
	struct hc_fact_node *nodes;
	struct hc_fact_member *members;
	struct hc_fact_failure *failures;
	struct hc_fact_promotion *promotions;
	struct hc_fact_storage *storage;
	struct hc_fact_decision *decisions;
	struct hp_attr *attrs;		/* of checks that failed, all nodes */
	json_t *keep;		/* what strings belong to */
};

struct facts *facts_make(const struct hc_config *conf,
			 const struct core_plan_in *in);
void facts_free(struct facts *facts);

const struct hc_node *facts_node(const struct hc_config *conf, uint32_t id);

/**
 * facts_place() - the service and member that a core's unit and member are
 *
 * Return: false when the configuration has none of that name.
 */
bool facts_place(const struct hc_config *conf, const char *unit,
		 const char *member, const struct hc_service **service,
		 const struct hc_member **found);

#endif
