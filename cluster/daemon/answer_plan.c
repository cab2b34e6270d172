// SPDX-License-Identifier: GPL-2.0-only
/* What would be done: now, or if something were otherwise. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "config.h"
#include "corosync_conf.h"
#include "policy_plan_json.h"
#include "util.h"

static char *if_node(struct picture *p, const char *name, const char *state)
{
	const struct hc_node *node = hc_node_find(p->conf, name);
	char *key;

	if (!node)
		return xasprintf("there is no node \"%s\"", name);
	if (!strcmp(state, "down")) {
		picture_node_down(p, node->id);
		return NULL;
	}
	if (!strcmp(state, "lost")) {
		picture_node_lost(p, node->id);
		return NULL;
	}
	if (strcmp(state, "standby"))
		return xasprintf("a node is down, lost or standby, not \"%s\"",
				 state);
	key = xasprintf(OP_STANDBY "%s", name);
	picture_set(p, key, "{}");
	free(key);
	return NULL;
}

static char *if_fail(struct picture *p, const char *member, const char *node)
{
	const struct hc_node *on = hc_node_find(p->conf, node);

	for (unsigned int i = 0; on && i < p->conf->n_services; i++) {
		const struct hc_service *service = &p->conf->services[i];
		const struct hc_member *m = hc_member_find(service, member);
		struct picture_row *row = m ? (struct picture_row *)
			picture_member(p, on->id, service, m) : NULL;

		if (!row || row->state == CORE_STOPPED)
			continue;
		row->state = CORE_FAILED;
		json_object_set_new(row->detail, "failures", json_integer(1));
		json_object_set_new(row->detail, "failed_op",
				    json_string("monitor"));
		return NULL;
	}
	return xasprintf("\"%s\" does not run on \"%s\"", member, node);
}

/* "node n1 down", "node n1 lost", "standby n1", "fail httpd on n1", "no quorum". */
static char *suppose(struct picture *p, const char *text)
{
	char a[128], b[128];

	if (!strcmp(text, "no quorum")) {
		p->view.quorate = false;
		return NULL;
	}
	if (sscanf(text, "standby %127s", a) == 1)
		return if_node(p, a, "standby");
	if (sscanf(text, "node %127s %127s", a, b) == 2)
		return if_node(p, a, b);
	if (sscanf(text, "fail %127s on %127s", a, b) == 2)
		return if_fail(p, a, b);
	return xasprintf("\"%s\": write \"node NAME down\", \"node NAME lost\", \"standby NAME\", \"fail MEMBER on NODE\" or \"no quorum\"",
			 text);
}

static char *suppose_config(struct picture *p, const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("cluster.conf", text, &errors);

	conf_errors_free(&errors);
	if (!conf)
		return xstrdup("this is no configuration");
	hc_free(p->own_conf);
	p->own_conf = conf;
	p->conf = conf;
	/* What the others do with members they have not seen: nothing, yet. */
	for (unsigned int n = 0; n < conf->n_nodes; n++)
		for (unsigned int i = 0; i < conf->n_services; i++)
			picture_assume(p, conf->nodes[n].id, &conf->services[i]);
	return NULL;
}

char *plan_apply(struct daemon *d, struct picture *p, const json_t *args,
		 char **cause)
{
	const json_t *decision = json_object_get(args, "decide"), *one;
	const char *config = json_string_value(json_object_get(args, "config"));
	char *why = NULL, *key;
	json_t *value;
	size_t i;

	*cause = NULL;
	json_array_foreach(json_object_get(args, "if"), i, one) {
		if (why || !json_is_string(one))
			continue;
		why = suppose(p, json_string_value(one));
		ha_replace(cause, json_string_value(one));
	}
	if (!why && config) {
		why = suppose_config(p, config);
		*cause = xasprintf("rev %lld", (long long)d->rev + 1);
	}
	if (why || !decision)
		return why;
	why = decide_fact(p->conf, decision, "", "", &key, &value);
	if (value)
		decide_away(p, decision, value);
	if (!why && key) {
		char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;

		picture_set(p, key, text);
		*cause = xasprintf("%s", key + strlen("op/"));
		free(text);
	}
	json_decref(value);
	free(key);
	return why;
}

static bool fences(const struct thought *t)
{
	for (int i = 0; i < t->plan.n_actions; i++)
		if (t->plan.actions[i].act == HP_ACT_FENCE)
			return true;
	return false;
}

static bool is_gone(const char *cause)
{
	return cause && (strstr(cause, " down") || strstr(cause, " lost"));
}

void answer_plan(struct daemon *d, struct ipc_call *call)
{
	struct picture *p = picture_take(d);
	char *cause, *why = plan_apply(d, p, ipc_args(call), &cause);
	const struct thought *t;
	struct hc_timing timing;
	json_t *out;

	t = why ? NULL : picture_think(p);
	if (t && t->ret)
		why = xasprintf("no plan can be made: %s", t->plan.error);
	if (why) {
		ipc_fail(call, "failed", "%s", why);
	} else {
		out = hc_plan_json(t->policy, &t->plan, cause ? cause : "now");
		hc_timing(p->conf, &timing);
		if (is_gone(cause))
			json_object_set_new(out, "detection_ms",
					    json_integer(timing.detect_worst));
		if (is_gone(cause) && !fences(t))
			json_object_set_new(out, "power_fence", json_false());
		ipc_ok(call, out);
	}
	free(why);
	free(cause);
	picture_free(p);
}
