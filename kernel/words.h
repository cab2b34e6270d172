/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * [pure] The states of a resource as the module and its unit tests name them.
 * Values are those of the netlink interface and of the wire.
 */
#ifndef HA_WORDS_H
#define HA_WORDS_H

#define HA_SLOTS 8

enum ha_role_word { HA_UNKNOWN_ROLE = 0, HA_PRIMARY = 1, HA_SECONDARY = 2 };

enum ha_disk_word {
	HA_DISKLESS = 0,
	HA_ATTACHING,
	HA_FAILED,
	HA_INCONSISTENT,
	HA_OUTDATED,
	HA_DUNKNOWN,
	HA_CONSISTENT,
	HA_UPTODATE,
};

enum ha_conn_word { HA_STANDALONE = 0, HA_CONNECTING, HA_CONNECTED };

enum ha_repl_word {
	HA_OFF = 0,
	HA_ESTABLISHED,
	HA_SYNC_SOURCE,
	HA_SYNC_TARGET,
	HA_PAUSED_SYNC_S,
	HA_PAUSED_SYNC_T,
	HA_VERIFY_S,
	HA_VERIFY_T,
};

#endif
