// SPDX-License-Identifier: GPL-2.0-only
/* What failed: restart here, move, wait, forget. */
#include "check.h"

#define X_ON_A	"'status':[{'resource':'x','node':'a','role':'started','failed':true"

static void recovers_in_place(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','stickiness':1,'limit':3}]," X_ON_A "}],"
		 "'failures':[{'resource':'x','node':'a','count':1}]");
	actions("stop x a, start x a");
	before("stop x a", "start x a");
}

static void moves_away(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','stickiness':'inf','limit':3}]," X_ON_A "}],"
		 "'failures':[{'resource':'x','node':'a','count':3}]");
	places("x@b");
	because("x", "a", "failed-too-often");
}

static void forgets(void **unused)
{
	(void)unused;
	plan_for("'now_ms':1000000," TWO "'resources':[{'name':'x','limit':1,'forget_ms':60000}],"
		 "'failures':[{'resource':'x','node':'a','count':1,'last_ms':950000}]");
	places("x@b");
	assert_int_equal(explanation("x", "a")->until_ms, 1010000);
	assert_int_equal(the_plan()->next_ms, 1010000);
	plan_for("'now_ms':1010000," TWO "'resources':[{'name':'x','limit':1,'forget_ms':60000}],"
		 "'failures':[{'resource':'x','node':'a','count':1,'last_ms':950000}]");
	places("x@a");
}

static void only_recent_ones_count(void **unused)
{
	(void)unused;
	plan_for("'now_ms':100000," TWO "'resources':[{'name':'x','limit':2,'window_ms':10000}],"
		 "'failures':[{'resource':'x','node':'a','count':2,'last_ms':99000,"
		 "'times_ms':[50000,99000]}]");
	places("x@a");
	plan_for("'now_ms':100000," TWO "'resources':[{'name':'x','limit':2,'window_ms':10000}],"
		 "'failures':[{'resource':'x','node':'a','count':2,'last_ms':99000,"
		 "'times_ms':[95000,99000]}]");
	places("x@b");
}

/* It moved because of two failures close together; the window moves on. */
static void stays_away_until_forgotten(void **unused)
{
	(void)unused;
	plan_for("'now_ms':120000," TWO "'resources':[{'name':'x','limit':2,'window_ms':10000,"
		 "'forget_ms':60000}],'failures':[{'resource':'x','node':'a','count':2,"
		 "'last_ms':99000,'times_ms':[95000,99000]}]");
	places("x@b");
	assert_int_equal(explanation("x", "a")->until_ms, 159000);
}

static void never_moves(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','stickiness':1,'limit':0}]," X_ON_A "}],"
		 "'failures':[{'resource':'x','node':'a','count':'inf'}]");
	places("x@a");
}

static void what_is_asked(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x','stickiness':1,'fail_monitor':'ignore'}]," X_ON_A
		 ",'failed_action':'monitor'}]");
	actions("");
	plan_for(TWO "'resources':[{'name':'x','fail_monitor':'stop'}]," X_ON_A "}]");
	actions("stop x a");
	because("x", "b", "on-fail");
	plan_for(TWO "'resources':[{'name':'x','fail_monitor':'block'}]," X_ON_A "}]");
	actions("");
	because("x", "a", "blocked");
	plan_for(TWO "'resources':[{'name':'x','fail_monitor':'standby'},{'name':'y'}]," X_ON_A
		 "}]");
	places("x@b y@b");
	because(NULL, "a", "standby");
}

static void demoted_and_promoted_again(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'m','kind':'clone','promotable':true,'children':["
		 "{'name':'d','stickiness':1,'fail_monitor':'demote'}]}],'promotions':[{"
		 "'resource':'d','node':'a','score':10}],'status':[{'resource':'d','node':'a',"
		 "'role':'promoted','failed':true},{'resource':'d','node':'b','role':"
		 "'unpromoted'}]");
	actions("demote d a, promote d a");
	before("demote d a", "promote d a");
}

static void stop_failed(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'}]," X_ON_A ",'failed_action':'stop'}]");
	actions("");
	because("x", "a", "blocked");
	plan_for("'fencing':true,'fence_device':true," TWO "'resources':[{'name':'x'}]," X_ON_A
		 ",'failed_action':'stop'}]");
	places("x@b");
	actions("fence a, start x b");
	before("fence a", "start x b");
}

static void clone_leaves_node(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'k','kind':'clone','children':[{'name':'x',"
		 "'limit':1}]}],'failures':[{'resource':'x','node':'a','count':1}]");
	places("x@b");
}

int failure_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(recovers_in_place), cmocka_unit_test(moves_away),
		cmocka_unit_test(forgets), cmocka_unit_test(only_recent_ones_count),
		cmocka_unit_test(stays_away_until_forgotten), cmocka_unit_test(never_moves),
		cmocka_unit_test(what_is_asked),
		cmocka_unit_test(demoted_and_promoted_again), cmocka_unit_test(stop_failed),
		cmocka_unit_test(clone_leaves_node),
	};

	return RUN_GROUP("failure", tests);
}
