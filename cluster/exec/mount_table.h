/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of mounts, /proc/self/mountinfo. The parser is pure. */
#ifndef HA_MOUNT_TABLE_H
#define HA_MOUNT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct mount_entry - one mount; strings are the table's
 * @major: ... of the file system's device number
 */
struct mount_entry {
	int id, parent;
	unsigned int major, minor;
	char *root, *directory, *options, *fstype, *source, *super_options;
};

struct mount_table {
	char *text;
	struct mount_entry *entries;
	size_t n;
};

/**
 * mount_table_parse() - take over @text, from the heap
 *
 * Lines that are not understood are left out.
 */
void mount_table_parse(char *text, struct mount_table *table);

/**
 * mount_table_load() - read the kernel's
 *
 * Return: 0 or -errno.
 */
int mount_table_load(struct mount_table *table);
void mount_table_free(struct mount_table *table);

/**
 * mount_table_at() - what is seen at a directory: the last mount on it
 */
const struct mount_entry *mount_table_at(const struct mount_table *table,
					 const char *directory);

/**
 * mount_table_below() - a mount below a directory, not on it; or NULL
 */
const struct mount_entry *mount_table_below(const struct mount_table *table,
					    const char *directory);

/**
 * mount_entry_read_only() - the mount or its file system is read-only
 */
bool mount_entry_read_only(const struct mount_entry *entry);

/**
 * mount_entry_is() - is it this device: by name, or by its number
 */
bool mount_entry_is(const struct mount_entry *entry, const char *device);

#endif
