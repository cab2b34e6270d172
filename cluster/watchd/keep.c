// SPDX-License-Identifier: GPL-2.0-only
/* What must be known after a crash of this process: what was promised, for which device. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "keep.h"

static void boot_id(char *boot, size_t size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	memset(boot, 0, size);
	if (file && !fgets(boot, size, file))
		boot[0] = '\0';
	if (file)
		fclose(file);
}

struct keep *keep_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct keep *keep;
	char boot[40];

	if (fd < 0)
		return NULL;
	if (ftruncate(fd, sizeof(*keep))) {
		close(fd);
		return NULL;
	}
	keep = mmap(NULL, sizeof(*keep), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (keep == MAP_FAILED)
		return NULL;
	boot_id(boot, sizeof(boot));
	if (keep->version != WATCHD_VERSION || memcmp(keep->boot, boot, sizeof(boot))) {
		memset(keep, 0, sizeof(*keep));
		memcpy(keep->boot, boot, sizeof(boot));
		keep->version = WATCHD_VERSION;
	}
	keep->device[WATCHD_PATH - 1] = '\0';
	return keep;
}
