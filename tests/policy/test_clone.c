// SPDX-License-Identifier: GPL-2.0-only
/* Clones and promotable clones. */
#include "check.h"

#define K(more)	"'resources':[{'name':'k','kind':'clone'" more ",'children':[{'name':'x'," \
		"'stickiness':1}]}]"
#define KT(more) "'resources':[{'name':'k','kind':'clone','children':[{'name':'x'," \
		"'stickiness':1}]},{'name':'t','kind':'clone'" more ",'children':[{'name':'y'," \
		"'stickiness':1}]}],'orders':[{'id':'o','first':['k'],'then':'t'}]"
#define M(more)	"'resources':[{'name':'m','kind':'clone','promotable':true" more ",'children':[" \
		"{'name':'d','stickiness':1}]}]"

static void one_on_each(void **unused)
{
	(void)unused;
	plan_for(THREE K(""));
	places("x@a x@b x@c");
}

static void no_more_than(void **unused)
{
	(void)unused;
	plan_for(THREE K(",'max':2") ",'locations':[{'id':'l','resource':'k','node':'a',"
		 "'score':'-inf'}]");
	places("x@b x@c");
	plan_for(THREE K(",'max':2") ",'status':[{'resource':'x','node':'a','role':'started'},"
		 "{'resource':'x','node':'b','role':'started'},"
		 "{'resource':'x','node':'c','role':'started'}]");
	places("x@a x@b");
	actions("stop x c");
}

static void no_more_than_there_is_room(void **unused)
{
	(void)unused;
	plan_for(TWO K(",'max':2000000000"));
	places("x@a x@b");
	plan_for(TWO K(",'max':3,'node_max':2,'unique':true"));
	assert_int_equal(the_plan()->n_places, 3);
}

static void names_are_not_swapped(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','state':'down'},{'name':'b'},{'name':'c'}],"
		 K(",'max':2") ",'status':[{'resource':'x','node':'a','role':'started'},"
		 "{'resource':'x','node':'c','role':'started'}]");
	places("x@b x@c");
	actions("start x b");
}

static void each_after_its_own(void **unused)
{
	(void)unused;
	plan_for(TWO KT(",'interleave':true"));
	before("start x a", "start y a");
	not_before("start x a", "start y b");
	plan_for(TWO KT(",'interleave':true") ",'locations':[{'id':'l','resource':'k',"
		 "'node':'a','score':'-inf'}]");
	places("x@b y@b");
	plan_for(TWO KT("") ",'locations':[{'id':'l','resource':'k','node':'a',"
		 "'score':'-inf'}]");
	places("x@b y@a y@b");
	before("start x b", "start y a");
}

static void enough_of_them(void **unused)
{
	(void)unused;
	plan_for(THREE "'resources':[{'name':'k','kind':'clone','min':2,'children':[{'name':"
		 "'x'}]},{'name':'y'}],'orders':[{'id':'o','first':['k'],'then':'y'}],"
		 "'locations':[{'id':'l','resource':'k','node':'a','score':'-inf'}]");
	places("x@b x@c y@a");
	plan_for(TWO "'resources':[{'name':'k','kind':'clone','min':2,'children':[{'name':"
		 "'x'}]},{'name':'y'}],'orders':[{'id':'o','first':['k'],'then':'y'}],"
		 "'locations':[{'id':'l','resource':'k','node':'a','score':'-inf'}]");
	places("x@b");
}

static void with_a_clone(void **unused)
{
	(void)unused;
	plan_for(THREE "'resources':[{'name':'k','kind':'clone','children':[{'name':'x'}]},"
		 "{'name':'ip'}],'colocations':[{'id':'c','resource':'ip','with':'k',"
		 "'score':'inf'}],'locations':[{'id':'l','resource':'k','node':'a',"
		 "'score':'-inf'},{'id':'m','resource':'ip','node':'a','score':100}]");
	places("x@b x@c ip@b");
}

