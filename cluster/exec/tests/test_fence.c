// SPDX-License-Identifier: GPL-2.0-only
/* Fencing with agents that fail in all the ways. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "tests.h"
#include "util.h"

/*
 * An agent that reads its input, notes "DEVICE ACTION" in a log and does what
 * its parameter "how" says. Its power is a file.
 */
static const char agent_text[] =
	"while IFS='=' read -r key value; do\n"
	"	case $key in\n"
	"	action) action=$value;; how) how=$value;; id) id=$value;;\n"
	"	esac\n"
	"done\n"
	"echo \"$id $action\" >>$dir/log\n"
	"power=$dir/power.$id\n"
	"case $how,$action in\n"
	"dead,*) echo 'Failed: no route to BMC' >&2; exit 1;;\n"
	"hang,*) exec sleep 1000;;\n"
	"liar,off) exit 0;;\n"
	"late,off) [ -e $dir/tried.$id ] && echo off >$power; >$dir/tried.$id;;\n"
	"nostart,on) exit 1;;\n"
	"*,off) echo off >$power;;\n"
	"*,on) echo on >$power;;\n"
	"*,status) grep -q off $power 2>/dev/null && exit 2; exit 0;;\n"
	"esac\n"
	"exit 0\n";

struct told {
	bool done;
	enum fence_outcome outcome;
	enum fence_power power;
	int level;
	char *device, *reason;
};

static void on_done(const struct fence_result *result, void *arg)
{
	struct told *told = arg;

	told->done = true;
	told->outcome = result->outcome;
	told->power = result->power;
	told->level = result->level;
	ha_replace(&told->device, result->device);
	ha_replace(&told->reason, result->reason);
}

static void forget(struct told *told)
{
	free(told->device);
	free(told->reason);
	memset(told, 0, sizeof(*told));
}

static struct loop loop;
static struct fence *fence;

static int begin(void **state)
{
	struct fence_config config = { .history = 3 };

	(void)state;
	loop_begin(&loop);
	free(loop_script(&loop, "fence_fake", agent_text));
	config.ex = loop.ex;
	config.agents = loop.dir;
	return fence_new(&config, &fence);
}

static int finish(void **state)
{
	(void)state;
	fence_free(fence);
	loop_end(&loop);
	return 0;
}

/* Parameters of a device: what it does, and its name. */
static struct ex_param table[8][2];
static struct fence_device devices[8];

static struct fence_device *device(int number, const char *how)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g" };
	struct fence_device *one = &devices[number];

	table[number][0] = (struct ex_param){ "how", how };
	table[number][1] = (struct ex_param){ "id", names[number] };
	*one = (struct fence_device){
		.name = names[number], .agent = "fence_fake",
		.params = table[number], .n_params = 2,
		.timeout_ms = strcmp(how, "hang") ? 20000 : 500,
		.backoff_ms = 50, .attempts = 2, .verify = true,
	};
	return one;
}

static struct fence_job *start(enum fence_action action,
			       const struct fence_level *levels, size_t n,
			       struct told *told)
{
	struct fence_op op = { .target = "n2", .cause = "test",
			       .action = action, .levels = levels,
			       .n_levels = n };
	char *why = NULL;
	struct fence_job *job = fence_start(fence, &op, on_done, told, &why);

	if (!job)
		fail_msg("refused: %s", why);
	return job;
}

static void run(enum fence_action action, const struct fence_level *levels,
		size_t n, struct told *told)
{
	start(action, levels, n, told);
	loop_run(&loop, &told->done, 10000);
}

static void check_log(const char *wanted)
{
	char *log = loop_read(&loop, "log");

	assert_string_equal(log, wanted);
	free(log);
}

static void off_is_verified(void **state)
{
	struct fence_level level = { device(0, "works"), 1 };
	struct told told = { 0 };

	(void)state;
	run(FENCE_OFF, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_OK);
	assert_int_equal(told.power, FENCE_POWER_OFF);
	assert_int_equal(told.level, 1);
	assert_string_equal(told.device, "a");
	check_log("a off\na status\n");
	forget(&told);
}

