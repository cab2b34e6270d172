// SPDX-License-Identifier: GPL-2.0-only
/* From what the core knows to what is wanted: the plan callback as a whole. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "facts_storage.h"
#include "tests.h"
#include "util.h"

#define HEAD	"cluster c {\n  format 1;\n" \
	"  node n1 { id 1; link 10.0.0.1; }\n  node n2 { id 2; link 10.0.0.2; }\n" \
	"  node n3 { id 3; link 10.0.0.3; }\n"
#define WEB	HEAD "  service web { ip 10.0.0.9/24; ocf app ocf:heartbeat:Dummy; }\n}\n"
#define STORED	HEAD "  device r0 { hadm r0; }\n" \
	"  service db { storage r0; mount /dev/ha0 /srv ext4; }\n}\n"

#define VOTES	"cluster c {\n  format 1;\n" \
	"  node n1 { id 1; link 10.0.0.1; }\n  node n2 { id 2; link 10.0.0.2; }\n" \
	"  node n3 { id 3; link 10.0.0.3; role tiebreaker; }\n" \
	"  device r0 { hadm r0; }\n" \
	"  service db { storage r0; mount /dev/ha0 /srv ext4; }\n}\n"

static struct core_node_row rows[32];
static struct core_fact facts[16];
static struct core_node_device devices[4];
static struct core_plan_in in;

static void begin(const char *config)
{
	memset(&in, 0, sizeof(in));
	in.nodes = in.ready = 7;
	in.rows = rows;
	in.facts = facts;
	in.devices = devices;
	facts[in.nr_facts++] = (struct core_fact){ "config", config,
						   strlen(config) };
}

static void fact(const char *key, const char *value)
{
	facts[in.nr_facts++] = (struct core_fact){ key, value, strlen(value) };
}

static void row(uint32_t node, const char *unit, const char *member,
		enum core_state state)
{
	rows[in.nr_rows++] = (struct core_node_row){ node, { unit, member, state,
							     "{}" } };
}

static void all_rows(const char *unit, const char *member, uint32_t active,
		     enum core_state state)
{
	for (uint32_t node = 1; node <= 3; node++)
		if (in.standing[node - 1] == CORE_NODE_READY)
			row(node, unit, member, node == active ? state :
			    CORE_STOPPED);
}

static void plan(struct core_plan *out)
{
	struct brain *brain = brain_new();
	struct core_policy policy = brain_policy(brain);

	memset(out, 0, sizeof(*out));
	policy.plan(policy.ctx, &in, out);
	brain_free(brain);
}

static const struct core_want *find(const struct core_plan *p, enum core_verb verb,
				    const char *member)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->want[i].verb == verb && !strcmp(p->want[i].member, member))
			return &p->want[i];
	return NULL;
}

/* Only what waits for nothing is wanted: the first member, once. */
static void starts_in_order(void **state)
{
	struct core_plan p;

	(void)state;
	begin(WEB);
	all_rows("web", "10.0.0.9", 0, CORE_STOPPED);
	all_rows("web", "app", 0, CORE_STOPPED);
	plan(&p);
	assert_int_equal(p.count, 1);
	assert_int_equal(p.want[0].verb, CORE_START);
	assert_string_equal(p.want[0].unit, "web");
	assert_string_equal(p.want[0].member, "10.0.0.9");
}

/* What is not probed somewhere may run there. */
static void waits_for_probes(void **state)
{
	struct core_plan p;

	(void)state;
	begin(WEB);
	row(1, "web", "10.0.0.9", CORE_UNSURE);
	row(1, "web", "app", CORE_UNSURE);
	plan(&p);
	assert_int_equal(p.count, 0);
}

