// SPDX-License-Identifier: GPL-2.0-only
/* Runs fencing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ex-run.h"
#include "util.h"

#define DEVICES 8
#define LEVELS 8

static struct fence_device devices[LEVELS][DEVICES];
static struct ex_param params[LEVELS][DEVICES][RUN_PARAMS];
static struct fence_level levels[LEVELS];

/* delay, timeout, attempts, backoff and verify are ours, the rest the agent's. */
static void take_word(struct fence_device *device, struct ex_param *list,
		      char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		exit(2);
	*value++ = '\0';
	if (!strcmp(word, "ha-delay"))
		device->delay_ms = atoll(value);
	else if (!strcmp(word, "ha-timeout"))
		device->timeout_ms = atoll(value);
	else if (!strcmp(word, "ha-backoff"))
		device->backoff_ms = atoll(value);
	else if (!strcmp(word, "ha-attempts"))
		device->attempts = atoi(value);
	else if (!strcmp(word, "ha-verify"))
		device->verify = !strcmp(value, "yes");
	else if (device->n_params < RUN_PARAMS)
		list[device->n_params++] = (struct ex_param){ word, value };
}

static void take_level(int number, char *text)
{
	struct fence_level *level = &levels[number];
	char *outer = NULL, *inner;

	level->devices = devices[number];
	for (char *one = strtok_r(text, "+", &outer);
	     one && level->n_devices < DEVICES;
	     one = strtok_r(NULL, "+", &outer)) {
		size_t at = level->n_devices++;
		struct fence_device *device = &devices[number][at];
		char *word = strtok_r(one, ",", &inner);

		device->name = device->agent = word;
		device->verify = true;
		device->params = params[number][at];
		while ((word = strtok_r(NULL, ",", &inner)))
			take_word(device, params[number][at], word);
	}
}

static void on_done(const struct fence_result *result, void *arg)
{
	struct run *run = arg;
	json_t *object = json_pack("{s:s, s:s, s:i, s:s, s:s, s:I}",
		"outcome", fence_outcome_word(result->outcome),
		"power", fence_power_word(result->power),
		"level", result->level, "device", result->device,
		"reason", result->reason,
		"duration_ms", (json_int_t)result->duration_ms);

	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
	run->code = result->outcome == FENCE_OK ? 0 : 1;
	run_until(run, run->linger_ms);
}

int run_fence(struct run *run, char **words, int n)
{
	struct fence_op op = { .target = words[1], .cause = "ex-run",
			       .levels = levels };
	int action = fence_action_find(words[0]), ret;
	struct fence_config config = { 0 };
	struct fence *fence;
	char *why = NULL;

	if (action < 0)
		return 2;
	op.action = action;
	for (int i = 2; i < n && op.n_levels < LEVELS; i++)
		take_level(op.n_levels++, words[i]);
	if (ex_new(&run->config, &run->ex))
		return 1;
	config.ex = run->ex;
	fence_new(&config, &fence);
	if (!fence_start(fence, &op, on_done, run, &why)) {
		fprintf(stderr, "ex-run: %s\n", why);
		free(why);
		return 2;
	}
	ret = sd_event_loop(run->config.event);
	fence_free(fence);
	ex_free(run->ex);
	sd_event_unref(run->config.event);
	return ret < 0 ? 1 : ret;
}