static void reboot_is_off_then_on(void **state)
{
	struct fence_level level = { device(0, "works"), 2 };
	struct told told = { 0 };

	(void)state;
	device(1, "works");
	run(FENCE_REBOOT, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_OK);
	/* Both supplies off before the first is on again. */
	check_log("a off\na status\nb off\nb status\na on\nb on\n");
	forget(&told);
}

static void on_may_fail(void **state)
{
	struct fence_level level = { device(0, "nostart"), 1 };
	struct told told = { 0 };

	(void)state;
	run(FENCE_REBOOT, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_OK);
	assert_non_null(strstr(told.reason, "on ended with 1"));
	check_log("a off\na status\na on\na on\n");
	forget(&told);
}

static void liar_is_not_believed(void **state)
{
	struct fence_level level = { device(0, "liar"), 1 };
	struct told told = { 0 };

	(void)state;
	run(FENCE_OFF, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_FAILED);
	assert_non_null(strstr(told.reason, "the status is on"));
	check_log("a off\na status\na off\na status\n");
	forget(&told);
}

static void liar_without_verification(void **state)
{
	struct fence_level level = { device(0, "liar"), 1 };
	struct told told = { 0 };

	(void)state;
	devices[0].verify = false;
	run(FENCE_OFF, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_OK);
	assert_int_equal(told.power, FENCE_POWER_UNKNOWN);
	forget(&told);
}

static void second_attempt_helps(void **state)
{
	struct fence_level level = { device(0, "late"), 1 };
	struct told told = { 0 };

	(void)state;
	run(FENCE_OFF, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_OK);
	check_log("a off\na status\na off\na status\n");
	forget(&told);
}

static void next_level_helps(void **state)
{
	struct fence_level levels[] = {
		{ device(0, "works"), 2 }, { device(2, "hang"), 1 },
		{ device(3, "works"), 1 },
	};
	struct told told = { 0 };

	(void)state;
	device(1, "dead");
	devices[2].attempts = 1;
	run(FENCE_OFF, levels, 3, &told);
	assert_int_equal(told.outcome, FENCE_OK);
	assert_int_equal(told.level, 3);
	assert_string_equal(told.device, "d");
	assert_non_null(strstr(told.reason, "b: off ended with 1: Failed: no route to BMC"));
	assert_non_null(strstr(told.reason, "c: off does not answer"));
	check_log("a off\na status\nb off\nb off\nc off\nd off\nd status\n");
	forget(&told);
}

static void all_levels_fail(void **state)
{
	struct fence_level levels[] = { { device(0, "dead"), 1 },
					{ device(1, "dead"), 1 } };
	struct told told = { 0 };

	(void)state;
	run(FENCE_OFF, levels, 2, &told);
	assert_int_equal(told.outcome, FENCE_FAILED);
	assert_int_equal(told.level, 0);
	assert_string_equal(told.device, "");
	check_log("a off\na off\nb off\nb off\n");
	forget(&told);
}

static void agent_is_missing(void **state)
{
	struct fence_level level = { device(0, "works"), 1 };
	struct told told = { 0 };

	(void)state;
	devices[0].agent = "fence_none";
	run(FENCE_OFF, &level, 1, &told);
	assert_int_equal(told.outcome, FENCE_FAILED);
	assert_non_null(strstr(told.reason, "No such file"));
	forget(&told);
}

static void second_caller_joins(void **state)
{
	struct fence_level level = { device(0, "works"), 1 };
	struct told first = { 0 }, second = { 0 }, third = { 0 };
	struct fence_job *job;

	(void)state;
	job = start(FENCE_REBOOT, &level, 1, &first);
	assert_ptr_equal(start(FENCE_OFF, &level, 1, &second), job);
	assert_ptr_not_equal(start(FENCE_STATUS, &level, 1, &third), job);
	loop_run(&loop, &first.done, 5000);
	assert_true(second.done);
	assert_int_equal(second.outcome, FENCE_OK);
	loop_run(&loop, &third.done, 5000);
	forget(&first);
	forget(&second);
	forget(&third);
}

