// SPDX-License-Identifier: GPL-2.0-only
/* The connection to the module, and each device as last told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "engine.h"
#include "request.h"
#include "storage_facts.h"
#include "util.h"
#include "view.h"

#define RETRY_MS 2000

/**
 * struct device - one of the configuration
 * @told: its facts, as the core has them
 * @asked: peers that the core was asked to exclude, while I/O is suspended
 * @synced: peers that have all data
 * @excluded: peers that may not promote it, says the cluster
 * @lost: excluded is this node, which was Primary
 */
struct device {
	struct device *next;
	char *name, *hadm, *told;
	uint32_t asked, synced, excluded;
	bool suspended, lost;
};

/**
 * struct devices - @orders: another connection, for requests
 */
struct devices {
	struct daemon *d;
	struct model *model;
	struct device *first;
	struct ha_genl *genl, *orders;
	struct ha_view view;
	int fd;
	sd_event_source *io, *clock;
};

static void close_it(struct devices *all)
{
	sd_event_source_disable_unref(all->io);
	all->io = NULL;
	if (all->genl) {
		ha_genl_close(all->genl);
		ha_genl_close(all->orders);
		ha_view_free(&all->view);
	}
	all->genl = all->orders = NULL;
	memset(&all->view, 0, sizeof(all->view));
}

static void feed(struct devices *all, const struct device *device,
		 enum core_device_event kind, uint32_t peer, uint64_t uuid,
		 const char *state)
{
	const struct core_event event = {
		.kind = CORE_EV_DEVICE,
		.device = { kind, device->name, peer, uuid,
			    { state, state ? strlen(state) : 0 } },
	};

	engine_feed(all->d, &event);
}

static void tell_facts(struct devices *all, struct device *device,
		       const struct ha_state *state)
{
	json_t *facts = state ? storage_facts(state) : json_object();
	json_t *peers = json_object_get(facts, "peers"), *peer;
	char *text;
	size_t i;

	/* Progress is no news. */
	json_array_foreach(peers, i, peer)
		json_object_del(peer, "out_of_sync_bytes");
	json_object_del(facts, "open");
	text = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(facts);
	if (ha_streq(text, device->told)) {
		free(text);
		return;
	}
	free(device->told);
	device->told = text;
	feed(all, device, CORE_DEV_STATE, 0, 0, text);
}

static void look_at_peer(struct devices *all, struct device *device,
			 const struct ha_state *state,
			 const struct ha_peer_state *peer)
{
	const struct hc_node *node = hc_node_find(all->model->conf, peer->name);
	bool connected = peer->connection == HA_CONN_STATE_CONNECTED;
	bool synced = connected && peer->disk == HA_DISK_STATE_UPTODATE;
	uint32_t bit = node ? 1u << (node->id - 1) : 0;

	if (!bit)
		return;
	if (device->suspended && !connected && !(device->asked & bit)) {
		device->asked |= bit;
		say(5, "%s: I/O is suspended, may %s be excluded?",
		    device->name, node->name);
		feed(all, device, CORE_DEV_FENCE_PEER, node->id,
		     state->generation, NULL);
	}
	if (synced && !(device->synced & bit))
		feed(all, device, CORE_DEV_IN_SYNC, node->id,
		     state->generation, NULL);
	device->synced = synced ? device->synced | bit : device->synced & ~bit;
}

static void order(struct devices *all, const struct device *device, uint8_t cmd,
		  int peer)
{
	struct ha_request req;
	int ret;

	ha_request_init(&req, ha_request_kind(cmd), device->hadm);
	req.peer = peer;
	ret = ha_request_send(&req, all->orders);
	if (ret)
		say(3, "%s: %s: %s", device->name, req.kind->verb,
		    ha_genl_error(all->orders));
	ha_request_free(&req);
}

/* A peer that is there brings the own data up to date, or has done so. */
static bool connected(const struct ha_state *state)
{
	for (unsigned int i = 0; i < state->n_peers; i++)
		if (state->peers[i].connection == HA_CONN_STATE_CONNECTED)
			return true;
	return false;
}

/*
 * What the cluster has excluded must not be promoted by anybody. The core knows it
 * for as long as it is so; the module is told whenever its state is one in which it
 * can be: after an attach, a lost connection, a demotion.
 */
static void outdate(struct devices *all, const struct device *device,
		    const struct ha_state *state)
{
	if (state->role == HA_ROLE_PRIMARY || connected(state) ||
	    (state->disk != HA_DISK_STATE_UPTODATE &&
	     state->disk != HA_DISK_STATE_CONSISTENT) ||
	    !core_outdated(all->d->core, device->name))
		return;
	say(5, "%s: this node is excluded, its data is outdated", device->name);
	order(all, device, HA_CMD_OUTDATE, -1);
}

static void look(struct devices *all)
{
	for (struct device *device = all->first; device; device = device->next) {
		const struct ha_state *state = all->genl ?
			ha_view_find(&all->view, device->hadm) : NULL;

		device->suspended = state &&
				    state->suspended & HA_SUSPENDED_FENCING;
		if (!device->suspended)
			device->asked = 0;
		if (!state || state->role != HA_ROLE_PRIMARY)
			device->lost = false;
		tell_facts(all, device, state);
		for (unsigned int i = 0; state && i < state->n_peers; i++)
			look_at_peer(all, device, state, &state->peers[i]);
		if (state)
			outdate(all, device, state);
	}
}

static void retry(struct devices *all)
{
	sd_event_source_set_time_relative(all->clock, RETRY_MS * 1000);
	sd_event_source_set_enabled(all->clock, SD_EVENT_ONESHOT);
}

