// SPDX-License-Identifier: GPL-2.0-only
/* Input of fence agents, and fence operations as values. Pure. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fence_input.h"
#include "op.h"
#include "util.h"

static const char *const actions[] = {
	[FENCE_OFF] = "off",
	[FENCE_REBOOT] = "reboot",
	[FENCE_ON] = "on",
	[FENCE_STATUS] = "status",
	[FENCE_MONITOR] = "monitor",
};

static const char *const outcomes[] = {
	[FENCE_OK] = "ok",
	[FENCE_FAILED] = "failed",
	[FENCE_CONFIRMED] = "confirmed",
	[FENCE_CANCELLED] = "cancelled",
	[FENCE_REFUSED] = "refused",
};

static const char *const powers[] = {
	[FENCE_POWER_UNKNOWN] = "unknown",
	[FENCE_POWER_ON] = "on",
	[FENCE_POWER_OFF] = "off",
};

const char *fence_action_word(enum fence_action action)
{
	return (unsigned int)action < FENCE_ACTION_NR ? actions[action] : NULL;
}

const char *fence_outcome_word(enum fence_outcome outcome)
{
	return (unsigned int)outcome < ARRAY_SIZE(outcomes) ?
		outcomes[outcome] : NULL;
}

const char *fence_power_word(enum fence_power power)
{
	return (unsigned int)power < ARRAY_SIZE(powers) ? powers[power] : NULL;
}

int fence_action_find(const char *word)
{
	for (int i = 0; i < FENCE_ACTION_NR; i++)
		if (!strcmp(actions[i], word))
			return i;
	return -1;
}

char *fence_input(const struct fence_device *device, const char *action,
		  const char *target)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fprintf(out, "action=%s\nnodename=%s\n", action, target);
	for (size_t i = 0; i < device->n_params; i++)
		fprintf(out, "%s=%s\n", device->params[i].name,
			device->params[i].value);
	fclose(out);
	return text;
}

static bool word_ok(const char *word)
{
	if (!word || !*word || *word == '.' || *word == '-')
		return false;
	for (; *word; word++)
		if (!isalnum((unsigned char)*word) && !strchr("_.-", *word))
			return false;
	return true;
}

/* A parameter must not be able to smuggle in another. */
static char *check_param(const struct fence_device *device,
			 const struct ex_param *param)
{
	static const char *const ours[] = { "action", "option", "nodename" };

	if (!param_name_ok(param->name) || !param->value ||
	    strpbrk(param->value, "\n\r"))
		return xasprintf("fence device %s: parameter \"%s\" cannot be",
				 device->name, param->name ? param->name : "");
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (!strcmp(param->name, ours[i]))
			return xasprintf("fence device %s: \"%s\" is not for the configuration",
					 device->name, param->name);
	return NULL;
}

static char *check_device(const struct fence_device *device)
{
	char *why = NULL;

	if (!word_ok(device->name))
		return xstrdup("a fence device has no proper name");
	if (!word_ok(device->agent))
		return xasprintf("fence device %s has no proper agent",
				 device->name);
	if (device->delay_ms < 0 || device->timeout_ms < 0 ||
	    device->backoff_ms < 0 || device->attempts < 0)
		return xasprintf("fence device %s: a number is negative",
				 device->name);
	for (size_t i = 0; !why && i < device->n_params; i++)
		why = check_param(device, &device->params[i]);
	return why;
}

char *fence_check(const struct fence_op *op)
{
	char *why = NULL;

	if (!word_ok(op->target))
		return xstrdup("there is no proper name of a node to fence");
	if (!fence_action_word(op->action) || op->delay_ms < 0)
		return xstrdup("that is nothing a fence device does");
	if (!op->n_levels)
		return xasprintf("there is no fence device for %s", op->target);
	for (size_t i = 0; !why && i < op->n_levels; i++) {
		if (!op->levels[i].n_devices)
			return xasprintf("fence level %zu of %s is empty",
					 i + 1, op->target);
		for (size_t j = 0; !why && j < op->levels[i].n_devices; j++)
			why = check_device(&op->levels[i].devices[j]);
	}
	return why;
}

enum fence_power fence_status(int code)
{
	return code == 0 ? FENCE_POWER_ON :
	       code == 2 ? FENCE_POWER_OFF : FENCE_POWER_UNKNOWN;
}

struct fence_level *fence_levels_copy(const struct fence_level *levels,
				      size_t n)
{
	struct fence_level *copy = xcalloc(n, sizeof(*copy));

	for (size_t i = 0; i < n; i++) {
		size_t devices = levels[i].n_devices;
		struct fence_device *to = xcalloc(devices, sizeof(*to));

		for (size_t j = 0; j < devices; j++) {
			to[j] = levels[i].devices[j];
			to[j].name = xstrdup(to[j].name);
			to[j].agent = xstrdup(to[j].agent);
			to[j].params = params_copy(to[j].params,
						   to[j].n_params);
		}
		copy[i] = (struct fence_level){ to, devices };
	}
	return copy;
}

static void wipe(const struct ex_param *params, size_t n)
{
	for (size_t i = 0; i < n; i++)
		explicit_bzero((char *)params[i].value,
			       strlen(params[i].value));
}

void fence_levels_free(struct fence_level *levels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct fence_device *devices =
			(struct fence_device *)levels[i].devices;

		for (size_t j = 0; j < levels[i].n_devices; j++) {
			free((char *)devices[j].name);
			free((char *)devices[j].agent);
			wipe(devices[j].params, devices[j].n_params);
			params_free(devices[j].params, devices[j].n_params);
		}
		free(devices);
	}
	free(levels);
}
