/* SPDX-License-Identifier: GPL-2.0-only */
/* For the files that make the input of the policy engine. */
#ifndef HC_POLICY_MAKE_H
#define HC_POLICY_MAKE_H

#include "to_policy.h"

/* What words are worth. A check that failed outweighs staying, and that a wish. */
#define SCORE_PREFER	1000
#define SCORE_RANK	100	/* what each further place in the list is less */
#define SCORE_WEAK	100
#define SCORE_STRONG	100000
#define SCORE_CHECK	(-500000)

/**
 * struct hc_make - the input as it grows
 * @strings: everything that was made, to be freed
 */
struct hc_make {
	struct hc_policy policy;	/* first: it is what callers hold */
	const struct hc_config *conf;
	const struct hc_facts *facts;
	struct hp_node *nodes;
	struct hp_rsc *rscs;
	struct hc_thing *things;
	struct hp_location *locations;
	struct hp_colocation *colocations;
	struct hp_order *orders;
	struct hp_status *status;
	struct hp_failure *failures;
	struct hp_promotion *promotions;
	struct hp_storage *storage;
	void **owned;
	unsigned int n_owned;
};

/**
 * hc_own() - something to be freed with the input
 */
void *hc_own(struct hc_make *m, void *memory);

/**
 * hc_rsc_of_service() - the resource that a service is; -1 if it is none
 *
 * A service that is nothing but storage is the clone of its device.
 */
int hc_rsc_of_service(const struct hc_make *m, const char *service);

/**
 * hc_rsc_of_device() - the clone, or with @inner its primitive
 */
int hc_rsc_of_device(const struct hc_make *m, const char *device, bool inner);
int hc_rsc_of_member(const struct hc_make *m, const char *service,
		     const char *member);
int hc_node_index(const struct hc_make *m, const char *node);

void hc_make_resources(struct hc_make *m);
void hc_make_rules(struct hc_make *m);
void hc_make_facts(struct hc_make *m);

#endif
