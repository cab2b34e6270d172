// SPDX-License-Identifier: GPL-2.0-only
/* Runs an operation, a watch or a ladder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ex-run.h"
#include "ocf_meta.h"
#include "shim.h"

static void begin(struct run *run);

static void print(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(object);
}

static int on_time(sd_event_source *source, uint64_t usec, void *arg)
{
	struct run *run = arg;

	(void)source;
	(void)usec;
	return sd_event_exit(run->config.event, run->code);
}

void run_until(struct run *run, int64_t ms)
{
	if (sd_event_add_time_relative(run->config.event, NULL,
				       CLOCK_MONOTONIC, ms * 1000, 1000,
				       on_time, run) < 0)
		abort();
}

static void end(struct run *run, const struct ex_result *result)
{
	run->code = result->end == EX_END_DONE ? result->code :
						 100 + (int)result->end;
	if (run->then >= 0) {
		run->op.action = run->then;
		run->then = -1;
		run->n_steps = 0;
		begin(run);
		return;
	}
	if (run->forget)
		ex_forget(run->ex, &run->op);
	run_until(run, run->linger_ms);
}

/* Meta-data is shown as it was understood. */
static void add_meta_data(json_t *object, const char *text)
{
	struct ocf_meta meta;
	char *error = NULL;

	json_object_del(object, "output");
	if (ocf_meta_parse(text, strlen(text), &meta, &error)) {
		json_object_set_new(object, "error", json_string(error));
		free(error);
		return;
	}
	json_object_set_new(object, "params", json_integer(meta.n_params));
	json_object_set_new(object, "actions", json_integer(meta.n_actions));
	ocf_meta_free(&meta);
}

static void on_done(const struct ex_result *result, void *arg)
{
	json_t *object = ex_result_json(result);
	struct run *run = arg;

	if (run->op.action == EX_META_DATA)
		add_meta_data(object, result->output);
	print(object);
	end(arg, result);
}

static void on_told(const struct ex_result *result, void *arg)
{
	struct run *run = arg;

	run->code = result->code;
	print(ex_result_json(result));
}

static void on_step(enum ex_step step, const struct ex_result *last, void *arg)
{
	json_t *object = ex_result_json(last);

	(void)arg;
	json_object_set_new(object, "next", json_string(ex_step_word(step)));
	print(object);
}

static void on_ladder(enum ex_step step, const struct ex_result *result,
		      void *arg)
{
	json_t *object = ex_result_json(result);

	json_object_set_new(object, "step", json_string(ex_step_word(step)));
	print(object);
	end(arg, result);
}

static void begin(struct run *run)
{
	struct ex_ladder_op ladder = {
		.op = run->op, .steps = run->steps, .n_steps = run->n_steps,
		.storage = run->storage,
	};
	char *why = NULL;

	if (run->watch) {
		ex_watch_start(run->ex, &run->op, on_told, run, &why);
		run_until(run, run->for_ms);
	} else if (run->n_steps) {
		ex_ladder_start(run->ex, &ladder, on_step, on_ladder, run,
				&why);
	} else {
		ex_start(run->ex, &run->op, on_done, run, &why);
	}
	if (why) {
		fprintf(stderr, "ex-run: %s\n", why);
		free(why);
		exit(2);
	}
}

int run_operation(struct run *run)
{
	struct shim_memory *memory = shim_memory_new(run->config.node);
	struct shim *shim = NULL;
	int ret;

	if (run->config.shim_socket &&
	    shim_new(run->config.event, run->config.shim_socket,
		     run->config.node, shim_memory_request, memory,
		     &shim) < 0) {
		fprintf(stderr, "ex-run: no socket at %s\n",
			run->config.shim_socket);
		return 2;
	}
	if (ex_new(&run->config, &run->ex))
		return 1;
	begin(run);
	ret = sd_event_loop(run->config.event);
	ex_free(run->ex);
	shim_free(shim);
	shim_memory_free(memory);
	sd_event_unref(run->config.event);
	return ret < 0 ? 1 : ret;
}
