// SPDX-License-Identifier: GPL-2.0-only
/* Nodes nobody hears: no takeover without proof. */
#include "check.h"

#define FENCE	"'fencing':true,'fence_device':true,"
#define A_LOST	"'nodes':[{'name':'a','state':'unknown'},{'name':'b'},{'name':'c'}],"
#define X_ON_A	"'status':[{'resource':'x','node':'a','role':'started'}]"

static void fence_before_takeover(void **unused)
{
	(void)unused;
	plan_for(FENCE A_LOST "'resources':[{'name':'x'}]," X_ON_A);
	places("x@b");
	actions("fence a, start x b");
	before("fence a", "start x b");
	because("x", "a", "unknown");
}

/* Its status may be unknown too: it may run anything. */
static void fence_before_any_start(void **unused)
{
	(void)unused;
	plan_for(FENCE A_LOST "'resources':[{'name':'x'}]");
	before("fence a", "start x b");
}

static void quorum_is_enough_for_some(void **unused)
{
	(void)unused;
	plan_for(FENCE A_LOST "'resources':[{'name':'x','needs':'quorum'}]," X_ON_A);
	places("x@b");
	not_before("fence a", "start x b");
}

static void nothing_to_fence_with(void **unused)
{
	(void)unused;
	plan_for("'fencing':true," A_LOST "'resources':[{'name':'x'}]," X_ON_A);
	places("x@a");
	actions("");
	because("x", "a", "no-fencing");
}

static void no_fencing_without_quorum(void **unused)
{
	(void)unused;
	plan_for("'quorate':false,'on_quorum_loss':'freeze'," FENCE A_LOST
		 "'resources':[{'name':'x'}]," X_ON_A);
	places("x@a");
	actions("");
	because("x", "a", "frozen");
}

/* It may start without quorum, but nobody may fence for it. */
static void ignoring_quorum_is_no_proof(void **unused)
{
	(void)unused;
	plan_for("'quorate':false," FENCE A_LOST
		 "'resources':[{'name':'x','on_quorum_loss':'ignore'}]");
	places("");
	blocked("start x b", "no-fencing");
}

static void by_hand_without_arbiter(void **unused)
{
	(void)unused;
	plan_for("'no_takeover':true," A_LOST "'resources':[{'name':'x'},{'name':'y'}]," X_ON_A);
	places("x@a y@c");
	blocked("stop x a", "no-takeover");
	because("x", "a", "no-takeover");
}

static void proven_down_is_down(void **unused)
{
	(void)unused;
	plan_for(FENCE "'nodes':[{'name':'a','state':'down'},{'name':'b'}],"
		 "'resources':[{'name':'x'}]," X_ON_A);
	actions("start x b");
}

static void joining_node_is_heard_first(void **unused)
{
	(void)unused;
	plan_for(FENCE "'nodes':[{'name':'a','state':'pending'},{'name':'b'}],"
		 "'resources':[{'name':'x'}]");
	places("");
	blocked("start x b", "not-heard");
}

static void fenced_in_the_end(void **unused)
{
	(void)unused;
	plan_for(FENCE "'nodes':[{'name':'a','must_fence':true},{'name':'b'}],"
		 "'resources':[{'name':'x'},{'name':'y'}]," X_ON_A);
	places("x@b y@b");
	before("fence a", "start x b");
	not_before("fence a", "start y b");
}

static void promoted_one_was_lost(void **unused)
{
	(void)unused;
	plan_for(FENCE A_LOST "'resources':[{'name':'m','kind':'clone','promotable':true,"
		 "'children':[{'name':'d'}]}],'status':[{'resource':'d','node':'a','role':"
		 "'promoted'},{'resource':'d','node':'b','role':'unpromoted'}],"
		 "'promotions':[{'resource':'d','node':'b','score':5}]");
	places("d@b+ d@c-");
	before("fence a", "promote d b");
}

int fence_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fence_before_takeover),
		cmocka_unit_test(fence_before_any_start),
		cmocka_unit_test(quorum_is_enough_for_some),
		cmocka_unit_test(nothing_to_fence_with),
		cmocka_unit_test(no_fencing_without_quorum),
		cmocka_unit_test(ignoring_quorum_is_no_proof),
		cmocka_unit_test(by_hand_without_arbiter), cmocka_unit_test(proven_down_is_down),
		cmocka_unit_test(joining_node_is_heard_first),
		cmocka_unit_test(fenced_in_the_end), cmocka_unit_test(promoted_one_was_lost),
	};

	return RUN_GROUP("fence", tests);
}
