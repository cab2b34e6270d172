// SPDX-License-Identifier: GPL-2.0-only
/* The keys of STATE.json, as tables. */
#include "hapolicy.h"
#include "hp_json_fields.h"

static const char *const losses[] = { "stop", "freeze", "demote", "ignore", "suicide", NULL };
static const char *const states[] = { "online", "pending", "down", "unknown", NULL };
static const char *const kinds[] = { "primitive", "group", "clone", NULL };
static const char *const roles[] = { "stopped", "started", "unpromoted", "promoted", NULL };
static const char *const fails[] = { "default", "ignore", "restart", "stop", "block", "demote",
	"standby", "fence", NULL };
static const char *const needs[] = { "default", "nothing", "quorum", "fencing", "storage", NULL };
static const char *const multiples[] = { "stop-start", "stop-only", "block", NULL };
static const char *const ops[] = { "monitor", "start", "stop", "promote", "demote", NULL };
static const char *const orders[] = { "mandatory", "optional", "serialize", NULL };
static const char *const cmps[] = { "eq", "ne", "lt", "lte", "gt", "gte", "defined",
	"undefined", NULL };
static const char *const types[] = { "auto", "string", "integer", "number", "version", NULL };
static const char *const datas[] = { "unknown", "never", "remote", "consistent",
	"peer-unknown", "uptodate", NULL };

#define AT(type, member)	offsetof(struct type, member)
#define END			{ NULL, F_BOOL, 0, NULL, false }

const struct field hp_top_fields[] = {
	{ "now_ms", F_INT64, AT(hp_input, now_ms), NULL, false },
	{ "quorate", F_BOOL, AT(hp_input, quorate), NULL, false },
	{ "view_pending", F_BOOL, AT(hp_input, view_pending), NULL, false },
	{ "opt_in", F_BOOL, AT(hp_input, opt_in), NULL, false },
	{ "fencing", F_BOOL, AT(hp_input, fencing), NULL, false },
	{ "fence_device", F_BOOL, AT(hp_input, fence_device), NULL, false },
	{ "no_takeover", F_BOOL, AT(hp_input, no_takeover), NULL, false },
	{ "maintenance", F_BOOL, AT(hp_input, maintenance), NULL, false },
	{ "stop_all", F_BOOL, AT(hp_input, stop_all), NULL, false },
	{ "allow_remote_data", F_BOOL, AT(hp_input, allow_remote_data), NULL, false },
	{ "on_quorum_loss", F_WORD, AT(hp_input, loss), losses, false },
	{ "self", F_NODE, AT(hp_input, self), NULL, false },
	{ "nodes", F_ELSEWHERE, 0, NULL, true }, { "resources", F_ELSEWHERE, 0, NULL, false },
	{ "locations", F_ELSEWHERE, 0, NULL, false },
	{ "colocations", F_ELSEWHERE, 0, NULL, false },
	{ "orders", F_ELSEWHERE, 0, NULL, false }, { "status", F_ELSEWHERE, 0, NULL, false },
	{ "failures", F_ELSEWHERE, 0, NULL, false },
	{ "promotions", F_ELSEWHERE, 0, NULL, false },
	{ "storage", F_ELSEWHERE, 0, NULL, false }, END
};

const struct field hp_node_fields[] = {
	{ "name", F_TEXT, AT(hp_node, name), NULL, true },
	{ "state", F_WORD, AT(hp_node, state), states, false },
	{ "standby", F_BOOL, AT(hp_node, standby), NULL, false },
	{ "standby_until_ms", F_INT64, AT(hp_node, standby_until_ms), NULL, false },
	{ "maintenance", F_BOOL, AT(hp_node, maintenance), NULL, false },
	{ "shutdown", F_BOOL, AT(hp_node, shutdown), NULL, false },
	{ "must_fence", F_BOOL, AT(hp_node, must_fence), NULL, false },
	{ "health", F_INT, AT(hp_node, health), NULL, false },
	{ "attrs", F_ELSEWHERE, 0, NULL, false }, END
};

const struct field hp_rsc_fields[] = {
	{ "name", F_TEXT, AT(hp_rsc, name), NULL, true },
	{ "kind", F_WORD, AT(hp_rsc, kind), kinds, false },
	{ "children", F_ELSEWHERE, 0, NULL, false },
	{ "priority", F_SCORE, AT(hp_rsc, priority), NULL, false },
	{ "stickiness", F_SCORE, AT(hp_rsc, stickiness), NULL, false },
	{ "target", F_WORD, AT(hp_rsc, target), roles, false },
	{ "unmanaged", F_BOOL, AT(hp_rsc, unmanaged), NULL, false },
	{ "maintenance", F_BOOL, AT(hp_rsc, maintenance), NULL, false },
	{ "optional_colocation", F_BOOL, AT(hp_rsc, optional_colocation), NULL, false },
	{ "limit", F_SCORE, AT(hp_rsc, restart.limit), NULL, false },
	{ "window_ms", F_INT64, AT(hp_rsc, restart.window_ms), NULL, false },
	{ "forget_ms", F_INT64, AT(hp_rsc, restart.forget_ms), NULL, false },
	{ "fail_monitor", F_WORD, AT(hp_rsc, on_fail[HP_OP_MONITOR]), fails, false },
	{ "fail_start", F_WORD, AT(hp_rsc, on_fail[HP_OP_START]), fails, false },
	{ "fail_stop", F_WORD, AT(hp_rsc, on_fail[HP_OP_STOP]), fails, false },
	{ "fail_promote", F_WORD, AT(hp_rsc, on_fail[HP_OP_PROMOTE]), fails, false },
	{ "fail_demote", F_WORD, AT(hp_rsc, on_fail[HP_OP_DEMOTE]), fails, false },
	{ "needs", F_WORD, AT(hp_rsc, needs), needs, false },
	{ "on_quorum_loss", F_WORD, AT(hp_rsc, loss), losses, false },
	{ "multiple", F_WORD, AT(hp_rsc, multiple), multiples, false },
	{ "unordered", F_BOOL, AT(hp_rsc, unordered), NULL, false },
	{ "apart", F_BOOL, AT(hp_rsc, apart), NULL, false },
	{ "max", F_INT, AT(hp_rsc, clone_max), NULL, false },
	{ "node_max", F_INT, AT(hp_rsc, clone_node_max), NULL, false },
	{ "min", F_INT, AT(hp_rsc, clone_min), NULL, false },
	{ "interleave", F_BOOL, AT(hp_rsc, interleave), NULL, false },
	{ "unique", F_BOOL, AT(hp_rsc, unique), NULL, false },
	{ "clone_unordered", F_BOOL, AT(hp_rsc, clone_unordered), NULL, false },
	{ "promotable", F_BOOL, AT(hp_rsc, promotable), NULL, false },
	{ "promoted_max", F_INT, AT(hp_rsc, promoted_max), NULL, false },
	{ "promoted_node_max", F_INT, AT(hp_rsc, promoted_node_max), NULL, false },
	{ "device", F_BOOL, AT(hp_rsc, storage), NULL, false }, END
};

