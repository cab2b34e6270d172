// SPDX-License-Identifier: GPL-2.0-only
/* Making and ending an executor. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ip.h"
#include "job.h"
#include "mount_watch.h"
#include "storage.h"
#include "unit_bus.h"
#include "util.h"

#define LIBEXEC "/usr/lib/hacluster"

static char *or_preset(const char *given, const char *preset)
{
	return xstrdup(given ? given : preset);
}

static void take_settings(struct ex_settings *set,
			  const struct ex_config *config)
{
	set->node = or_preset(config->node, "localhost");
	set->ocf_root = or_preset(config->ocf_root, "/usr/lib/ocf");
	set->shim_dir = or_preset(config->shim_dir, LIBEXEC "/shim");
	set->shim_socket = or_preset(config->shim_socket,
				     "/run/hacluster/shim.sock");
	set->rsctmp = or_preset(config->rsctmp, "/run/resource-agents");
	set->helper = or_preset(config->helper, LIBEXEC "/ha-member");
	set->hadm = or_preset(config->hadm, "/usr/sbin/hadm");
	set->unit_dir = or_preset(config->unit_dir, "/run/systemd/system");
	set->bus_address = config->bus_address ? xstrdup(config->bus_address) :
						 NULL;
}

/* ha-run lies beside ha-member. */
static char *runner_of(const char *helper)
{
	const char *slash = strrchr(helper, '/');

	return xasprintf("%.*sha-run", slash ? (int)(slash - helper + 1) : 0,
			 helper);
}

static int block_signals(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	    sigaction(SIGPIPE, &ignore, NULL) < 0)
		return -errno;
	return 0;
}

int ex_new(const struct ex_config *config, struct ex **out)
{
	struct ex *ex;
	int ret = block_signals();

	if (ret)
		return ret;
	ex = xcalloc(1, sizeof(*ex));
	ex->event = sd_event_ref(config->event);
	take_settings(&ex->set, config);
	ex->pool = (struct child_pool){
		.event = ex->event,
		.runner = runner_of(ex->set.helper),
		.grace_ms = config->grace_ms ? config->grace_ms : 2000,
		.stuck_ms = config->stuck_ms ? config->stuck_ms : 2000,
	};
	/* Agents keep state there and do not all make it themselves. */
	mkdir(ex->set.rsctmp, 0755);
	*out = ex;
	return 0;
}

static void free_settings(struct ex_settings *set)
{
	free(set->node);
	free(set->ocf_root);
	free(set->shim_dir);
	free(set->shim_socket);
	free(set->rsctmp);
	free(set->helper);
	free(set->hadm);
	free(set->bus_address);
	free(set->unit_dir);
}

void ex_free(struct ex *ex)
{
	if (!ex)
		return;
	while (ex->ladders)
		ladder_free(ex->ladders);
	while (ex->watches)
		watch_free(ex->watches);
	while (ex->jobs)
		job_free(ex->jobs);
	child_pool_free(&ex->pool);
	ip_service_free(ex->ip);
	mount_watch_free(ex->mounts);
	storage_mirror_free(ex->storage);
	unit_bus_free(ex->bus);
	free((char *)ex->pool.runner);
	free_settings(&ex->set);
	sd_event_unref(ex->event);
	free(ex);
}
