// SPDX-License-Identifier: GPL-2.0-only
/* The verbs about the whole cluster: start, stop, timing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "cmd.h"
#include "corosync_conf.h"
#include "files.h"
#include "ipc.h"
#include "remote.h"
#include "show.h"
#include "start.h"

#define CLUSTER_CONF	"/etc/hacluster/cluster.conf"

/* The configuration this node has, also while the daemon does not run. */
static struct hc_config *local_config(const struct hactl *h)
{
	const char *path = hactl_opt(h, OPT_CONFIG);
	struct conf_errors errors = { 0 };
	struct hc_config *conf = NULL;
	char *text;

	path = path ? path : CLUSTER_CONF;
	text = file_read(path);
	if (!text) {
		hactl_error("cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	conf = hc_load(path, text, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	free(text);
	return conf;
}

static int systemctl(const char *verb, bool dry_run)
{
	const char *const argv[] = { "systemctl", verb, "corosync.service",
				     "haclusterd.service", NULL };
	char host[256] = "";
	int status;

	if (dry_run) {
		printf("systemctl %s corosync.service haclusterd.service\n",
		       verb);
		return HACTL_OK;
	}
	gethostname(host, sizeof(host) - 1);
	status = remote_run(host, "localhost", argv, NULL, NULL);
	return status ? hactl_error("systemctl %s failed", verb) : HACTL_OK;
}

int cmd_cluster_start(struct hactl *h)
{
	struct hc_config *conf;
	int ret;

	if (!h->options[OPT_ALL].n)
		return systemctl(h->verb->name, h->dry_run);
	conf = local_config(h);
	if (!conf)
		return HACTL_FAILED;
	ret = start_nodes(conf, strcmp(h->verb->name, "enable") ? START_NOW :
								 START_ENABLE);
	hc_free(conf);
	return ret;
}

/* What runs here moves away first; without a daemon there is nothing to move. */
int cmd_cluster_stop(struct hactl *h)
{
	char host[256] = "", *error;
	json_t *data;
	int ret;

	gethostname(host, sizeof(host) - 1);
	ret = hactl_try(h, "get_status", NULL, &data, &error);
	free(error);
	json_decref(data);
	if (!ret)
		ret = hactl_decide(h, json_pack("{s:s, s:s}", "what",
						"shutdown", "node", host),
				   NULL, "nothing runs here any more");
	else
		ret = HACTL_OK;
	if (ret && !h->options[OPT_FORCE].n)
		return ret;
	return systemctl("stop", h->dry_run);
}

static json_t *configured_timing(const struct hc_config *conf)
{
	struct hc_timing t;

	hc_timing(conf, &t);
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "profile", hc_profile_name(conf),
			 "token_ms", (json_int_t)t.token,
			 "consensus_ms", (json_int_t)t.consensus,
			 "ping_interval_ms", (json_int_t)t.ping_interval,
			 "ping_timeout_ms", (json_int_t)t.ping_timeout,
			 "detect_worst_ms", (json_int_t)t.detect_worst,
			 "quorum_worst_ms", (json_int_t)t.quorum_worst);
}

/* What is configured, and with the daemon also what was measured. */
int cmd_cluster_timing(struct hactl *h)
{
	struct hc_config *conf = local_config(h);
	json_t *timing, *measured = NULL;
	char *error = NULL;

	if (!conf)
		return HACTL_FAILED;
	timing = configured_timing(conf);
	hc_free(conf);
	if (!hactl_opt(h, OPT_CONFIG) &&
	    !hactl_try(h, "timing", NULL, &measured, &error))
		json_object_update(timing, measured);
	free(error);
	json_decref(measured);
	if (h->json)
		return hactl_print_json(timing);
	show_timing(timing, stdout);
	json_decref(timing);
	return HACTL_OK;
}