static void decisions(void **state)
{
	struct core_plan p;

	(void)state;
	begin(WEB);
	all_rows("web", "10.0.0.9", 2, CORE_STARTED);
	all_rows("web", "app", 2, CORE_STARTED);
	plan(&p);
	assert_int_equal(p.count, 0);
	fact("op/standby/n2", "{}");
	plan(&p);
	assert_non_null(find(&p, CORE_STOP, "app"));
	assert_int_equal(find(&p, CORE_STOP, "app")->node, 2);
	in.nr_facts--;
	fact("op/stopped/web", "{}");
	plan(&p);
	assert_non_null(find(&p, CORE_STOP, "app"));
	in.nr_facts--;
	fact("op/move/web", "{\"node\":\"n3\"}");
	plan(&p);
	assert_non_null(find(&p, CORE_STOP, "app"));
	in.nr_facts--;
	fact("op/maintenance/*", "{}");
	fact("op/standby/n2", "{}");
	plan(&p);
	assert_int_equal(p.count, 0);
}

static void device(uint32_t node, const char *state)
{
	devices[in.nr_devices++] = (struct core_node_device){ node, "r0", state,
							      strlen(state) };
}

#define ALONE "{\"grade\":3,\"unknown\":[\"n1\"]}"

static bool promotes(void)
{
	struct core_plan p;

	plan(&p);
	return find(&p, CORE_PROMOTE, DEVICE_MEMBER);
}

/* UpToDate without the peer: only if that is off, excluded, or known to be old. */
static void peer_unknown(void **state)
{
	(void)state;
	begin(STORED);
	in.standing[0] = CORE_NODE_UNKNOWN;
	row(2, "device:r0", DEVICE_MEMBER, CORE_STARTED);
	row(3, "device:r0", DEVICE_MEMBER, CORE_STOPPED);
	all_rows("db", "/srv", 0, CORE_STOPPED);
	device(2, ALONE);
	assert_false(promotes());
	in.standing[0] = CORE_NODE_OUT;
	assert_true(promotes());
	in.standing[0] = CORE_NODE_UNKNOWN;
	fact("exclude/r0/1", "2 0000000000000001");
	assert_true(promotes());
	in.nr_facts--;
	/* It is here, and not connected: it may be writing. */
	in.standing[0] = CORE_NODE_READY;
	row(1, "device:r0", DEVICE_MEMBER, CORE_STARTED);
	row(1, "db", "/srv", CORE_STOPPED);
	device(1, "{}");
	assert_false(promotes());
	in.nr_devices--;
	device(1, "{\"grade\":0,\"unknown\":[]}");
	assert_true(promotes());
}

static void excluded_never(void **state)
{
	(void)state;
	begin(STORED);
	all_rows("device:r0", DEVICE_MEMBER, 2, CORE_STARTED);
	all_rows("db", "/srv", 0, CORE_STOPPED);
	device(2, "{\"grade\":4,\"unknown\":[]}");
	assert_true(promotes());
	fact("exclude/r0/2", "1 0000000000000001");
	assert_false(promotes());
}

/* What a lost node owned may still run there, until it is proved not to. */
static void lost_owner(void **state)
{
	struct core_plan p;

	(void)state;
	begin(STORED);
	in.standing[0] = CORE_NODE_UNKNOWN;
	fact("owner/device:r0", "1");
	fact("owner/db", "1");
	row(2, "device:r0", DEVICE_MEMBER, CORE_STARTED);
	row(3, "device:r0", DEVICE_MEMBER, CORE_STOPPED);
	all_rows("db", "/srv", 0, CORE_STOPPED);
	device(2, ALONE);
	plan(&p);
	assert_null(find(&p, CORE_PROMOTE, DEVICE_MEMBER));
	assert_null(find(&p, CORE_START, "/srv"));
}

/* The claim excludes the lost owner, and nothing of it is waited for. */
static void taken_over_by_exclusion(void **state)
{
	struct core_plan p;

	(void)state;
	begin(STORED);
	in.standing[0] = CORE_NODE_UNKNOWN;
	fact("owner/device:r0", "1");
	fact("owner/db", "1");
	row(2, "device:r0", DEVICE_MEMBER, CORE_STARTED);
	row(3, "device:r0", DEVICE_MEMBER, CORE_STOPPED);
	all_rows("db", "/srv", 0, CORE_STOPPED);
	device(2, "{\"grade\":2,\"unknown\":[\"n1\"]}");
	assert_false(promotes());
	in.nr_devices--;
	device(2, "{\"grade\":2,\"unknown\":[\"n1\"],"
		  "\"fencing\":\"resource-and-stonith\"}");
	assert_true(promotes());
	facts[1].value = "2";
	fact("exclude/r0/1", "2 0000000000000001");
	rows[0].row.state = CORE_PROMOTED;
	plan(&p);
	assert_non_null(find(&p, CORE_START, "/srv"));
	assert_int_equal(find(&p, CORE_START, "/srv")->node, 2);
}

