// SPDX-License-Identifier: GPL-2.0-only
/* Fence devices of the configuration, and the executor's fencing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "events.h"
#include "facts.h"
#include "fencing.h"
#include "ring.h"
#include "secrets.h"
#include "util.h"
#include "values.h"

#define DEVICES	16
#define PARAMS	64

/* One target's devices, level by level, until the fencing has taken copies. */
struct arsenal {
	struct fence_device devices[DEVICES];
	struct fence_level levels[DEVICES];
	struct ex_param params[DEVICES][PARAMS];
	char *secrets[DEVICES];
	size_t n, n_levels;
};

static void add_params(struct daemon *d, struct arsenal *a,
		       const struct hc_fence *fence, const struct hc_node *node)
{
	struct fence_device *device = &a->devices[a->n];
	struct ex_param *params = a->params[a->n];
	size_t n = 0;

	for (unsigned int i = 0; i < fence->params.n && n < PARAMS - 2; i++)
		params[n++] = (struct ex_param){ fence->params.pair[i].name,
						 fence->params.pair[i].value };
	if (!hc_pairs_get(&fence->params, "plug") &&
	    !hc_pairs_get(&fence->params, "port"))
		params[n++] = (struct ex_param){ "plug", node->name };
	a->secrets[a->n] = fence->secret ? secrets_get(d, fence->secret) : NULL;
	if (a->secrets[a->n])
		params[n++] = (struct ex_param){ "password", a->secrets[a->n] };
	device->params = params;
	device->n_params = n;
}

static void add_level(struct daemon *d, struct arsenal *a, int level,
		      const struct hc_node *node)
{
	struct fence_level *to = &a->levels[a->n_levels];

	to->devices = &a->devices[a->n];
	for (unsigned int i = 0; i < d->conf->n_fences && a->n < DEVICES; i++) {
		const struct hc_fence *fence = &d->conf->fences[i];

		if ((fence->level < 0 ? 1 : fence->level) != level ||
		    !hc_words_have(&fence->nodes, node->name))
			continue;
		a->devices[a->n] = (struct fence_device){
			.name = fence->name, .agent = fence->agent,
			.delay_ms = fence->delay > 0 ? fence->delay : 0,
			.timeout_ms = fence->timeout > 0 ? fence->timeout : 0,
			.verify = true,
		};
		add_params(d, a, fence, node);
		a->n++;
		to->n_devices++;
	}
	a->n_levels += to->n_devices > 0;
}

static void load(struct daemon *d, struct arsenal *a, const struct hc_node *node)
{
	memset(a, 0, sizeof(*a));
	for (int level = 0; level < DEVICES && a->n_levels < DEVICES; level++)
		add_level(d, a, level, node);
}

static void unload(struct arsenal *a)
{
	for (size_t i = 0; i < a->n; i++)
		secrets_free(a->secrets[i]);
}

struct shot {
	struct daemon *d;
	uint64_t id;
	char *node;
	int64_t begun;
};

static void tell_core(struct daemon *d, uint64_t id, bool good, const char *text)
{
	const struct core_event event = { .kind = CORE_EV_FENCE, .id = id,
					  .yes = good, .text = text };

	engine_feed(d, &event);
}

static void on_again(const struct fence_result *result, void *arg)
{
	char *node = arg;

	say(result->outcome == FENCE_OK ? 6 : 4, "switching %s on again: %s", node,
	    fence_outcome_word(result->outcome));
	free(node);
}

/* The proof is that it was off; whether it comes back nobody waits for. */
static void switch_on(struct daemon *d, const char *name)
{
	const struct hc_node *node = d->conf ? hc_node_find(d->conf, name) : NULL;
	struct fence_op op = { .action = FENCE_ON, .cause = "after fencing" };
	char *why = NULL, *copy;
	struct arsenal *a;

	if (!node)
		return;
	a = xcalloc(1, sizeof(*a));
	load(d, a, node);
	op.target = node->name;
	op.levels = a->levels;
	op.n_levels = a->n_levels;
	copy = xstrdup(name);
	if (!fence_start(d->fence, &op, on_again, copy, &why))
		free(copy);
	free(why);
	unload(a);
	free(a);
}

