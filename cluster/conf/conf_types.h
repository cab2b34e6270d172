/* SPDX-License-Identifier: GPL-2.0-only */
/* What a configuration consists of; one struct for each kind of block. */
#ifndef HC_CONF_TYPES_H
#define HC_CONF_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "conf_tree.h"

#define HC_NAME_MAX	63
#define HC_LINKS_MAX	8
#define HC_NODES_MAX	32
#define HC_FORMAT	1

enum hc_profile { HC_FAST, HC_BALANCED, HC_RELAXED };
enum hc_on_loss { HC_STOP, HC_FREEZE, HC_DEMOTE, HC_IGNORE, HC_SUICIDE };
enum hc_role { HC_FULL, HC_TIEBREAKER };
enum hc_stay { HC_STAY_NO, HC_STAY_WEAK, HC_STAY_STRONG };
enum hc_then { HC_THEN_MOVE, HC_THEN_STOP };
enum hc_requires { HC_REQ_QUORUM, HC_REQ_STORAGE, HC_REQ_FENCE };
enum hc_promote { HC_PROMOTE_UPTODATE, HC_PROMOTE_CONSISTENT };
enum hc_member_kind { HC_STORAGE, HC_MOUNT, HC_IP, HC_SYSTEMD, HC_OCF };
enum hc_rule_kind {
	HC_PREFER, HC_AVOID, HC_ONLY_ON, HC_AFTER, HC_WITH, HC_TOGETHER,
	HC_APART, HC_NEEDS,
};

extern const char *const hc_profile_words[], *const hc_on_loss_words[],
	*const hc_role_words[], *const hc_stay_words[], *const hc_then_words[],
	*const hc_requires_words[], *const hc_promote_words[],
	*const hc_member_words[], *const hc_rule_words[], *const hc_yes_words[];

struct hc_words {
	char **word;
	unsigned int n;
};

/* Parameters of agents, attributes of nodes. */
struct hc_pairs {
	struct hc_pair {
		char *name, *value;
	} *pair;
	unsigned int n;
};

/* Times are milliseconds. */
struct hc_detect {
	int profile;
	int64_t token, consensus, ping_interval, ping_timeout;
};

struct hc_quorum {
	int on_loss;
	char *witness;
};

struct hc_crypto {
	int cipher, hash;
};

struct hc_watchdog {
	char *device;
	int64_t timeout;
};

struct hc_monitor {
	int64_t interval, timeout;
};

/* "restart COUNT per WINDOW then THEN" */
struct hc_restart {
	int count;
	int64_t window;
	int then;
};

/**
 * struct hc_settings - what defaults, services and members may each set
 */
struct hc_settings {
	int stay;
	struct hc_monitor monitor;
	int64_t start_timeout, stop_timeout;
	struct hc_restart restart;
	int64_t forget;
	struct hc_words on_stop_fail;
	int requires;
};

struct hc_node {
	char *name;
	struct conf_place place;
	int id;
	struct hc_words links;
	int role;
	struct hc_pairs attributes;
};

struct hc_fence {
	char *name;
	struct conf_place place;
	char *agent;
	struct hc_words nodes;
	char *secret;
	int level;
	int64_t delay, timeout;
	struct hc_pairs params;
};

struct hc_device {
	char *name;
	struct conf_place place;
	char *hadm;
	int promote_when;
	int allow_remote_data;
};

/**
 * struct hc_member - one part of a service
 * @name: given, or made of what it is
 * @what: the device, address, unit or agent
 * @where: mount point
 * @fstype, @options: of a mount
 * @dev: network interface of an address
 */
struct hc_member {
	int kind;
	char *name;
	struct conf_place place;
	char *what, *where, *fstype, *options, *dev;
	struct hc_pairs params;
	struct hc_settings settings;
};

struct hc_rule {
	int kind;
	struct conf_place place;
	struct hc_words targets;
};

/**
 * struct hc_service - a service or, with @clone, a clone
 */
struct hc_service {
	char *name;
	struct conf_place place;
	bool clone;
	int priority, disabled;
	int max, promotable, promoted_max, interleave, notify;
	struct hc_settings settings;
	struct hc_member *members;
	unsigned int n_members;
	struct hc_rule *rules;
	unsigned int n_rules;
};

struct hc_probe {
	char *name;
	struct conf_place place;
	struct hc_words ping;
	char *exec;
	int64_t every, timeout;
	int fail, then;
};

struct hc_alert {
	char *name;
	struct conf_place place;
	char *exec;
	struct hc_words on;
	int64_t timeout;
};

#endif
