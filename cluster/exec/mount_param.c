// SPDX-License-Identifier: GPL-2.0-only
/* Reads the parameters of a mount member. Pure. */
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "mount_param.h"
#include "op.h"
#include "util.h"

/* @set and @clear are flags; a word with neither is for others than us. */
static const struct {
	const char *word;
	unsigned long set, clear;
} words[] = {
	{ "defaults", 0, 0 }, { "auto", 0, 0 }, { "noauto", 0, 0 },
	{ "nofail", 0, 0 }, { "_netdev", 0, 0 }, { "nouser", 0, 0 },
	{ "rw", 0, MS_RDONLY }, { "ro", MS_RDONLY, 0 },
	{ "suid", 0, MS_NOSUID }, { "nosuid", MS_NOSUID, 0 },
	{ "dev", 0, MS_NODEV }, { "nodev", MS_NODEV, 0 },
	{ "exec", 0, MS_NOEXEC }, { "noexec", MS_NOEXEC, 0 },
	{ "async", 0, MS_SYNCHRONOUS }, { "sync", MS_SYNCHRONOUS, 0 },
	{ "dirsync", MS_DIRSYNC, 0 },
	{ "atime", 0, MS_NOATIME }, { "noatime", MS_NOATIME, 0 },
	{ "diratime", 0, MS_NODIRATIME }, { "nodiratime", MS_NODIRATIME, 0 },
	{ "relatime", MS_RELATIME, 0 }, { "norelatime", 0, MS_RELATIME },
	{ "strictatime", MS_STRICTATIME, 0 },
	{ "lazytime", MS_LAZYTIME, 0 }, { "nolazytime", 0, MS_LAZYTIME },
	{ "bind", MS_BIND, 0 }, { "rbind", MS_BIND | MS_REC, 0 },
	{ "mand", MS_MANDLOCK, 0 }, { "nomand", 0, MS_MANDLOCK },
	{ "silent", MS_SILENT, 0 },
};

/* What would be something else than one mount of this device. */
static const char *const refused[] = {
	"remount", "loop", "move", "user", "users", "owner", "group",
};

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_refused(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		if (!strcmp(word, refused[i]) ||
		    (!strcmp(refused[i], "loop") && starts(word, "loop=")))
			return true;
	return false;
}

static bool take_flag(const char *word, unsigned long *flags)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(word, words[i].word))
			continue;
		*flags = (*flags | words[i].set) & ~words[i].clear;
		return true;
	}
	return starts(word, "x-") || starts(word, "comment=");
}

char *mount_options(const char *options, unsigned long *flags, char **data)
{
	char *copy = xstrdup(options ? options : "");
	char *rest = xcalloc(1, strlen(copy) + 1), *save = NULL, *why = NULL;

	*flags = 0;
	for (char *word = strtok_r(copy, ",", &save); word && !why;
	     word = strtok_r(NULL, ",", &save)) {
		if (is_refused(word)) {
			why = xasprintf("mount option \"%s\" cannot be", word);
		} else if (!take_flag(word, flags)) {
			if (*rest)
				strcat(rest, ",");
			strcat(rest, word);
		}
	}
	free(copy);
	if (why) {
		free(rest);
		rest = NULL;
	}
	*data = rest;
	return why;
}

static char *check_words(const struct ex_op *op)
{
	static const char *const known[] = {
		"device", "directory", "fstype", "options", NULL
	};

	for (size_t i = 0; i < op->n_params; i++) {
		const char *const *word = known;

		while (*word && strcmp(*word, op->params[i].name))
			word++;
		if (!*word)
			return xasprintf("mount has no parameter \"%s\"",
					 op->params[i].name);
	}
	return NULL;
}

char *mount_param_read(const struct ex_op *op, struct mount_param *param)
{
	unsigned long flags;
	char *data, *why = check_words(op);

	*param = (struct mount_param){
		.device = op_param(op, "device"),
		.directory = op_param(op, "directory"),
		.fstype = op_param(op, "fstype"),
		.options = op_param(op, "options"),
	};
	if (param->fstype && (!*param->fstype ||
			      !strcmp(param->fstype, "auto")))
		param->fstype = NULL;
	if (!why && (!param->device || !*param->device))
		why = xstrdup("mount needs a device");
	if (!why && (!param->directory || *param->directory != '/'))
		why = xstrdup("mount needs a directory, by absolute path");
	if (!why && !strcmp(param->directory, "/"))
		why = xstrdup("the root is not ours to mount");
	if (!why) {
		why = mount_options(param->options, &flags, &data);
		free(data);
	}
	return why;
}
