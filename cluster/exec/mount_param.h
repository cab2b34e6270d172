/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters of a mount member as values. Pure. */
#ifndef HA_MOUNT_PARAM_H
#define HA_MOUNT_PARAM_H

#include <stdbool.h>

struct ex_op;

/**
 * struct mount_param - @fstype NULL: to be found; strings belong to the op
 */
struct mount_param {
	const char *device, *directory, *fstype, *options;
};

/**
 * mount_param_read() - from device, directory, fstype, options
 *
 * Return: NULL, or a sentence to be freed.
 */
char *mount_param_read(const struct ex_op *op, struct mount_param *param);

/**
 * mount_options() - split options of mount(8) for mount(2)
 * @flags: out, MS_*
 * @data: out, what is left for the file system, to be freed
 *
 * Return: NULL, or a sentence to be freed; @data is NULL then.
 */
char *mount_options(const char *options, unsigned long *flags, char **data);

#endif
