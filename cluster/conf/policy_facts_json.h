/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts as JSON, by names; and "what if". For plans without a daemon, and for
 * the daemon's own "plan --if".
 *
 *  now_ms, quorate (true), view_pending, maintenance, self
 *  nodes:      [ node, state: "online" "pending" "down" "unknown", standby,
 *                standby_until_ms, maintenance, shutdown, must_fence,
 *                attributes: { name: value } ]
 *  members:    [ service, member, node, role: "stopped" "started" "unpromoted"
 *                "promoted", failed, failed_op: "monitor" "start" "stop"
 *                "promote" "demote", blocked, changed ]
 *  failures:   [ service, member, node, count, last_ms, times_ms: [ ] ]
 *  promotions: [ clone, node, score ]
 *  storage:    [ device, node, data: "unknown" "never" "remote" "consistent"
 *                "peer-unknown" "uptodate", excluded, split_brain ]
 *  decisions:  [ kind: "ban" "move" "stopped", service, node, away, until_ms ]
 */
#ifndef HC_POLICY_FACTS_JSON_H
#define HC_POLICY_FACTS_JSON_H

#include <jansson.h>

#include "to_policy.h"

struct hc_facts_json;

/**
 * hc_facts_read() - take facts from JSON
 * @why: out, what is wrong with it, to be freed
 *
 * Return: to be freed with hc_facts_free(), or NULL.
 */
struct hc_facts_json *hc_facts_read(json_t *json, char **why);
const struct hc_facts *hc_facts_of(const struct hc_facts_json *facts);
void hc_facts_free(struct hc_facts_json *facts);

/**
 * hc_facts_suppose() - change the JSON of facts as an event would
 * @event: "node n1 down", "node n1 up", "standby n1", "fail httpd on n1",
 *	"no quorum"
 *
 * Return: false, with @why to be freed, when that is no event.
 */
bool hc_facts_suppose(json_t *json, const struct hc_config *conf,
		      const char *event, char **why);

#endif
