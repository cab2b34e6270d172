// SPDX-License-Identifier: GPL-2.0-only
/* Members of a configuration as operations. */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "facts.h"
#include "member_op.h"
#include "tests.h"
#include "util.h"

#define CONFIG "cluster c {\n  format 1;\n  node n1 { id 1; link 10.0.0.1; }\n" \
	"  node n2 { id 2; link 10.0.0.2; role tiebreaker; }\n" \
	"  defaults { monitor 7s; on-stop-fail kill fence; }\n" \
	"  device r0 { hadm disk; }\n" \
	"  service web {\n    storage r0;\n    mount /dev/ha0 /srv/www xfs { options noatime; }\n" \
	"    ip 10.0.0.9/24 { dev eth0; }\n" \
	"    ocf app ocf:heartbeat:Dummy { param state /run/x; monitor 3s timeout 4s; }\n  }\n}\n"

static struct model *load(void)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("t", CONFIG, &errors);

	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	assert_non_null(conf);
	return model_new(conf);
}

static struct binding bound(struct model *model, unsigned int member)
{
	const struct hc_service *service = hc_service_find(model->conf, "web");
	struct binding b = { model, service, &service->members[member], NULL };

	if (b.member->kind == HC_STORAGE)
		b.device = hc_device_find(model->conf, b.member->what);
	return b;
}

static const char *param(const struct member_op *op, const char *name)
{
	for (size_t i = 0; i < op->op.n_params; i++)
		if (!strcmp(op->params[i].name, name))
			return op->params[i].value;
	return NULL;
}

static void operations(void **state)
{
	struct model *model = load();
	struct member_op op;
	struct binding b;

	(void)state;
	b = bound(model, 0);
	member_op(&b, "web.r0", EX_PROMOTE, &op);
	assert_int_equal(op.op.kind, EX_KIND_STORAGE);
	assert_string_equal(op.op.agent, "disk");
	b = bound(model, 1);
	member_op(&b, "web.www", EX_START, &op);
	assert_int_equal(op.op.kind, EX_KIND_MOUNT);
	assert_string_equal(param(&op, "device"), "/dev/ha0");
	assert_string_equal(param(&op, "directory"), "/srv/www");
	assert_string_equal(param(&op, "options"), "noatime");
	b = bound(model, 2);
	member_op(&b, "web.ip", EX_MONITOR, &op);
	assert_string_equal(param(&op, "address"), "10.0.0.9/24");
	assert_string_equal(param(&op, "dev"), "eth0");
	assert_int_equal(op.op.interval_ms, 7000);
	b = bound(model, 3);
	member_op(&b, "web.app", EX_MONITOR, &op);
	assert_string_equal(op.op.agent, "ocf:heartbeat:Dummy");
	assert_string_equal(param(&op, "state"), "/run/x");
	assert_int_equal(op.op.interval_ms, 3000);
	assert_int_equal(op.op.timeout_ms, 4000);
	model_put(model);
}

static void ladders(void **state)
{
	struct model *model = load();
	struct binding b = bound(model, 3);
	enum ex_step steps[EX_STEP_NR];
	unsigned int words;

	(void)state;
	assert_int_equal(member_ladder(&b, steps), 2);
	assert_int_equal(steps[0], EX_STEP_AGENT);
	assert_int_equal(steps[1], EX_STEP_KILL);
	assert_string_equal(member_ladder_storage(&b), "disk");
	words = model->conf->defaults.on_stop_fail.n;
	model->conf->defaults.on_stop_fail.n = 0;
	assert_int_equal(member_ladder(&b, steps), 3);
	assert_int_equal(steps[1], EX_STEP_KILL);
	assert_int_equal(steps[2], EX_STEP_DEMOTE_FORCE);
	model->conf->defaults.on_stop_fail.n = words;
	model_put(model);
}

/* What a tiebreaker lacks to run it is no failure there. */
static void lacking(void **state)
{
	struct model *model = load();
	struct binding b = bound(model, 3);

	(void)state;
	assert_true(member_needless(&b, "n2", EX_HARD));
	assert_true(member_needless(&b, "n2", EX_FATAL));
	assert_false(member_needless(&b, "n2", EX_FAILED));
	assert_false(member_needless(&b, "n1", EX_HARD));
	assert_false(member_needless(&b, "n9", EX_HARD));
	model_put(model);
}

static void names(void **state)
{
	char *name = member_instance("web", "/srv/www");
	json_t *meta;
	char *all;

	(void)state;
	assert_string_equal(name, "web._srv_www");
	free(name);
	meta = json_pack("{s:i}", "rev", 7);
	all = config_join(meta, CONFIG);
	json_decref(meta);
	assert_string_equal(config_split(all, &meta), CONFIG);
	assert_int_equal(json_integer_value(json_object_get(meta, "rev")), 7);
	json_decref(meta);
	assert_ptr_equal(config_split(CONFIG, &meta), CONFIG);
	assert_null(meta);
	free(all);
}

int test_members(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations),
		cmocka_unit_test(ladders),
		cmocka_unit_test(lacking),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