static void service_on_each(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'k','kind':'clone','children':[{'name':'g','kind':"
		 "'group','children':[{'name':'x'},{'name':'y'}]}]}]");
	places("x@a x@b y@a y@b");
	before("start x a", "start y a");
	not_before("start x a", "start y b");
}

static void wants_to_be_promoted(void **unused)
{
	(void)unused;
	plan_for(TWO M("") ",'promotions':[{'resource':'d','node':'a','score':5},"
		 "{'resource':'d','node':'b','score':10}]");
	places("d@a- d@b+");
	before("start d b", "promote d b");
	plan_for(TWO M(""));
	places("d@a- d@b-");
}

static void rule_for_promoted(void **unused)
{
	(void)unused;
	plan_for(TWO M("") ",'promotions':[{'resource':'d','node':'a','score':5},"
		 "{'resource':'d','node':'b','score':10}],'locations':[{'id':'l','resource':'m',"
		 "'node':'a','score':100,'role':'promoted'}]");
	places("d@a+ d@b-");
}

static void changing_sides(void **unused)
{
	(void)unused;
	plan_for(TWO M("") ",'promotions':[{'resource':'d','node':'a','score':5},"
		 "{'resource':'d','node':'b','score':10}],'status':[{'resource':'d','node':'a',"
		 "'role':'promoted'},{'resource':'d','node':'b','role':'unpromoted'}]");
	actions("demote d a, promote d b");
	before("demote d a", "promote d b");
}

static void all_promoted(void **unused)
{
	(void)unused;
	plan_for(TWO M(",'promoted_max':2") ",'promotions':[{'resource':'d','node':'a',"
		 "'score':5},{'resource':'d','node':'b','score':10}]");
	places("d@a+ d@b+");
}

static void never_more_than_unpromoted(void **unused)
{
	(void)unused;
	plan_for(TWO M(",'target':'unpromoted'") ",'promotions':[{'resource':'d','node':'a',"
		 "'score':5}],'status':[{'resource':'d','node':'a','role':'promoted'}]");
	places("d@a- d@b-");
}

static void follows_the_promoted(void **unused)
{
	static const char web[] = TWO "'resources':[{'name':'m','kind':'clone','promotable':true,"
		"'children':[{'name':'d'}]},{'name':'x'}],'colocations':[{'id':'c',"
		"'resource':'x','with':'m','with_role':'promoted','score':'inf'}],'orders':["
		"{'id':'o','first':['m'],'first_action':'promote','then':'x'}],"
		"'promotions':[{'resource':'d','node':'b','score':10}]";

	(void)unused;
	plan_for(web);
	places("d@a- d@b+ x@b");
	before("promote d b", "start x b");
}

static void restarts_when_the_promoted_moves(void **unused)
{
	(void)unused;
	plan_for(THREE "'resources':[{'name':'m','kind':'clone','promotable':true,'children':["
		 "{'name':'d','stickiness':1}]},{'name':'x','stickiness':1}],'orders':[{'id':"
		 "'o','first':['m'],'first_action':'promote','then':'x'}],'promotions':[{"
		 "'resource':'d','node':'b','score':10}],'status':[{'resource':'d','node':'a',"
		 "'role':'promoted'},{'resource':'d','node':'b','role':'unpromoted'},"
		 "{'resource':'d','node':'c','role':'unpromoted'},"
		 "{'resource':'x','node':'c','role':'started'}]");
	places("d@a- d@b+ d@c- x@c");
	before("stop x c", "demote d a");
	before("promote d b", "start x c");
}

/* One of those that depend is stuck, so nothing stops, and nothing else restarts. */
static void no_restart_for_what_cannot_stop(void **unused)
{
	(void)unused;
	plan_for("'nodes':[{'name':'a','standby':true},{'name':'b'},{'name':'c'}]," KT("")
		 ",'status':[{'resource':'x','node':'a','role':'started'},"
		 "{'resource':'x','node':'b','role':'started'},"
		 "{'resource':'x','node':'c','role':'started'},"
		 "{'resource':'y','node':'b','role':'started','blocked':true},"
		 "{'resource':'y','node':'c','role':'started'}]");
	actions("");
	blocked("stop x a", "stop-blocked");
}

static void nobody_promoted(void **unused)
{
	(void)unused;
	plan_for(TWO "'resources':[{'name':'m','kind':'clone','promotable':true,'children':["
		 "{'name':'d'}]},{'name':'x'}],'orders':[{'id':'o','first':['m'],"
		 "'first_action':'promote','then':'x'}]");
	places("d@a- d@b-");
	blocked("start x a", "first-cannot");
}

int clone_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_on_each), cmocka_unit_test(no_more_than),
		cmocka_unit_test(no_more_than_there_is_room),
		cmocka_unit_test(names_are_not_swapped), cmocka_unit_test(each_after_its_own),
		cmocka_unit_test(enough_of_them), cmocka_unit_test(with_a_clone),
		cmocka_unit_test(service_on_each), cmocka_unit_test(wants_to_be_promoted),
		cmocka_unit_test(rule_for_promoted), cmocka_unit_test(changing_sides),
		cmocka_unit_test(all_promoted), cmocka_unit_test(never_more_than_unpromoted),
		cmocka_unit_test(follows_the_promoted), cmocka_unit_test(nobody_promoted),
		cmocka_unit_test(restarts_when_the_promoted_moves),
		cmocka_unit_test(no_restart_for_what_cannot_stop),
	};

	return RUN_GROUP("clone", tests);
}
