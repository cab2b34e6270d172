/* SPDX-License-Identifier: GPL-2.0-only */
/* corosync.conf for a cluster, and how long its loss of a node takes to see. */
#ifndef HC_COROSYNC_CONF_H
#define HC_COROSYNC_CONF_H

#include "conf.h"

/**
 * struct hc_timing - the times in force, in milliseconds
 * @token: without the token for so long, a node is missed
 * @consensus: then the others must agree within this
 * @ping_interval, @ping_timeout: of knet's links
 * @witness_timeout, @witness_sync: of the witness, or 0
 * @detect_worst: until the others have a membership without the lost node
 * @quorum_worst: until they also know whether they are quorate
 */
struct hc_timing {
	int profile;
	int64_t token, consensus, ping_interval, ping_timeout;
	int64_t witness_timeout, witness_sync;
	int64_t detect_worst, quorum_worst;
};

void hc_timing(const struct hc_config *conf, struct hc_timing *timing);

/**
 * hc_token() - the token timeout in force
 */
int64_t hc_token(const struct hc_config *conf);

/**
 * hc_profile_name() - "fast", "balanced", "relaxed" or "own"
 */
const char *hc_profile_name(const struct hc_config *conf);

/**
 * hc_corosync_conf() - the text of corosync.conf
 *
 * Depends on nothing but the configuration: all nodes write the same file.
 */
char *hc_corosync_conf(const struct hc_config *conf);

#endif
