/* SPDX-License-Identifier: GPL-2.0-only */
/* Files read and written whole. */
#ifndef HACTL_FILES_H
#define HACTL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * file_read() - a whole file as a string; "-" is the standard input
 *
 * Return: text to be freed, or NULL with errno set.
 */
char *file_read(const char *path);

/**
 * file_write() - replace a file, so that a crash leaves the old or the new
 * @mode: of the file
 *
 * Directories that are missing are made.
 * Return: 0, or -1 with errno set.
 */
int file_write(const char *path, const void *data, size_t size, mode_t mode);

/**
 * file_below() - a path below another root; to be freed
 */
char *file_below(const char *root, const char *path);

#endif
