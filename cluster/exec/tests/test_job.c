// SPDX-License-Identifier: GPL-2.0-only
/* Operations, watches and ladders: their ends, and an end in the middle. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loop.h"
#include "tests.h"
#include "util.h"

static struct loop loop;

struct told {
	bool done;
	int times, code;
	enum ex_end end;
	struct ex_watch *watch;
};

static int begin(void **state)
{
	char *dir;

	(void)state;
	loop_begin(&loop);
	dir = xasprintf("%s/resource.d", loop.dir);
	mkdir(dir, 0755);
	free(dir);
	dir = xasprintf("%s/resource.d/t", loop.dir);
	mkdir(dir, 0755);
	free(dir);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	loop_end(&loop);
	return 0;
}

static void agent(const char *text)
{
	free(loop_script(&loop, "resource.d/t/agent", text));
}

static struct ex_op op(enum ex_action action)
{
	return (struct ex_op){
		.member = "m", .kind = EX_KIND_OCF, .agent = "ocf:t:agent",
		.action = action, .timeout_ms = 20000,
	};
}

static void on_done(const struct ex_result *result, void *arg)
{
	struct told *told = arg;

	told->done = true;
	told->times++;
	told->code = result->code;
	told->end = result->end;
}

static void on_ladder(enum ex_step step, const struct ex_result *result,
		      void *arg)
{
	(void)step;
	on_done(result, arg);
}

static void on_fenced(const struct fence_result *result, void *arg)
{
	(void)result;
	((struct told *)arg)->times++;
}

static void turn(int ms)
{
	int64_t end = now_ms() + ms;

	while (now_ms() < end)
		assert_true(sd_event_run(loop.event, 20000) >= 0);
}

static void refused_at_once(void **state)
{
	struct ex_op bad = op(EX_START);
	struct told told = { 0 };
	char *why = NULL;

	(void)state;
	bad.agent = "nonsense";
	assert_null(ex_start(loop.ex, &bad, on_done, &told, &why));
	assert_non_null(why);
	free(why);
	turn(50);
	assert_int_equal(told.times, 0);
}

/* Not even an answer that is known at once is told from inside the start. */
static void told_from_the_loop(void **state)
{
	struct ex_op missing = op(EX_START);
	struct told told = { 0 };
	char *why;

	(void)state;
	assert_non_null(ex_start(loop.ex, &missing, on_done, &told, &why));
	assert_int_equal(told.times, 0);
	loop_run(&loop, &told.done, 5000);
	assert_int_equal(told.code, EX_CODE_INSTALLED);
	turn(50);
	assert_int_equal(told.times, 1);
}

static void cancelled(void **state)
{
	struct ex_op start = op(EX_START);
	struct told told = { 0 };
	struct ex_job *job;
	char *why;

	(void)state;
	agent("sleep 1000\n");
	job = ex_start(loop.ex, &start, on_done, &told, &why);
	turn(100);
	ex_cancel(job);
	ex_cancel(job);
	loop_run(&loop, &told.done, 5000);
	assert_int_equal(told.end, EX_END_CANCELLED);
	assert_int_equal(told.times, 1);
}

static void freed_in_the_middle(void **state)
{
	struct told told[4] = { { 0 } };
	struct ex_op start = op(EX_START), monitor = op(EX_MONITOR);
	static const enum ex_step steps[] = { EX_STEP_AGENT, EX_STEP_KILL };
	struct ex_ladder_op ladder = { .op = op(EX_STOP), .steps = steps,
				       .n_steps = 2 };
	struct fence_config config = { .ex = loop.ex, .agents = loop.dir };
	struct fence_device device = { .name = "d", .agent = "fence_hang" };
	struct fence_level level = { &device, 1 };
	struct fence_op off = { .target = "n", .levels = &level,
				.n_levels = 1, .action = FENCE_OFF };
	struct fence *fence;
	char *why;

	(void)state;
	agent("exec sleep 3\n");
	free(loop_script(&loop, "fence_hang", "exec sleep 3\n"));
	assert_non_null(ex_start(loop.ex, &start, on_done, &told[0], &why));
	assert_non_null(ex_watch_start(loop.ex, &monitor, on_done, &told[1],
				       &why));
	assert_non_null(ex_ladder_start(loop.ex, &ladder, NULL, on_ladder,
					&told[2], &why));
	fence_new(&config, &fence);
	assert_non_null(fence_start(fence, &off, on_fenced, &told[3], &why));
	turn(300);
	fence_free(fence);
	/* finish() frees the executor; what still runs is told to nobody. */
	for (int i = 0; i < 4; i++)
		assert_int_equal(told[i].times, 0);
}

