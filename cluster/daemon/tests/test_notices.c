// SPDX-License-Identifier: GPL-2.0-only
/* Notifications of clones: who is told what, in which order. A small cluster is played. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "member_notice.h"
#include "notices.h"
#include "tests.h"
#include "util.h"

#define CONFIG "cluster c {\n  format 1;\n  node n1 { id 1; link 10.0.0.1; }\n" \
	"  node n2 { id 2; link 10.0.0.2; }\n  node n3 { id 3; link 10.0.0.3; }\n" \
	"  clone db { promotable yes; notify yes; ocf app ocf:heartbeat:Dummy; }\n" \
	"  clone lb { ocf proxy ocf:heartbeat:Dummy; }\n}\n"

static const char *const words[] = { "start", "stop", "promote", "demote" };

/* What is there, what is to be, and what was done, as words. */
static struct {
	struct hc_config *conf;
	enum core_state now[3], goal[3];
	json_t *notice[3];
	enum core_standing standing[3];
	char log[2048];
} world;

static void begin(void)
{
	struct conf_errors errors = { 0 };

	memset(&world, 0, sizeof(world));
	world.conf = hc_load("t", CONFIG, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	assert_non_null(world.conf);
}

static void end(void)
{
	for (int n = 0; n < 3; n++)
		json_decref(world.notice[n]);
	hc_free(world.conf);
}

static void want(struct core_plan *out, enum core_verb verb, int node)
{
	struct core_want *w = &out->want[out->count++];

	*w = (struct core_want){ .verb = verb, .node = node + 1 };
	strcpy(w->unit, "db");
	strcpy(w->member, "app");
}

static void wants(struct core_plan *out)
{
	for (int n = 0; n < 3; n++) {
		enum core_state now = world.now[n], goal = world.goal[n];

		if (now == goal || world.standing[n] != CORE_NODE_READY)
			continue;
		if (now == CORE_PROMOTED)
			want(out, CORE_DEMOTE, n);
		else if (goal == CORE_STOPPED)
			want(out, CORE_STOP, n);
		else
			want(out, now == CORE_STOPPED ? CORE_START : CORE_PROMOTE, n);
	}
}

static void note(int node, const char *what)
{
	size_t used = strlen(world.log);

	snprintf(world.log + used, sizeof(world.log) - used, "%s%s n%d",
		 used ? ", " : "", what, node + 1);
}

static void carry_out(const struct core_want *w, const json_t *notice)
{
	static const enum core_state after[] = { CORE_STARTED, CORE_STOPPED,
						 CORE_PROMOTED, CORE_STARTED };
	int n = w->node - 1;
	char text[32];

	json_decref(world.notice[n]);
	world.notice[n] = json_copy((json_t *)notice);
	if (w->verb == CORE_NOTIFY) {
		snprintf(text, sizeof(text), "%s-%s", json_string_value(
			 json_object_get(notice, "phase")), json_string_value(
			 json_object_get(notice, "op")));
		note(n, text);
		return;
	}
	json_object_set_new(world.notice[n], "phase", json_string("pre"));
	note(n, words[w->verb]);
	world.now[n] = after[w->verb];
}

/* One plan, and all that it wants done; false: nothing. */
static bool turn(void)
{
	struct core_node_row rows[3];
	struct core_plan_in in = { .rows = rows, .nr_rows = 3 };
	struct core_plan out = { 0 };
	char *details[3];
	json_t *notices;

	for (int n = 0; n < 3; n++) {
		json_t *detail = json_object();

		if (world.notice[n])
			json_object_set(detail, "notice", world.notice[n]);
		details[n] = json_dumps(detail, JSON_COMPACT);
		json_decref(detail);
		rows[n] = (struct core_node_row){ n + 1, { "db", "app", world.now[n],
							   details[n] } };
		in.standing[n] = world.standing[n];
	}
	wants(&out);
	notices = notices_make(world.conf, &in, &out);
	for (size_t i = 0; i < out.count; i++)
		carry_out(&out.want[i], json_object_get(notices, "db/app"));
	json_decref(notices);
	for (int n = 0; n < 3; n++)
		free(details[n]);
	return out.count;
}

static void settle(const char *expected)
{
	int turns = 0;

	world.log[0] = '\0';
	while (turn())
		assert_true(++turns < 20);
	assert_string_equal(world.log, expected);
}

static void goal(enum core_state a, enum core_state b, enum core_state c)
{
	world.goal[0] = a;
	world.goal[1] = b;
	world.goal[2] = c;
}

static void whole_life(void **state)
{
	(void)state;
	begin();
	goal(CORE_STARTED, CORE_STARTED, CORE_STOPPED);
	settle("start n1, start n2, post-start n1, post-start n2");
	goal(CORE_STARTED, CORE_STARTED, CORE_STARTED);
	settle("pre-start n1, pre-start n2, start n3, "
	       "post-start n1, post-start n2, post-start n3");
	goal(CORE_PROMOTED, CORE_STARTED, CORE_STARTED);
	settle("pre-promote n1, pre-promote n2, pre-promote n3, promote n1, "
	       "post-promote n1, post-promote n2, post-promote n3");
	goal(CORE_STARTED, CORE_STARTED, CORE_STOPPED);
	settle("pre-demote n1, pre-demote n2, pre-demote n3, demote n1, "
	       "post-demote n1, post-demote n2, post-demote n3, "
	       "pre-stop n1, pre-stop n2, pre-stop n3, stop n3, "
	       "post-stop n1, post-stop n2");
	/* The same again is another operation. */
	goal(CORE_STARTED, CORE_STARTED, CORE_STARTED);
	settle("pre-start n1, pre-start n2, start n3, "
	       "post-start n1, post-start n2, post-start n3");
	end();
}

/* A node that is lost in the middle is not waited for. */
static void lost_meanwhile(void **state)
{
	(void)state;
	begin();
	goal(CORE_STARTED, CORE_STARTED, CORE_STOPPED);
	settle("start n1, start n2, post-start n1, post-start n2");
	goal(CORE_STARTED, CORE_STARTED, CORE_STARTED);
	world.log[0] = '\0';
	assert_true(turn());
	assert_string_equal(world.log, "pre-start n1, pre-start n2");
	world.standing[2] = CORE_NODE_UNKNOWN;
	settle("post-start n1, post-start n2");
	end();
}

/* It failed: who was told that it begins is told that it is over. */
static void failed(void **state)
{
	(void)state;
	begin();
	goal(CORE_STARTED, CORE_STARTED, CORE_STOPPED);
	settle("start n1, start n2, post-start n1, post-start n2");
	world.goal[2] = CORE_STARTED;
	assert_true(turn());
	world.now[2] = world.goal[2] = CORE_FAILED;
	settle("post-start n1, post-start n2");
	end();
}

static const char *meta(const struct member_op *op, const char *name)
{
	for (size_t i = 0; i < op->op.n_meta; i++)
		if (!strcmp(op->meta[i].name, name))
			return op->meta[i].value;
	return "(none)";
}

static void environment(void **state)
{
	json_t *texts = json_array();
	json_t *notice = json_pack("{s:s, s:s, s:[s], s:[s,s], s:[s], s:[s,s,s]}",
		"phase", "pre", "op", "start", "nodes", "n3", "active", "n1", "n2",
		"promoted", "n1", "available", "n1", "n2", "n3");
	struct model *model;
	struct binding b;
	struct member_op op;

	(void)state;
	begin();
	model = model_new(world.conf);
	b = (struct binding){ model, hc_service_find(world.conf, "db"), NULL, NULL };
	b.member = &b.service->members[0];
	member_op(&b, "db.app", EX_NOTIFY, &op);
	assert_string_equal(meta(&op, "clone_max"), "3");
	assert_string_equal(meta(&op, "promoted_max"), "1");
	assert_string_equal(meta(&op, "notify"), "true");
	assert_string_equal(meta(&op, "notify_type"), "(none)");
	member_notice(world.conf, notice, texts, &op);
	assert_string_equal(meta(&op, "notify_type"), "pre");
	assert_string_equal(meta(&op, "notify_operation"), "start");
	assert_string_equal(meta(&op, "notify_start_uname"), "n3");
	assert_string_equal(meta(&op, "notify_start_resource"), "db.app");
	assert_string_equal(meta(&op, "notify_stop_uname"), "");
	assert_string_equal(meta(&op, "notify_active_uname"), "n1 n2");
	assert_string_equal(meta(&op, "notify_inactive_uname"), "n3");
	assert_string_equal(meta(&op, "notify_promoted_uname"), "n1");
	assert_string_equal(meta(&op, "notify_master_uname"), "n1");
	assert_string_equal(meta(&op, "notify_unpromoted_resource"), "db.app");
	assert_string_equal(meta(&op, "notify_slave_uname"), "n2");
	assert_string_equal(meta(&op, "notify_available_uname"), "n1 n2 n3");
	json_decref(notice);
	json_decref(texts);
	b.service = hc_service_find(world.conf, "lb");
	b.member = &b.service->members[0];
	member_op(&b, "lb.proxy", EX_START, &op);
	assert_string_equal(meta(&op, "notify"), "false");
	assert_string_equal(meta(&op, "promoted_max"), "(none)");
	model_put(model);
}

int test_notices(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_life),
		cmocka_unit_test(lost_meanwhile),
		cmocka_unit_test(failed),
		cmocka_unit_test(environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
