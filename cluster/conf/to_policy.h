/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the policy engine is told: a configuration and facts, with names turned
 * into its indices and words into its scores. Pure.
 */
#ifndef HC_TO_POLICY_H
#define HC_TO_POLICY_H

#include "conf.h"
#include "hapolicy.h"

/**
 * struct hc_fact_node - what is known of a node; of others nothing is known
 * @attrs: a failed check NAME is the attribute "check-NAME" with value "failed"
 */
struct hc_fact_node {
	const char *node;
	enum hp_node_state state;
	bool standby, maintenance, shutdown, must_fence;
	int64_t standby_until_ms;
	const struct hp_attr *attrs;
	int n_attrs;
};

/* What a member is on a node; of a storage member, what its device is. */
struct hc_fact_member {
	const char *service, *member, *node;
	enum hp_role role;
	bool failed, blocked, changed;
	enum hp_op failed_op;
};

struct hc_fact_failure {
	const char *service, *member, *node;
	int64_t count, last_ms;
	const int64_t *times_ms;
	int n_times;
};

struct hc_fact_promotion {
	const char *clone, *node;
	int64_t score;
};

struct hc_fact_storage {
	const char *device, *node;
	enum hp_data data;
	bool excluded, split_brain;
};

enum hc_decision_kind {
	HC_BAN,		/* not on @node, until @until_ms unless that is 0 */
	HC_MOVE,	/* to @node, or away from it with @away; while in flight */
	HC_STOPPED,
};

struct hc_fact_decision {
	enum hc_decision_kind kind;
	const char *service, *node;
	bool away;
	int64_t until_ms;
};

/* Facts about what is not in the configuration are passed over. */
struct hc_facts {
	int64_t now_ms;
	bool quorate, view_pending, maintenance;
	const char *self;		/* NULL: plan for all */
	const struct hc_fact_node *nodes;		int n_nodes;
	const struct hc_fact_member *members;		int n_members;
	const struct hc_fact_failure *failures;		int n_failures;
	const struct hc_fact_promotion *promotions;	int n_promotions;
	const struct hc_fact_storage *storage;		int n_storage;
	const struct hc_fact_decision *decisions;	int n_decisions;
};

/**
 * struct hc_thing - what a resource of the policy engine is to us
 * @service: NULL for a device
 * @member: NULL for a whole service or clone
 * @device: of a device, and of the clone around it
 */
struct hc_thing {
	const struct hc_service *service;
	const struct hc_member *member;
	const struct hc_device *device;
};

/**
 * struct hc_policy - the input, and what its indices mean
 * @things: one for each resource; nodes are those of the configuration, in order
 */
struct hc_policy {
	struct hp_input in;
	const struct hc_thing *things;
};

/**
 * hc_to_policy() - make the input
 *
 * It points into @conf and @facts, which must live as long.
 * Return: to be freed with hc_policy_free(); never NULL.
 */
struct hc_policy *hc_to_policy(const struct hc_config *conf,
			       const struct hc_facts *facts);
void hc_policy_free(struct hc_policy *policy);

/**
 * hc_no_takeover() - nobody can tell which side of a split goes on
 */
bool hc_no_takeover(const struct hc_config *conf);

/**
 * hc_watchdog_ms() - how long a node may live without word from the cluster
 *
 * Return: 0 without a watchdog.
 */
#define HC_WATCHDOG_MS 5000
int64_t hc_watchdog_ms(const struct hc_config *conf);

#endif
