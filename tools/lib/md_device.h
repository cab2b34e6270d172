/* SPDX-License-Identifier: GPL-2.0-only */
/* A block device (or, for tests, a file) read and written past the cache. */
#ifndef HA_MD_DEVICE_H
#define HA_MD_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct md_device - an open device
 * @size: bytes
 * @logical_block: bytes
 */
struct md_device {
	const char *path;
	int fd;
	uint64_t size;
	uint32_t logical_block;
};

/**
 * md_device_open() - open it
 * @write: for writing and alone: not mounted, not in use by any driver
 *
 * Return: NULL, or what is wrong; the caller frees it.
 */
char *md_device_open(struct md_device *device, const char *path, bool write);
void md_device_close(struct md_device *device);

/**
 * md_device_read() - read @size bytes; @buffer and @offset on 4096 bytes
 */
char *md_device_read(const struct md_device *device, void *buffer, size_t size,
		     uint64_t offset);
char *md_device_write(const struct md_device *device, const void *buffer,
		      size_t size, uint64_t offset);

/**
 * md_device_flush() - everything written is on stable storage
 */
char *md_device_flush(const struct md_device *device);

#endif
