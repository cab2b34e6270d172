// SPDX-License-Identifier: GPL-2.0-only
/* Decisions of operators: checked, made a fact, carried out by the plan. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "engine.h"
#include "events.h"
#include "fencing.h"
#include "util.h"

/* What decisions there are, the key of each, and whether it takes one away. */
static const struct kind {
	const char *what, *key;
	bool service, optional, removes;
} kinds[] = {
	{ "standby", OP_STANDBY, false, false, false },
	{ "resume", OP_STANDBY, false, false, true },
	{ "maintenance", OP_MAINTENANCE, false, true, false },
	{ "shutdown", OP_SHUTDOWN, false, false, false },
	{ "move", OP_MOVE, true, false, false },
	{ "ban", OP_BAN, true, false, false },
	{ "stop", OP_STOPPED, true, false, false },
	{ "start", OP_STOPPED, true, false, true },
	{ "restart", OP_RESTART, true, false, false },
	{ "clear", OP_CLEAR, true, false, false },
};

static const char *get(const json_t *args, const char *key)
{
	return json_string_value(json_object_get(args, key));
}

static const struct kind *find(const char *what)
{
	for (size_t i = 0; what && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].what, what))
			return &kinds[i];
	return NULL;
}

static char *check(const struct hc_config *conf, const struct kind *kind,
		   const json_t *args)
{
	const char *service = get(args, "service"), *node = get(args, "node");

	if (kind->service && (!service || !hc_service_find(conf, service)))
		return xasprintf("there is no service \"%s\"",
				 service ? service : "");
	if (node && !hc_node_find(conf, node))
		return xasprintf("there is no node \"%s\"", node);
	if (!kind->service && !node && !kind->optional)
		return xstrdup("which node?");
	if (!strcmp(kind->what, "ban") && !node)
		return xstrdup("from which node?");
	return NULL;
}

char *decide_fact(const struct hc_config *conf, const json_t *args,
		  const char *who, const char *host, char **key, json_t **value)
{
	const char *service = get(args, "service"), *node = get(args, "node");
	const struct kind *kind = find(get(args, "what"));
	int64_t length = json_integer_value(json_object_get(args, "for_ms"));
	char *why;

	*key = NULL;
	*value = NULL;
	if (!kind)
		return NULL;
	why = check(conf, kind, args);
	if (why)
		return why;
	if (!strcmp(kind->what, "ban"))
		*key = xasprintf("%s%s/%s", kind->key, service, node);
	else
		*key = xasprintf("%s%s", kind->key, kind->service ? service :
				 node ? node : OP_ALL);
	if (kind->removes || (!strcmp(kind->what, "maintenance") &&
			      json_is_false(json_object_get(args, "on"))))
		return NULL;
	*value = json_pack("{s:s, s:s, s:I}", "by", who, "host", host,
			   "time_ms", (json_int_t)clock_wall());
	if (length)
		json_object_set_new(*value, "until_ms",
				    json_integer(clock_wall() + length));
	if (!strcmp(kind->what, "move") && node)
		json_object_set_new(*value, "node", json_string(node));
	return NULL;
}

/* @leaves: this node is to leave, which nobody has to allow */
struct decision {
	struct daemon *d;
	struct ipc_call *call;
	char *text;
	bool leaves;
};

static void say_decision(struct daemon *d, const char *text, const char *refused)
{
	char *more = refused ? xasprintf("%s: refused, %s", text, refused) :
			       xstrdup(text);

	events_say(d, json_pack("{s:s, s:s}", "kind", "decision", "text", more),
		   !refused);
	free(more);
}

/*
 * The last ones of a cluster are no majority: then nobody can be told, and nothing has
 * to move. What runs here is stopped, and the others, when they are back, take this
 * node for lost until it is there, too.
 */
static void leave_alone(struct decision *dec)
{
	static const struct core_event leave = { .kind = CORE_EV_LEAVE };

	say(5, "no quorum: leaving without the others");
	engine_feed(dec->d, &leave);
	ipc_ok(dec->call, json_pack("{s:b}", "left", true));
}

