// SPDX-License-Identifier: GPL-2.0-only
/* The verbs "mount" and "check". */
#include <blkid/blkid.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "member.h"
#include "mount_param.h"
#include "mount_table.h"
#include "util.h"

#define DEPTH_WRITE 20

/* Return: the type, to be freed; or NULL, @error 0 when there is none. */
static char *probe(const char *device, int *error)
{
	blkid_probe probe = blkid_new_probe_from_filename(device);
	const char *type = NULL;
	char *copy = NULL;
	int ret;

	*error = probe ? 0 : errno;
	if (!probe)
		return NULL;
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE);
	ret = blkid_do_safeprobe(probe);
	if (ret < 0)	/* -2: several; which one is not for us to guess */
		*error = ret == -2 ? ENOTUNIQ : errno ? errno : EIO;
	else if (!ret && !blkid_probe_lookup_value(probe, "TYPE", &type, NULL))
		copy = xstrdup(type);
	blkid_free_probe(probe);
	return copy;
}

static int cannot(const char *device, const char *directory, int error)
{
	int code = error == ENODEV || error == ENOENT || error == ENOTBLK ?
		EX_CODE_INSTALLED : error == EPERM ? EX_CODE_PERM :
		EX_CODE_GENERIC;
	const char *why = strerror(error);

	if (error == ENODEV)
		why = "the kernel does not know that file system";
	else if (error == EMEDIUMTYPE)
		why = "the device is not Primary on this node";
	else if (error == EINVAL || error == EUCLEAN)
		why = "the file system is damaged, or an option is wrong";
	return failed(code, "%s cannot be mounted on %s: %s", device,
		      directory, why);
}

/* File systems that need more than mount(2) bring a program of their own. */
static void try_program(char **words)
{
	char *path = xasprintf("/sbin/mount.%s", words[2]);

	if (!access(path, X_OK))
		execl(path, path, words[0], words[1], "-o",
		      *words[3] ? words[3] : "defaults", NULL);
	free(path);
}

static int mount_it(char **words, const char *type)
{
	unsigned long flags;
	char *data, *why = mount_options(words[3], &flags, &data);
	int ret;

	if (why)
		return failed(EX_CODE_CONFIGURED, "%s", why);
	ret = mount(words[0], words[1], type, flags, *data ? data : NULL);
	/* The kernel makes a bind mount with the flags of what it binds. */
	if (!ret && (flags & MS_BIND) && (flags & MS_RDONLY))
		ret = mount(NULL, words[1], NULL,
			    MS_REMOUNT | MS_BIND | (flags & ~MS_REC), NULL);
	if (ret)
		ret = cannot(words[0], words[1], errno);
	free(data);
	return ret;
}

/* Return: 0: go on; 1: it is mounted; else a code. */
static int look(char **words)
{
	const struct mount_entry *entry;
	struct mount_table table;
	struct stat st;
	int ret = mount_table_load(&table);

	if (ret)
		return failed(EX_CODE_GENERIC, "table of mounts: %s",
			      strerror(-ret));
	entry = mount_table_at(&table, words[1]);
	if (entry && mount_entry_is(entry, words[0]))
		ret = -1;
	else if (entry)
		ret = failed(EX_CODE_GENERIC, "%s is mounted on %s already",
			     entry->source, words[1]);
	else if (stat(words[1], &st) < 0 || !S_ISDIR(st.st_mode))
		ret = failed(EX_CODE_INSTALLED, "%s is no directory here",
			     words[1]);
	mount_table_free(&table);
	return ret;
}

int member_mount(char **words)
{
	char *found = NULL;
	int error = 0, ret = look(words);
	struct stat st;

	if (ret)
		return ret < 0 ? EX_CODE_OK : ret;
	if (strcmp(words[2], "auto")) {
		try_program(words);
		return mount_it(words, words[2]);
	}
	if (stat(words[0], &st) < 0)
		return cannot(words[0], words[1], errno);
	if (S_ISDIR(st.st_mode))	/* a bind mount has no type */
		return mount_it(words, "none");
	if (!S_ISBLK(st.st_mode))
		return failed(EX_CODE_CONFIGURED,
			      "%s is no block device: name the fstype",
			      words[0]);
	found = probe(words[0], &error);
	if (!found && error)
		ret = cannot(words[0], words[1], error);
	else if (!found)
		ret = failed(EX_CODE_GENERIC, "there is no file system on %s",
			     words[0]);
	else
		ret = mount_it(words, found);
	free(found);
	return ret;
}

static int write_some(const char *directory)
{
	char *path = xasprintf("%s/.ha-check-%d", directory, (int)getpid());
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int ret = EX_CODE_OK;

	if (fd < 0 || write(fd, "check\n", 6) != 6 || fsync(fd) < 0)
		ret = failed(EX_CODE_GENERIC, "cannot write on %s: %s",
			     directory, strerror(errno));
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	free(path);
	return ret;
}

int member_check(char **words)
{
	DIR *dir = opendir(words[0]);
	struct statfs st;

	errno = 0;
	if (!dir || (!readdir(dir) && errno) || statfs(words[0], &st) < 0)
		return failed(EX_CODE_GENERIC, "cannot read %s: %s", words[0],
			      strerror(errno));
	closedir(dir);
	return atoi(words[1]) >= DEPTH_WRITE ? write_some(words[0]) :
					       EX_CODE_OK;
}
