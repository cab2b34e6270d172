// SPDX-License-Identifier: GPL-2.0-only
/* Tables of words; the order is that of the enums in linux/ha.h. */
#include <linux/ha.h>
#include <stdbool.h>
#include <stddef.h>

#include "words.h"

const char *const ha_role_words[] = {
	[HA_ROLE_UNKNOWN]	= "Unknown",
	[HA_ROLE_PRIMARY]	= "Primary",
	[HA_ROLE_SECONDARY]	= "Secondary",
	NULL
};

const char *const ha_disk_words[] = {
	[HA_DISK_STATE_DISKLESS]	= "Diskless",
	[HA_DISK_STATE_ATTACHING]	= "Attaching",
	[HA_DISK_STATE_FAILED]		= "Failed",
	[HA_DISK_STATE_INCONSISTENT]	= "Inconsistent",
	[HA_DISK_STATE_OUTDATED]	= "Outdated",
	[HA_DISK_STATE_UNKNOWN]		= "Unknown",
	[HA_DISK_STATE_CONSISTENT]	= "Consistent",
	[HA_DISK_STATE_UPTODATE]	= "UpToDate",
	NULL
};

const char *const ha_conn_words[] = {
	[HA_CONN_STATE_STANDALONE]	= "StandAlone",
	[HA_CONN_STATE_CONNECTING]	= "Connecting",
	[HA_CONN_STATE_CONNECTED]	= "Connected",
	NULL
};

const char *const ha_repl_words[] = {
	[HA_REPL_STATE_OFF]		= "Off",
	[HA_REPL_STATE_ESTABLISHED]	= "Established",
	[HA_REPL_STATE_SYNC_SOURCE]	= "SyncSource",
	[HA_REPL_STATE_SYNC_TARGET]	= "SyncTarget",
	[HA_REPL_STATE_PAUSED_SYNC_S]	= "PausedSyncS",
	[HA_REPL_STATE_PAUSED_SYNC_T]	= "PausedSyncT",
	[HA_REPL_STATE_VERIFY_S]	= "VerifyS",
	[HA_REPL_STATE_VERIFY_T]	= "VerifyT",
	NULL
};

const char *const ha_io_error_words[] = {
	[HA_ON_IO_ERROR_DETACH]		= "detach",
	[HA_ON_IO_ERROR_PASS_ON]	= "pass_on",
	NULL
};

const char *const ha_no_data_words[] = {
	[HA_ON_NO_DATA_IO_ERROR]	= "io-error",
	[HA_ON_NO_DATA_SUSPEND_IO]	= "suspend-io",
	NULL
};

const char *const ha_fencing_words[] = {
	[HA_FENCING_DONT_CARE]			= "dont-care",
	[HA_FENCING_RESOURCE_ONLY]		= "resource-only",
	[HA_FENCING_RESOURCE_AND_STONITH]	= "resource-and-stonith",
	NULL
};

const char *const ha_after_sb_words[] = {
	[HA_AFTER_SB_DISCONNECT]		= "disconnect",
	[HA_AFTER_SB_DISCARD_ZERO_CHANGES]	= "discard-zero-changes",
	[HA_AFTER_SB_DISCARD_LEAST_CHANGES]	= "discard-least-changes",
	[HA_AFTER_SB_DISCARD_YOUNGER_PRIMARY]	= "discard-younger-primary",
	[HA_AFTER_SB_DISCARD_OLDER_PRIMARY]	= "discard-older-primary",
	[HA_AFTER_SB_DISCARD_SECONDARY]		= "discard-secondary",
	NULL
};

const char *const ha_suspended_words[] = {
	"user", "no-data", "fencing", "quorum", NULL
};

const char *ha_word(const char *const *words, uint32_t value)
{
	for (uint32_t i = 0; words[i]; i++)
		if (i == value)
			return words[i];
	return "Unknown";
}

static bool same_word(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
			return false;
	return *a == *b;
}

int ha_word_find(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (same_word(words[i], word))
			return i;
	return -1;
}
