// SPDX-License-Identifier: GPL-2.0-only
/* Devices as files; knows nothing of metadata. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "md_device.h"
#include "util.h"

static char *open_failed(const char *path)
{
	if (errno == EBUSY)
		return xasprintf("%s is in use: mounted, or part of another device",
				 path);
	return xasprintf("cannot open %s: %s", path, strerror(errno));
}

char *md_device_open(struct md_device *device, const char *path, bool write)
{
	int flags = O_CLOEXEC | (write ? O_RDWR : O_RDONLY);
	struct stat stat_buf;

	memset(device, 0, sizeof(*device));
	device->path = path;
	device->fd = -1;
	if (stat(path, &stat_buf))
		return xasprintf("cannot open %s: %s", path, strerror(errno));
	if (S_ISREG(stat_buf.st_mode)) {
		device->fd = open(path, flags);
		if (device->fd < 0)
			return open_failed(path);
		device->size = stat_buf.st_size;
		device->logical_block = 512;
		return NULL;
	}
	if (!S_ISBLK(stat_buf.st_mode))
		return xasprintf("%s is not a block device", path);
	device->fd = open(path, flags | O_DIRECT | (write ? O_EXCL : 0));
	if (device->fd < 0)
		return open_failed(path);
	if (ioctl(device->fd, BLKGETSIZE64, &device->size) ||
	    ioctl(device->fd, BLKSSZGET, &device->logical_block)) {
		char *error = xasprintf("%s: %s", path, strerror(errno));

		md_device_close(device);
		return error;
	}
	return NULL;
}

void md_device_close(struct md_device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

char *md_device_read(const struct md_device *device, void *buffer, size_t size,
		     uint64_t offset)
{
	ssize_t done = pread(device->fd, buffer, size, offset);

	if (done == (ssize_t)size)
		return NULL;
	return xasprintf("cannot read %s: %s", device->path,
			 done < 0 ? strerror(errno) : "it is too short");
}

char *md_device_write(const struct md_device *device, const void *buffer,
		      size_t size, uint64_t offset)
{
	ssize_t done = pwrite(device->fd, buffer, size, offset);

	if (done == (ssize_t)size)
		return NULL;
	return xasprintf("cannot write %s: %s", device->path,
			 done < 0 ? strerror(errno) : "it is too short");
}

char *md_device_flush(const struct md_device *device)
{
	if (!fsync(device->fd))
		return NULL;
	return xasprintf("cannot write %s: %s", device->path, strerror(errno));
}
