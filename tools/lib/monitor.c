// SPDX-License-Identifier: GPL-2.0-only
/* Printing events as they arrive. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "genl.h"
#include "monitor.h"
#include "status.h"
#include "view.h"
#include "words.h"

static bool wanted(const struct ha_monitor *monitor, const char *name)
{
	if (!monitor->names)
		return true;
	for (char *const *one = monitor->names; *one; one++)
		if (!strcmp(*one, name))
			return true;
	return false;
}

static void print_json(const char *event, const struct ha_state *state,
		       bool removed)
{
	json_t *object = json_object(), *rest;

	json_object_set_new(object, "event", json_string(event));
	if (removed) {
		json_object_set_new(object, "name", json_string(state->name));
	} else {
		rest = ha_status_json(state);
		json_object_update(object, rest);
		json_decref(rest);
		if (*state->reason)
			json_object_set_new(object, "reason",
					    json_string(state->reason));
	}
	json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(5));
	putchar('\n');
	json_decref(object);
}

static void print_words(const char *event, const struct ha_state *state,
			bool removed)
{
	printf("%s %s", event, state->name);
	if (!removed)
		printf(" role:%s disk:%s", ha_word(ha_role_words, state->role),
		       ha_word(ha_disk_words, state->disk));
	for (unsigned int i = 0; !removed && i < state->n_peers; i++) {
		const struct ha_peer_state *peer = &state->peers[i];

		printf(" %s:%s,%s,%s,%s", peer->name,
		       ha_word(ha_conn_words, peer->connection),
		       ha_word(ha_role_words, peer->role),
		       ha_word(ha_disk_words, peer->disk),
		       ha_word(ha_repl_words, peer->replication));
	}
	if (*state->reason)
		printf(" (%s)", state->reason);
	putchar('\n');
}

static void print_event(const struct ha_monitor *monitor, const char *event,
			const struct ha_state *state, bool removed)
{
	if (!wanted(monitor, state->name))
		return;
	if (monitor->json)
		print_json(event, state, removed);
	else
		print_words(event, state, removed);
}

static void take_event(uint8_t cmd, const struct nlmsghdr *nlh, void *arg)
{
	struct ha_state state;
	bool removed = cmd == HA_CMD_REMOVED;

	if (!ha_state_decode(nlh, &state))
		print_event(arg, removed ? "removed" : "changed", &state,
			    removed);
}

static int print_all(struct ha_genl *genl, const struct ha_monitor *monitor)
{
	struct ha_view view = { 0 };
	int ret = ha_view_load(&view, genl);

	for (unsigned int i = 0; !ret && i < view.n; i++)
		print_event(monitor, "exists", &view.states[i], false);
	ha_view_free(&view);
	return ret;
}

int ha_monitor_run(struct ha_genl *genl, const struct ha_monitor *monitor)
{
	int fd = ha_genl_subscribe(genl);
	int ret = fd < 0 ? fd : print_all(genl, monitor);

	while (!ret) {
		/* Who reads stdout has closed it: POLLERR, also when idle. */
		struct pollfd fds[] = {
			{ .fd = fd, .events = POLLIN },
			{ .fd = 1, .events = 0 },
		};

		fflush(stdout);
		if (poll(fds, 2, -1) < 0)
			return -errno;
		if (fds[1].revents & (POLLERR | POLLHUP))
			return 0;
		ret = ha_genl_events(genl, take_event, (void *)monitor);
		if (ret == -ENOBUFS)	/* some were lost: begin again */
			ret = print_all(genl, monitor);
	}
	return ret;
}
