// SPDX-License-Identifier: GPL-2.0-only
/* The words and sentences for what the engine says. */
#include "hapolicy.h"

static const struct { const char *word, *text; } why[HP_WHY_NR] = {
	[HP_WHY_NONE]		= { "none", "no reason" },
	[HP_WHY_OFFLINE]	= { "offline", "the node is off" },
	[HP_WHY_UNKNOWN]	= { "unknown", "nobody knows what the node does" },
	[HP_WHY_PENDING]	= { "pending", "the node is still joining" },
	[HP_WHY_STANDBY]	= { "standby", "the node is in standby" },
	[HP_WHY_MAINTENANCE]	= { "maintenance", "maintenance: nothing is touched" },
	[HP_WHY_SHUTDOWN]	= { "shutdown", "the node is leaving" },
	[HP_WHY_MUST_FENCE]	= { "must-fence", "the node must be fenced" },
	[HP_WHY_BANNED]		= { "banned", "rule %s forbids it" },
	[HP_WHY_NOT_OPTED_IN]	= { "not-opted-in", "no rule allows the node" },
	[HP_WHY_FAILED_TOO_OFTEN] = { "failed-too-often", "%s failed there too often" },
	[HP_WHY_HEALTH]		= { "health", "the node is not healthy" },
	[HP_WHY_TOGETHER]	= { "together", "rule %s wants it elsewhere, together" },
	[HP_WHY_APART]		= { "apart", "rule %s wants it apart" },
	[HP_WHY_MEMBER]		= { "member", "%s, of the same service, is not there" },
	[HP_WHY_NODE_FULL]	= { "node-full", "an instance is there already" },
	[HP_WHY_LOWER_SCORE]	= { "lower-score", "it is wanted more elsewhere" },
	[HP_WHY_TIE]		= { "tie", "as good as the node it is on" },
	[HP_WHY_ALREADY_THERE]	= { "already-there", "it was already there" },
	[HP_WHY_PREFERRED]	= { "preferred", "rule %s prefers it" },
	[HP_WHY_ONLY_CHOICE]	= { "only-choice", "no other node is possible" },
	[HP_WHY_BEST]		= { "best", "it is wanted most there" },
	[HP_WHY_OUTDATED]	= { "outdated", "the data there is not up to date" },
	[HP_WHY_EXCLUDED]	= { "excluded", "the replica there was excluded" },
	[HP_WHY_SPLIT_BRAIN]	= { "split-brain", "the replicas' histories diverge" },
	[HP_WHY_NO_DATA]	= { "no-data", "there is no usable data there" },
	[HP_WHY_NO_PROMOTION_SCORE] = { "no-promotion-score", "its agent does not offer it" },
	[HP_WHY_ENOUGH_PROMOTED] = { "enough-promoted", "enough others are promoted" },
	[HP_WHY_NO_NODE]	= { "no-node", "no node is possible" },
	[HP_WHY_STOPPED_BY_OPERATOR] = { "stopped-by-operator", "an operator stopped it" },
	[HP_WHY_UNMANAGED]	= { "unmanaged", "it is not managed" },
	[HP_WHY_BLOCKED]	= { "blocked", "it is stuck until an operator clears it" },
	[HP_WHY_ORPHAN]		= { "orphan", "it is no longer in the configuration" },
	[HP_WHY_CLONE_LIMIT]	= { "clone-limit", "there are enough instances" },
	[HP_WHY_STOP_ALL]	= { "stop-all", "everything is to be stopped" },
	[HP_WHY_ON_FAIL]	= { "on-fail", "it failed, and that is what is asked then" },
	[HP_WHY_QUORUM]		= { "quorum", "no quorum" },
	[HP_WHY_VIEW_PENDING]	= { "view-pending", "the view is not settled" },
	[HP_WHY_FROZEN]		= { "frozen", "no quorum: what does not run is not started" },
	[HP_WHY_RUNS_TWICE]	= { "runs-twice", "it runs in several places" },
	[HP_WHY_START]		= { "start", "it is to run" },
	[HP_WHY_MOVE]		= { "move", "it moves" },
	[HP_WHY_RECOVER]	= { "recover", "it failed" },
	[HP_WHY_CHANGED]	= { "changed", "its parameters changed" },
	[HP_WHY_PROMOTE]	= { "promote", "it is to be promoted" },
	[HP_WHY_DEMOTE]		= { "demote", "it is not to be promoted" },
	[HP_WHY_FIRST_CANNOT]	= { "first-cannot", "it waits for %s, which cannot come" },
	[HP_WHY_FIRST_RESTARTS]	= { "first-restarts", "%s, which it depends on, changes" },
	[HP_WHY_STOP_BLOCKED]	= { "stop-blocked", "%s must stop before and cannot" },
	[HP_WHY_FENCE_FIRST]	= { "fence-first", "%s must be fenced before" },
	[HP_WHY_NO_FENCING]	= { "no-fencing", "%s cannot be fenced" },
	[HP_WHY_NOT_HEARD]	= { "not-heard", "%s has not said yet what runs there" },
	[HP_WHY_NO_TAKEOVER]	= { "no-takeover", "nothing decides who survives %s: by hand" },
};

static const char *const acts[] = {
	[HP_ACT_START] = "start", [HP_ACT_STOP] = "stop", [HP_ACT_PROMOTE] = "promote",
	[HP_ACT_DEMOTE] = "demote", [HP_ACT_FENCE] = "fence", [HP_ACT_EXCLUDE] = "exclude",
	[HP_ACT_RESET] = "reset",
};

static const char *const roles[] = {
	[HP_ROLE_STOPPED] = "stopped", [HP_ROLE_STARTED] = "started",
	[HP_ROLE_UNPROMOTED] = "unpromoted", [HP_ROLE_PROMOTED] = "promoted",
};

const char *hp_why_text(enum hp_why w)
{
	return (unsigned int)w < HP_WHY_NR ? why[w].text : "?";
}

const char *hp_why_word(enum hp_why w)
{
	return (unsigned int)w < HP_WHY_NR ? why[w].word : "?";
}

const char *hp_act_word(enum hp_act act)
{
	return acts[act];
}

const char *hp_role_word(enum hp_role role)
{
	return roles[role];
}
