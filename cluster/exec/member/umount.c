// SPDX-License-Identifier: GPL-2.0-only
/* The verbs "umount" and "kill-umount". Never lazily: what is told is true. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "holders.h"
#include "member.h"
#include "mount_table.h"

#define TRIES		10
#define TRY_MS		100

/* Short-lived openers (udev, df) go by themselves. */
static int umount_patiently(const char *directory)
{
	for (int i = 0; i < TRIES; i++) {
		if (!umount2(directory, UMOUNT_NOFOLLOW))
			return 0;
		if (errno != EBUSY)
			return -errno;
		usleep(TRY_MS * 1000);
	}
	return -EBUSY;
}

static void describe(const struct mount_entry *entry, struct holders *holders)
{
	struct statx st;

	*holders = (struct holders){
		.major = entry->major, .minor = entry->minor,
		.directory = entry->directory,
	};
	/* mountinfo has the same number, where statx() cannot tell it. */
	holders->mount_id = entry->id;
	if (!statx(AT_FDCWD, entry->directory, AT_STATX_DONT_SYNC,
		   STATX_MNT_ID, &st) && (st.stx_mask & STATX_MNT_ID))
		holders->mount_id = st.stx_mnt_id;
}

static int busy(const struct mount_entry *entry, struct holders *holders)
{
	char *text;
	int ret;

	if (!holders_find(holders))
		return failed(EX_CODE_GENERIC,
			      "%s is busy, and no process holds it: a mount, an export, a loop device or swap does",
			      entry->directory);
	text = holders_text(holders);
	ret = failed(EX_CODE_GENERIC, "%s is busy: %s", entry->directory, text);
	free(text);
	return ret;
}

static int umount_one(const struct mount_entry *entry, bool with_force)
{
	static struct holders holders;
	int ret;

	describe(entry, &holders);
	ret = umount_patiently(entry->directory);
	if (ret == -EBUSY && with_force) {
		holders_kill(&holders);
		ret = umount_patiently(entry->directory);
	}
	if (ret == -EINVAL || !ret)	/* someone else was faster */
		return EX_CODE_OK;
	if (ret == -EBUSY)
		return busy(entry, &holders);
	return failed(EX_CODE_GENERIC, "%s cannot be unmounted: %s",
		      entry->directory, strerror(-ret));
}

/* Return: the mount to take away next; NULL: none, @code says how that is. */
static const struct mount_entry *next(const struct mount_table *table,
				      char **words, bool with_force, int *code)
{
	const struct mount_entry *entry = mount_table_at(table, words[1]);
	const struct mount_entry *below = mount_table_below(table, words[1]);

	*code = EX_CODE_OK;
	if (!entry)
		return NULL;
	if (!mount_entry_is(entry, words[0])) {
		for (size_t i = 0; i < table->n; i++)
			if (!strcmp(table->entries[i].directory, words[1]) &&
			    mount_entry_is(&table->entries[i], words[0]))
				*code = failed(EX_CODE_GENERIC,
					       "%s is mounted over it on %s",
					       entry->source, words[1]);
		return NULL;
	}
	if (below && !with_force) {
		*code = failed(EX_CODE_GENERIC, "%s is mounted below %s",
			       below->directory, words[1]);
		return NULL;
	}
	return below ? below : entry;
}

static int umount_all(char **words, bool with_force)
{
	const struct mount_entry *entry;
	struct mount_table table;
	int code, rounds = 100;

	do {
		code = mount_table_load(&table);
		if (code)
			return failed(EX_CODE_GENERIC, "table of mounts: %s",
				      strerror(-code));
		entry = next(&table, words, with_force, &code);
		if (entry)
			code = umount_one(entry, with_force);
		mount_table_free(&table);
	} while (entry && !code && --rounds);
	return code;
}

int member_umount(char **words)
{
	return umount_all(words, false);
}

int member_kill_umount(char **words)
{
	return umount_all(words, true);
}
