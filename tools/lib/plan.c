// SPDX-License-Identifier: GPL-2.0-only
/* Comparing model and kernel state, giving steps; no I/O, no clock. */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "plan.h"
#include "util.h"

static struct ha_request *add(struct ha_plan *plan, uint8_t cmd,
			      const char *name)
{
	struct ha_request *req;

	plan->steps = xreallocarray(plan->steps, plan->n + 1,
				    sizeof(*plan->steps));
	req = &plan->steps[plan->n++];
	ha_request_init(req, ha_request_kind(cmd), name);
	return req;
}

/* Options that differ, as told by the kernel, from those that shall be. */
static void differing(const struct ha_values *want,
		      const struct ha_values *have, uint32_t mask,
		      struct ha_values *out)
{
	memset(out, 0, sizeof(*out));
	for (int id = 0; id < HA_OPT_NR; id++) {
		uint64_t value = ha_values_effective(want, id);

		if ((mask & have->set & (1u << id)) &&
		    have->value[id] != value)
			ha_values_set(out, id, value);
	}
}

static struct ha_values only(const struct ha_values *values, uint32_t mask)
{
	struct ha_values some = *values;

	some.set &= mask;
	return some;
}

static const struct ha_state *plan_resource(struct ha_plan *plan,
					    const struct ha_plan_want *want)
{
	const struct ha_values *values = &want->res->settings.values;
	const struct ha_state *have = want->have;
	struct ha_values changed;
	struct ha_request *req;

	/* What cannot be changed: begin again. */
	if (have && (have->node_id != (uint32_t)want->self->node_id ||
		     have->minor != (uint32_t)want->self->minor)) {
		add(plan, HA_CMD_DOWN, want->res->name);
		have = NULL;
	}
	if (have) {
		differing(values, &have->values, HA_OPTS_RESOURCE, &changed);
		if (changed.set) {
			req = add(plan, HA_CMD_RESOURCE_SET, want->res->name);
			req->values = changed;
		}
		return have;
	}
	req = add(plan, HA_CMD_RESOURCE_NEW, want->res->name);
	req->node_id = want->self->node_id;
	req->minor = want->self->minor;
	req->values = only(values, HA_OPTS_RESOURCE);
	return NULL;
}

static void new_peer(struct ha_plan *plan, const struct ha_plan_want *want,
		     const struct ha_conf_host *host)
{
	struct ha_request *req = add(plan, HA_CMD_PEER_NEW, want->res->name);
	const struct ha_conf_settings *settings = &want->res->settings;

	req->peer = host->node_id;
	ha_replace(&req->peer_name, host->name);
	ha_replace(&req->secret, settings->secret);
	req->local = want->self->address;
	req->remote = host->address;
	req->values = only(&settings->values, HA_OPTS_PEER);
}

static void remove_peer(struct ha_plan *plan, const char *name,
			const struct ha_peer_state *peer)
{
	if (peer->connection != HA_CONN_STATE_STANDALONE)
		add(plan, HA_CMD_DISCONNECT, name)->peer = peer->node_id;
	add(plan, HA_CMD_PEER_DEL, name)->peer = peer->node_id;
}

/* Addresses and names cannot be changed under a peer. */
static bool same_peer(const struct ha_peer_state *peer,
		      const struct ha_conf_host *host,
		      const struct ha_conf_host *self)
{
	return !strcmp(peer->name, host->name) &&
	       (!peer->local.ss_family ||
		ha_address_equal(&peer->local, &self->address)) &&
	       (!peer->remote.ss_family ||
		ha_address_equal(&peer->remote, &host->address));
}

static const struct ha_conf_host *host_of(const struct ha_plan_want *want,
					  uint32_t node_id)
{
	for (unsigned int i = 0; i < want->res->n_hosts; i++) {
		const struct ha_conf_host *host = &want->res->hosts[i];

		if (host != want->self && (uint32_t)host->node_id == node_id)
			return host;
	}
	return NULL;
}

static bool other_disk(const struct ha_plan_want *want,
		       const struct ha_state *have)
{
	const char *meta = want->self->meta_disk;

	if (*have->disk_path && strcmp(have->disk_path, want->self->disk))
		return true;
	return *have->disk_path && strcmp(have->meta_path, meta ? meta : "");
}

