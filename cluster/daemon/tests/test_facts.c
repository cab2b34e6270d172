// SPDX-License-Identifier: GPL-2.0-only
/* From what the core knows to what is wanted: the plan callback as a whole. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "brain.h"
#include "facts_storage.h"
#include "picture.h"
#include "policy_plan_json.h"
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

/* What "why" says of the service on a node, as one text. */
static char *why(const char *node)
{
	struct brain *brain = brain_new();
	const char *error;
	const struct hc_config *conf = brain_config(brain, facts[0].value,
						    facts[0].size, &error);
	struct facts *made = facts_make(conf, &in);
	struct thought *t;
	json_t *json;
	char *text;

	made->hc.quorate = true;
	t = thought_new(conf, &made->hc);
	json = hc_why_json(conf, t->policy, &t->plan, "db", node);
	text = json_dumps(json_object_get(json, "nodes"), JSON_COMPACT);
	json_decref(json);
	thought_free(t);
	facts_free(made);
	brain_free(brain);
	return text;
}

/* Where no disk is, it is not an old one. */
static void no_copy(void **state)
{
	char *said;

	(void)state;
	begin(VOTES);
	all_rows("device:r0", DEVICE_MEMBER, 1, CORE_PROMOTED);
	all_rows("db", "/srv", 1, CORE_STARTED);
	device(1, "{\"grade\":4,\"unknown\":[]}");
	device(2, "{}");
	device(3, "{}");
	said = why("n3");
	assert_non_null(strstr(said, "a tiebreaker has no copy of r0 (E0)"));
	assert_null(strstr(said, "out of date"));
	free(said);
	said = why("n2");
	assert_non_null(strstr(said, "r0 is not up (E0)"));
	assert_null(strstr(said, "out of date"));
	free(said);
	device(2, "{\"grade\":0,\"unknown\":[]}");
	in.devices = devices + 2;
	in.nr_devices = 2;
	said = why("n2");
	assert_non_null(strstr(said, "r0 is out of date (E0)"));
	free(said);
}

/* The stale one alone with a majority: that it cannot be promoted is said. */
static void why_stale(void **state)
{
	char *said;

	(void)state;
	begin(VOTES);
	in.standing[0] = CORE_NODE_UNKNOWN;
	fact("owner/device:r0", "1");
	fact("owner/db", "1");
	fact("exclude/r0/2", "1 0000000000000001");
	all_rows("device:r0", DEVICE_MEMBER, 2, CORE_STARTED);
	all_rows("db", "/srv", 0, CORE_STOPPED);
	device(2, "{\"grade\":0,\"unknown\":[\"n1\"]}");
	device(3, "{}");
	said = why("n2");
	assert_non_null(strstr(said, "impossible"));
	assert_non_null(strstr(said, "the replica there was excluded"));
	free(said);
}

static bool plans(const struct thought *t, const char *what)
{
	bool found = false;

	for (int i = 0; i < t->plan.n_actions; i++) {
		const struct hp_action *a = &t->plan.actions[i];
		char *text = wants_text(t, a->act, a->rsc, a->node);

		found = found || !strcmp(text, what);
		free(text);
	}
	return found;
}

static struct picture *picture_of(void)
{
	struct picture *p = xcalloc(1, sizeof(*p));
	struct conf_errors errors = { 0 };

	p->conf = p->own_conf = hc_load("t", facts[0].value, &errors);
	p->view.quorate = true;
	p->view.phase = "active";
	for (uint32_t node = 1; node <= 2; node++) {
		struct picture_device *d;

		p->devices = xreallocarray(p->devices, node, sizeof(*p->devices));
		d = &p->devices[p->n_devices++];
		*d = (struct picture_device){ .node = node, .name = "r0" };
		d->state = json_pack("{s:i, s:s, s:s, s:[], s:[{s:s}]}", "grade", 4,
				     "fencing", "resource-and-stonith", "role",
				     node == 1 ? "Primary" : "Secondary", "unknown",
				     "peers", "name", node == 1 ? "n2" : "n1");
		d->text = json_dumps(d->state, JSON_COMPACT);
		for (uint32_t i = 0; i < p->conf->n_nodes; i++)
			picture_assume(p, i + 1, &p->conf->services[0]);
	}
	for (size_t i = 0; i < p->n_rows; i++)
		if (p->rows[i].node == 1)
			p->rows[i].state = strcmp(p->rows[i].unit, "db") ?
					   CORE_PROMOTED : CORE_STARTED;
		else if (p->rows[i].node == 2 && strcmp(p->rows[i].unit, "db"))
			p->rows[i].state = CORE_STARTED;
	picture_set(p, "owner/device:r0", "1");
	picture_set(p, "owner/db", "1");
	return p;
}

/* What would be, if the active node were lost: the exclusion comes first. */
static void supposed_lost(void **state)
{
	struct picture *p;

	(void)state;
	begin(VOTES);
	p = picture_of();
	assert_int_equal(picture_think(p)->plan.n_actions, 0);
	picture_node_lost(p, 1);
	assert_true(plans(picture_think(p), "exclude r0 n1 (commit)"));
	assert_true(plans(picture_think(p), "promote r0 n2"));
	assert_true(plans(picture_think(p), "mount /srv n2"));
	picture_set(p, "exclude/r0/1", "2 0000000000000001");
	assert_false(plans(picture_think(p), "exclude r0 n1 (commit)"));
	assert_true(plans(picture_think(p), "promote r0 n2"));
	picture_free(p);
	p = picture_of();
	picture_node_down(p, 1);
	assert_true(plans(picture_think(p), "exclude r0 n1 (commit)"));
	assert_true(plans(picture_think(p), "promote r0 n2"));
	picture_free(p);
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
		cmocka_unit_test(no_copy),
		cmocka_unit_test(why_stale),
		cmocka_unit_test(supposed_lost),
		cmocka_unit_test(shapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
