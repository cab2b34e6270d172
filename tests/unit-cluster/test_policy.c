// SPDX-License-Identifier: GPL-2.0-only
/* Configurations and facts as the policy engine sees them, and what it makes of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests.h"
#include "to_policy.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const struct hc_fact_node all_online[] = {
	{ .node = "n1", .state = HP_NODE_ONLINE },
	{ .node = "n2", .state = HP_NODE_ONLINE },
	{ .node = "n3", .state = HP_NODE_ONLINE },
};

static const struct hc_fact_storage both_good[] = {
	{ .device = "r0", .node = "n1", .data = HP_DATA_UPTODATE },
	{ .device = "r0", .node = "n2", .data = HP_DATA_UPTODATE },
	{ .device = "r0", .node = "n3", .data = HP_DATA_REMOTE },
	{ .device = "gone", .node = "n1", .data = HP_DATA_UPTODATE },
};

static struct hc_facts facts_of(const struct hc_fact_node *nodes, int n)
{
	return (struct hc_facts){
		.now_ms = 1000000, .quorate = true, .nodes = nodes,
		.n_nodes = n, .storage = both_good,
		.n_storage = COUNT(both_good),
	};
}

static struct hc_config *load(const char *path)
{
	struct conf_errors errors = { 0 };
	char *text = read_text(path);
	struct hc_config *conf = hc_load(path, text, &errors);

	assert_non_null(conf);
	free(text);
	return conf;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "r0!n1 web/httpd@n1 ...": where devices are promoted and members run. */
static char *places(const struct hc_config *conf, const struct hc_facts *facts)
{
	struct hc_policy *policy = hc_to_policy(conf, facts);
	const struct hp_input *in = &policy->in;
	char *words[64], *text = calloc(1, 4096);
	struct hp_plan plan;
	int n = 0;

	if (hp_plan(in, &plan))
		fail_msg("refused: %s", plan.error);
	for (int i = 0; i < plan.n_wanted && n < 64; i++) {
		const struct hp_place *place = &plan.wanted[i];
		const struct hc_thing *thing = &policy->things[place->rsc];

		if (place->node < 0)
			continue;
		if (thing->device && place->role == HP_ROLE_PROMOTED)
			assert_true(asprintf(&words[n++], "%s!%s ",
					     thing->device->name,
					     conf->nodes[place->node].name) > 0);
		else if (thing->member)
			assert_true(asprintf(&words[n++], "%s@%s ",
					     in->rscs[place->rsc].name,
					     conf->nodes[place->node].name) > 0);
	}
	qsort(words, n, sizeof(*words), compare);
	for (int i = 0; i < n; i++) {
		strcat(text, words[i]);
		free(words[i]);
	}
	hp_plan_free(&plan);
	hc_policy_free(policy);
	return text;
}

static void expect(const struct hc_config *conf, const struct hc_facts *facts,
		   const char *expected)
{
	char *text = places(conf, facts);

	assert_string_equal(text, expected);
	free(text);
}

static void test_first_start(void **state)
{
	struct hc_config *conf = load("good/example.conf");
	struct hc_facts facts = facts_of(all_online, COUNT(all_online));

	(void)state;
	expect(conf, &facts,
	       "front/10.0.0.60@n2 lb/haproxy@n1 lb/haproxy@n2 r0!n1 "
	       "web//srv/www@n1 web/192.168.10.100@n1 web/httpd@n1 ");
	hc_free(conf);
}

static const struct hc_fact_member on_n1[] = {
	{ "web", "r0", "n1", .role = HP_ROLE_PROMOTED },
	{ "web", "r0", "n2", .role = HP_ROLE_UNPROMOTED },
	{ "web", "r0", "n3", .role = HP_ROLE_UNPROMOTED },
	{ "web", "/srv/www", "n1", .role = HP_ROLE_STARTED },
	{ "web", "192.168.10.100", "n1", .role = HP_ROLE_STARTED },
	{ "web", "httpd", "n1", .role = HP_ROLE_STARTED },
	{ "lb", "haproxy", "n1", .role = HP_ROLE_STARTED },
	{ "lb", "haproxy", "n2", .role = HP_ROLE_STARTED },
	{ "front", "10.0.0.60", "n2", .role = HP_ROLE_STARTED },
	{ "front", "gone", "n2", .role = HP_ROLE_STARTED },
};

static struct hc_facts running(const struct hc_fact_node *nodes, int n)
{
	struct hc_facts facts = facts_of(nodes, n);

	facts.members = on_n1;
	facts.n_members = COUNT(on_n1);
	return facts;
}

