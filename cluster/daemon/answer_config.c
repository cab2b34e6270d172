// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: its text, its revisions, a new one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "config.h"
#include "conflicts.h"
#include "engine.h"
#include "events.h"
#include "secrets.h"
#include "store.h"
#include "util.h"

#define TRIES 5

static json_t *with_meta(struct daemon *d, int64_t rev, const char *text)
{
	char *path = store_path(d->places.state_dir, "config/%06lld.meta",
				(long long)rev);
	json_t *out = rev == d->rev && d->meta ? json_copy(d->meta) :
		      json_load_file(path, 0, NULL);

	free(path);
	if (!json_is_object(out))
		out = json_object();
	json_object_set_new(out, "rev", json_integer(rev));
	json_object_set_new(out, "text", json_string(text));
	return out;
}

void answer_get_config(struct daemon *d, struct ipc_call *call)
{
	int64_t rev = json_integer_value(json_object_get(ipc_args(call), "rev"));
	char *text;

	if (!rev || rev == d->rev) {
		text = hc_text(d->conf);
		rev = d->rev;
	} else {
		text = store_config_text(d->places.state_dir, &rev);
	}
	if (text)
		ipc_ok(call, with_meta(d, rev, text));
	else
		ipc_fail(call, "failed", "this node does not have rev %lld",
			 (long long)rev);
	free(text);
}

void answer_revisions(struct daemon *d, struct ipc_call *call)
{
	int limit = json_integer_value(json_object_get(ipc_args(call), "limit"));

	ipc_ok(call, json_pack("{s:o, s:o}", "revisions",
			       store_config_list(d->places.state_dir,
						 limit > 0 ? limit : 20),
			       "conflicts", conflicts_list(d->places.state_dir)));
}

void answer_secret(struct daemon *d, struct ipc_call *call)
{
	if (secrets_set(d, ipc_text(call, "name"), ipc_text(call, "value")))
		ipc_ok(call, NULL);
	else
		ipc_fail(call, "usage", "a secret has a name of letters and digits, and a value");
}

/**
 * struct proposal - @value: what is to be committed
 * @parent: revision that must be in force
 */
struct proposal {
	struct daemon *d;
	struct ipc_call *call;
	char *value;
	int64_t parent;
	int tries;
};

static void proposal_free(struct proposal *p)
{
	free(p->value);
	free(p);
}

static void propose(struct proposal *p);

static void say_proposal(struct proposal *p, const char *refused)
{
	char *text = xasprintf("%s@%s: rev %lld%s%s", ipc_who(p->call),
			       p->d->places.name, (long long)p->parent + 1,
			       refused ? ": refused, " : "",
			       refused ? refused : "");

	events_say(p->d, json_pack("{s:s, s:s}", "kind", "config", "text",
				   text), !refused);
	free(text);
}

static void committed(struct proposal *p)
{
	ipc_ok(p->call, json_pack("{s:I, s:I}", "rev",
				  (json_int_t)p->parent + 1, "ticket",
				  (json_int_t)p->d->user));
	proposal_free(p);
}

/* A decision came between: the configuration may still be the same. */
static void on_reply(int code, const char *text, void *arg)
{
	struct proposal *p = arg;

	if (!code) {
		committed(p);
		return;
	}
	if (code == -ESTALE && p->d->rev == p->parent && p->tries++ < TRIES) {
		propose(p);
		return;
	}
	say_proposal(p, text);
	ipc_fail(p->call, code == -ESTALE ? "conflict" : code == -EAGAIN ?
		 "no-quorum" : "failed", "%s", text);
	proposal_free(p);
}

static void propose(struct proposal *p)
{
	const struct core_request request = {
		.kind = CORE_REQ_SET, .base = p->d->user, .key = CONFIG_KEY,
		.value = { p->value, strlen(p->value) },
	};

	engine_request(p->d, &request, on_reply, p);
}

static char *first_error(const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("cluster.conf", text, &errors);
	char *said = NULL;
	size_t size;
	FILE *out;

	if (conf) {
		hc_free(conf);
		conf_errors_free(&errors);
		return NULL;
	}
	out = open_memstream(&said, &size);
	conf_errors_print(&errors, out);
	fclose(out);
	conf_errors_free(&errors);
	return said;
}

static json_t *new_meta(struct daemon *d, struct ipc_call *call, int64_t parent,
			const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("cluster.conf", text, &errors);
	const char *message = ipc_text(call, "message");
	char sha[HC_SHA256_TEXT];
	json_t *meta;

	hc_sha256(conf, sha);
	meta = json_pack("{s:I, s:I, s:s, s:s, s:s, s:I, s:s}", "rev",
			 (json_int_t)parent + 1, "parent", (json_int_t)parent,
			 "sha256", sha, "author", ipc_who(call), "host",
			 d->places.name, "time_ms", (json_int_t)clock_wall(),
			 "message", message ? message : "");
	hc_free(conf);
	return meta;
}

void answer_propose(struct daemon *d, struct ipc_call *call)
{
	int64_t parent = json_integer_value(json_object_get(ipc_args(call),
							    "parent"));
	const char *text = ipc_text(call, "text");
	char *wrong = text ? first_error(text) : xstrdup("there is no text");
	struct proposal *p;
	json_t *meta;

	if (wrong) {
		ipc_fail(call, "failed", "%s", wrong);
		free(wrong);
		return;
	}
	if (parent != d->rev) {
		ipc_fail(call, "conflict", "rev %lld is in force, not rev %lld",
			 (long long)d->rev, (long long)parent);
		return;
	}
	meta = new_meta(d, call, parent, text);
	p = xcalloc(1, sizeof(*p));
	*p = (struct proposal){ .d = d, .call = call, .parent = parent,
				.value = config_join(meta, text) };
	json_decref(meta);
	say_proposal(p, NULL);
	propose(p);
}
