/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STATE.json: the input of the policy engine as a file, and its plan as JSON or
 * as text. Outside of the pure engine. All keys may be left out but those marked
 * with *; an unknown key is an error. Scores are integers, "inf" or "-inf";
 * times are milliseconds; "resource" and "node" are names.
 *
 *  now_ms, quorate (true), view_pending, opt_in, fencing, fence_device,
 *  no_takeover, maintenance, stop_all, allow_remote_data, self (a node),
 *  on_quorum_loss: "stop" "freeze" "demote" "ignore" "suicide"
 *  nodes: [ name*, state: "online" "pending" "down" "unknown", standby,
 *	standby_until_ms, maintenance, shutdown, must_fence, health,
 *	attrs: { name: value } ]
 *  resources: [ name*, kind: "primitive" "group" "clone", children: [ .. ],
 *	priority, stickiness, target: "stopped" "started" "unpromoted" "promoted",
 *	unmanaged, maintenance, optional_colocation, limit, window_ms, forget_ms,
 *	fail_monitor, fail_start, fail_stop, fail_promote, fail_demote: "default"
 *	"ignore" "restart" "stop" "block" "demote" "standby" "fence",
 *	needs: "default" "nothing" "quorum" "fencing" "storage", on_quorum_loss,
 *	multiple: "stop-start" "stop-only" "block", unordered, apart, max (-1),
 *	node_max, min, interleave, unique, clone_unordered, promotable,
 *	promoted_max (-1), promoted_node_max (-1), device ]
 *  locations: [ id*, resource*, node, when: condition, score, score_attr, role,
 *	until_ms ]
 *	condition: { attr*, is*: "eq" "ne" "lt" "lte" "gt" "gte" "defined"
 *	"undefined", value, type: "auto" "string" "integer" "number" "version" },
 *	or { "and": [ conditions ] }, or { "or": [ conditions ] }
 *  colocations: [ id*, resource*, with*, role, with_role, score, node_attr,
 *	no_influence ]
 *  orders: [ id*, first*: [ resources ], need, first_action, then*,
 *	then_action: "start" "stop" "promote" "demote",
 *	kind: "mandatory" "optional" "serialize", asymmetric ]
 *  status: [ resource*, node*, role*, failed, failed_action, blocked, orphan,
 *	changed ]
 *  failures: [ resource*, node*, count, last_ms, times_ms: [ .. ] ]
 *  promotions: [ resource*, node*, score ]
 *  storage: [ resource*, node*, data: "unknown" "never" "remote" "consistent"
 *	"peer-unknown" "uptodate", excluded, split_brain ]
 */
#ifndef HP_JSON_H
#define HP_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "hapolicy.h"

struct hp_state {
	struct hp_input in;		/* points into @json and @arena */
	json_t	*json;
	struct hp_arena *arena;
	char	error[200];
};

int hp_state_read(struct hp_state *state, json_t *json);
void hp_state_free(struct hp_state *state);
json_t *hp_plan_json(const struct hp_input *in, const struct hp_plan *plan);
void hp_plan_text(const struct hp_input *in, const struct hp_plan *plan, FILE *out);
void hp_why_print(const struct hp_input *in, enum hp_why why, int other, char *text, size_t size);

#endif
