// SPDX-License-Identifier: GPL-2.0-only
/* haclusterd: options, start, loop, end. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "alerts.h"
#include "attributes.h"
#include "checks.h"
#include "config.h"
#include "devices.h"
#include "engine.h"
#include "events.h"
#include "facts.h"
#include "ipc.h"
#include "members.h"
#include "ring.h"
#include "store.h"
#include "util.h"
#include "shutdown.h"
#include "watchdog.h"
#include "watcher.h"

#define LIBEXEC "/usr/lib/hacluster"
#define STATE_DIR "/var/lib/hacluster"
#define VIEW "/etc/hacluster/cluster.conf"

static const char help[] =
	"usage: haclusterd [OPTION...]\n"
	"  --name NAME        of this node (its host name)\n"
	"  --state-dir DIR    /var/lib/hacluster\n"
	"  --socket PATH      for hactl, /run/hacluster/hacluster.sock\n"
	"  --shim-socket PATH for agents, /run/hacluster/shim.sock\n"
	"  --libexec DIR      ha-member, ha-run and shim, " LIBEXEC "\n"
	"  --ocf-root DIR     /usr/lib/ocf\n"
	"  --hadm PATH        /usr/sbin/hadm\n"
	"  --fence-agents DIR /usr/sbin\n"
	"  --no-reset         end instead of resetting the machine\n";

enum { NAME = 256, STATE, SOCKET, SHIM, LIBDIR, OCF, HADM, AGENTS, NO_RESET };

static const struct option options[] = {
	{ "name", required_argument, NULL, NAME },
	{ "state-dir", required_argument, NULL, STATE },
	{ "socket", required_argument, NULL, SOCKET },
	{ "shim-socket", required_argument, NULL, SHIM },
	{ "libexec", required_argument, NULL, LIBDIR },
	{ "ocf-root", required_argument, NULL, OCF },
	{ "hadm", required_argument, NULL, HADM },
	{ "fence-agents", required_argument, NULL, AGENTS },
	{ "no-reset", no_argument, NULL, NO_RESET },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int parse(struct places *p, int argc, char **argv)
{
	const char **slots[] = { &p->name, &p->state_dir, &p->socket,
				 &p->shim_socket, &p->libexec, &p->ocf_root,
				 &p->hadm, &p->agents };
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (option >= NAME && option < NO_RESET) {
			*slots[option - NAME] = optarg;
		} else if (option == NO_RESET) {
			p->no_reset = true;
		} else {
			fputs(help, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
	}
	if (optind == argc)
		return -1;
	fputs(help, stderr);
	return 2;
}

static void make_parent(const char *path)
{
	char *copy = xstrdup(path);

	mkdir(dirname(copy), 0755);
	free(copy);
}

/* What it needs to be there when the rest of the machine is not well. */
static void be_important(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "-1000", 5) < 0)
		say(5, "the kernel may kill this daemon when memory is short");
	if (fd >= 0)
		close(fd);
	if (setpriority(PRIO_PROCESS, 0, -10))
		say(6, "no higher priority: %s", strerror(errno));
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		say(6, "memory is not locked: %s", strerror(errno));
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *si,
		     void *arg)
{
	static const struct core_event leave = { .kind = CORE_EV_LEAVE };
	struct daemon *d = arg;

	(void)si;
	if (d->core && !core_idle(d->core) && machine_stops()) {
		say(5, "the machine is going down: leaving the cluster");
		engine_feed(d, &leave);
		return 0;
	}
	/* Services go on; who is to leave the cluster says so by hactl. */
	say(5, "the daemon ends, what runs is left alone");
	/* Where nothing runs there is nothing to guard, and the next daemon begins anew. */
	if (d->core && core_idle(d->core))
		watchdog_lease(d->watchdog, 0);
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

static int start_loop(struct daemon *d)
{
	sigset_t set;
	int ret;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	ret = sd_event_default(&d->event);
	if (ret >= 0)
		ret = sd_event_add_signal(d->event, NULL, SIGTERM, on_signal, d);
	if (ret >= 0)
		ret = sd_event_add_signal(d->event, NULL, SIGINT, on_signal, d);
	if (ret >= 0)
		ret = sd_event_set_watchdog(d->event, true);
	return ret < 0 ? ret : 0;
}

static int start_executor(struct daemon *d)
{
	static char helper[4096], shims[4096];
	struct ex_config config = {
		.event = d->event, .node = d->places.name,
		.ocf_root = d->places.ocf_root, .shim_dir = shims,
		.shim_socket = d->places.shim_socket, .helper = helper,
		.hadm = d->places.hadm,
	};
	struct fence_config fencing = { .agents = d->places.agents };
	int ret;

	snprintf(helper, sizeof(helper), "%s/ha-member", d->places.libexec);
	snprintf(shims, sizeof(shims), "%s/shim", d->places.libexec);
	if (access(shims, F_OK))	/* where it is before it is installed */
		snprintf(shims, sizeof(shims), "%s/shim-dir", d->places.libexec);
	ret = ex_new(&config, &d->ex);
	if (ret)
		return ret;
	fencing.ex = d->ex;
	ret = fence_new(&fencing, &d->fence);
	return ret ? ret : attributes_start(d);
}

/* Ids are the configuration's; before there is one, corosync knows it. */
static char *find_id(struct daemon *d)
{
	int64_t rev = 0;
	char *text = store_config_text(d->places.state_dir, &rev);
	struct conf_errors errors = { 0 };
	struct hc_config *conf = text ? hc_load("cluster.conf", text, &errors) :
					NULL;
	const struct hc_node *node = conf ? hc_node_find(conf, d->places.name) :
					    NULL;

	d->id = node ? (uint32_t)node->id : ring_own_id();
	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	hc_free(conf);
	free(text);
	return d->id ? NULL : xasprintf("%s is no node of the configuration, and corosync does not know this one",
					d->places.name);
}

static char *start(struct daemon *d)
{
	char *error;
	int ret;

	d->started_ms = clock_wall();
	d->store = store_open(d->places.state_dir, &error);
	if (!d->store)
		return error;
	error = find_id(d);
	if (error)
		return error;
	events_open(d);
	d->brain = brain_new();
	ret = start_executor(d);
	if (!ret)
		ret = store_start(d->store, d);
	if (ret)
		return xasprintf("%s", strerror(-ret));
	d->watchdog = watchdog_new(d);
	d->members = members_new(d);
	d->devices = devices_new(d);
	d->checks = checks_new(d);
	d->alerts = alerts_new(d);
	error = config_start(d);
	if (error)
		return error;
	ret = ring_start(d, &d->ring);
	if (!ret)
		ret = ipc_start(d, &d->ipc);
	if (!ret)
		ret = watcher_start(d, &d->watcher);
	return ret ? xasprintf("%s", strerror(-ret)) : NULL;
}

static void stop(struct daemon *d)
{
	ipc_stop(d->ipc);
	ring_stop(d->ring);
	watcher_stop(d->watcher);
	checks_free(d->checks);
	alerts_free(d->alerts);
	watchdog_free(d->watchdog);
	members_free(d->members);
	devices_free(d->devices);
	shim_free(d->shim);
	fence_free(d->fence);
	ex_free(d->ex);
	store_close(d->store);
	core_free(d->core);
	brain_free(d->brain);
	events_close(d->events);
	sd_event_unref(d->event);
}

int main(int argc, char **argv)
{
	static char host[256];
	static struct daemon d = { .places = {
		.name = host, .state_dir = STATE_DIR,
		.socket = "/run/hacluster/hacluster.sock",
		.shim_socket = "/run/hacluster/shim.sock", .libexec = LIBEXEC,
		.ocf_root = "/usr/lib/ocf", .hadm = "/usr/sbin/hadm",
		.agents = "/usr/sbin" } };
	char *error;
	int ret;

	gethostname(host, sizeof(host) - 1);
	host[strcspn(host, ".")] = '\0';
	ret = parse(&d.places, argc, argv);
	if (ret >= 0)
		return ret;
	if (!strcmp(d.places.state_dir, STATE_DIR))
		d.places.view = VIEW;
	make_parent(d.places.socket);
	make_parent(d.places.shim_socket);
	be_important();
	ret = start_loop(&d);
	error = ret ? xstrdup(strerror(-ret)) : start(&d);
	if (error) {
		say(2, "cannot start: %s", error);
		free(error);
		return 1;
	}
	say(5, "haclusterd of node %s (%u) runs", d.places.name, d.id);
	sd_notify(0, "READY=1");
	ret = sd_event_loop(d.event);
	sd_notify(0, "STOPPING=1");
	stop(&d);
	return ret < 0 ? 1 : ret;
}
