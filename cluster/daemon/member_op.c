// SPDX-License-Identifier: GPL-2.0-only
/* Parameters, times and ladders of members. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "member_op.h"
#include "util.h"

#define MONITOR_MS	10000
#define WINDOW_MS	(10 * 60 * 1000)
#define FORGET_MS	(30 * 60 * 1000)

static const struct hc_settings *settings(const struct binding *b, int which)
{
	return which == 0 ? &b->member->settings :
	       which == 1 ? &b->service->settings : &b->model->conf->defaults;
}

/* The nearest of member, service and defaults that says something. */
#define NEAREST(b, field, preset) ({				\
	__typeof__((b)->model->conf->defaults.field) value = -1;	\
	for (int which = 0; which < 3 && value < 0; which++)	\
		value = settings(b, which)->field;		\
	value < 0 ? (preset) : value; })

static void add(struct member_op *out, const char *name, const char *value)
{
	if (value && out->op.n_params < MEMBER_PARAMS)
		out->params[out->op.n_params++] =
			(struct ex_param){ name, value };
}

static void fill(const struct binding *b, struct member_op *out)
{
	static const enum ex_kind kinds[] = {
		[HC_STORAGE] = EX_KIND_STORAGE, [HC_MOUNT] = EX_KIND_MOUNT,
		[HC_IP] = EX_KIND_IP, [HC_SYSTEMD] = EX_KIND_SYSTEMD,
		[HC_OCF] = EX_KIND_OCF,
	};
	const struct hc_member *m = b->member;

	out->op.kind = kinds[m->kind];
	out->op.params = out->params;
	switch (m->kind) {
	case HC_STORAGE:
		out->op.agent = b->device->hadm ? b->device->hadm :
						  b->device->name;
		break;
	case HC_MOUNT:
		add(out, "device", m->what);
		add(out, "directory", m->where);
		add(out, "fstype", m->fstype);
		add(out, "options", m->options);
		break;
	case HC_IP:
		add(out, "address", m->what);
		add(out, "dev", m->dev);
		break;
	default:
		out->op.agent = m->what;
	}
	for (unsigned int i = 0; i < m->params.n; i++)
		add(out, m->params.pair[i].name, m->params.pair[i].value);
}

static void add_meta(struct member_op *out, const char *name, const char *value)
{
	out->meta[out->op.n_meta++] = (struct ex_param){ name, value };
}

/* What agents find out by that they are in a clone, and how it is meant. */
static void fill_clone(const struct binding *b, struct member_op *out)
{
	const struct hc_config *conf = b->model->conf;
	int max = b->service->max, promoted = b->service->promoted_max;

	for (unsigned int i = 0; b->service->max < 0 && i < conf->n_nodes; i++)
		max += (max < 0) + (conf->nodes[i].role != HC_TIEBREAKER);
	snprintf(out->numbers[0], sizeof(out->numbers[0]), "%d", max);
	snprintf(out->numbers[1], sizeof(out->numbers[1]), "%d",
		 promoted < 0 ? 1 : promoted);
	out->op.meta = out->meta;
	add_meta(out, "clone_max", out->numbers[0]);
	add_meta(out, "clone_node_max", "1");
	add_meta(out, "globally_unique", "false");
	add_meta(out, "interleave", b->service->interleave ? "true" : "false");
	add_meta(out, "notify", b->service->notify > 0 ? "true" : "false");
	if (b->service->promotable <= 0)
		return;
	add_meta(out, "promotable", "true");
	add_meta(out, "promoted_max", out->numbers[1]);
	add_meta(out, "promoted_node_max", "1");
	add_meta(out, "master_max", out->numbers[1]);
	add_meta(out, "master_node_max", "1");
}

static int64_t timeout_of(const struct binding *b, enum ex_action action)
{
	switch (action) {
	case EX_START:
	case EX_PROMOTE:
		return NEAREST(b, start_timeout, 0);
	case EX_STOP:
	case EX_DEMOTE:
		return NEAREST(b, stop_timeout, 0);
	case EX_MONITOR:
		return NEAREST(b, monitor.timeout, 0);
	default:
		return 0;
	}
}

void member_op(const struct binding *b, const char *name,
	       enum ex_action action, struct member_op *out)
{
	memset(out, 0, sizeof(*out));
	out->op.member = name;
	out->op.action = action;
	fill(b, out);
	if (b->service->clone && b->member->kind == HC_OCF)
		fill_clone(b, out);
	out->op.timeout_ms = timeout_of(b, action);
	if (action == EX_MONITOR)
		out->op.interval_ms = NEAREST(b, monitor.interval, MONITOR_MS);
}

size_t member_ladder(const struct binding *b, enum ex_step *steps)
{
	const struct hc_words *words = NULL;
	size_t n = 0;

	for (int which = 0; which < 3 && (!words || !words->n); which++)
		words = &settings(b, which)->on_stop_fail;
	steps[n++] = EX_STEP_AGENT;
	if (!words->n) {
		steps[n++] = EX_STEP_KILL;
		steps[n++] = EX_STEP_DEMOTE_FORCE;
		return n;
	}
	for (unsigned int i = 0; i < words->n && n < EX_STEP_NR; i++) {
		int step = ex_step_find(words->word[i]);

		if (step > EX_STEP_AGENT && step != EX_STEP_FENCE)
			steps[n++] = step;
	}
	return n;
}

const char *member_ladder_storage(const struct binding *b)
{
	const struct hc_device *device;

	for (unsigned int i = 0; i < b->service->n_members; i++) {
		if (b->service->members[i].kind != HC_STORAGE)
			continue;
		device = hc_device_find(b->model->conf,
					b->service->members[i].what);
		if (device)
			return device->hadm ? device->hadm : device->name;
	}
	return NULL;
}

char *member_digest(const struct binding *b)
{
	struct member_op op;
	char *text, *longer;

	member_op(b, "", EX_START, &op);
	text = xasprintf("%d %s", op.op.kind, op.op.agent ? op.op.agent : "");
	for (size_t i = 0; i < op.op.n_params; i++) {
		longer = xasprintf("%s\n%s=%s", text, op.params[i].name,
				   op.params[i].value);
		free(text);
		text = longer;
	}
	return text;
}

char *member_instance(const char *service, const char *member)
{
	char *name = xasprintf("%s.%s", service, member);

	for (char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("_.:-", *at))
			*at = '_';
	return name;
}

int64_t member_window(const struct binding *b)
{
	for (int which = 0; which < 3; which++)
		if (settings(b, which)->restart.count >= 0)
			return settings(b, which)->restart.window < 0 ? 0 :
			       settings(b, which)->restart.window;
	return WINDOW_MS;
}

int64_t member_forget(const struct binding *b)
{
	return NEAREST(b, forget, FORGET_MS);
}

bool member_needless(const struct binding *b, const char *name,
		     enum ex_verdict verdict)
{
	const struct hc_node *node = hc_node_find(b->model->conf, name);

	return node && node->role == HC_TIEBREAKER && verdict > EX_FAILED;
}