/* Who was replaced stops by itself; the one that replaced it is left alone. */
static void old_owner_returns(void **state)
{
	struct core_plan p;

	(void)state;
	begin(STORED);
	fact("owner/device:r0", "2");
	fact("owner/db", "2");
	fact("exclude/r0/1", "2 0000000000000001");
	row(1, "device:r0", DEVICE_MEMBER, CORE_PROMOTED);
	row(2, "device:r0", DEVICE_MEMBER, CORE_PROMOTED);
	row(3, "device:r0", DEVICE_MEMBER, CORE_STOPPED);
	row(1, "db", "/srv", CORE_STARTED);
	row(2, "db", "/srv", CORE_STARTED);
	row(3, "db", "/srv", CORE_STOPPED);
	device(1, "{\"grade\":0,\"unknown\":[\"n2\"]}");
	device(2, "{\"grade\":4,\"unknown\":[]}");
	plan(&p);
	for (size_t i = 0; i < p.count; i++)
		assert_int_not_equal(p.want[i].node, 2);
}

/* Where nothing can switch it off, one that cannot stop is not a reason either. */
static void old_owner_cannot_stop(void **state)
{
	struct core_plan p;

	(void)state;
	begin(WEB);
	fact("owner/web", "2");
	all_rows("web", "10.0.0.9", 2, CORE_STARTED);
	all_rows("web", "app", 2, CORE_STARTED);
	rows[0].row.state = CORE_FAILED;
	rows[0].row.detail = "{\"failures\":1,\"failed_op\":\"stop\",\"blocked\":true}";
	plan(&p);
	for (size_t i = 0; i < p.count; i++)
		assert_int_not_equal(p.want[i].node, 2);
}

/* It has no replica either, so a device is not even Secondary there. */
static void tiebreaker_runs_nothing(void **state)
{
	struct core_plan p;

	(void)state;
	begin(VOTES);
	all_rows("device:r0", DEVICE_MEMBER, 0, CORE_STOPPED);
	all_rows("db", "/srv", 0, CORE_STOPPED);
	plan(&p);
	assert_int_equal(p.count, 2);
	for (size_t i = 0; i < p.count; i++) {
		assert_string_equal(p.want[i].member, DEVICE_MEMBER);
		assert_int_not_equal(p.want[i].node, 3);
	}
}

static void shapes(void **state)
{
	struct brain *brain = brain_new();
	struct core_policy policy = brain_policy(brain);
	struct core_shape shape;
	const char *why = NULL;

	(void)state;
	assert_true(policy.shape(policy.ctx, STORED, strlen(STORED), &shape, &why));
	assert_int_equal(shape.nodes, 7);
	assert_int_equal(shape.count, 2);
	assert_string_equal(shape.units[0].name, "device:r0");
	assert_string_equal(shape.units[0].device, "r0");
	assert_true(shape.units[0].promotable && shape.units[0].exclusive);
	assert_int_equal(shape.units[0].requires, CORE_REQUIRES_STORAGE);
	assert_string_equal(shape.units[1].name, "db");
	free(shape.units);
	assert_false(policy.shape(policy.ctx, "cluster {", 9, &shape, &why));
	assert_non_null(why);
	brain_free(brain);
}

int test_facts(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_in_order),
		cmocka_unit_test(waits_for_probes),
		cmocka_unit_test(decisions),
		cmocka_unit_test(peer_unknown),
		cmocka_unit_test(excluded_never),
		cmocka_unit_test(lost_owner),
		cmocka_unit_test(taken_over_by_exclusion),
		cmocka_unit_test(old_owner_returns),
		cmocka_unit_test(old_owner_cannot_stop),
		cmocka_unit_test(tiebreaker_runs_nothing),
		cmocka_unit_test(shapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
