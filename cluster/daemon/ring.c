// SPDX-License-Identifier: GPL-2.0-only
/* The connection to CPG: joining, messages both ways, and beginning again. */
#include <corosync/cfg.h>
#include <corosync/cpg.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ring.h"
#include "ring_news.h"
#include "ring_quorum.h"
#include "util.h"

#define GROUP		"hacluster"
#define RETRY_MS	500
#define BUSY_MS		5
#define NODES		32

struct message {
	struct message *next;
	size_t size;
	char data[];
};

/**
 * struct ring - @handle is valid while @joined
 * @queue: not taken by corosync yet
 * @clock: the next try, to connect or to send
 */
struct ring {
	struct daemon *d;
	cpg_handle_t handle;
	bool joined, dispatching, broken;
	sd_event_source *io, *clock;
	struct message *queue, **queue_end;
	struct ring_quorum *quorum;
};

bool ring_joined(const struct ring *ring)
{
	return ring && ring->joined;
}

static void drop_queue(struct ring *ring)
{
	struct message *m;

	while ((m = ring->queue)) {
		ring->queue = m->next;
		free(m);
	}
	ring->queue_end = &ring->queue;
}

static void try_again(struct ring *ring, int64_t ms)
{
	sd_event_source_set_time_relative(ring->clock, ms * 1000);
	sd_event_source_set_enabled(ring->clock, SD_EVENT_ONESHOT);
}

static void lost(struct ring *ring, const char *what, cs_error_t error)
{
	static const struct core_event alone = { .kind = CORE_EV_CPG };

	if (ring->dispatching) {
		ring->broken = true;
		return;
	}
	if (ring->joined)
		say(3, "the connection to corosync is lost (%s: %s)", what,
		    cs_strerror(error));
	ring->joined = ring->broken = false;
	sd_event_source_disable_unref(ring->io);
	ring->io = NULL;
	cpg_finalize(ring->handle);
	drop_queue(ring);
	try_again(ring, RETRY_MS);
	ring_quorum_lost(ring->quorum);
	ring_news_alone(ring->d);
	engine_feed(ring->d, &alone);
}

static void flush(struct ring *ring)
{
	struct message *m;

	while (ring->joined && !ring->broken && (m = ring->queue)) {
		struct iovec iov = { m->data, m->size };
		cs_error_t error = cpg_mcast_joined(ring->handle,
						    CPG_TYPE_AGREED, &iov, 1);

		if (error == CS_ERR_TRY_AGAIN) {
			try_again(ring, BUSY_MS);
			return;
		}
		if (error != CS_OK) {
			lost(ring, "send", error);
			return;
		}
		ring->queue = m->next;
		if (!ring->queue)
			ring->queue_end = &ring->queue;
		free(m);
	}
}

void ring_send(struct ring *ring, enum ring_kind kind, const void *data,
	       size_t size)
{
	struct message *m;

	if (!ring_joined(ring))
		return;
	m = xcalloc(1, sizeof(*m) + size + 1);
	m->size = size + 1;
	m->data[0] = kind;
	memcpy(m->data + 1, data, size);
	*ring->queue_end = m;
	ring->queue_end = &m->next;
	if (!ring->dispatching)
		flush(ring);
}

void ring_send_json(struct ring *ring, enum ring_kind kind, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	ring_send(ring, kind, text, strlen(text));
	free(text);
}

static struct ring *ring_of(cpg_handle_t handle)
{
	void *context = NULL;

	cpg_context_get(handle, &context);
	return context;
}

static void on_message(cpg_handle_t handle, const struct cpg_name *group,
		       uint32_t node, uint32_t pid, void *message, size_t size)
{
	struct ring *ring = ring_of(handle);
	const char *data = message;
	struct core_event event = {
		.kind = CORE_EV_MESSAGE, .from = { node, pid },
		.bytes = { data + 1, size - 1 },
	};

	(void)group;
	if (!size)
		return;
	if (data[0] == RING_CORE)
		engine_feed(ring->d, &event);
	else
		ring_news_json(ring->d, data[0], node, data + 1, size - 1);
}