/* Does any peer have to be made or forgotten? */
static bool peers_change(const struct ha_plan_want *want,
			 const struct ha_state *have)
{
	for (unsigned int i = 0; i < have->n_peers; i++) {
		const struct ha_peer_state *peer = &have->peers[i];
		const struct ha_conf_host *host = host_of(want, peer->node_id);

		if (!host || !same_peer(peer, host, want->self))
			return true;
	}
	return have->n_peers != want->res->n_hosts - 1;
}

/*
 * The kernel takes and forgets peers only while no disk is attached, since
 * metadata counts for them.  Returns whether the disk is (still) attached.
 */
static bool plan_detach(struct ha_plan *plan, const struct ha_plan_want *want,
			const struct ha_state *have)
{
	if (!have || have->disk == HA_DISK_STATE_DISKLESS)
		return false;
	if (!other_disk(want, have) && !peers_change(want, have))
		return true;
	add(plan, HA_CMD_DETACH, want->res->name);
	return false;
}

/* Returns the peers (bit mask) that have to be connected afterwards. */
static uint32_t plan_peers(struct ha_plan *plan,
			   const struct ha_plan_want *want,
			   const struct ha_state *have)
{
	const struct ha_values *values = &want->res->settings.values;
	const char *name = want->res->name;
	uint32_t connect = 0;

	for (unsigned int i = 0; have && i < have->n_peers; i++)
		if (!host_of(want, have->peers[i].node_id))
			remove_peer(plan, name, &have->peers[i]);
	for (unsigned int i = 0; i < want->res->n_hosts; i++) {
		const struct ha_conf_host *host = &want->res->hosts[i];
		const struct ha_peer_state *peer = NULL;
		struct ha_values changed;
		struct ha_request *req;

		if (host == want->self)
			continue;
		if (have)
			peer = ha_state_peer(have, host->node_id);
		if (!peer || !same_peer(peer, host, want->self)) {
			if (peer)
				remove_peer(plan, name, peer);
			new_peer(plan, want, host);
			connect |= 1u << host->node_id;
			continue;
		}
		differing(values, &peer->values, HA_OPTS_PEER, &changed);
		if (changed.set) {
			req = add(plan, HA_CMD_PEER_SET, name);
			req->peer = host->node_id;
			req->values = changed;
		}
		if (peer->connection == HA_CONN_STATE_STANDALONE)
			connect |= 1u << host->node_id;
	}
	return connect;
}

void ha_plan_attach(struct ha_plan *plan, const struct ha_plan_want *want)
{
	struct ha_request *req = add(plan, HA_CMD_ATTACH, want->res->name);

	ha_replace(&req->disk, want->self->disk);
	ha_replace(&req->meta_disk, want->self->meta_disk);
}

void ha_plan_adjust(struct ha_plan *plan, const struct ha_plan_want *want)
{
	const struct ha_state *have = plan_resource(plan, want);
	bool attached = plan_detach(plan, want, have);
	uint32_t connect = plan_peers(plan, want, have);
	uint32_t all = 0;

	if (!attached)
		ha_plan_attach(plan, want);
	for (unsigned int i = 0; i < want->res->n_hosts; i++)
		if (&want->res->hosts[i] != want->self)
			all |= 1u << want->res->hosts[i].node_id;
	if (connect && connect == all) {
		add(plan, HA_CMD_CONNECT, want->res->name);
		return;
	}
	for (int id = 0; id < HA_MAX_SLOTS; id++)
		if (connect & (1u << id))
			add(plan, HA_CMD_CONNECT, want->res->name)->peer = id;
}

void ha_plan_single(struct ha_plan *plan, uint8_t cmd, const char *name,
		    const struct ha_plan_options *options)
{
	struct ha_request *req = add(plan, cmd, name);
	unsigned int takes = req->kind->takes;

	req->force = (takes & HA_TAKES_FORCE) && options->force;
	req->discard_my_data = (takes & HA_TAKES_DISCARD) &&
			       options->discard_my_data;
	if ((takes & HA_TAKES_ANY_PEER) && options->peer)
		req->peer = options->peer->node_id;
}

void ha_plan_print(const struct ha_plan *plan, FILE *out)
{
	for (unsigned int i = 0; i < plan->n; i++)
		ha_request_print(&plan->steps[i], out);
}

void ha_plan_free(struct ha_plan *plan)
{
	while (plan->n)
		ha_request_free(&plan->steps[--plan->n]);
	free(plan->steps);
	plan->steps = NULL;
}
