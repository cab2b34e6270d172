// SPDX-License-Identifier: GPL-2.0-only
/* Where something runs: rules, staying, standby, maintenance, together, apart. */
#include "check.h"

#include <stdio.h>

static void spreads(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'},{'name':'y'},{'name':'z'}]");
	places("x@a y@b z@a");
	actions("start x a, start y b, start z a");
}

static void prefers(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'}],"
		 "'locations':[{'id':'l','resource':'x','node':'b','score':10}]");
	places("x@b");
	because("x", "b", "preferred");
	because("x", "a", "lower-score");
}

static void stays_if_sticky(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','stickiness':50}],"
		 "'locations':[{'id':'l','resource':'x','node':'b','score':10}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@a");
	actions("");
	because("x", "a", "already-there");
	plan_for(TWO "'resources':[{'name':'x','stickiness':5}],"
		 "'locations':[{'id':'l','resource':'x','node':'b','score':10}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	actions("stop x a, start x b");
	before("stop x a", "start x b");
}

static void ban_ends(void **unused)
{
	(void)unused;
	plan_for("'now_ms':1000," TWO "'resources':[{'name':'x','stickiness':1}],"
		 "'locations':[{'id':'ban','resource':'x','node':'a','score':'-inf',"
		 "'until_ms':5000}],'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@b");
	because("x", "a", "banned");
	assert_int_equal(explanation("x", "a")->until_ms, 5000);
	assert_int_equal(the_plan()->next_ms, 5000);
	plan_for("'now_ms':5000," TWO "'resources':[{'name':'x','stickiness':1}],"
		 "'locations':[{'id':'ban','resource':'x','node':'a','score':'-inf',"
		 "'until_ms':5000}],'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@a");
	assert_int_equal(the_plan()->next_ms, 0);
}

static void only_where_allowed(void **unused)
{
	(void)unused;
	plan_for("'opt_in':true," TWO "'resources':[{'name':'x'},{'name':'y'}],"
		 "'locations':[{'id':'l','resource':'x','node':'b','score':0}]");
	places("x@b");
	because("y", "a", "not-opted-in");
	blocked("start y -", "no-node");
}

static void attributes_decide(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','attrs':{'ping':'0'}},{'name':'b','attrs':"
		 "{'ping':'100'}},{'name':'c'}],'resources':[{'name':'x'}],'locations':["
		 "{'id':'l','resource':'x','score':'-inf','when':{'or':[{'attr':'ping','is':"
		 "'undefined'},{'attr':'ping','is':'lt','value':'50','type':'number'}]}}]");
	places("x@b");
	because("x", "a", "banned");
	because("x", "c", "banned");
}

static void score_of_attribute(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','attrs':{'p':'10'}},{'name':'b','attrs':{'p':'20'}}],"
		 "'resources':[{'name':'x'}],'locations':[{'id':'l','resource':'x',"
		 "'score_attr':'p','when':{'attr':'p','is':'defined'}}]");
	places("x@b");
}

static void standby_ends(void **unused)
{
	(void)unused;
	plan_for("'now_ms':1000,'nodes':[{'name':'a','standby':true,'standby_until_ms':2000},"
		 "{'name':'b'}],'resources':[{'name':'x'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@b");
	because(NULL, "a", "standby");
	because("x", "a", "standby");
	assert_int_equal(the_plan()->next_ms, 2000);
	plan_for("'now_ms':2000,'nodes':[{'name':'a','standby':true,'standby_until_ms':2000},"
		 "{'name':'b'}],'resources':[{'name':'x','stickiness':1}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@a");
	because(NULL, "a", "none");
}

static void leaving_node_is_emptied(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','shutdown':true},{'name':'b'}],"
		 "'resources':[{'name':'x','stickiness':'inf'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@b");
	because("x", "a", "shutdown");
}

static void maintenance_touches_nothing(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','maintenance':true},{'name':'b'}],"
		 "'resources':[{'name':'x','target':'stopped'},{'name':'y'}],"
		 "'status':[{'resource':'x','node':'a','role':'started','failed':true,"
		 "'failed_action':'stop'}]");
	places("x@a y@b");
	actions("start y b");
	because("x", "a", "maintenance");
	plan_for("'maintenance':true," TWO "'resources':[{'name':'x'},{'name':'y'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@a");
	actions("");
}

static void maintenance_outlives_goodbye(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','maintenance':true,'state':'down'},{'name':'b'}],"
		 "'resources':[{'name':'x'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@a");
	actions("");
}

static void stopped_and_unmanaged(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','target':'stopped'},{'name':'y','unmanaged':true}],"
		 "'status':[{'resource':'x','node':'a','role':'started'},"
		 "{'resource':'y','node':'a','role':'started'}]");
	places("y@a");
	actions("stop x a");
	because("x", "a", "stopped-by-operator");
	because("y", "a", "unmanaged");
	plan_for("'stop_all':true," TWO "'resources':[{'name':'x'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	actions("stop x a");
}

static void orphan_is_stopped(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'}],"
		 "'status':[{'resource':'x','node':'a','role':'started','orphan':true}]");
	places("");
	actions("stop x a");
}