static void on_members(cpg_handle_t handle, const struct cpg_name *group,
		       const struct cpg_address *list, size_t count,
		       const struct cpg_address *left, size_t n_left,
		       const struct cpg_address *joined, size_t n_joined)
{
	struct ring *ring = ring_of(handle);
	struct core_member members[NODES];
	struct core_event event = { .kind = CORE_EV_CPG, .members = members };

	(void)group;
	(void)joined;
	(void)n_joined;
	for (size_t i = 0; i < count && event.count < NODES; i++)
		members[event.count++] = (struct core_member){ list[i].nodeid,
							       list[i].pid };
	ring_news_members(ring->d, members, event.count,
			  n_left ? left[0].reason : 0);
	engine_feed(ring->d, &event);
}

static void on_ring(cpg_handle_t handle, struct cpg_ring_id id, uint32_t count,
		    const uint32_t *list)
{
	struct ring *ring = ring_of(handle);
	struct core_event event = { .kind = CORE_EV_RING,
				    .ring = { id.nodeid, id.seq } };

	for (uint32_t i = 0; i < count; i++)
		if (list[i] && list[i] <= NODES)
			event.nodes |= 1u << (list[i] - 1);
	ring_news_ring(ring->d, &event.ring, event.nodes);
	engine_feed(ring->d, &event);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events,
		       void *arg)
{
	struct ring *ring = arg;
	cs_error_t error;

	(void)source;
	(void)fd;
	ring->dispatching = true;
	error = cpg_dispatch(ring->handle, CS_DISPATCH_ALL);
	ring->dispatching = false;
	if ((error != CS_OK && error != CS_ERR_TRY_AGAIN) || ring->broken ||
	    (events & (EPOLLHUP | EPOLLERR)))
		lost(ring, "dispatch", error);
	else
		flush(ring);
	return 0;
}

static cs_error_t join(struct ring *ring)
{
	cpg_model_v1_data_t model = {
		.model = CPG_MODEL_V1, .cpg_deliver_fn = on_message,
		.cpg_confchg_fn = on_members, .cpg_totem_confchg_fn = on_ring,
		.flags = CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF,
	};
	struct cpg_name name = { .length = strlen(GROUP) };
	cs_error_t error;
	int fd;

	error = cpg_model_initialize(&ring->handle, CPG_MODEL_V1,
				     (cpg_model_data_t *)&model, ring);
	if (error != CS_OK)
		return error;
	memcpy(name.value, GROUP, name.length);
	error = cpg_fd_get(ring->handle, &fd);
	if (error == CS_OK)
		error = cpg_join(ring->handle, &name);
	if (error == CS_OK &&
	    sd_event_add_io(ring->d->event, &ring->io, fd, EPOLLIN, on_readable,
			    ring) < 0)
		error = CS_ERR_LIBRARY;
	if (error != CS_OK)
		cpg_finalize(ring->handle);
	return error;
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct ring *ring = arg;

	(void)source;
	(void)usec;
	if (ring->joined) {
		flush(ring);
		return 0;
	}
	if (join(ring) != CS_OK) {
		try_again(ring, RETRY_MS);
		return 0;
	}
	ring->joined = true;
	say(5, "connected to corosync");
	return 0;
}

int ring_start(struct daemon *d, struct ring **out)
{
	struct ring *ring = xcalloc(1, sizeof(*ring));
	int ret;

	ring->d = d;
	ring->queue_end = &ring->queue;
	*out = ring;
	ret = sd_event_add_time_relative(d->event, &ring->clock,
					 CLOCK_MONOTONIC, 0, 1000, on_clock,
					 ring);
	return ret < 0 ? ret : ring_quorum_start(d, &ring->quorum);
}

void ring_stop(struct ring *ring)
{
	if (!ring)
		return;
	ring_quorum_stop(ring->quorum);
	if (ring->joined)
		cpg_finalize(ring->handle);
	sd_event_source_disable_unref(ring->io);
	sd_event_source_disable_unref(ring->clock);
	drop_queue(ring);
	free(ring);
}

uint32_t ring_own_id(void)
{
	static corosync_cfg_callbacks_t none;
	corosync_cfg_handle_t handle;
	unsigned int id = 0;

	if (corosync_cfg_initialize(&handle, &none) != CS_OK)
		return 0;
	if (corosync_cfg_local_get(handle, &id) != CS_OK)
		id = 0;
	corosync_cfg_finalize(handle);
	return id;
}