const struct field hp_location_fields[] = {
	{ "id", F_TEXT, AT(hp_location, id), NULL, true },
	{ "resource", F_RSC, AT(hp_location, rsc), NULL, true },
	{ "node", F_NODE, AT(hp_location, node), NULL, false },
	{ "when", F_ELSEWHERE, 0, NULL, false },
	{ "score", F_SCORE, AT(hp_location, score), NULL, false },
	{ "score_attr", F_TEXT, AT(hp_location, score_attr), NULL, false },
	{ "role", F_WORD, AT(hp_location, role), roles, false },
	{ "until_ms", F_INT64, AT(hp_location, until_ms), NULL, false }, END
};

const struct field hp_cond_fields[] = {
	{ "attr", F_TEXT, AT(hp_cond, attr), NULL, true },
	{ "is", F_WORD, AT(hp_cond, cmp), cmps, true },
	{ "value", F_TEXT, AT(hp_cond, value), NULL, false },
	{ "type", F_WORD, AT(hp_cond, type), types, false }, END
};

const struct field hp_colocation_fields[] = {
	{ "id", F_TEXT, AT(hp_colocation, id), NULL, true },
	{ "resource", F_RSC, AT(hp_colocation, rsc), NULL, true },
	{ "with", F_RSC, AT(hp_colocation, with), NULL, true },
	{ "role", F_WORD, AT(hp_colocation, rsc_role), roles, false },
	{ "with_role", F_WORD, AT(hp_colocation, with_role), roles, false },
	{ "score", F_SCORE, AT(hp_colocation, score), NULL, false },
	{ "node_attr", F_TEXT, AT(hp_colocation, node_attr), NULL, false },
	{ "no_influence", F_BOOL, AT(hp_colocation, no_influence), NULL, false }, END
};

const struct field hp_order_fields[] = {
	{ "id", F_TEXT, AT(hp_order, id), NULL, true },
	{ "first", F_ELSEWHERE, 0, NULL, true },
	{ "need", F_INT, AT(hp_order, need), NULL, false },
	{ "first_action", F_WORD, AT(hp_order, first_op), ops, false },
	{ "then", F_RSC, AT(hp_order, then), NULL, true },
	{ "then_action", F_WORD, AT(hp_order, then_op), ops, false },
	{ "kind", F_WORD, AT(hp_order, kind), orders, false },
	{ "asymmetric", F_BOOL, AT(hp_order, asymmetric), NULL, false }, END
};

const struct field hp_status_fields[] = {
	{ "resource", F_RSC, AT(hp_status, rsc), NULL, true },
	{ "node", F_NODE, AT(hp_status, node), NULL, true },
	{ "role", F_WORD, AT(hp_status, role), roles, true },
	{ "failed", F_BOOL, AT(hp_status, failed), NULL, false },
	{ "failed_action", F_WORD, AT(hp_status, failed_op), ops, false },
	{ "blocked", F_BOOL, AT(hp_status, blocked), NULL, false },
	{ "orphan", F_BOOL, AT(hp_status, orphan), NULL, false },
	{ "changed", F_BOOL, AT(hp_status, changed), NULL, false }, END
};

const struct field hp_failure_fields[] = {
	{ "resource", F_RSC, AT(hp_failure, rsc), NULL, true },
	{ "node", F_NODE, AT(hp_failure, node), NULL, true },
	{ "count", F_SCORE, AT(hp_failure, count), NULL, false },
	{ "last_ms", F_INT64, AT(hp_failure, last_ms), NULL, false },
	{ "times_ms", F_ELSEWHERE, 0, NULL, false }, END
};

const struct field hp_promotion_fields[] = {
	{ "resource", F_RSC, AT(hp_promotion, rsc), NULL, true },
	{ "node", F_NODE, AT(hp_promotion, node), NULL, true },
	{ "score", F_SCORE, AT(hp_promotion, score), NULL, false }, END
};

const struct field hp_storage_fields[] = {
	{ "resource", F_RSC, AT(hp_storage, rsc), NULL, true },
	{ "node", F_NODE, AT(hp_storage, node), NULL, true },
	{ "data", F_WORD, AT(hp_storage, data), datas, false },
	{ "excluded", F_BOOL, AT(hp_storage, excluded), NULL, false },
	{ "split_brain", F_BOOL, AT(hp_storage, split_brain), NULL, false }, END
};
