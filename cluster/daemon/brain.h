/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core asks of a policy engine, answered with the configuration and
 * libhapolicy. A function of its input: keeps nothing but the model of the
 * configuration that it has read last.
 */
#ifndef HD_BRAIN_H
#define HD_BRAIN_H

#include <jansson.h>

#include "conf.h"
#include "core.h"

#define CONFIG_KEY	"config"
#define DEVICE_PREFIX	"device:"
#define DEVICE_MEMBER	"replica"

struct brain;

struct brain *brain_new(void);
void brain_free(struct brain *brain);
struct core_policy brain_policy(struct brain *brain);

/**
 * brain_config() - the model of a text
 * @why: out, when it is none
 *
 * Return: the brain's, until it is asked for another text; NULL.
 */
const struct hc_config *brain_config(struct brain *brain, const void *text,
				     size_t size, const char **why);

/**
 * brain_shape() - what the core needs of a configuration
 *
 * Return: false with @why; else @out->units is from malloc.
 */
bool brain_shape(const struct hc_config *conf, struct core_shape *out,
		 const char **why);

/**
 * brain_planned() - actions of the plan made since the last call
 *
 * Return: array of texts, to be released; NULL: none was made.
 */
json_t *brain_planned(struct brain *brain);

/**
 * brain_notice() - what the last plan tells of a member, see notices_make()
 *
 * Return: borrowed until the next plan; NULL: nothing.
 */
const json_t *brain_notice(const struct brain *brain, const char *unit,
			   const char *member);

const struct core_fact *brain_fact(const struct core_plan_in *in,
				   const char *key);

#endif
