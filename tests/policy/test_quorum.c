// SPDX-License-Identifier: GPL-2.0-only
/* Without quorum, and while a view settles. */
#include "check.h"

#define LOST(policy) "'quorate':false,'on_quorum_loss':'" policy "'," TWO
#define DRBD	"'resources':[{'name':'m','kind':'clone','promotable':true,'children':[" \
		"{'name':'d'}]},{'name':'x'},{'name':'y'}],"
#define RUN	"'status':[{'resource':'d','node':'a','role':'promoted'},{'resource':'d'," \
		"'node':'b','role':'unpromoted'},{'resource':'x','node':'a','role':'started'}]," \
		"'promotions':[{'resource':'d','node':'a','score':10}]"

static void stop(void **unused)
{
	(void)unused;
	plan_for(LOST("stop") DRBD RUN);
	places("");
	before("demote d a", "stop d a");
	blocked("start y b", "quorum");
}

static void freeze(void **unused)
{
	(void)unused;
	plan_for(LOST("freeze") DRBD RUN);
	places("d@a+ d@b- x@a");
	actions("");
	blocked("start y b", "frozen");
}

static void frozen_stays(void **unused)
{
	(void)unused;
	plan_for("'quorate':false,'on_quorum_loss':'freeze','nodes':[{'name':'a','standby':"
		 "true},{'name':'b'}],'resources':[{'name':'x'}],'status':[{'resource':'x',"
		 "'node':'a','role':'started'}]");
	places("x@a");
	actions("");
	plan_for(LOST("freeze") "'resources':[{'name':'x'}],'locations':[{'id':'l',"
		 "'resource':'x','node':'b','score':10}],'status':[{'resource':'x','node':"
		 "'a','role':'started','failed':true}]");
	actions("stop x a, start x a");
	plan_for(LOST("freeze") "'resources':[{'name':'x','target':'stopped'}],"
		 "'status':[{'resource':'x','node':'a','role':'started'}]");
	actions("stop x a");
	plan_for("'view_pending':true," TWO "'resources':[{'name':'x'}],'locations':[{'id':'l',"
		 "'resource':'x','node':'b','score':10}],'status':[{'resource':'x','node':"
		 "'a','role':'started','failed':true}]");
	actions("");
}

static void frozen_is_left_alone(void **unused)
{
	(void)unused;
	plan_for(LOST("freeze") "'resources':[{'name':'x'}],'status':[{'resource':'x',"
		 "'node':'a','role':'started'}]");
	places("x@a");
	actions("");
}

static void demote(void **unused)
{
	(void)unused;
	plan_for(LOST("demote") DRBD RUN);
	places("d@a- d@b-");
	actions("demote d a, stop x a");
}

static void ignore(void **unused)
{
	(void)unused;
	plan_for(LOST("ignore") DRBD RUN);
	places("d@a+ d@b- x@a y@b");
}

static void suicide(void **unused)
{
	(void)unused;
	plan_for(LOST("suicide") DRBD RUN);
	places("");
	actions("reset a, reset b");
	plan_for("'self':'b'," LOST("suicide") DRBD RUN);
	actions("reset b");
}

static void own_policy(void **unused)
{
	(void)unused;
	plan_for(LOST("stop") "'resources':[{'name':'x','on_quorum_loss':'freeze'},"
		 "{'name':'y'},{'name':'z','needs':'nothing'}],'status':[{'resource':'x',"
		 "'node':'a','role':'started'},{'resource':'y','node':'a','role':'started'}]");
	places("x@a z@a");
	actions("stop y a, start z a");
}

static void device_cannot_ignore(void **unused)
{
	(void)unused;
	refused(TWO "'resources':[{'name':'d','device':true,'on_quorum_loss':'ignore'}]",
		"cannot ignore a lost quorum");
}

static void pending_view_starts_nothing(void **unused)
{
	(void)unused;
	plan_for("'view_pending':true," TWO DRBD "'status':[{'resource':'d','node':'a',"
		 "'role':'unpromoted'},{'resource':'x','node':'a','role':'started'}],"
		 "'promotions':[{'resource':'d','node':'a','score':10}]");
	places("d@a- x@a");
	actions("");
	blocked("start y b", "view-pending");
	blocked("promote d a", "view-pending");
}

int quorum_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(stop), cmocka_unit_test(freeze),
		cmocka_unit_test(frozen_stays), cmocka_unit_test(frozen_is_left_alone), cmocka_unit_test(demote),
		cmocka_unit_test(ignore), cmocka_unit_test(suicide),
		cmocka_unit_test(own_policy), cmocka_unit_test(device_cannot_ignore),
		cmocka_unit_test(pending_view_starts_nothing),
	};

	return RUN_GROUP("quorum", tests);
}