static void runs_once(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'}],'status':[{'resource':'x','node':'a',"
		 "'role':'started'},{'resource':'x','node':'b','role':'started'}]");
	places("x@a");
	before("stop x a", "start x a");
	before("stop x b", "start x a");
	plan_for(TWO "'resources':[{'name':'x','multiple':'stop-only'}],'status':[{'resource':"
		 "'x','node':'a','role':'started'},{'resource':'x','node':'b','role':'started'}]");
	actions("stop x a, stop x b");
	plan_for(TWO "'resources':[{'name':'x','multiple':'block'}],'status':[{'resource':'x',"
		 "'node':'a','role':'started'},{'resource':'x','node':'b','role':'started'}]");
	places("x@a x@b");
	actions("");
}

static void service_stays_together(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'g','kind':'group','children':[{'name':'x'},"
		 "{'name':'y'}]},{'name':'z'}],'locations':[{'id':'l','resource':'g',"
		 "'node':'b','score':10}]");
	places("x@b y@b z@a");
	before("start x b", "start y b");
}

static void member_pulls_its_service(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'g','kind':'group','children':[{'name':'x'},"
		 "{'name':'y','limit':1}]}],'failures':[{'resource':'y','node':'a','count':1}]");
	places("x@b y@b");
	because("y", "a", "failed-too-often");
}

static void together_follows(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'},{'name':'y'}],'locations':[{'id':'l',"
		 "'resource':'y','node':'b','score':100}],'colocations':[{'id':'c',"
		 "'resource':'y','with':'x','score':'inf'}]");
	places("x@b y@b");
	plan_for(TWO "'resources':[{'name':'x'},{'name':'y'}],'locations':[{'id':'l',"
		 "'resource':'y','node':'b','score':100}],'colocations':[{'id':'c',"
		 "'resource':'y','with':'x','score':'inf','no_influence':true}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@a y@a");
	because("y", "b", "together");
}

static void together_or_not_at_all(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','target':'stopped'},{'name':'y'}],"
		 "'colocations':[{'id':'c','resource':'y','with':'x','score':'inf'}],"
		 "'status':[{'resource':'y','node':'a','role':'started'}]");
	places("");
	because("y", "a", "together");
}

static void apart_moves_first(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','stickiness':1},{'name':'y','priority':5}],"
		 "'colocations':[{'id':'c','resource':'x','with':'y','score':'-inf'}],"
		 "'locations':[{'id':'l','resource':'y','node':'a','score':10}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("x@b y@a");
	because("x", "a", "apart");
	before("stop x a", "start y a");
}

static void apart_if_possible(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a'}],'resources':[{'name':'x'},{'name':'y'}],"
		 "'colocations':[{'id':'c','resource':'x','with':'y','score':-100}]");
	places("x@a y@a");
}

static void priority_goes_first(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'},{'name':'y','priority':1}]");
	places("x@b y@a");
}

/* Both cannot be had; which one is, does not depend on how they are listed. */
static void order_of_rules_is_nothing(void **unused)
{
	static const char state[] = TWO "'resources':[{'name':'p'},{'name':'q'},{'name':'d'}],"
		"'locations':[{'id':'l','resource':'p','node':'a','score':'inf'},"
		"{'id':'m','resource':'q','node':'b','score':'inf'}],'colocations':[%s]";
	static const char *const rules[] = {
		"{'id':'c','resource':'d','with':'p','score':-100}",
		"{'id':'e','resource':'d','with':'q','score':-100}",
	};
	char list[200], json[1000];
	int first;

	(void)unused;
	for (first = 0; first < 2; first++) {
		snprintf(list, sizeof(list), "%s,%s", rules[first], rules[!first]);
		snprintf(json, sizeof(json), state, list);
		plan_for(json);
		places("p@a q@b d@b");
	}
}

static void same_rack(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','attrs':{'rack':'1'}},{'name':'b','attrs':{'rack':'2'}},"
		 "{'name':'c','attrs':{'rack':'2'}}],'resources':[{'name':'x'},{'name':'y'}],"
		 "'locations':[{'id':'l','resource':'x','node':'b','score':10}],'colocations':["
		 "{'id':'c','resource':'y','with':'x','score':'inf','node_attr':'rack'}]");
	places("x@b y@c");
}

int place_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(spreads), cmocka_unit_test(prefers),
		cmocka_unit_test(stays_if_sticky), cmocka_unit_test(ban_ends),
		cmocka_unit_test(only_where_allowed), cmocka_unit_test(attributes_decide),
		cmocka_unit_test(score_of_attribute), cmocka_unit_test(standby_ends),
		cmocka_unit_test(leaving_node_is_emptied),
		cmocka_unit_test(maintenance_touches_nothing),
		cmocka_unit_test(maintenance_outlives_goodbye),
		cmocka_unit_test(stopped_and_unmanaged), cmocka_unit_test(orphan_is_stopped),
		cmocka_unit_test(runs_once), cmocka_unit_test(service_stays_together),
		cmocka_unit_test(member_pulls_its_service), cmocka_unit_test(together_follows),
		cmocka_unit_test(together_or_not_at_all), cmocka_unit_test(apart_moves_first),
		cmocka_unit_test(apart_if_possible), cmocka_unit_test(priority_goes_first),
		cmocka_unit_test(same_rack), cmocka_unit_test(order_of_rules_is_nothing),
	};

	return RUN_GROUP("where", tests);
}