static void on_reply(int code, const char *text, void *arg)
{
	struct decision *dec = arg;

	if (code == -EAGAIN && dec->leaves) {
		leave_alone(dec);
	} else if (!code) {
		ipc_ok(dec->call, json_pack("{s:I}", "ticket",
					    (json_int_t)dec->d->user));
	} else {
		say_decision(dec->d, dec->text, text);
		ipc_fail(dec->call, code == -EAGAIN ? "no-quorum" : "failed",
			 "%s", text);
	}
	free(dec->text);
	free(dec);
}

static char *sentence(const struct daemon *d, struct ipc_call *call)
{
	const char *service = ipc_text(call, "service");
	const char *node = ipc_text(call, "node");

	return xasprintf("%s@%s: %s%s%s%s%s", ipc_who(call), d->places.name,
			 ipc_text(call, "what"), service ? " " : "",
			 service ? service : "", node ? " " : "",
			 node ? node : "");
}

/* Fencing by hand is the coordinator's; a confirmation is everybody's. */
static bool about_fencing(struct daemon *d, struct ipc_call *call,
			  const char *what)
{
	const char *name = ipc_text(call, "node");
	const struct hc_node *node = name ? hc_node_find(d->conf, name) : NULL;
	bool confirm = !strcmp(what, "confirm-fence");
	char *text;

	if (!confirm && strcmp(what, "fence"))
		return false;
	if (!node) {
		ipc_fail(call, "failed", "there is no node \"%s\"",
			 name ? name : "");
		return true;
	}
	text = sentence(d, call);
	say_decision(d, text, NULL);
	free(text);
	fencing_ask(d, confirm ? "confirm" : "fence", node->id);
	ipc_ok(call, json_pack("{s:I, s:i}", "ticket", (json_int_t)d->user,
			       "off", node->id));
	return true;
}

static void on_tested(bool good, const char *text, void *arg)
{
	if (good)
		ipc_ok(arg, json_pack("{s:s}", "text", text));
	else
		ipc_fail(arg, "failed", "%s", text);
}

static bool about_test(struct daemon *d, struct ipc_call *call, const char *what)
{
	const char *name = ipc_text(call, "node");
	const struct hc_node *node = name ? hc_node_find(d->conf, name) : NULL;

	if (strcmp(what, "fence-test"))
		return false;
	if (!node || !fencing_test(d, node, on_tested, call))
		ipc_fail(call, "failed", "\"%s\" has no fence device",
			 name ? name : "");
	return true;
}

/* A service goes where it may: from where it is now. */
void decide_away(const struct picture *p, const json_t *args, json_t *value)
{
	const struct hc_service *service;
	const struct hc_node *node;
	uint32_t where;

	if (strcmp(get(args, "what"), "move") || get(args, "node"))
		return;
	service = hc_service_find(p->conf, get(args, "service"));
	where = picture_where(p, service);
	node = where ? facts_node(p->conf, where) : NULL;
	json_object_set_new(value, "node", json_string(node ? node->name : ""));
	json_object_set_new(value, "away", json_true());
}

void answer_decide(struct daemon *d, struct ipc_call *call)
{
	const char *what = ipc_text(call, "what");
	struct decision *dec;
	json_t *value;
	char *key, *why;

	if (!what || about_fencing(d, call, what) || about_test(d, call, what)) {
		if (!what)
			ipc_fail(call, "usage", "what is decided?");
		return;
	}
	why = decide_fact(d->conf, ipc_args(call), ipc_who(call),
			  d->places.name, &key, &value);
	if (why || !key) {
		ipc_fail(call, why ? "failed" : "usage", "%s", why ? why :
			 "there is no such decision");
		free(why);
		return;
	}
	if (value) {
		struct picture *p = picture_take(d);

		decide_away(p, ipc_args(call), value);
		picture_free(p);
	}
	dec = xcalloc(1, sizeof(*dec));
	*dec = (struct decision){ d, call, sentence(d, call),
		!strcmp(what, "shutdown") &&
		ha_streq(ipc_text(call, "node"), d->places.name) };
	/* First: then it is known as the cause when the plan is made. */
	say_decision(d, dec->text, NULL);
	engine_set(d, key, value, 0, on_reply, dec);
	json_decref(value);
	free(key);
}
