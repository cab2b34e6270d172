// SPDX-License-Identifier: GPL-2.0-only
/* Keeps what the module says. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "genl.h"
#include "job.h"
#include "storage.h"
#include "util.h"
#include "view.h"

/**
 * struct storage_mirror - of one executor
 * @fd: of the events; the connection's
 * @lost: the module has gone, or the connection broke
 */
struct storage_mirror {
	struct ex *ex;
	struct ha_genl *genl;
	struct ha_view view;
	int fd;
	sd_event_source *source;
	bool lost;
};

/* Return: whether something changed. */
static bool take_events(struct storage_mirror *mirror)
{
	bool changed = false;
	int ret;

	while (!mirror->lost) {
		ret = ha_view_wait(&mirror->view, mirror->genl, mirror->fd, 0);
		if (ret <= 0) {
			mirror->lost = ret < 0 && ret != -EINTR;
			break;
		}
		changed = true;
	}
	return changed || mirror->lost;
}

static int on_event(sd_event_source *source, int fd, uint32_t events,
		    void *arg)
{
	struct storage_mirror *mirror = arg;

	(void)fd;
	(void)events;
	take_events(mirror);
	if (mirror->lost)
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
	ex_poke(mirror->ex, EX_KIND_STORAGE, NULL, NULL);
	return 0;
}

void storage_mirror_free(struct storage_mirror *mirror)
{
	if (!mirror)
		return;
	sd_event_source_disable_unref(mirror->source);
	ha_genl_close(mirror->genl);
	ha_view_free(&mirror->view);
	free(mirror);
}

static int fill(struct storage_mirror *mirror, char **error)
{
	int ret;

	mirror->genl = ha_genl_open(error);
	if (!mirror->genl)
		return -errno;
	mirror->fd = ha_genl_subscribe(mirror->genl);
	ret = mirror->fd < 0 ? mirror->fd :
	      ha_view_load(&mirror->view, mirror->genl);
	if (!ret)
		ret = sd_event_add_io(mirror->ex->event, &mirror->source,
				      mirror->fd, EPOLLIN, on_event, mirror);
	if (ret < 0)
		*error = xasprintf("the module does not answer: %s",
				   strerror(-ret));
	return ret < 0 ? ret : 0;
}

struct storage_mirror *storage_mirror_get(struct ex *ex, char **error)
{
	struct storage_mirror *mirror = ex->storage;

	if (mirror && mirror->lost) {
		storage_mirror_free(mirror);
		mirror = ex->storage = NULL;
	}
	if (mirror)
		return mirror;
	mirror = xcalloc(1, sizeof(*mirror));
	mirror->ex = ex;
	if (fill(mirror, error)) {
		storage_mirror_free(mirror);
		return NULL;
	}
	ex->storage = mirror;
	return mirror;
}

const struct ha_state *storage_mirror_state(struct storage_mirror *mirror,
					    const char *name)
{
	take_events(mirror);
	return ha_view_find(&mirror->view, name);
}