static void on_done(const struct fence_result *result, void *arg)
{
	struct shot *shot = arg;
	bool good = result->outcome == FENCE_OK ||
		    result->outcome == FENCE_CONFIRMED;
	char *text = xasprintf("fence %s: %s%s%s", shot->node,
			       fence_outcome_word(result->outcome),
			       *result->device ? " by " : "", result->device);

	events_say(shot->d, json_pack("{s:s, s:s, s:s, s:I, s:s}", "kind",
				      "fence", "op", "fence", "node",
				      shot->node, "start_ms",
				      (json_int_t)shot->begun, "text", text),
		   false);
	free(text);
	tell_core(shot->d, shot->id, good, result->reason);
	if (result->outcome == FENCE_OK)
		switch_on(shot->d, shot->node);
	free(shot->node);
	free(shot);
}

void fencing_start(struct daemon *d, uint64_t id, uint32_t id_of_node)
{
	const struct hc_node *node = d->conf ? facts_node(d->conf, id_of_node) :
					       NULL;
	struct fence_op op = { .action = FENCE_OFF, .cause = "cluster" };
	struct arsenal *a;
	struct shot *shot;
	char *why = NULL;

	if (!node) {
		tell_core(d, id, false, "the node is not in the configuration");
		return;
	}
	a = xcalloc(1, sizeof(*a));
	load(d, a, node);
	shot = xcalloc(1, sizeof(*shot));
	*shot = (struct shot){ d, id, xstrdup(node->name), clock_wall() };
	op.target = node->name;
	op.levels = a->levels;
	op.n_levels = a->n_levels;
	say(4, "fencing %s", node->name);
	if (!fence_start(d->fence, &op, on_done, shot, &why)) {
		free(shot->node);
		free(shot);
		tell_core(d, id, false, why);
	}
	free(why);
	unload(a);
	free(a);
}

void fencing_ask(struct daemon *d, const char *what, uint32_t node)
{
	json_t *ask = json_pack("{s:s, s:i}", "what", what, "node", (int)node);

	ring_send_json(d->ring, RING_ASK, ask);
	json_decref(ask);
}

/* A confirmation holds where it is heard: any node may become coordinator. */
void fencing_asked(struct daemon *d, const json_t *ask)
{
	const char *what = json_string_value(json_object_get(ask, "what"));
	struct core_request request = {
		.node = json_integer_value(json_object_get(ask, "node")),
	};
	const struct hc_node *node = d->conf && request.node ?
				     facts_node(d->conf, request.node) : NULL;
	struct core_view view;

	if (!what || !node)
		return;
	core_look(d->core, &view);
	if (!strcmp(what, "confirm")) {
		request.kind = CORE_REQ_CONFIRM;
		fence_confirm(d->fence, node->name, "an administrator");
	} else if (!strcmp(what, "fence") && view.coordinator == d->id) {
		request.kind = CORE_REQ_FENCE;
	} else {
		return;
	}
	engine_request(d, &request, NULL, NULL);
}

struct test {
	fencing_tested *done;
	void *arg;
};

static void on_tested(const struct fence_result *result, void *arg)
{
	struct test *test = arg;

	test->done(result->outcome == FENCE_OK, result->reason, test->arg);
	free(test);
}

bool fencing_test(struct daemon *d, const struct hc_node *node,
		  fencing_tested *done, void *arg)
{
	struct fence_op op = { .target = node->name, .cause = "test",
			       .action = FENCE_STATUS };
	struct arsenal *a = xcalloc(1, sizeof(*a));
	struct test *test = xcalloc(1, sizeof(*test));
	char *why = NULL;
	bool begun;

	*test = (struct test){ done, arg };
	load(d, a, node);
	op.levels = a->levels;
	op.n_levels = a->n_levels;
	begun = a->n && fence_start(d->fence, &op, on_tested, test, &why);
	if (!begun)
		free(test);
	free(why);
	unload(a);
	free(a);
	return begun;
}
