// SPDX-License-Identifier: GPL-2.0-only
/* Asking libblkid, and judging whether what it found is in the way. */
#include <blkid/blkid.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "md_device.h"
#include "md_fs_size.h"
#include "md_probe.h"
#include "size.h"
#include "util.h"

#ifndef BLKID_SUBLKS_FSINFO	/* libblkid before 2.39 */
#define BLKID_SUBLKS_FSINFO 0
#endif

static const char *lookup(blkid_probe probe, const char *name)
{
	const char *value;

	return blkid_probe_lookup_value(probe, name, &value, NULL) ? NULL
								    : value;
}

static uint64_t lookup_number(blkid_probe probe, const char *name)
{
	const char *value = lookup(probe, name);

	return value ? strtoull(value, NULL, 10) : 0;
}

/* Bytes up to the end of the file system found, 0 when it does not say. */
static uint64_t end_of_data(blkid_probe probe, const struct md_device *device,
			    const char *type)
{
	uint64_t blocks = lookup_number(probe, "FSLASTBLOCK");
	uint64_t block_size = lookup_number(probe, "FSBLOCKSIZE");

	if (blocks && block_size)
		return blocks * block_size;
	return md_fs_size(device, type);
}

static char *describe(blkid_probe probe, const struct md_device *device,
		      uint64_t keep)
{
	const char *type = lookup(probe, "TYPE");
	const char *table = lookup(probe, "PTTYPE");
	const char *label = lookup(probe, "LABEL");
	uint64_t end = type ? end_of_data(probe, device, type) : 0, at;
	char *what, *found, size[32];

	if (!type)
		return xasprintf("a partition table (%s, signature at byte %" PRIu64 ")",
				 table ? table : "unknown",
				 lookup_number(probe, "PTMAGIC_OFFSET"));
	if (end && end <= keep)
		return NULL;
	what = label ? xasprintf("%s \"%s\"", type, label) : xstrdup(type);
	ha_size_text(end, size, sizeof(size));
	at = lookup_number(probe, "SBMAGIC_OFFSET");
	if (end && keep)
		found = xasprintf("%s (%s, signature at byte %" PRIu64 "), which ends %" PRIu64
				  " bytes inside the metadata area; shrunk to %" PRIu64
				  " KiB it would keep its place",
				  what, size, at, end - keep, keep / 1024);
	else
		found = xasprintf("%s (signature at byte %" PRIu64 ")", what,
				  at);
	free(what);
	return found;
}

static char *append(char *list, char *item)
{
	char *longer;

	if (!list)
		return item;
	longer = xasprintf("%s; and %s", list, item);
	free(list);
	free(item);
	return longer;
}

static char *probe_all(blkid_probe probe, const struct md_device *device,
		       uint64_t keep)
{
	char *found = NULL, *item;
	int ret;

	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE |
					  BLKID_SUBLKS_LABEL |
					  BLKID_SUBLKS_MAGIC |
					  BLKID_SUBLKS_FSINFO |
					  BLKID_SUBLKS_BADCSUM);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, BLKID_PARTS_MAGIC |
					 BLKID_PARTS_FORCE_GPT);
	while (!(ret = blkid_do_probe(probe))) {
		item = describe(probe, device, keep);
		if (item)
			found = append(found, item);
	}
	if (ret < 0)
		found = append(found,
			       xstrdup("something that libblkid could not read"));
	return found;
}

char *md_probe(const struct md_device *device, uint64_t keep)
{
	/* libblkid reads what is not aligned, as O_DIRECT wants it. */
	int fd = open(device->path, O_RDONLY | O_CLOEXEC);
	blkid_probe probe = blkid_new_probe();
	char *found;

	if (fd < 0 || !probe || blkid_probe_set_device(probe, fd, 0, 0))
		found = xstrdup("something that libblkid could not open");
	else
		found = probe_all(probe, device, keep);
	blkid_free_probe(probe);
	if (fd >= 0)
		close(fd);
	return found;
}
