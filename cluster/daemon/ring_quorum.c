// SPDX-License-Identifier: GPL-2.0-only
/* The connection to the quorum service. */
#include <corosync/quorum.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ring_quorum.h"
#include "util.h"

#define RETRY_MS	500
#define NODES		32

struct ring_quorum {
	struct daemon *d;
	quorum_handle_t handle;
	bool open;
	sd_event_source *io, *clock;
};

static void on_quorum(quorum_handle_t handle, uint32_t quorate,
		      struct quorum_ring_id id, uint32_t count,
		      const uint32_t *list)
{
	struct core_event event = {
		.kind = CORE_EV_QUORUM, .yes = quorate,
		.ring = { id.nodeid, id.seq },
	};
	const void *context = NULL;
	struct ring_quorum *q;

	quorum_context_get(handle, &context);
	q = (struct ring_quorum *)context;
	for (uint32_t i = 0; i < count; i++)
		if (list[i] && list[i] <= NODES)
			event.nodes |= 1u << (list[i] - 1);
	engine_feed(q->d, &event);
}

/* Said by on_quorum() too; the callback must be there. */
static void on_nodes(quorum_handle_t handle, struct quorum_ring_id id,
		     uint32_t n, const uint32_t *list, uint32_t n_joined,
		     const uint32_t *joined, uint32_t n_left,
		     const uint32_t *left)
{
	(void)handle;
	(void)id;
	(void)n;
	(void)list;
	(void)n_joined;
	(void)joined;
	(void)n_left;
	(void)left;
}

static void close_it(struct ring_quorum *q)
{
	if (!q->open)
		return;
	q->open = false;
	sd_event_source_disable_unref(q->io);
	q->io = NULL;
	quorum_finalize(q->handle);
}

void ring_quorum_lost(struct ring_quorum *q)
{
	static const struct core_event no = { .kind = CORE_EV_QUORUM };

	close_it(q);
	sd_event_source_set_time_relative(q->clock, RETRY_MS * 1000);
	sd_event_source_set_enabled(q->clock, SD_EVENT_ONESHOT);
	engine_feed(q->d, &no);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events,
		       void *arg)
{
	struct ring_quorum *q = arg;
	cs_error_t error = quorum_dispatch(q->handle, CS_DISPATCH_ALL);

	(void)source;
	(void)fd;
	if ((error != CS_OK && error != CS_ERR_TRY_AGAIN) ||
	    (events & (EPOLLHUP | EPOLLERR)))
		ring_quorum_lost(q);
	return 0;
}

static cs_error_t open_it(struct ring_quorum *q)
{
	quorum_model_v1_data_t model = {
		.model = QUORUM_MODEL_V1, .quorum_notify_fn = on_quorum,
		.nodelist_notify_fn = on_nodes,
	};
	uint32_t type;
	cs_error_t error;
	int fd;

	error = quorum_model_initialize(&q->handle, QUORUM_MODEL_V1,
					(quorum_model_data_t *)&model, &type, q);
	if (error != CS_OK)
		return error;
	if (type != QUORUM_SET)
		say(2, "corosync has no quorum provider: nothing will ever be quorate");
	error = quorum_fd_get(q->handle, &fd);
	if (error == CS_OK)
		error = quorum_trackstart(q->handle, CS_TRACK_CURRENT |
						     CS_TRACK_CHANGES);
	if (error == CS_OK &&
	    sd_event_add_io(q->d->event, &q->io, fd, EPOLLIN, on_readable, q) < 0)
		error = CS_ERR_LIBRARY;
	if (error != CS_OK)
		quorum_finalize(q->handle);
	return error;
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct ring_quorum *q = arg;

	(void)usec;
	if (q->open)
		return 0;
	q->open = open_it(q) == CS_OK;
	if (!q->open) {
		sd_event_source_set_time_relative(source, RETRY_MS * 1000);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	return 0;
}

int ring_quorum_start(struct daemon *d, struct ring_quorum **out)
{
	struct ring_quorum *q = xcalloc(1, sizeof(*q));
	int ret;

	q->d = d;
	*out = q;
	ret = sd_event_add_time_relative(d->event, &q->clock, CLOCK_MONOTONIC,
					 0, 1000, on_clock, q);
	return ret < 0 ? ret : 0;
}

void ring_quorum_stop(struct ring_quorum *q)
{
	if (!q)
		return;
	close_it(q);
	sd_event_source_disable_unref(q->clock);
	free(q);
}
