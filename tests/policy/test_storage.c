// SPDX-License-Identifier: GPL-2.0-only
/* Devices: who is promoted, and what must be excluded before. */
#include "check.h"

#define DEVICE	"'resources':[{'name':'r','kind':'clone','promotable':true,'interleave':true," \
		"'children':[{'name':'d','device':true,'needs':'storage'}]}]"
#define WEB	"'resources':[{'name':'r','kind':'clone','promotable':true,'children':[" \
		"{'name':'d','device':true,'needs':'storage'}]},{'name':'web','kind':'group'," \
		"'children':[{'name':'fs','needs':'storage'},{'name':'ip','needs':'quorum'}]}]," \
		"'colocations':[{'id':'c','resource':'web','with':'r','with_role':'promoted'," \
		"'score':'inf'}],'orders':[{'id':'o','first':['r'],'first_action':'promote'," \
		"'then':'web','then_action':'start'}],"
#define DATA(a, b) "'storage':[{'resource':'d','node':'a','data':'" a "'}," \
		"{'resource':'d','node':'b','data':'" b "'}]"

static void best_data_is_promoted(void **unused)
{
	(void)unused;
	plan_for(TWO DEVICE "," DATA("peer-unknown", "uptodate"));
	places("d@a- d@b+");
	plan_for(TWO DEVICE "," DATA("never", "consistent"));
	places("d@a- d@b+");
	because("d", "a", "outdated");
}

static void never_without_data(void **unused)
{
	(void)unused;
	plan_for(TWO DEVICE "," DATA("never", "unknown"));
	places("d@a- d@b-");
	because("d", "a", "outdated");
	because("d", "b", "no-data");
	plan_for(TWO DEVICE);
	places("d@a- d@b-");
}

static void remote_data_only_if_allowed(void **unused)
{
	(void)unused;
	plan_for(TWO DEVICE "," DATA("remote", "never"));
	places("d@a- d@b-");
	plan_for("'allow_remote_data':true," TWO DEVICE "," DATA("remote", "never"));
	places("d@a+ d@b-");
	plan_for("'allow_remote_data':true," TWO DEVICE "," DATA("remote", "uptodate")
		 ",'locations':[{'id':'l','resource':'r','node':'a','score':1000,"
		 "'role':'promoted'}]");
	places("d@a- d@b+");
}

static void excluded_is_never_promoted(void **unused)
{
	(void)unused;
	plan_for(TWO DEVICE ",'storage':[{'resource':'d','node':'a','data':'uptodate',"
		 "'excluded':true},{'resource':'d','node':'b','data':'peer-unknown'}]");
	places("d@a- d@b+");
	because("d", "a", "excluded");
}

static void split_brain_promotes_nobody_new(void **unused)
{
	(void)unused;
	plan_for(TWO DEVICE ",'storage':[{'resource':'d','node':'a','data':'uptodate',"
		 "'split_brain':true},{'resource':'d','node':'b','data':'uptodate',"
		 "'split_brain':true}]");
	places("d@a- d@b-");
	because("d", "a", "split-brain");
	plan_for(TWO DEVICE ",'status':[{'resource':'d','node':'a','role':'promoted'},"
		 "{'resource':'d','node':'b','role':'unpromoted'}],"
		 "'storage':[{'resource':'d','node':'a','data':'uptodate',"
		 "'split_brain':true},{'resource':'d','node':'b','data':'uptodate',"
		 "'split_brain':true}]");
	places("d@a+ d@b-");
	actions("");
}

#define A_LOST	"'nodes':[{'name':'a','state':'unknown'},{'name':'b'},{'name':'c'}],"
#define WAS_ON_A "'status':[{'resource':'d','node':'a','role':'promoted'},{'resource':'d'," \
		"'node':'b','role':'unpromoted'},{'resource':'fs','node':'a','role':'started'}," \
		"{'resource':'ip','node':'a','role':'started'}],"

/* The takeover of a service on a device: no power fencing is needed. */
static void exclude_before_promotion(void **unused)
{
	(void)unused;
	plan_for(A_LOST WEB WAS_ON_A DATA("uptodate", "peer-unknown"));
	places("d@b+ d@c- fs@b ip@b");
	before("exclude d a", "promote d b");
	before("promote d b", "start fs b");
	before("start fs b", "start ip b");
}

/* It will be back, with what it had. */
static void exclude_what_is_off(void **unused)
{
	(void)unused;
	plan_for("'no_takeover':true,'nodes':[{'name':'a','state':'down'},{'name':'b'}]," DEVICE
		 "," DATA("unknown", "peer-unknown"));
	places("d@b+");
	before("exclude d a", "promote d b");
}

static void not_again_if_excluded(void **unused)
{
	(void)unused;
	plan_for(A_LOST DEVICE ",'storage':[{'resource':'d','node':'a','data':'uptodate',"
		 "'excluded':true},{'resource':'d','node':'b','data':'peer-unknown'}]");
	actions("start d b, promote d b, start d c");
}

static void no_exclusion_without_quorum(void **unused)
{
	(void)unused;
	plan_for("'quorate':false,'on_quorum_loss':'ignore'," A_LOST WEB WAS_ON_A
		 DATA("uptodate", "peer-unknown"));
	places("d@b-");
	blocked("promote d b", "frozen");
}

static void by_hand_without_arbiter(void **unused)
{
	(void)unused;
	plan_for("'no_takeover':true," A_LOST DEVICE ","
		 "'status':[{'resource':'d','node':'b','role':'unpromoted'}],"
		 DATA("uptodate", "peer-unknown"));
	blocked("promote d b", "no-takeover");
}

static void switch_over(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','standby':true},{'name':'b'}]," WEB WAS_ON_A
		 DATA("uptodate", "uptodate"));
	places("d@b+ fs@b ip@b");
	before("stop ip a", "stop fs a");
	before("stop fs a", "demote d a");
	before("demote d a", "promote d b");
	before("promote d b", "start fs b");
}

int storage_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(best_data_is_promoted), cmocka_unit_test(never_without_data),
		cmocka_unit_test(remote_data_only_if_allowed),
		cmocka_unit_test(excluded_is_never_promoted),
		cmocka_unit_test(split_brain_promotes_nobody_new),
		cmocka_unit_test(exclude_before_promotion),
		cmocka_unit_test(exclude_what_is_off),
		cmocka_unit_test(not_again_if_excluded),
		cmocka_unit_test(no_exclusion_without_quorum),
		cmocka_unit_test(by_hand_without_arbiter), cmocka_unit_test(switch_over),
	};

	return RUN_GROUP("storage", tests);
}