static void confirmed_by_hand(void **state)
{
	struct fence_level level = { device(0, "hang"), 1 };
	struct told told = { 0 };
	json_t *history;

	(void)state;
	devices[0].timeout_ms = 60000;
	start(FENCE_OFF, &level, 1, &told);
	for (int i = 0; i < 5; i++)
		sd_event_run(loop.event, 100000);
	assert_int_equal(fence_confirm(fence, "n3", "ann"), 0);
	assert_false(told.done);
	assert_int_equal(fence_confirm(fence, "n2", "ann"), 1);
	assert_false(told.done);
	loop_run(&loop, &told.done, 2000);
	assert_int_equal(told.outcome, FENCE_CONFIRMED);
	history = fence_history(fence, "n2");
	assert_int_equal(json_array_size(history), 1);
	assert_string_equal(json_string_value(json_object_get(
		json_array_get(history, 0), "by")), "ann");
	json_decref(history);
	forget(&told);
}

static void cancelled(void **state)
{
	struct fence_level level = { device(0, "hang"), 1 };
	struct told told = { 0 };
	struct fence_job *job;

	(void)state;
	devices[0].delay_ms = 60000;
	job = start(FENCE_OFF, &level, 1, &told);
	sd_event_run(loop.event, 50000);
	fence_cancel(job);
	fence_cancel(job);
	loop_run(&loop, &told.done, 1000);
	assert_int_equal(told.outcome, FENCE_CANCELLED);
	check_log("");
	forget(&told);
}

static void delays_add_up(void **state)
{
	struct fence_level level = { device(0, "works"), 1 };
	struct fence_op op = { .target = "n2", .action = FENCE_OFF,
			       .levels = &level, .n_levels = 1,
			       .delay_ms = 200 };
	struct told told = { 0 };
	int64_t start_ms = now_ms();
	char *why;

	(void)state;
	devices[0].delay_ms = 300;
	assert_non_null(fence_start(fence, &op, on_done, &told, &why));
	loop_run(&loop, &told.done, 5000);
	assert_in_range(now_ms() - start_ms, 490, 5000);
	forget(&told);
}

static void history_is_bounded(void **state)
{
	json_t *history;
	char who[16], *text;

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(who, sizeof(who), "who%d", i);
		fence_confirm(fence, "n2", who);
	}
	history = fence_history(fence, NULL);
	assert_int_equal(json_array_size(history), 3);
	text = json_dumps(history, 0);
	assert_null(strstr(text, "who1"));
	assert_non_null(strstr(text, "who2"));
	free(text);
	json_decref(history);
}

/* Secrets are in no history and on no command line. */
static void secrets(void **state)
{
	struct fence_level level = { device(0, "s3cret"), 1 };
	struct told told = { 0 };
	json_t *history;
	char *text;

	(void)state;
	run(FENCE_OFF, &level, 1, &told);
	history = fence_history(fence, NULL);
	text = json_dumps(history, 0);
	assert_null(strstr(text, "s3cret"));
	free(text);
	json_decref(history);
	forget(&told);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

static const struct CMUnitTest tests[] = {
	TEST(off_is_verified), TEST(reboot_is_off_then_on), TEST(on_may_fail),
	TEST(liar_is_not_believed), TEST(liar_without_verification),
	TEST(second_attempt_helps), TEST(next_level_helps),
	TEST(all_levels_fail), TEST(agent_is_missing),
	TEST(second_caller_joins), TEST(confirmed_by_hand), TEST(cancelled),
	TEST(delays_add_up), TEST(history_is_bounded), TEST(secrets),
};

TEST_GROUP(fence_group, tests);
