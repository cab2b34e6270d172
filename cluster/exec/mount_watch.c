// SPDX-License-Identifier: GPL-2.0-only
/* Listens to the table of mounts. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "job.h"
#include "mount_watch.h"
#include "util.h"

struct mount_watch {
	struct ex *ex;
	int fd;
	sd_event_source *source;
};

/* The kernel reports EPOLLPRI once for what changed since it was asked last. */
static int on_change(sd_event_source *source, int fd, uint32_t events,
		     void *arg)
{
	struct mount_watch *watch = arg;

	(void)source;
	(void)fd;
	(void)events;
	ex_poke(watch->ex, EX_KIND_MOUNT, NULL, NULL);
	return 0;
}

void mount_watch_listen(struct ex *ex)
{
	struct mount_watch *watch;

	if (ex->mounts)
		return;
	watch = xcalloc(1, sizeof(*watch));
	watch->ex = ex;
	watch->fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	ex->mounts = watch;
	if (watch->fd >= 0)
		sd_event_add_io(ex->event, &watch->source, watch->fd, EPOLLPRI,
				on_change, watch);
}

void mount_watch_free(struct mount_watch *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch);
}
