// SPDX-License-Identifier: GPL-2.0-only
/* What is refused, and how a plan reads. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void refusals(void **unused)
{
	(void)unused;
	refused("'resources':[]", "\"nodes\" is missing");
	refused(TWO "'nodse':[]", "unknown key \"nodse\"");
	refused(TWO "'resources':[{'nmae':'x'}]", "unknown key \"nmae\"");
	refused(TWO "'resources':[{}]", "\"name\" is missing");
	refused(TWO "'resources':[{'name':'x','kind':'grup'}]", "\"kind\" has no valid value");
	refused(TWO "'resources':[{'name':'x'},{'name':'x'}]", "called x");
	refused("'nodes':[{'name':'a'},{'name':'a'}]", "two nodes are called a");
	refused(TWO "'resources':[{'name':'k','kind':'clone'}]", "not exactly one child");
	refused(TWO "'resources':[{'name':'x','children':[{'name':'y'}]}]", "cannot be part of");
	refused(TWO "'status':[{'resource':'x','node':'a','role':'started'}]",
		"\"resource\" has no valid value");
	refused(TWO "'resources':[{'name':'g','kind':'group'}],"
		"'status':[{'resource':'g','node':'a','role':'started'}]", "nothing there is");
	refused(TWO "'resources':[{'name':'x'}],'locations':[{'id':'l','resource':'x',"
		"'when':{'and':[],'or':[]}}]", "stands alone");
	refused(TWO "'resources':[{'name':'x'}],'orders':[{'id':'o','first':['x'],'need':2,"
		"'then':'x'}]", "can never be met");
}

static void reads_like_steps(void **unused)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)unused;
	assert_non_null(out);
	plan_for("'nodes':[{'name':'n1','state':'unknown'},{'name':'n2'}],"
		 "'resources':[{'name':'r','kind':'clone','promotable':true,'children':["
		 "{'name':'r0','device':true,'needs':'storage'}]},{'name':'web','kind':'group',"
		 "'children':[{'name':'fs','needs':'storage'},{'name':'ip','needs':'quorum'}]}],"
		 "'colocations':[{'id':'c','resource':'web','with':'r','with_role':'promoted',"
		 "'score':'inf'}],'orders':[{'id':'o','first':['r'],'first_action':'promote',"
		 "'then':'web'}],'status':[{'resource':'r0','node':'n2','role':'unpromoted'}],"
		 "'storage':[{'resource':'r0','node':'n1','data':'uptodate'},"
		 "{'resource':'r0','node':'n2','data':'peer-unknown'}]");
	hp_plan_text(the_input(), the_plan(), out);
	fclose(out);
	assert_string_equal(text,
			    "  1 exclude r0 n1 -> 2 promote r0 n2 -> 3 start fs n2 -> "
			    "4 start ip n2\n"
			    "      because: nobody knows what the node does\n");
	free(text);
}

static void json_has_all(void **unused)
{
	json_t *json, *action;

	(void)unused;
	plan_for(TWO "'resources':[{'name':'x'},{'name':'y','target':'stopped'},{'name':'z'}],"
		 "'orders':[{'id':'o','first':['y'],'then':'z'}]");
	json = hp_plan_json(the_input(), the_plan());
	action = json_array_get(json_object_get(json, "actions"), 0);
	assert_string_equal(json_string_value(json_object_get(action, "action")), "start");
	assert_string_equal(json_string_value(json_object_get(action, "resource")), "x");
	action = json_array_get(json_object_get(json, "blocked"), 0);
	assert_string_equal(json_string_value(json_object_get(action, "text")),
			    "it waits for y, which cannot come");
	assert_int_equal(json_array_size(json_object_get(json, "explain")), 2 + 3 * 2);
	json_decref(json);
}

static void every_reason_has_words(void **unused)
{
	int i;

	(void)unused;
	for (i = 0; i < HP_WHY_NR; i++) {
		assert_non_null(hp_why_word(i));
		assert_non_null(hp_why_text(i));
	}
}

int json_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals), cmocka_unit_test(reads_like_steps),
		cmocka_unit_test(json_has_all), cmocka_unit_test(every_reason_has_words),
	};

	return RUN_GROUP("json", tests);
}