static void stop_from_inside(const struct ex_result *result, void *arg)
{
	struct told *told = arg;

	on_done(result, arg);
	ex_watch_now(told->watch);
	ex_watch_stop(told->watch);
}

static void watch_stopped_by_its_callback(void **state)
{
	struct ex_op monitor = op(EX_MONITOR);
	struct told told = { 0 };
	char *why;

	(void)state;
	agent("exit 0\n");
	monitor.interval_ms = 10;
	told.watch = ex_watch_start(loop.ex, &monitor, stop_from_inside, &told,
				    &why);
	loop_run(&loop, &told.done, 5000);
	turn(200);
	assert_int_equal(told.times, 1);
}

static void watch_stopped_during_a_run(void **state)
{
	struct ex_op monitor = op(EX_MONITOR);
	struct told told = { 0 };
	char *why;

	(void)state;
	agent("sleep 1000\n");
	told.watch = ex_watch_start(loop.ex, &monitor, on_done, &told, &why);
	turn(200);
	ex_watch_stop(told.watch);
	turn(800);
	assert_int_equal(told.times, 0);
	assert_null(loop.ex->watches);
	assert_null(loop.ex->jobs);
}

/* A failure that goes on is one; one that comes back is another. */
static void watch_tells_changes(void **state)
{
	struct ex_op monitor = op(EX_MONITOR);
	struct told told = { 0 };
	char *why;

	(void)state;
	agent("n=$(cat $dir/n 2>/dev/null || echo 0)\n"
	      "echo $((n + 1)) >$dir/n\n"
	      "case $n in 0|1|5) exit 0;; *) exit 7;; esac\n");
	monitor.interval_ms = 10;
	monitor.role = EX_ROLE_STARTED;
	told.watch = ex_watch_start(loop.ex, &monitor, on_done, &told, &why);
	for (int i = 0; i < 100 && told.times < 4; i++)
		turn(100);
	turn(200);
	assert_int_equal(told.times, 4);	/* 0, 7, 0, 7 */
	ex_watch_stop(told.watch);
	turn(500);
}

static void ladder_refusals(void **state)
{
	static const enum ex_step no_agent[] = { EX_STEP_KILL };
	struct ex_ladder_op ladder = { .op = op(EX_START), .steps = no_agent,
				       .n_steps = 1 };
	char *why = NULL;

	(void)state;
	assert_null(ex_ladder_start(loop.ex, &ladder, NULL, on_ladder, NULL,
				    &why));
	free(why);
	ladder.op = op(EX_STOP);
	assert_null(ex_ladder_start(loop.ex, &ladder, NULL, on_ladder, NULL,
				    &why));
	free(why);
	ladder.n_steps = 0;
	assert_null(ex_ladder_start(loop.ex, &ladder, NULL, on_ladder, NULL,
				    &why));
	free(why);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

static const struct CMUnitTest tests[] = {
	TEST(refused_at_once), TEST(told_from_the_loop), TEST(cancelled),
	TEST(freed_in_the_middle), TEST(watch_stopped_by_its_callback),
	TEST(watch_stopped_during_a_run), TEST(watch_tells_changes),
	TEST(ladder_refusals),
};

TEST_GROUP(job_group, tests);
