// SPDX-License-Identifier: GPL-2.0-only
/* Whether a configuration that was read is one that can be run: the cluster. */
#include <string.h>

#include "check.h"
#include "util.h"
#include "values.h"

#define COMPLAIN(place, ...) conf_error(errors, place, __VA_ARGS__)

static void check_link(const struct hc_config *conf, unsigned int at,
		       unsigned int link, struct conf_errors *errors)
{
	const struct hc_node *node = &conf->nodes[at];
	const char *address = node->links.word[link];

	for (unsigned int i = 0; i < at; i++)
		if (hc_words_have(&conf->nodes[i].links, address))
			COMPLAIN(&node->place,
				 "node %s has the address %s of node %s",
				 node->name, address, conf->nodes[i].name);
	if (link < conf->nodes[0].links.n &&
	    !strchr(address, ':') != !strchr(conf->nodes[0].links.word[link], ':'))
		COMPLAIN(&node->place,
			 "link %u of node %s is IPv%c and that of node %s is not",
			 link, node->name, strchr(address, ':') ? '6' : '4',
			 conf->nodes[0].name);
	for (unsigned int j = 0; j < link; j++)
		if (!strcmp(node->links.word[j], address))
			COMPLAIN(&node->place, "node %s has two links %s",
				 node->name, address);
}

static void check_node(const struct hc_config *conf, unsigned int at,
		       struct conf_errors *errors)
{
	const struct hc_node *node = &conf->nodes[at];

	if (node->id < 1)
		COMPLAIN(&node->place, "node %s needs an id from 1 to 65535",
			 node->name);
	if (!node->links.n)
		COMPLAIN(&node->place, "node %s needs a link", node->name);
	else if (node->links.n != conf->nodes[0].links.n)
		COMPLAIN(&node->place,
			 "node %s has %u link%s where node %s has %u: every node needs as many",
			 node->name, node->links.n,
			 node->links.n == 1 ? "" : "s", conf->nodes[0].name,
			 conf->nodes[0].links.n);
	for (unsigned int i = 0; i < node->links.n; i++)
		check_link(conf, at, i, errors);
	for (unsigned int i = 0; i < at && node->id > 0; i++)
		if (conf->nodes[i].id == node->id)
			COMPLAIN(&node->place,
				 "node %s has the id %d of node %s",
				 node->name, node->id, conf->nodes[i].name);
}

static void check_nodes(const struct hc_config *conf,
			struct conf_errors *errors)
{
	struct conf_place start = { .file = conf->file, .line = 1, .column = 1 };
	unsigned int full = 0;

	if (!conf->n_nodes)
		COMPLAIN(&start, "the cluster has no node");
	else if (conf->n_nodes > HC_NODES_MAX)
		COMPLAIN(&conf->nodes[HC_NODES_MAX].place,
			 "a cluster has %d nodes at most", HC_NODES_MAX);
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		check_node(conf, i, errors);
		full += conf->nodes[i].role != HC_TIEBREAKER;
	}
	if (conf->n_nodes && !full)
		COMPLAIN(&start, "every node is a tiebreaker: none runs services");
}

void hc_check_node_name(const struct hc_config *conf, const char *name,
			const struct conf_place *place,
			struct conf_errors *errors)
{
	const char *known[HC_NODES_MAX + 1] = { NULL };
	const char *near;

	if (hc_node_find(conf, name))
		return;
	for (unsigned int i = 0; i < conf->n_nodes && i < HC_NODES_MAX; i++)
		known[i] = conf->nodes[i].name;
	near = ha_nearest(name, known);
	if (near)
		COMPLAIN(place, "there is no node \"%s\"; did you mean \"%s\"?",
			 name, near);
	else
		COMPLAIN(place, "there is no node \"%s\"", name);
}