static int on_event(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct devices *all = arg;
	int ret;

	(void)source;
	(void)events;
	do
		ret = ha_view_wait(&all->view, all->genl, fd, 0);
	while (ret > 0 || ret == -EINTR);
	if (ret < 0) {
		say(4, "the kernel module has gone: %s", strerror(-ret));
		close_it(all);
		retry(all);
	}
	look(all);
	return 0;
}

static bool open_it(struct devices *all)
{
	char *error = NULL;

	all->genl = ha_genl_open(&error);
	all->orders = all->genl ? ha_genl_open(&error) : NULL;
	free(error);
	if (!all->orders) {
		ha_genl_close(all->genl);
		all->genl = NULL;
		return false;
	}
	all->fd = ha_genl_subscribe(all->genl);
	if (all->fd >= 0 && !ha_view_load(&all->view, all->genl) &&
	    sd_event_add_io(all->d->event, &all->io, all->fd, EPOLLIN, on_event,
			    all) >= 0)
		return true;
	close_it(all);
	return false;
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct devices *all = arg;

	(void)source;
	(void)usec;
	if (!all->first || all->genl)
		return 0;
	if (!open_it(all))
		retry(all);
	look(all);
	return 0;
}

struct devices *devices_new(struct daemon *d)
{
	struct devices *all = xcalloc(1, sizeof(*all));

	all->d = d;
	if (sd_event_add_time_relative(d->event, &all->clock, CLOCK_MONOTONIC,
				       0, 1000, on_clock, all) < 0)
		abort();
	sd_event_source_set_enabled(all->clock, SD_EVENT_OFF);
	return all;
}

static struct device *find(struct devices *all, const char *name)
{
	struct device *device = all->first;

	while (device && strcmp(device->name, name))
		device = device->next;
	return device;
}

static void drop(struct device *device)
{
	free(device->name);
	free(device->hadm);
	free(device->told);
	free(device);
}

void devices_configure(struct devices *all, struct model *model)
{
	const struct hc_config *conf = model->conf;
	struct device **at = &all->first, *device;

	model_put(all->model);
	all->model = model_get(model);
	while ((device = *at)) {
		if (hc_device_find(conf, device->name)) {
			at = &device->next;
			continue;
		}
		*at = device->next;
		drop(device);
	}
	for (unsigned int i = 0; i < conf->n_devices; i++) {
		const struct hc_device *known = &conf->devices[i];

		device = find(all, known->name);
		if (!device) {
			device = xcalloc(1, sizeof(*device));
			device->name = xstrdup(known->name);
			device->next = all->first;
			all->first = device;
		}
		ha_replace(&device->hadm, known->hadm ? known->hadm :
							known->name);
	}
	sd_event_source_set_time_relative(all->clock, 0);
	sd_event_source_set_enabled(all->clock, SD_EVENT_ONESHOT);
	if (all->genl)
		look(all);
}

/*
 * The module finds out by itself, after its own time: a request that says
 * "this peer is gone, and not by a wish" is not there yet.
 */
void devices_peers(struct devices *all, uint32_t nodes)
{
	(void)all;
	(void)nodes;
}

static const struct ha_peer_state *peer_of(const struct devices *all,
					   const struct ha_state *state,
					   uint32_t nodes)
{
	for (unsigned int i = 0; state && i < state->n_peers; i++) {
		const struct hc_node *node =
			hc_node_find(all->model->conf, state->peers[i].name);

		if (node && nodes & (1u << (node->id - 1)))
			return &state->peers[i];
	}
	return NULL;
}

const char *devices_excluded(const struct devices *all, const char *name)
{
	const struct device *device = find((struct devices *)all, name);
	const struct ha_peer_state *peer = NULL;

	if (device && device->excluded && all->genl)
		peer = peer_of(all, ha_view_find(&all->view, device->hadm),
			       device->excluded);
	return peer ? peer->name : NULL;
}

bool devices_lost(const struct devices *all, const char *name)
{
	const struct device *device = find((struct devices *)all, name);

	return device && device->lost && device->suspended;
}

/* A suspended Primary has no connection any more, so this does not wait. */
static void go_on(struct devices *all, const struct device *device,
		  const struct ha_state *state, uint32_t node)
{
	const struct ha_peer_state *peer = peer_of(all, state,
						   1u << (node - 1));

	if (!peer || peer->connection == HA_CONN_STATE_CONNECTED ||
	    !(state->suspended & HA_SUSPENDED_FENCING))
		return;
	say(5, "%s: %s is excluded, I/O goes on", device->name, peer->name);
	order(all, device, HA_CMD_FENCED, peer->node_id);
}

void devices_answer(struct devices *all, const char *name, uint32_t node,
		    enum core_answer answer)
{
	struct device *device = find(all, name);
	const struct ha_state *state = device && all->genl ?
		ha_view_find(&all->view, device->hadm) : NULL;

	if (device && answer == CORE_ANSWER_EXCLUDED)
		device->excluded |= 1u << (node - 1);
	else if (device && answer == CORE_ANSWER_INCLUDED)
		device->excluded &= ~(1u << (node - 1));
	if (!state)
		return;
	if (answer == CORE_ANSWER_EXCLUDED) {
		go_on(all, device, state, node);
	} else if (answer == CORE_ANSWER_OUTDATE) {
		device->lost = state->role == HA_ROLE_PRIMARY;
		outdate(all, device, state);
	}
}

void devices_free(struct devices *all)
{
	struct device *device;

	if (!all)
		return;
	close_it(all);
	while ((device = all->first)) {
		all->first = device->next;
		drop(device);
	}
	model_put(all->model);
	sd_event_source_disable_unref(all->clock);
	free(all);
}
