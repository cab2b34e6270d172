// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs "kill-member" and "kill-openers". Processes of a member are known
 * by a mark in their environment, which they have from the agent.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "holders.h"
#include "member.h"
#include "mount_table.h"
#include "ocf_env.h"
#include "storage_ask.h"
#include "util.h"

static struct holders holders;

static int result(void)
{
	char *text;
	int ret;

	if (!holders_kill(&holders))
		return EX_CODE_OK;
	text = holders_text(&holders);
	ret = failed(EX_CODE_GENERIC, "these cannot be killed: %s", text);
	free(text);
	return ret;
}

int member_kill_member(char **words)
{
	char *mark = xasprintf(OCF_MARK "=%s", words[0]);
	int ret;

	holders = (struct holders){ .mark = mark };
	ret = result();
	free(mark);
	return ret;
}

/* Whatever is mounted from the device, last first. */
static int umount_device(unsigned int minor_number, const char *path)
{
	struct mount_table table;
	int ret = EX_CODE_OK;

	if (mount_table_load(&table))
		return EX_CODE_GENERIC;
	for (size_t i = table.n; !ret && i-- > 0;) {
		const struct mount_entry *entry = &table.entries[i];
		char *words[] = { entry->source, entry->directory };

		if (strcmp(entry->source, path) &&
		    (entry->major != holders.major ||
		     entry->minor != minor_number))
			continue;
		ret = member_kill_umount(words);
	}
	mount_table_free(&table);
	return ret;
}

int member_kill_openers(char **words)
{
	struct ha_state state;
	struct stat st;
	char *path;
	int ret = storage_ask(words[0], &state);

	if (ret)
		return ret;
	path = xasprintf("/dev/ha%u", state.minor);
	if (stat(path, &st) < 0 || !S_ISBLK(st.st_mode)) {
		free(path);
		return EX_CODE_OK;	/* no device, no openers */
	}
	holders = (struct holders){ .device = true, .major = major(st.st_rdev),
				    .minor = minor(st.st_rdev) };
	ret = umount_device(minor(st.st_rdev), path);
	if (!ret)
		ret = result();
	free(path);
	return ret;
}
