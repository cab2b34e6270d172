// SPDX-License-Identifier: GPL-2.0-only
/* What comes before what, and what that forbids. */
#include "check.h"

#define XY	"'resources':[{'name':'x'},{'name':'y'}],"
#define AFTER	"'orders':[{'id':'o','first':['x'],'then':'y'}]"

static void starts_after(void **unused)
{
	(void)unused;
	plan_for(TWO XY AFTER);
	before("start x a", "start y b");
}

static void not_without(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','target':'stopped'},{'name':'y'}]," AFTER);
	places("");
	blocked("start y a", "first-cannot");
}

static void stops_before(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','target':'stopped'},{'name':'y'}]," AFTER
		 ",'status':[{'resource':'x','node':'a','role':'started'},"
		 "{'resource':'y','node':'b','role':'started'}]");
	places("");
	before("stop y b", "stop x a");
}

static void restarts_with(void **unused)
{
	(void)unused;
	plan_for(TWO XY AFTER ",'status':[{'resource':'x','node':'a','role':'started',"
		 "'failed':true},{'resource':'y','node':'b','role':'started'}]");
	places("x@a y@b");
	before("stop y b", "stop x a");
	before("start x a", "start y b");
}

static void if_possible(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','target':'stopped'},{'name':'y'}],"
		 "'orders':[{'id':'o','first':['x'],'then':'y','kind':'optional'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	places("y@a");
	plan_for(TWO XY "'orders':[{'id':'o','first':['x'],'then':'y','kind':'optional'}]");
	before("start x a", "start y b");
	assert_false(the_plan()->edges[0].mandatory);
}

static void one_way(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','target':'stopped'},{'name':'y'}],"
		 "'orders':[{'id':'o','first':['x'],'then':'y','asymmetric':true}],"
		 "'status':[{'resource':'x','node':'a','role':'started'},"
		 "{'resource':'y','node':'b','role':'started'}]");
	actions("stop x a");
}

static void one_of_them(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'w','target':'stopped'},{'name':'x'},{'name':'y'}],"
		 "'orders':[{'id':'o','first':['w','x'],'need':1,'then':'y'}]");
	places("x@a y@b");
	plan_for(TWO "'resources':[{'name':'w','target':'stopped'},{'name':'x','target':"
		 "'stopped'},{'name':'y'}],"
		 "'orders':[{'id':'o','first':['w','x'],'need':1,'then':'y'}]");
	places("");
}

static void service_after_service(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'g','kind':'group','children':[{'name':'x'},"
		 "{'name':'y'}]},{'name':'h','kind':'group','children':[{'name':'z'}]}],"
		 "'orders':[{'id':'o','first':['g'],'then':'h'}]");
	before("start x a", "start y a");
	before("start y a", "start z b");
	plan_for(TWO "'resources':[{'name':'g','kind':'group','children':[{'name':'x'},"
		 "{'name':'y','target':'stopped'}]},{'name':'z'}],"
		 "'orders':[{'id':'o','first':['g'],'then':'z'}]");
	places("x@a");
}

static void blocked_member_holds_others(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'g','kind':'group','target':'stopped','children':["
		 "{'name':'x'},{'name':'y'}]}],'status':[{'resource':'x','node':'a','role':"
		 "'started'},{'resource':'y','node':'a','role':'started','blocked':true}]");
	places("x@a y@a");
	blocked("stop x a", "stop-blocked");
}

static void circle_is_cut(void **unused)
{
	(void)unused;
	plan_for(TWO XY "'orders':[{'id':'o','first':['x'],'then':'y'},"
		 "{'id':'p','first':['y'],'then':'x','kind':'optional'}]");
	before("start x a", "start y b");
	not_before("start y b", "start x a");
	plan_for(TWO XY "'orders':[{'id':'o','first':['x'],'then':'y'},"
		 "{'id':'p','first':['y'],'then':'x'}]");
	places("x@a y@b");
	assert_int_equal(the_plan()->n_edges, 1);
}

static void changed_restarts(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'g','kind':'group','children':[{'name':'x'},"
		 "{'name':'y'}]}],'status':[{'resource':'x','node':'a','role':'started',"
		 "'changed':true},{'resource':'y','node':'a','role':'started'}]");
	places("x@a y@a");
	before("stop y a", "stop x a");
	before("stop x a", "start x a");
	before("start x a", "start y a");
}

int order_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_after), cmocka_unit_test(not_without),
		cmocka_unit_test(stops_before), cmocka_unit_test(restarts_with),
		cmocka_unit_test(if_possible), cmocka_unit_test(one_way),
		cmocka_unit_test(one_of_them), cmocka_unit_test(service_after_service),
		cmocka_unit_test(blocked_member_holds_others),
		cmocka_unit_test(circle_is_cut), cmocka_unit_test(changed_restarts),
	};

	return RUN_GROUP("order", tests);
}