static void test_at_rest(void **state)
{
	struct hc_config *conf = load("good/example.conf");
	struct hc_facts facts = running(all_online, COUNT(all_online));
	struct hc_policy *policy = hc_to_policy(conf, &facts);
	struct hp_plan plan;

	(void)state;
	assert_int_equal(hp_plan(&policy->in, &plan), 0);
	assert_int_equal(plan.n_actions, 0);
	hp_plan_free(&plan);
	hc_policy_free(policy);
	hc_free(conf);
}

static void test_node_lost(void **state)
{
	static const struct hc_fact_node lost[] = {
		{ .node = "n1", .state = HP_NODE_DOWN },
		{ .node = "n2", .state = HP_NODE_ONLINE },
		{ .node = "n3", .state = HP_NODE_ONLINE },
	};
	struct hc_config *conf = load("good/example.conf");
	struct hc_facts facts = running(lost, COUNT(lost));

	(void)state;
	/* One node is left for services that are to be apart. */
	expect(conf, &facts,
	       "lb/haproxy@n2 r0!n2 web//srv/www@n2 web/192.168.10.100@n2 "
	       "web/httpd@n2 ");
	hc_free(conf);
}

static void test_decisions(void **state)
{
	static const struct hc_fact_decision ban[] = {
		{ HC_BAN, "web", "n1", false, 2000000 },
		{ HC_STOPPED, "front", NULL, false, 0 },
		{ HC_BAN, "gone", "n1", false, 0 },
	};
	static const struct hc_fact_decision over[] = {
		{ HC_BAN, "web", "n1", false, 999999 },
	};
	static const struct hc_fact_decision move[] = {
		{ HC_MOVE, "web", "n2", false, 0 },
	};
	struct hc_config *conf = load("good/example.conf");
	struct hc_facts facts = running(all_online, COUNT(all_online));

	(void)state;
	facts.decisions = ban;
	facts.n_decisions = COUNT(ban);
	expect(conf, &facts,
	       "lb/haproxy@n1 lb/haproxy@n2 r0!n2 web//srv/www@n2 "
	       "web/192.168.10.100@n2 web/httpd@n2 ");
	facts.decisions = over;
	facts.n_decisions = COUNT(over);
	expect(conf, &facts,
	       "front/10.0.0.60@n2 lb/haproxy@n1 lb/haproxy@n2 r0!n1 "
	       "web//srv/www@n1 web/192.168.10.100@n1 web/httpd@n1 ");
	facts.decisions = move;
	facts.n_decisions = COUNT(move);
	expect(conf, &facts,
	       "front/10.0.0.60@n1 lb/haproxy@n1 lb/haproxy@n2 r0!n2 "
	       "web//srv/www@n2 web/192.168.10.100@n2 web/httpd@n2 ");
	hc_free(conf);
}

/* The gateway does not answer on n1, so nothing stays there. */
static void test_check(void **state)
{
	static const struct hp_attr failed[] = { { "check-gw", "failed" } };
	const struct hc_fact_node nodes[] = {
		{ .node = "n1", .state = HP_NODE_ONLINE, .attrs = failed, .n_attrs = 1 },
		{ .node = "n2", .state = HP_NODE_ONLINE },
		{ .node = "n3", .state = HP_NODE_ONLINE },
	};
	struct hc_config *conf = load("good/example.conf");
	struct hc_facts facts = running(nodes, COUNT(nodes));

	(void)state;
	facts.n_storage = 2;
	char *text = places(conf, &facts);

	assert_non_null(strstr(text, "web/httpd@n2"));
	free(text);
	hc_free(conf);
}

static void test_takeover(void **state)
{
	struct hc_config *two = load("corosync/two.conf");
	struct hc_config *witness = load("corosync/two-witness.conf");

	(void)state;
	assert_true(hc_no_takeover(two));
	assert_false(hc_no_takeover(witness));
	hc_free(two);
	hc_free(witness);
}

/* Every key of the configuration makes an input the engine takes. */
static void test_every_key(void **state)
{
	static const struct hc_fact_node nodes[] = {
		{ .node = "a", .state = HP_NODE_ONLINE },
	};
	struct hc_config *conf = load("good/every-key.conf");
	struct hc_facts facts = facts_of(nodes, COUNT(nodes));
	char *text = places(conf, &facts);

	(void)state;
	free(text);
	hc_free(conf);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_first_start),
	cmocka_unit_test(test_at_rest),
	cmocka_unit_test(test_node_lost),
	cmocka_unit_test(test_decisions),
	cmocka_unit_test(test_check),
	cmocka_unit_test(test_takeover),
	cmocka_unit_test(test_every_key),
};

TEST_GROUP(policy_group, tests);
