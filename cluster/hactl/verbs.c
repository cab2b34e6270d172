// SPDX-License-Identifier: GPL-2.0-only
/* The table of verbs; help, completion and checks are made of it. */
#include <string.h>

#include "cmd.h"
#include "help.h"
#include "util.h"

#define MANY	64
#define MESSAGE	TAKE(OPT_MESSAGE)
#define MEMBERS	(TAKE(OPT_STORAGE) | TAKE(OPT_MOUNT) | TAKE(OPT_IP) | \
		 TAKE(OPT_UNIT) | TAKE(OPT_OCF) | TAKE(OPT_MONITOR) | \
		 TAKE(OPT_TIMEOUT))
#define RULES	(TAKE(OPT_WITH) | TAKE(OPT_AFTER) | TAKE(OPT_PREFER) | \
		 TAKE(OPT_AVOID) | TAKE(OPT_STAY))

const struct hactl_verb hactl_verbs[] = {
	{ NULL, "status", "", 0, 0, TAKE(OPT_WATCH), { 0 },
	  "show the cluster: problems first", NULL, cmd_status },
	{ NULL, "why", "SERVICE [NODE]", 1, 2,
	  TAKE(OPT_FILE) | TAKE(OPT_CONFIG), { W_SERVICE, W_NODE },
	  "say why a service is where it is",
	  "And of every other node, whether it could run there, and what is in the\n"
	  "way. With --file and --config, no daemon is asked.", cmd_why },
	{ NULL, "plan", "", 0, 0,
	  TAKE(OPT_IF) | TAKE(OPT_FILE) | TAKE(OPT_CONFIG), { 0 },
	  "say what would be done now, or if something happened",
	  "--if may be given more than once: 'node n1 down', 'fail httpd on n1',\n"
	  "'standby n2'. With --file, the state is read from a file and no daemon is\n"
	  "asked.", cmd_plan },
	{ NULL, "history", "[SERVICE]", 0, 1,
	  TAKE(OPT_SINCE) | TAKE(OPT_LIMIT) | TAKE(OPT_VERBOSE), { W_SERVICE },
	  "say what happened, and where the time of outages went",
	  "An outage is told in its parts: until the loss was detected, until the\n"
	  "verdict that the other side is out, and each action.", cmd_history },
	{ NULL, "doctor", "", 0, 0, TAKE(OPT_ROOT) | TAKE(OPT_CONFIG), { 0 },
	  "examine this host", NULL, cmd_doctor },

	{ "cluster", "init", "NAME NODE=ADDRESS[,ADDRESS]...", 2, MANY,
	  TAKE(OPT_WITNESS) | TAKE(OPT_DETECT) | TAKE(OPT_TIEBREAKER) |
	  TAKE(OPT_FORCE), { 0 },
	  "make a cluster of bare nodes, by ssh",
	  "Keys, corosync.conf with encryption, units: everything is installed,\n"
	  "started and verified. No node is changed before all have agreed.",
	  cmd_cluster_init },
	{ "cluster", "init-local", "", 0, 0, TAKE(OPT_ROOT) | TAKE(OPT_FORCE),
	  { 0 }, "", NULL, cmd_cluster_init_local },
	{ "cluster", "start", "", 0, 0, TAKE(OPT_ALL) | TAKE(OPT_CONFIG), { 0 },
	  "start the cluster manager on this node",
	  NULL, cmd_cluster_start },
	{ "cluster", "stop", "", 0, 0, TAKE(OPT_FORCE), { 0 },
	  "move away what runs on this node, then stop the cluster manager",
	  "--force stops it also when something cannot move away.",
	  cmd_cluster_stop },
	{ "cluster", "enable", "", 0, 0, TAKE(OPT_ALL) | TAKE(OPT_CONFIG),
	  { 0 }, "start the cluster manager at boot", NULL,
	  cmd_cluster_start },
	{ "cluster", "disable", "", 0, 0, 0, { 0 },
	  "do not start the cluster manager at boot", NULL,
	  cmd_cluster_start },
	{ "cluster", "status", "", 0, 0, TAKE(OPT_WATCH), { 0 },
	  "the same as hactl status", NULL, cmd_status },
	{ "cluster", "timing", "", 0, 0, TAKE(OPT_CONFIG), { 0 },
	  "say how long a failover takes at worst",
	  "Detection as configured, verdict and starts as measured.",
	  cmd_cluster_timing },

	{ "service", "create", "NAME", 1, 1,
	  MESSAGE | MEMBERS | RULES | TAKE(OPT_CHECK), { 0 },
	  "make a service",
	  "Its members start in this order: storage, mounts, addresses, agents,\n"
	  "units. For another order: service add --before.",
	  cmd_service_create },
	{ "service", "add", "SERVICE NAME KIND:WHAT [PARAM=VALUE]...", 3, MANY,
	  MESSAGE | TAKE(OPT_MONITOR) | TAKE(OPT_TIMEOUT) | TAKE(OPT_BEFORE),
	  { W_SERVICE },
	  "add a member: ocf:PROVIDER:TYPE, systemd:UNIT, ip:ADDRESS/LENGTH",
	  NULL, cmd_service_add },
	{ "service", "remove", "SERVICE [MEMBER]", 1, 2, MESSAGE, { W_SERVICE },
	  "take a service or a member away; what runs is stopped", NULL,
	  cmd_service_remove },
	{ "service", "move", "SERVICE [NODE]", 1, 2, 0, { W_SERVICE, W_NODE },
	  "move a service once; no rule is left behind", NULL,
	  cmd_service_move },
	{ "service", "ban", "SERVICE NODE", 2, 2,
	  TAKE(OPT_FOR) | TAKE(OPT_FOREVER), { W_SERVICE, W_NODE },
	  "keep a service from a node for a time", NULL, cmd_service_ban },
	{ "service", "start", "SERVICE", 1, 1, 0, { W_SERVICE },
	  "let a service run", NULL, cmd_service_start },
	{ "service", "stop", "SERVICE", 1, 1, 0, { W_SERVICE },
	  "stop a service everywhere", NULL, cmd_service_stop },
	{ "service", "restart", "SERVICE", 1, 1, 0, { W_SERVICE },
	  "stop a service and start it where it is", NULL,
	  cmd_service_restart },
	{ NULL, "clear", "SERVICE [NODE]", 1, 2, 0, { W_SERVICE, W_NODE },
	  "forget failures and bans", NULL, cmd_clear },

	{ "clone", "create", "NAME KIND:WHAT [PARAM=VALUE]...", 2, MANY,
	  MESSAGE | RULES | TAKE(OPT_NAME) | TAKE(OPT_MONITOR) |
	  TAKE(OPT_TIMEOUT) | TAKE(OPT_PROMOTABLE), { 0 },
	  "run something on every node", NULL, cmd_clone_create },
	{ "clone", "remove", "CLONE", 1, 1, MESSAGE, { W_CLONE },
	  "take a clone away", NULL, cmd_service_remove },
	{ NULL, "rule", "KIND SERVICE [NAME]...", 2, MANY,
	  MESSAGE | TAKE(OPT_REMOVE), { W_RULE, W_SERVICE, W_SERVICE },
	  "add a rule: prefer, avoid, only-on, after, with, together, apart",
	  "prefer, avoid, only-on name nodes; after, with, together and apart name\n"
	  "services; needs names checks. --remove takes it away again.",
	  cmd_rule },
	{ NULL, "set", "PATH [VALUE]...", 1, MANY,
	  MESSAGE | TAKE(OPT_REMOVE), { 0 },
	  "set a value of the configuration, as quorum.on-loss freeze", NULL,
	  cmd_set },

	{ "node", "add", "NODE=ADDRESS[,ADDRESS]", 1, 1,
	  MESSAGE | TAKE(OPT_TIEBREAKER) | TAKE(OPT_ROOT), { 0 },
	  "make a host a node", NULL, cmd_node_add },
	{ "node", "remove", "NODE", 1, 1, MESSAGE, { W_NODE },
	  "drain a node and take it out", NULL, cmd_node_remove },
	{ "node", "standby", "NODE", 1, 1, TAKE(OPT_FOR), { W_NODE },
	  "move all services away from a node", NULL, cmd_node_standby },
	{ "node", "resume", "NODE", 1, 1, 0, { W_NODE }, "end standby", NULL,
	  cmd_node_resume },
	{ "node", "maintenance", "NODE on|off", 2, 2, TAKE(OPT_FOR),
	  { W_NODE, W_ON_OFF }, "leave alone what runs on a node", NULL,
	  cmd_node_maintenance },
	{ NULL, "maintenance", "on|off", 1, 1, TAKE(OPT_FOR), { W_ON_OFF },
	  "leave all services alone", NULL, cmd_maintenance },

	{ "device", "add", "NAME", 1, 1, MESSAGE, { 0 },
	  "let the cluster promote a resource of hadm", NULL, cmd_device_add },
	{ "device", "remove", "NAME", 1, 1, MESSAGE, { 0 },
	  "leave a resource of hadm alone", NULL, cmd_device_remove },

	{ "fence", "add", "NAME AGENT [PARAM=VALUE]...", 2, MANY,
	  MESSAGE | TAKE(OPT_NODE) | TAKE(OPT_SECRET), { 0 },
	  "add a fence device", NULL, cmd_fence_add },
	{ "fence", "remove", "NAME", 1, 1, MESSAGE, { W_FENCE },
	  "take a fence device away", NULL, cmd_fence_remove },
	{ "fence", "test", "NODE", 1, 1, 0, { W_NODE },
	  "ask the fence devices of a node for its state", NULL,
	  cmd_fence_test },
	{ "fence", "node", "NODE", 1, 1, 0, { W_NODE }, "switch a node off",
	  NULL, cmd_fence_node },
	{ "fence", "confirm", "NODE", 1, 1, 0, { W_NODE },
	  "say that you have seen a node to be off", NULL, cmd_fence_confirm },
	{ "secret", "set", "NAME", 1, 1, 0, { 0 },
	  "store a password that fence devices use", NULL, cmd_secret_set },

	{ "config", "show", "[REV]", 0, 1, 0, { W_REV },
	  "print the configuration", NULL, cmd_config_show },
	{ "config", "edit", "", 0, 0, MESSAGE, { 0 },
	  "change the configuration with an editor", NULL, cmd_config_edit },
	{ "config", "apply", "FILE", 1, 1, MESSAGE, { W_FILE },
	  "make a file the configuration", NULL, cmd_config_apply },
	{ "config", "check", "[FILE]", 0, 1, 0, { W_FILE },
	  "say what is wrong with a file", NULL, cmd_config_check },
	{ "config", "diff", "[A] B", 1, 2, 0, { W_FILE },
	  "say what differs between revisions or files", NULL,
	  cmd_config_diff },
	{ "config", "log", "", 0, 0, TAKE(OPT_LIMIT), { 0 },
	  "list the revisions", NULL, cmd_config_log },
	{ "config", "rollback", "REV", 1, 1, MESSAGE, { W_REV },
	  "go back to a revision, with a new one", NULL,
	  cmd_config_rollback },
	{ "config", "corosync", "[FILE]", 0, 1, 0, { W_FILE },
	  "print the corosync.conf that a configuration leads to", NULL,
	  cmd_config_corosync },

	{ "test", "failover", "SERVICE", 1, 1, 0, { W_SERVICE },
	  "move a service away and back, and measure it", NULL,
	  cmd_test_failover },
	{ NULL, "help", "[VERB]", 0, 2, 0, { W_VERB }, "say more of a verb",
	  NULL, hactl_help },
	{ NULL, "complete", "[WORD]...", 0, MANY, 0, { 0 }, "", NULL,
	  hactl_complete },
	{ NULL, NULL, NULL, 0, 0, 0, { 0 }, NULL, NULL, NULL },
};

const struct hactl_verb *hactl_verb_find(const char *group, const char *name)
{
	for (const struct hactl_verb *v = hactl_verbs; v->name; v++)
		if (ha_streq(v->group, group) && !strcmp(v->name, name))
			return v;
	return NULL;
}

bool hactl_is_group(const char *name)
{
	for (const struct hactl_verb *v = hactl_verbs; v->name; v++)
		if (v->group && !strcmp(v->group, name))
			return true;
	return false;
}
