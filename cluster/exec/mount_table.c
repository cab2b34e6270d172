// SPDX-License-Identifier: GPL-2.0-only
/* Reads the table of mounts. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mount_table.h"
#include "util.h"

/* "\040" and its like stand for what would end a field. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' &&
		    text[2] >= '0' && text[2] <= '7' &&
		    text[3] >= '0' && text[3] <= '7') {
			*to++ = (text[1] - '0') << 6 | (text[2] - '0') << 3 |
				(text[3] - '0');
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static bool parse_line(char *line, struct mount_entry *entry)
{
	char *save = NULL, *number = NULL, **fields[] = {
		NULL, NULL, &number, &entry->root, &entry->directory,
		&entry->options,
	};
	char *word = strtok_r(line, " ", &save);

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!word)
			return false;
		if (i == 0)
			entry->id = atoi(word);
		else if (i == 1)
			entry->parent = atoi(word);
		else
			*fields[i] = word;
		word = strtok_r(NULL, " ", &save);
	}
	while (word && strcmp(word, "-"))
		word = strtok_r(NULL, " ", &save);
	if (!word ||
	    sscanf(number, "%u:%u", &entry->major, &entry->minor) != 2)
		return false;
	entry->fstype = strtok_r(NULL, " ", &save);
	entry->source = strtok_r(NULL, " ", &save);
	entry->super_options = strtok_r(NULL, " ", &save);
	if (!entry->super_options)	/* an empty source is nothing at all */
		return false;
	unescape(entry->root);
	unescape(entry->directory);
	unescape(entry->source);
	return true;
}

void mount_table_parse(char *text, struct mount_table *table)
{
	char *save = NULL;

	*table = (struct mount_table){ .text = text };
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		table->entries = xreallocarray(table->entries, table->n + 1,
					       sizeof(*table->entries));
		memset(&table->entries[table->n], 0, sizeof(*table->entries));
		if (parse_line(line, &table->entries[table->n]))
			table->n++;
	}
}

int mount_table_load(struct mount_table *table)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	size_t size = 65536, at = 0;
	char *text;
	ssize_t length;

	memset(table, 0, sizeof(*table));
	if (fd < 0)
		return -errno;
	text = xcalloc(1, size);
	while ((length = read(fd, text + at, size - at - 1)) > 0) {
		at += length;
		if (size - at < 4096)
			text = xreallocarray(text, size *= 2, 1);
	}
	if (length < 0) {
		length = -errno;
		free(text);
		close(fd);
		return length;
	}
	close(fd);
	text[at] = '\0';
	mount_table_parse(text, table);
	return 0;
}

void mount_table_free(struct mount_table *table)
{
	free(table->entries);
	free(table->text);
	memset(table, 0, sizeof(*table));
}

const struct mount_entry *mount_table_at(const struct mount_table *table,
					 const char *directory)
{
	for (size_t i = table->n; i-- > 0;)
		if (!strcmp(table->entries[i].directory, directory))
			return &table->entries[i];
	return NULL;
}

const struct mount_entry *mount_table_below(const struct mount_table *table,
					    const char *directory)
{
	size_t length = strlen(directory);

	for (size_t i = table->n; i-- > 0;) {
		const char *one = table->entries[i].directory;

		if (!strncmp(one, directory, length) && one[length] == '/')
			return &table->entries[i];
	}
	return NULL;
}

static bool has_ro(const char *options)
{
	return !strncmp(options, "ro", 2) &&
	       (options[2] == ',' || !options[2]);
}

bool mount_entry_read_only(const struct mount_entry *entry)
{
	return has_ro(entry->options) || has_ro(entry->super_options);
}

bool mount_entry_is(const struct mount_entry *entry, const char *device)
{
	struct stat st;

	if (!strcmp(entry->source, device))
		return true;
	if (stat(device, &st) < 0)
		return false;
	if (S_ISBLK(st.st_mode))
		return (major(st.st_rdev) == entry->major &&
			minor(st.st_rdev) == entry->minor);
	/* A directory that was bound: the same file system, at least. */
	return S_ISDIR(st.st_mode) && major(st.st_dev) == entry->major &&
	       minor(st.st_dev) == entry->minor;
}