static void check_fences(const struct hc_config *conf,
			 struct conf_errors *errors)
{
	for (unsigned int i = 0; i < conf->n_fences; i++) {
		const struct hc_fence *fence = &conf->fences[i];
		size_t prefix = strlen("fence_");

		if (!fence->agent)
			COMPLAIN(&fence->place, "fence %s needs an agent",
				 fence->name);
		else if (strncmp(fence->agent, "fence_", prefix) ||
			 strchr(fence->agent, '/'))
			COMPLAIN(&fence->place,
				 "\"%s\" is no fence agent: their names begin with fence_",
				 fence->agent);
		if (!fence->nodes.n)
			COMPLAIN(&fence->place,
				 "fence %s needs \"for\" with the nodes it is for",
				 fence->name);
		for (unsigned int j = 0; j < fence->nodes.n; j++)
			hc_check_node_name(conf, fence->nodes.word[j],
					   &fence->place, errors);
	}
}

static void check_checks(const struct hc_config *conf,
			 struct conf_errors *errors)
{
	char address[64];
	int length;

	for (unsigned int i = 0; i < conf->n_checks; i++) {
		const struct hc_probe *check = &conf->checks[i];

		if (!check->ping.n == !check->exec)
			COMPLAIN(&check->place,
				 "check %s needs ping or exec, and one of them",
				 check->name);
		for (unsigned int j = 0; j < check->ping.n; j++)
			if (!hc_address_split(check->ping.word[j], address,
					      &length) || length >= 0)
				COMPLAIN(&check->place,
					 "\"%s\" is no IP address",
					 check->ping.word[j]);
		if (check->every >= 0 && check->every < 100)
			COMPLAIN(&check->place,
				 "check %s every %d ms: 100ms is the least",
				 check->name, (int)check->every);
		if (!check->fail)
			COMPLAIN(&check->place,
				 "check %s fails after 0 failures: write at least 1",
				 check->name);
	}
}

static void check_alerts(const struct hc_config *conf,
			 struct conf_errors *errors)
{
	for (unsigned int i = 0; i < conf->n_alerts; i++)
		if (!conf->alerts[i].exec || *conf->alerts[i].exec != '/')
			COMPLAIN(&conf->alerts[i].place,
				 "alert %s needs exec with the path of a program",
				 conf->alerts[i].name);
}

static void check_devices(const struct hc_config *conf,
			  struct conf_errors *errors)
{
	for (unsigned int i = 0; i < conf->n_devices; i++) {
		const struct hc_device *device = &conf->devices[i];

		for (unsigned int j = 0; j < i; j++)
			if (ha_streq(hc_device_hadm(&conf->devices[j]),
				     hc_device_hadm(device)))
				COMPLAIN(&device->place,
					 "device %s is hadm %s, as device %s is",
					 device->name, hc_device_hadm(device),
					 conf->devices[j].name);
	}
}

static void check_cluster(const struct hc_config *conf,
			  struct conf_errors *errors)
{
	struct conf_place start = { .file = conf->file, .line = 1, .column = 1 };
	const struct hc_detect *detect = &conf->detect;

	if (conf->format < 1)
		COMPLAIN(&start, "\"format 1;\" is missing in cluster %s",
			 conf->name);
	if (detect->token >= 0 && (detect->token < 127 || detect->token > 300000))
		COMPLAIN(&start, "token must be from 127ms to 5m");
	if (detect->consensus >= 0 && conf->n_nodes > 2 &&
	    detect->consensus * 5 < hc_token(conf) * 6)
		COMPLAIN(&start,
			 "with more than two nodes consensus must be at least 1.2 times the token");
	if (detect->consensus >= 0 && detect->consensus < 60)
		COMPLAIN(&start, "consensus must be at least 60ms");
	if (conf->watchdog.timeout >= 0 && (conf->watchdog.timeout < 2000 ||
					    conf->watchdog.timeout > 300000))
		COMPLAIN(&start, "watchdog timeout must be from 2s to 5m");
	if (conf->quorum.on_loss == HC_IGNORE && conf->n_devices)
		COMPLAIN(&conf->devices[0].place,
			 "a device cannot ignore a lost quorum: quorum on-loss ignore is for plain services");
	if (conf->accept.n && conf->accept.n != 2)
		COMPLAIN(&start,
			 "accept-split-brain needs who accepts it and the date");
}

void hc_check(const struct hc_config *conf, struct conf_errors *errors)
{
	check_cluster(conf, errors);
	check_nodes(conf, errors);
	check_fences(conf, errors);
	check_devices(conf, errors);
	check_checks(conf, errors);
	check_alerts(conf, errors);
	hc_check_services(conf, errors);
}
