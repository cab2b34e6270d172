/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HA_COMPAT_LINUX_BLKDEV_H
#define HA_COMPAT_LINUX_BLKDEV_H

#include_next <linux/blkdev.h>

#ifdef COMPAT_NO_BDEV_FILE

#include <linux/err.h>
#include <linux/slab.h>

/*
 * An exclusive open is a file from 6.9 on.  Here it is a block device with the
 * mode it was opened with, behind a pointer of the same type that nothing but
 * the functions of this header looks into.
 */
#define blk_mode_t	fmode_t

#define BLK_OPEN_READ	FMODE_READ
#define BLK_OPEN_WRITE	FMODE_WRITE

struct compat_bdev_file {
	struct block_device	*bdev;
	blk_mode_t		mode;
};

struct blk_holder_ops;

static inline struct file *
bdev_file_open_by_path(const char *path, blk_mode_t mode, void *holder,
		       const struct blk_holder_ops *hops)
{
	struct compat_bdev_file *f = kmalloc(sizeof(*f), GFP_KERNEL);
	int err;

	if (!f)
		return ERR_PTR(-ENOMEM);
	f->mode = holder ? mode | FMODE_EXCL : mode;
	f->bdev = blkdev_get_by_path(path, f->mode, holder);
	if (IS_ERR(f->bdev)) {
		err = PTR_ERR(f->bdev);
		kfree(f);
		return ERR_PTR(err);
	}
	return (struct file *)f;
}

static inline struct block_device *file_bdev(struct file *file)
{
	return ((struct compat_bdev_file *)file)->bdev;
}

static inline void ha_bdev_close(struct file *file)
{
	struct compat_bdev_file *f = (struct compat_bdev_file *)file;

	blkdev_put(f->bdev, f->mode);
	kfree(f);
}

#else

#include <linux/file.h>

/*
 * At once, not by whoever next runs the delayed puts (as after bdev_fput()):
 * the device can be removed as soon as the resource has let go of it.
 */
static inline void ha_bdev_close(struct file *file)
{
	__fput_sync(file);
}

#endif
#endif
