// SPDX-License-Identifier: GPL-2.0-only
/* Starting the cluster's own units on nodes, and seeing them meet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hactl.h"
#include "remote.h"
#include "start.h"

#define WAIT_SECONDS	60

static int systemctl(const struct hc_config *conf, const struct hc_node *node,
		     const char *verb)
{
	const char *argv[6] = { "systemctl", verb, "corosync.service" };
	int n = 3;

	if (conf->quorum.witness)
		argv[n++] = "corosync-qdevice.service";
	argv[n] = "haclusterd.service";
	return remote_run(node->name, node->links.word[0], argv, NULL, NULL);
}

/* Packages start corosync with a file of their own as soon as they come. */
int start_node(const struct hc_config *conf, const struct hc_node *node,
	       enum start_how how)
{
	int status = 0;

	if (how != START_NOW)
		status = systemctl(conf, node, "enable");
	if (!status)
		status = systemctl(conf, node, how == START_FIRST ?
				   "restart" : "start");
	printf("%s: %s\n", node->name, status ? "did not start" : "started");
	return status ? HACTL_FAILED : HACTL_OK;
}

int start_nodes(const struct hc_config *conf, enum start_how how)
{
	int ret = HACTL_OK;

	for (unsigned int i = 0; i < conf->n_nodes; i++)
		if (start_node(conf, &conf->nodes[i], how))
			ret = HACTL_FAILED;
	return ret;
}

static unsigned int nodes_of(const char *output)
{
	const char *line = strstr(output, "\nNodes:");
	unsigned int n = 0;

	if (line)
		sscanf(line, "\nNodes: %u", &n);
	return n;
}

/* 0 when corosync is quorate there, and has all nodes. */
static bool is_complete(const struct hc_node *node, unsigned int nodes)
{
	static const char *const argv[] = { "corosync-quorumtool", "-s", NULL };
	char *output;
	int status = remote_run(node->name, node->links.word[0], argv, NULL,
				&output);
	bool complete = !status && nodes_of(output) == nodes;

	free(output);
	return complete;
}

int start_verify(const struct hc_config *conf)
{
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		const struct hc_node *node = &conf->nodes[i];
		int left = WAIT_SECONDS;

		while (!is_complete(node, conf->n_nodes) && left--)
			sleep(1);
		if (left < 0)
			return hactl_error("%s does not see all %u nodes after %d s: is UDP 5405 open between them?",
					   node->name, conf->n_nodes,
					   WAIT_SECONDS);
	}
	printf("all %u nodes are members and quorate\n", conf->n_nodes);
	return HACTL_OK;
}
