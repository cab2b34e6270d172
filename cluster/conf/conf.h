/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of a cluster as a model: plain data, checked once it is
 * loaded. Whatever was not written is unset: -1, NULL, or an empty list; what
 * holds then is said by the users of the model.
 */
#ifndef HC_CONF_H
#define HC_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "conf_tree.h"
#include "conf_types.h"

/**
 * struct hc_config - everything that was read
 * @tree: the file as written, @tail what follows its last statement
 * @format: version of the syntax
 * @accept: who accepts that both sides may run, and since when
 * @services: the services and clones, in the order of the file
 */
struct hc_config {
	char *file;
	struct conf_node *tree;
	char *tail;

	char *name;
	int format;
	struct hc_detect detect;
	struct hc_quorum quorum;
	struct hc_crypto crypto;
	struct hc_watchdog watchdog;
	struct hc_settings defaults;
	struct hc_words accept;
	struct hc_node *nodes;
	unsigned int n_nodes;
	struct hc_fence *fences;
	unsigned int n_fences;
	struct hc_device *devices;
	unsigned int n_devices;
	struct hc_service *services;
	unsigned int n_services;
	struct hc_probe *checks;
	unsigned int n_checks;
	struct hc_alert *alerts;
	unsigned int n_alerts;
};

/**
 * hc_load() - read and check a configuration
 * @file: name for messages
 * @text: what is read
 * @errors: what is wrong
 *
 * Return: the model, or NULL when there is any error.
 */
struct hc_config *hc_load(const char *file, const char *text,
			  struct conf_errors *errors);
void hc_free(struct hc_config *conf);

/**
 * hc_text() - the configuration with the layout and comments it was written in
 *
 * Lines end without blanks, and the file with one newline; nothing else is
 * changed, so that what is loaded from the text has the same text again.
 */
char *hc_text(const struct hc_config *conf);

/**
 * hc_normal() - what the configuration says, in one fixed form
 *
 * Two configurations with the same normal form mean the same.
 */
char *hc_normal(const struct hc_config *conf);

#define HC_SHA256_TEXT	65

/**
 * hc_sha256() - the digest a revision is known by: of its hc_text()
 */
void hc_sha256(const struct hc_config *conf, char text[HC_SHA256_TEXT]);

/**
 * hc_diff() - what differs between two configurations, a line each
 *
 * Return: text to be freed, empty when both mean the same.
 */
char *hc_diff(const struct hc_config *from, const struct hc_config *to);

struct hc_node *hc_node_find(const struct hc_config *conf, const char *name);
struct hc_fence *hc_fence_find(const struct hc_config *conf, const char *name);
struct hc_device *hc_device_find(const struct hc_config *conf,
				 const char *name);
struct hc_service *hc_service_find(const struct hc_config *conf,
				   const char *name);
struct hc_probe *hc_check_find(const struct hc_config *conf, const char *name);
struct hc_member *hc_member_find(const struct hc_service *service,
				 const char *name);

/**
 * hc_agents_check() - whether the agents that are named are installed
 * @ocf_root: as OCF_ROOT, where resource.d is
 * @fence_dir: where fence agents are
 */
void hc_agents_check(const struct hc_config *conf, const char *ocf_root,
		     const char *fence_dir, struct conf_errors *errors);

/* The stages of hc_load(). */
void hc_build(struct hc_config *conf, struct conf_errors *errors);
void hc_check(const struct hc_config *conf, struct conf_errors *errors);

#endif
